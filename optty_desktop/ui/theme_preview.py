"""A small picture of the window in a theme: a form with its button, and beside it a list."""

from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

from optty_desktop.ui.shapes import draw_box
from optty_desktop.ui.tokens import Radius, Theme

HEIGHT: Final = 78
_EDGE: Final = 8
_INSET: Final = 7
_BAR: Final = 6
_STEP: Final = 11


def paint_preview(painter: QPainter, rect: QRect, theme: Theme) -> None:
    """Paint it as it is read from left to right; whoever mirrors the window mirrors the painter."""
    draw_box(painter, rect, Radius.CHECK, fill=QColor(theme.window), border=QColor(theme.divider))
    inside = rect.adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
    form = QRect(inside.left(), inside.top(), inside.width() * 3 // 8, inside.height())
    rows = inside.adjusted(form.width() + _INSET, 0, 0, 0)
    for card in (form, rows):
        draw_box(painter, card, Radius.CHECK, fill=QColor(theme.surface), border=QColor(theme.divider))
    _paint_form(painter, form.adjusted(_INSET, _INSET, -_INSET, -_INSET), theme)
    _paint_rows(painter, rows.adjusted(_INSET, _INSET, -_INSET, -_INSET), theme)


def _paint_form(painter: QPainter, room: QRect, theme: Theme) -> None:
    painter.fillRect(QRect(room.left(), room.top(), room.width() * 2 // 3, _BAR), QColor(theme.text))
    field = QRect(room.left(), room.top() + _STEP, room.width(), _STEP)
    painter.setPen(QColor(theme.control_border))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(field.adjusted(0, 0, -1, -1))
    painter.fillRect(QRect(room.left(), room.bottom() - _STEP + 1, room.width(), _STEP), QColor(theme.accent))


def _paint_rows(painter: QPainter, room: QRect, theme: Theme) -> None:
    shares = ((theme.text, 50), (theme.text_muted, 80), (theme.text_muted, 66), (theme.text_muted, 74))
    for place, (color, share) in enumerate(shares):
        painter.fillRect(
            QRect(room.left(), room.top() + place * _STEP, room.width() * share // 100, _BAR), QColor(color)
        )
