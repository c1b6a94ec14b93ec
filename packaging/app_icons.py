"""``python app_icons.py SVG FOLDER``: the icon of the program in every size and format that a system asks for.

Runs in the environment for building, since Qt draws.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication, QImage

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
_LARGEST_ICO = 256


def drawn(svg: bytes, size: int) -> QImage:
    """Return the icon, ``size`` pixels wide. Raises ValueError when Qt cannot draw it."""
    image = QImage.fromData(svg.replace(b'width="64" height="64"', b'width="%d" height="%d"' % (size, size), 1))
    if image.width() != size:
        raise ValueError(f"the icon is {image.width()} pixels wide instead of {size}")
    return image


def main(svg_file: Path, folder: Path) -> None:
    """Write ``NUMBER.png`` for each size, ``app.ico`` for Windows, and ``app.icns`` where Qt writes it."""
    _app = QGuiApplication(["app_icons", "-platform", "offscreen"])
    svg = svg_file.read_bytes()
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        drawn(svg, size).save(str(folder / f"{size}.png"))
    drawn(svg, _LARGEST_ICO).save(str(folder / "app.ico"))
    drawn(svg, SIZES[-1]).save(str(folder / "app.icns"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
