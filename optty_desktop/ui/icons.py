"""Line icons, recoloured and rendered at the size and pixel ratio they are shown in."""

import re
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QPixmap

from optty_desktop.ui.assets import resource

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

# The first two are those of the picture itself; a shape in it may be as large.
_SIZE = re.compile(rb'\b(width|height)="(?:24|64)"')
_FINE_FROM = 36
_FORMAT = "svg"
"""Said, or Qt would load every plug-in of images until one knows it."""


class Icons:
    """Reads each SVG once and keeps every picture it has rendered."""

    def __init__(self) -> None:
        self._sources: dict[str, bytes] = {}
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}

    def pixmap(self, name: str, color: QColor, size: int, ratio: float) -> QPixmap:
        """Icon `name` in `color`, `size` device-independent pixels wide, for a screen of pixel ratio `ratio`."""
        key = (name, color.name(), size, ratio)
        found = self._pixmaps.get(key)
        if found is None:
            found = self._pixmaps[key] = self._render(name, color.name(), size, ratio)
        return found

    def icon(self, name: str, color: QColor, size: int) -> "QIcon":
        """Icon `name` for the parts of Qt that take a QIcon, sharp at pixel ratios 1 and 2."""
        from PySide6.QtGui import QIcon  # not needed by the first window, and slow to set up

        icon = QIcon(self.pixmap(name, color, size, 1.0))
        icon.addPixmap(self.pixmap(name, color, size, 2.0))
        return icon

    def application_icon(self) -> "QIcon":
        """The icon of the program for window title and task bar."""
        from PySide6.QtGui import QIcon

        icon = QIcon()
        for size in (16, 32, 64):
            icon.addPixmap(self.pixmap("app", QColor(), size, 1.0))
        return icon

    def _render(self, name: str, color: str, size: int, ratio: float) -> QPixmap:
        pixels = round(size * ratio)
        svg = _SIZE.sub(rb'\1="%d"' % pixels, self._source(name), count=2).replace(b"currentColor", color.encode())
        if size >= _FINE_FROM:
            svg = svg.replace(b'stroke-width="2"', b'stroke-width="1.8"')
        # The image plug-in renders SVG as well as QtSvg does, without loading a further Python module at start.
        pixmap = QPixmap()
        pixmap.loadFromData(svg, _FORMAT)
        pixmap.setDevicePixelRatio(ratio)
        return pixmap

    def _source(self, name: str) -> bytes:
        source = self._sources.get(name)
        if source is None:
            source = self._sources[name] = resource("icons", f"{name}.svg").read_bytes()
        return source
