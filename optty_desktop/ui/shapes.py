"""Shapes every painted control is made of: boxes with crisp borders, icons, small key hints."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Radius, Type

_HINT_HEIGHT = 20
_HINT_PADDING = 6
_NO_COLOR = QColor(0, 0, 0, 0)


def draw_box(
    painter: QPainter, rect: QRect, radius: int, *, fill: QColor | None, border: QColor | None, width: int = 1
) -> None:
    """Fills a rounded box and draws its border inside `rect`, on whole pixels."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inset = width / 2 if border is not None else 0.0
    painter.setBrush(fill if fill is not None else _NO_COLOR)
    painter.setPen(QPen(border, width) if border is not None else Qt.PenStyle.NoPen)
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset)
    painter.restore()


def draw_icon(painter: QPainter, look: Look, name: str, token: str, x: int, middle: int, size: int) -> None:
    """Draws an icon with its leading edge at `x`, centred on the line `middle`."""
    pixmap = look.pixmap(name, token, size, painter.device().devicePixelRatio())
    painter.drawPixmap(QPointF(x, middle - size / 2), pixmap)


def key_hint_width(look: Look, keys: str) -> int:
    """How wide the hint for `keys` is."""
    return QFontMetrics(look.font(Type.MICRO)).horizontalAdvance(keys) + 2 * _HINT_PADDING


def draw_key_hint(painter: QPainter, look: Look, keys: str, x: int, middle: int, token: str) -> None:
    """Draws the keys of a shortcut in a small box whose left edge is `x`."""
    rect = QRect(x, middle - _HINT_HEIGHT // 2, key_hint_width(look, keys), _HINT_HEIGHT)
    color = look.color(token)
    draw_box(painter, rect, Radius.HINT, fill=None, border=color)
    painter.setFont(look.font(Type.MICRO))
    painter.setPen(color)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, keys)


def mirrored(rect: QRect, inside: QRect, *, rtl: bool) -> QRect:
    """`rect` as it lies in a window read from right to left, if `rtl`."""
    if not rtl:
        return rect
    return QRect(inside.right() - (rect.right() - inside.left()), rect.y(), rect.width(), rect.height())
