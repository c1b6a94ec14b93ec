"""The entry in the menu of a Linux desktop: desktop file, description, and the icon in every size."""

from __future__ import annotations

import shutil
from pathlib import Path

from facts import PROGRAM, facts
from processes import ROOT

LINUX = ROOT / "packaging" / "linux"


def add_menu_entry(share: Path, icons: Path) -> None:
    """Put desktop file, description and icons where desktops look for them below ``share``."""
    places = {"applications": LINUX / f"{PROGRAM}.desktop", "metainfo": LINUX / f"{facts().identifier}.metainfo.xml"}
    for place, source in places.items():
        (share / place).mkdir(parents=True)
        shutil.copyfile(source, share / place / source.name)
    hicolor = share / "icons" / "hicolor"
    for icon in icons.glob("*.png"):
        size = f"{icon.stem}x{icon.stem}"
        (hicolor / size / "apps").mkdir(parents=True)
        shutil.copyfile(icon, hicolor / size / "apps" / f"{PROGRAM}.png")
    (hicolor / "scalable" / "apps").mkdir(parents=True)
    shutil.copyfile(ROOT / "resources" / "icons" / "app.svg", hicolor / "scalable" / "apps" / f"{PROGRAM}.svg")
