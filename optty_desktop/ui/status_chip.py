"""The chip that shows the state of a link: icon and word on a tint, as a painter for rows and as a widget."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from optty_desktop.core.links import LinkState
from optty_desktop.ui.shapes import draw_box, draw_icon
from optty_desktop.ui.state_look import STATE_LOOKS, ChipStyle, StateLook, state_word
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, IconSize, Radius, Type, Weight

_PADDING = 7
_GAP = 6
_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
_AT_LEFT = int(Qt.AlignmentFlag.AlignLeft | _MIDDLE)
_AT_RIGHT = int(Qt.AlignmentFlag.AlignRight | _MIDDLE)


def chip_width(state: LinkState, look: Look) -> int:
    """How wide the chip of `state` is."""
    word = QFontMetrics(look.font(Type.SMALL, weight=Weight.SEMIBOLD)).horizontalAdvance(state_word(state))
    return 2 * _PADDING + IconSize.CHIP + _GAP + word + 1


def paint_chip(
    painter: QPainter,
    rect: QRect,
    state: LinkState,
    look: Look,
    *,
    stale: bool = False,
    by_hand: bool = False,
    rtl: bool = False,
) -> None:
    """Paints the chip at the leading edge of `rect`, centred in its height.

    `stale` says that nobody answered for a while: states that may have changed lose their fill. So does every state
    that is the word of a person only.
    """
    shape = STATE_LOOKS[state]
    width = min(chip_width(state, look), rect.width())
    left = rect.right() + 1 - width if rtl else rect.left()
    box = QRect(left, rect.center().y() + 1 - Height.CHIP // 2, width, Height.CHIP)
    _paint_box(painter, box, shape, look, hollow=by_hand or (stale and not shape.is_final))
    middle = box.y() + Height.CHIP // 2
    icon = box.right() + 1 - _PADDING - IconSize.CHIP if rtl else box.left() + _PADDING
    draw_icon(painter, look, shape.icon, shape.color, icon, middle, IconSize.CHIP)
    lead = _PADDING + IconSize.CHIP + _GAP
    words = box.adjusted(0, 0, -lead, 0) if rtl else box.adjusted(lead, 0, 0, 0)
    painter.setFont(look.font(Type.SMALL, weight=Weight.SEMIBOLD))
    painter.setPen(look.color(shape.color))
    painter.drawText(words, _AT_RIGHT if rtl else _AT_LEFT, state_word(state))


def _paint_box(painter: QPainter, box: QRect, shape: StateLook, look: Look, *, hollow: bool) -> None:
    hollow = hollow or shape.style is ChipStyle.OUTLINE
    fill = None if hollow else look.color(shape.tint)
    border, width = _border(shape, look, hollow=hollow)
    draw_box(painter, box, Radius.CHIP, fill=fill, border=border, width=width)


def _border(shape: StateLook, look: Look, *, hollow: bool) -> tuple[QColor | None, int]:
    if shape.style is ChipStyle.WARNING:
        return look.color(shape.color), 2
    if shape.style is ChipStyle.OUTLINE:
        return look.color("control_border"), look.theme.border
    if hollow or look.theme.border > 1:
        return look.color(shape.color), look.theme.border
    return None, 1


class StatusChip(QWidget):
    """The chip as a widget. It says its word to screen readers."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._state: LinkState | None = None
        self._is_stale = self._is_by_hand = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def state(self) -> LinkState | None:
        """The state shown, None before the first."""
        return self._state

    def set_state(self, state: LinkState, *, stale: bool = False, by_hand: bool = False) -> None:
        """Shows `state`."""
        self._state, self._is_stale, self._is_by_hand = state, stale, by_hand
        self.setAccessibleName(state_word(state))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as icon and word."""
        width = chip_width(self._state, self._look) if self._state is not None else 0
        return QSize(width, Height.CHIP)

    def minimumSizeHint(self) -> QSize:
        """A chip is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The chip, mirrored in a window read from right to left."""
        if self._state is None:
            return
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        painter = QPainter(self)
        stale, by_hand = self._is_stale, self._is_by_hand
        paint_chip(painter, self.rect(), self._state, self._look, stale=stale, by_hand=by_hand, rtl=rtl)
        painter.end()
