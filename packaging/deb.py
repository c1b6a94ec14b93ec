"""The Debian packages: a program in /opt, its command, what makes it known, and what it needs of the system."""

from __future__ import annotations

import os
import platform
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from app_folder import files_below
from facts import Program, facts, source_time
from origins import system_component
from parts import needed_by
from processes import ROOT, Command, Stop, child_environment, must, output_of
from relay_service import install_service

LINUX = ROOT / "packaging" / "linux"
OPTIONAL_PLUGINS = ("cups", "wayland", "xdg-shell", "qt-shell", "adwaita", "bradient", "portal")
"""What their libraries bring is recommended only: the program starts without them."""

KEYCHAINS = "gnome-keyring | keepassxc"
PLAYERS = "pipewire-bin | pulseaudio-utils | alsa-utils"
GENERAL = ("fontconfig-config", "xdg-desktop-portal", KEYCHAINS, PLAYERS)


def make_deb(program: Program, folder: Path, work: Path, target: Path) -> Path:
    """Pack the program in ``folder`` into the package ``target``. Raises Stop."""
    tree = work / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(folder, tree / "opt" / program.name, symlinks=True)
    command = tree / "usr" / "bin" / program.name
    command.parent.mkdir(parents=True)
    command.symlink_to(Path("/opt", program.name, program.name))
    share = tree / "opt" / program.name / "share"
    if program.has_window:
        shutil.move(share, tree / "usr" / "share")
    else:
        install_service(share, tree)
    notices = tree / "usr" / "share" / "doc" / program.name / "copyright"
    notices.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / "LICENSE", notices)
    (tree / "DEBIAN").mkdir(exist_ok=True)
    (tree / "DEBIAN" / "control").write_text(control(program, folder), encoding="utf-8")
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    pack: Command = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z6", "--build", tree, target]
    must(pack, child_environment(os.environ, SOURCE_DATE_EPOCH=str(source_time())), "dpkg-deb could not pack.")
    return target


def control(program: Program, folder: Path) -> str:
    """Return the control file of the package."""
    known = facts()
    depends, recommends = needs_of(program, folder)
    size = sum((folder / path).stat().st_size for path in files_below(folder))
    template = LINUX / ("control" if program.has_window else f"{program.name}.control")
    return template.read_text(encoding="utf-8").format(
        version=known.version,
        architecture=output_of(["dpkg", "--print-architecture"]).strip(),
        publisher=known.publisher,
        kibibytes=size // 1024,
        depends=", ".join([f"libc6 (>= {platform.libc_ver()[1]})", *depends]),
        recommends=", ".join([*recommends, *GENERAL]),
        summary=known.summary,
    )  # fmt: skip


def needs_of(program: Program, folder: Path) -> tuple[list[str], list[str]]:
    """Return the packages without which the program does not start, and those that only some parts need."""
    libraries = [path for path in folder.rglob("*") if ".so" in path.name and not path.is_symlink()]
    inside = {path.name for path in folder.rglob("*.so*")}
    required: set[str] = set()
    useful: set[str] = set()
    for library in [folder / program.name, *libraries]:
        is_optional = any(word in library.name.lower() for word in OPTIONAL_PLUGINS)
        (useful if is_optional else required).update(set(needed_by(str(library))) - inside)
    cache = loader_cache(output_of(["/sbin/ldconfig", "-p"]))
    packages = packages_of(required, cache)
    return packages, [name for name in packages_of(useful, cache) if name not in packages]


def loader_cache(text: str) -> dict[str, str]:
    """Return where the loader (``ldconfig -p``) finds each library; the first place counts."""
    found: dict[str, str] = {}
    for name, place in re.findall(r"^\s+(\S+) \(.*\) => (\S+)$", text, re.MULTILINE):
        found.setdefault(name, place)
    return found


def packages_of(libraries: Iterable[str], cache: Mapping[str, str]) -> list[str]:
    """Return the packages that hold these libraries, libc left out. Raises Stop for one that is not here."""
    missing = sorted(name for name in libraries if name not in cache)
    if missing:
        raise Stop(f"The package needs libraries that this system does not have: {', '.join(missing)}.")
    owners = {system_component(str(Path(cache[name]).resolve())).name for name in libraries}
    return sorted(owners - {"libc6"})
