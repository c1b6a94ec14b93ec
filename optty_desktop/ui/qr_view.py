"""A QR code on a screen: whole device pixels for each module, no smoothing, black on white in every theme."""

import math
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QScreen
from PySide6.QtWidgets import QSizePolicy, QWidget

from optty_desktop.ui.qr_code import QUIET_ZONE, QrCode, bitmap
from optty_desktop.ui.shapes import draw_box
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Radius
from optty_desktop.ui.words import tr

_MM_PER_INCH: Final = 25.4
_USUAL_DPI: Final = 96.0
_SMALLEST_SYMBOL_MM: Final = 60.0
_SMALLEST_MODULE_MM: Final = 1.2
_SMALLEST_MODULE: Final = 5.0
_EDGE: Final = 1


@dataclass(frozen=True, slots=True)
class Density:
    """How fine a screen is: device-independent pixels an inch, and device pixels in one of those."""

    dpi: float = _USUAL_DPI
    ratio: float = 1.0

    def smallest_module(self, modules: int) -> int:
        """The fewest device pixels for a module so that a phone reads it from 40 to 60 cm away."""
        per_mm = self.dpi / _MM_PER_INCH
        wished = max(_SMALLEST_MODULE, _SMALLEST_MODULE_MM * per_mm, _SMALLEST_SYMBOL_MM * per_mm / modules)
        return math.ceil(wished * self.ratio - 1e-6)

    def smallest_side(self, modules: int) -> int:
        """The smallest square card, in device-independent pixels, for a symbol of `modules` on a side."""
        full_size = modules + 2 * QUIET_ZONE
        return math.ceil(self.smallest_module(modules) * full_size / self.ratio) + 2 * _EDGE

    def largest_module(self, full_size: int, room: int) -> int:
        """The most device pixels a module can have when symbol and quiet zone get `room` device-independent pixels."""
        return int(room * self.ratio + 1e-6) // full_size


def density_of(screen: QScreen | None, ratio: float) -> Density:
    """The physical density of `screen`; 96 where the screen names none that can be true."""
    dpi = screen.physicalDotsPerInch() if screen is not None else 0.0
    return Density(dpi if 70 <= dpi <= 400 else _USUAL_DPI, ratio)


def image_of(code: QrCode, scale: int) -> QImage:
    """The code with its quiet zone, each module `scale` pixels."""
    side = code.full_size * scale
    pixels = bitmap(code, scale)
    return QImage(pixels, side, side, side, QImage.Format.Format_Grayscale8).copy()


class QrView(QWidget):
    """Shows a code as large as its square allows, or plain white while there is none.

    A code that cannot be as large as phones need is not drawn; `fits()` tells beforehand.
    """

    def __init__(self, look: Look, side: int, parent: QWidget | None = None, *, edge: str = "divider") -> None:
        super().__init__(parent)
        self._look = look
        self._edge = edge
        self._code: QrCode | None = None
        self._drawn: tuple[QrCode, int, QImage] | None = None
        self.setObjectName("qrCodeView")
        self.setAccessibleName(tr("QR code of the payment link"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_side(side)

    @property
    def code(self) -> QrCode | None:
        """The code shown."""
        return self._code

    def set_side(self, side: int) -> None:
        """Changes the square, quiet zone and edge included."""
        self.setFixedSize(QSize(side, side))

    def set_code(self, code: QrCode | None) -> None:
        """Shows `code`, or nothing at all."""
        self._code = code
        self._drawn = None
        self.update()

    def density(self) -> Density:
        """The density of the screen this stands on."""
        return density_of(self.screen(), self.devicePixelRatioF())

    def fits(self, code: QrCode) -> bool:
        """Whether `code` can be shown large enough here."""
        density = self.density()
        return density.largest_module(code.full_size, self._room()) >= density.smallest_module(code.size)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The white card, and the code on whole device pixels in its middle."""
        painter = QPainter(self)
        color = self._look.color
        draw_box(painter, self.rect(), Radius.CARD, fill=color("qr_light"), border=color(self._edge), width=_EDGE)
        if self._code is not None:
            self._paint_code(painter, self._code)
        painter.end()

    def _paint_code(self, painter: QPainter, code: QrCode) -> None:
        to_device = painter.deviceTransform()
        density = Density(self.density().dpi, to_device.m11())
        scale = density.largest_module(code.full_size, self._room())
        if scale < density.smallest_module(code.size):
            return
        image = self._image(code, scale)
        free = self.width() * to_device.m11() - image.width()
        corner = to_device.map(QPointF(0, 0))
        start = QPointF(round(corner.x() + free / 2), round(corner.y() + free / 2))
        back = to_device.inverted()[0]
        side = image.width() / to_device.m11()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.drawImage(QRectF(back.map(start), back.map(start) + QPointF(side, side)), image)

    def _room(self) -> int:
        return self.width() - 2 * _EDGE

    def _image(self, code: QrCode, scale: int) -> QImage:
        if self._drawn is None or self._drawn[0] is not code or self._drawn[1] != scale:
            self._drawn = (code, scale, image_of(code, scale))
        return self._drawn[2]
