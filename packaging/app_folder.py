"""A one-folder program: an environment from the lock, PyInstaller, and everything that goes with the program."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from facts import TILL, Program, facts, source_time
from menu_entry import add_menu_entry
from notices import gpl_only, write_notices
from origins import Component, Origins, own
from processes import ROOT, Stop, child_environment, must, output_of
from relay_service import add_service
from sbom import bill_of_materials
from venvs import install_lock, make_venv, python_of

BUILD = ROOT / "build" / "bundle"
DIST = ROOT / "dist"
SBOM = "sbom.cdx.json"
NOTICES = "NOTICE"


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds in ``work`` with the environment ``venv``, and leaves the program in ``results``."""

    program: Program = TILL
    venv: Path = BUILD / "venv"
    work: Path = BUILD / "work"
    results: Path = DIST

    @property
    def folder(self) -> Path:
        """The finished program."""
        return self.results / self.program.name

    @property
    def python(self) -> Path:
        """The interpreter that builds."""
        return python_of(self.venv)

    @property
    def site_packages(self) -> Path:
        """Where the libraries of the lock are."""
        place = output_of([self.python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])
        return Path(place.strip())

    def prepare(self, lock: Path) -> None:
        """Make the environment anew from the lock; programs may share it. Raises Stop."""
        make_venv(self.venv)
        install_lock(self.python, lock)
        self._compile_support()

    def build(self) -> Path:
        """Make the program anew; return its folder. Raises Stop."""
        for old in (self.folder, self.work):
            shutil.rmtree(old, ignore_errors=True)
        if self.program.has_window:
            self._draw_icons()
        self._freeze()
        if sys.platform.startswith("linux"):
            strip_python(self.folder)
            self._add_to_system()
        self._add_papers()
        if self.program.has_window:
            self._prepare_first_paint()
        return self.folder

    def environment(self) -> dict[str, str]:
        """Return what makes two builds alike: one time, one order of sets, no settings of the person."""
        return child_environment(
            os.environ, SOURCE_DATE_EPOCH=str(source_time()), PYTHONHASHSEED="0", PYINSTALLER_CONFIG_DIR=str(self.work)
        )

    def _compile_support(self) -> None:
        """Compile shiboken's support files: valid whatever time the unpacked files carry, and without our paths."""
        base = self.site_packages
        folder = base / "shiboken6" / "files.dir"
        how: list[str | Path] = [
            "-m",
            "compileall",
            "-q",
            "-f",
            "--invalidation-mode",
            "unchecked-hash",
            "-s",
            base,
            "-p",
            ".",
        ]
        must([self.python, *how, folder], self.environment(), "The support files of PySide6 could not be compiled.")

    def _draw_icons(self) -> None:
        draw: list[str | Path] = [
            self.python,
            ROOT / "packaging" / "app_icons.py",
            ROOT / "resources" / "icons" / "app.svg",
        ]
        must([*draw, self.work / "icons"], self.environment(), "The icon could not be drawn.")

    def _freeze(self) -> None:
        places: list[str | Path] = ["--distpath", self.results, "--workpath", self.work / "freeze"]
        quiet = ["--noconfirm", "--clean", "--log-level", "ERROR"]
        spec = ROOT / "packaging" / self.program.spec
        command = [self.python, "-m", "PyInstaller", *quiet, *places, spec]
        must(command, self.environment(), "PyInstaller could not make the program.")

    @property
    def _icons(self) -> Path:
        return self.work / "icons"

    @property
    def _frozen(self) -> Path:
        """Where PyInstaller leaves what it made besides the program."""
        return self.work / "freeze" / Path(self.program.spec).stem

    def _add_to_system(self) -> None:
        """Put beside the program what makes it known to a Linux system: its menu entry, or its service."""
        share = self.folder / "share"
        if self.program.has_window:
            add_menu_entry(share, self._icons)
        else:
            add_service(share)

    def _add_papers(self) -> None:
        """Put licences and the bill of materials beside the program."""
        owners, others = self.owners()
        forbidden = gpl_only(owners)
        if forbidden:
            raise Stop(f"Under the GPL only, and in the bundle: {', '.join(forbidden)}.")
        components = sorted({*owners.values(), *others}, key=lambda component: component.purl)
        write_notices(components, self.folder / NOTICES)
        text = bill_of_materials(facts(), self.folder, owners, others, source_time(), name=self.program.name)
        (self.folder / SBOM).write_text(text, encoding="utf-8")

    def owners(self) -> tuple[dict[str, Component], set[Component]]:
        """Return whose each file of the folder is, and the makers of modules inside the program file."""
        contents = json.loads((self._frozen / "contents.json").read_text(encoding="utf-8"))
        origins = Origins(self.site_packages)
        owners = {}
        for path in files_below(self.folder):
            source = contents["files"].get(path.removeprefix("_internal/"))
            owners[path] = origins.of(Path(source)) if source else self._maker_of(path, origins)
        return owners, set(origins.all_of(contents["modules"]).values())

    def _maker_of(self, path: str, origins: Origins) -> Component:
        """Return whose a file is that was not copied: what systems know it by is ours, the program PyInstaller's."""
        return own(ROOT / "packaging") if path.startswith("share/") else origins.distribution("pyinstaller")

    def _prepare_first_paint(self) -> None:
        """Have the watched program beside the same libraries, where the benchmark looks for it."""
        place = self.work / "first-paint"
        place.mkdir()
        suffix = ".exe" if os.name == "nt" else ""
        shutil.copy(self._frozen / f"watched_app{suffix}", place)
        if os.name == "posix":
            (place / "_internal").symlink_to(self.folder / "_internal")


def files_below(folder: Path) -> list[str]:
    """Return the files below ``folder``, links left out, as sorted paths with forward slashes."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(path.relative_to(folder).as_posix() for path in found)


def strip_python(folder: Path) -> None:
    """Take debugging symbols out of Python and of cryptography: 20 MB. Qt stays as its makers built it."""
    inside = folder / "_internal"
    libraries = [*inside.glob("libpython*.so*"), *inside.glob("python3*/lib-dynload/*.so")]
    libraries += inside.glob("cryptography/hazmat/bindings/*.so")
    must(["strip", "--strip-unneeded", *libraries], os.environ, "strip (of binutils) could not work on Python.")
