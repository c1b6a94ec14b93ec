"""Everything a release is made of: each program's folder, its packages in ``dist/``, and how large they are."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from app_folder import BUILD, SBOM, Builder
from archives import tarball
from deb import make_deb
from facts import PROGRAM, SERVER, TILL, Program, facts, file_stem, source_time
from processes import ROOT, Command, call, child_environment, must

_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Release:
    """What was made: the folder, and the files to hand on. ``deb`` is None where Debian's tools are not."""

    folder: Path
    archive: Path
    deb: Path | None
    program: Program = TILL


def make_releases(lock: Path) -> tuple[Release, Release | None]:
    """Build and pack the till's program, and on Linux the relay of servers; print what came out. Raises Stop."""
    till = Builder()
    till.prepare(lock)
    desktop = make_release(till)
    if not sys.platform.startswith("linux"):
        print("Not made: the relay, which is for servers with Linux.")
        return desktop, None
    return desktop, make_release(Builder(SERVER, work=BUILD / "relay"))


def make_release(builder: Builder) -> Release:
    """Build one program and pack it; print how large it is. Raises Stop."""
    release = packed(builder.program, builder.build(), builder.work)
    shutil.copyfile(release.folder / SBOM, builder.results / f"{file_stem(builder.program)}.cdx.json")
    for line in sizes(release):
        print(line, flush=True)
    return release


def packed(program: Program, folder: Path, work: Path) -> Release:
    """Pack the folder in the formats of this system."""
    stem = file_stem(program)
    if not sys.platform.startswith("linux"):
        archive = shutil.make_archive(str(folder.with_name(stem)), "zip", folder.parent, folder.name)
        make_installer(folder)
        return Release(folder, Path(archive), None, program)
    top = f"{program.name}-{facts().version}"
    archive_file = tarball(folder, top, folder.with_name(f"{stem}.tar.xz"), source_time())
    deb = make_deb(program, folder, work, folder.with_name(f"{stem}.deb")) if shutil.which("dpkg-deb") else None
    return Release(folder, archive_file, deb, program)


def make_installer(folder: Path) -> None:
    """Make what Windows and macOS install from, where their tools are there; say which one is not."""
    kind = "windows" if sys.platform == "win32" else "macos"
    tool = "iscc" if kind == "windows" else "hdiutil"
    if not shutil.which(tool):
        print(f"Not made: the installer, since {tool} is not on this computer.")
        return
    known = facts()
    commands: dict[str, Command] = {
        "windows": [tool, f"/DVersion={known.version}", ROOT / "packaging" / "windows" / f"{PROGRAM}.iss"],
        "macos": ["sh", ROOT / "packaging" / "macos" / "make_dmg.sh", folder.parent / f"{known.name}.app",
                  folder.with_name(f"{file_stem()}.dmg")],
    }  # fmt: skip
    must(commands[kind], child_environment(os.environ), f"{tool} could not make the installer.")


def sizes(release: Release) -> list[str]:
    """Return one line for the folder and for each file, with its goal, and the SHA-256 sums of the files."""
    unpacked = sum(
        path.stat().st_size for path in release.folder.rglob("*") if path.is_file() and not path.is_symlink()
    )
    lines = [size_line(release.folder.name, unpacked, release.program.most_unpacked_mb)]
    for path in filter(None, (release.archive, release.deb)):
        lines.append(size_line(path.name, path.stat().st_size, release.program.most_packed_mb))
        lines.append(f"  sha256 {hashlib.sha256(path.read_bytes()).hexdigest()}")
    return lines


def size_line(name: str, size: int, most: int) -> str:
    """Return one size in MB of 1,048,576 bytes beside its goal."""
    verdict = "within" if size <= most * _MB else "over"
    return f"{name}  {size / _MB:.1f} MB  ≤ {most} MB  {verdict}"


def measure_first_paint(python: Path) -> None:
    """Print how long the frozen program takes to its first paint, against the run from source."""
    if call([python, "-m", "tests.benchmarks", "bundle"], quiet_environment()):
        print("First paint could not be measured here.", file=sys.stderr)


def quiet_environment() -> dict[str, str]:
    """Return the environment of a measurement: off screen."""
    return child_environment(os.environ, QT_QPA_PLATFORM="offscreen")
