"""``python app_icons.py SVG FOLDER``: the icon of the program in every size and format that a system asks for.

Runs in the environment for building, since Qt draws. Both containers hold PNG pictures, which Qt does not write.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Mapping
from pathlib import Path

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
IN_ICO = (16, 24, 32, 48, 64, 256)
IN_ICNS = {b"icp4": 16, b"icp5": 32, b"icp6": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512}


def ico(pictures: Mapping[int, bytes]) -> bytes:
    """Return the Windows icon with these PNG pictures, by their width."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    place = len(head) + 16 * len(pictures)
    entries = b""
    for size, picture in pictures.items():
        side = size % 256  # 0 stands for 256
        entries += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(picture), place)
        place += len(picture)
    return head + entries + b"".join(pictures.values())


def icns(pictures: Mapping[bytes, bytes]) -> bytes:
    """Return the macOS icon with these PNG pictures, by the name of their size."""
    blocks = b"".join(name + struct.pack(">I", 8 + len(picture)) + picture for name, picture in pictures.items())
    return b"icns" + struct.pack(">I", 8 + len(blocks)) + blocks


def drawn(svg: bytes, size: int) -> bytes:
    """Return the icon as a PNG, ``size`` pixels wide. Raises ValueError when Qt cannot draw it."""
    from PySide6.QtCore import QBuffer
    from PySide6.QtGui import QImage

    image = QImage.fromData(svg.replace(b'width="64" height="64"', b'width="%d" height="%d"' % (size, size), 1))
    if image.width() != size:
        raise ValueError(f"the icon is {image.width()} pixels wide instead of {size}")
    memory = QBuffer()
    memory.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(memory, "PNG")  # type: ignore[call-overload]  # the stubs know b"PNG" only
    return bytes(memory.data().data())


def main(svg_file: Path, folder: Path) -> None:
    """Write ``NUMBER.png`` for each size, ``app.ico`` for Windows and ``app.icns`` for macOS."""
    from PySide6.QtGui import QGuiApplication

    _app = QGuiApplication(["app_icons", "-platform", "offscreen"])
    svg = svg_file.read_bytes()
    pictures = {size: drawn(svg, size) for size in SIZES}
    folder.mkdir(parents=True, exist_ok=True)
    for size, picture in pictures.items():
        (folder / f"{size}.png").write_bytes(picture)
    (folder / "app.ico").write_bytes(ico({size: pictures[size] for size in IN_ICO}))
    (folder / "app.icns").write_bytes(icns({name: pictures[size] for name, size in IN_ICNS.items()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
