"""The relay as a service of a Linux server: its unit, a file to begin with, and what its package does on installing."""

from __future__ import annotations

import shutil
from pathlib import Path

from facts import RELAY
from processes import ROOT

LINUX = ROOT / "packaging" / "linux"
UNIT = f"{RELAY}.service"
EXAMPLE = "relay.toml"
STEPS = ("postinst", "prerm", "postrm")
"""What dpkg runs after unpacking, before removing, and after it."""


def add_service(share: Path) -> None:
    """Put the unit and the file to begin with beside the program, for systems that unpack the archive."""
    share.mkdir()
    for name in (UNIT, EXAMPLE):
        shutil.copyfile(LINUX / name, share / name)


def install_service(share: Path, tree: Path) -> None:
    """Move both to where Debian keeps such files below ``tree``, and add the steps of the package."""
    places = {UNIT: tree / "usr" / "lib" / "systemd" / "system", EXAMPLE: tree / "usr" / "share" / "doc" / RELAY}
    for name, place in places.items():
        place.mkdir(parents=True)
        shutil.move(share / name, place / name)
    share.rmdir()
    (tree / "DEBIAN").mkdir()
    for step in STEPS:
        target = tree / "DEBIAN" / step
        shutil.copyfile(LINUX / f"{RELAY}.{step}", target)
        target.chmod(0o755)
