"""The small button painted in a row: Cancel…, Check or Refund…. The cell around it reacts; this is what is seen."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from optty_desktop.core.links import PaymentLink, RowAction, row_action
from optty_desktop.ui.link_columns import Column
from optty_desktop.ui.row_words import action_word
from optty_desktop.ui.shapes import draw_box
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, Radius, Type, Weight

_PADDING = 13
_TOP = 5


_MONEY = frozenset({RowAction.CANCEL, RowAction.REFUND})


@dataclass(frozen=True, slots=True)
class RowButton:
    """One button: its word, what it starts, whether it may be pressed."""

    text: str
    action: RowAction
    is_on: bool


def row_button(column: Column, link: PaymentLink, *, is_paused: bool, is_held_back: bool) -> RowButton | None:
    """The button in that cell, None where the cell is empty.

    `is_paused` switches all of them off, `is_held_back` those that cancel or refund.
    """
    text = action_word(column, link)
    if not text:
        return None
    action = row_action(link)
    is_off = is_paused or action is RowAction.CANCEL_OFF or (is_held_back and action in _MONEY)
    return RowButton(text, action, is_on=not is_off)


def row_button_width(text: str, look: Look) -> int:
    """How wide the button is."""
    return QFontMetrics(look.font(Type.ROW, weight=Weight.MEDIUM)).horizontalAdvance(text) + 2 * _PADDING


def paint_row_button(
    painter: QPainter, rect: QRect, button: RowButton, look: Look, *, hover: bool, down: bool, at_right: bool
) -> None:
    """Paints the button at the left or right edge of `rect`."""
    width = row_button_width(button.text, look)
    left = rect.right() + 1 - width if at_right else rect.left()
    box = QRect(left, rect.top() + _TOP, width, min(Height.ROW_BUTTON, rect.height() - 2 * _TOP))
    fill, border, text = "surface", "control_border", "text"
    if not button.is_on:
        fill, border, text = "neutral_tint", "divider", "text_disabled"
    elif down:
        fill = "neutral_tint"
    elif hover:
        fill = "surface_alt"
    draw_box(painter, box, Radius.FIELD, fill=look.color(fill), border=look.color(border), width=look.theme.border)
    painter.setFont(look.font(Type.ROW, weight=Weight.MEDIUM))
    painter.setPen(look.color(text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, button.text)
