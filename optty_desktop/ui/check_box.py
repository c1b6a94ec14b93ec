"""A check box, painted from tokens, with a muted explanation after its words."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from optty_desktop.ui.shapes import draw_box, draw_icon, mirrored
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, Radius, Space, Type, Weight

_BOX = 22
_LEAD = _BOX + Space.ROW
_HIGHEST = 16_000


class CheckBox(QCheckBox):
    """The whole row is the target. `hint` says what follows from it; too long a hint goes to a second line.

    With `wraps` a long text takes the lines it needs; such a box has no hint.
    """

    def __init__(
        self, look: Look, text: str, hint: str = "", parent: QWidget | None = None, *, wraps: bool = False
    ) -> None:
        super().__init__(text, parent)
        self._look = look
        self._hint = hint
        self._wrap = Qt.TextFlag.TextWordWrap if wraps else Qt.TextFlag.TextSingleLine
        if wraps:
            policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self.setFont(look.font(Type.BODY, weight=Weight.MEDIUM))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleDescription(hint)

    def set_hint(self, hint: str) -> None:
        """Changes the explanation."""
        self._hint = hint
        self.setAccessibleDescription(hint)
        self.updateGeometry()
        self.update()

    def hint(self) -> str:
        """The explanation."""
        return self._hint

    def sizeHint(self) -> QSize:
        """Box, words and explanation on one line."""
        return QSize(_LEAD + self._words_width() + self._hint_width(), Height.HIT)

    def minimumSizeHint(self) -> QSize:
        """The explanation goes under the words where there is little room."""
        return QSize(_LEAD + (0 if self.hasHeightForWidth() else self._words_width()), Height.HIT)

    def hasHeightForWidth(self) -> bool:
        """A narrower box is a higher one where its text wraps."""
        return self._wrap is Qt.TextFlag.TextWordWrap

    def heightForWidth(self, width: int) -> int:
        """The lines of the text at `width`, and never less than a finger needs."""
        if not self.hasHeightForWidth():
            return super().heightForWidth(width)
        room = QRect(0, 0, max(1, width - _LEAD), _HIGHEST)
        text = QFontMetrics(self.font()).boundingRect(room, self._wrap, self.text())
        return max(Height.HIT, text.height() + Space.SMALL)

    def hitButton(self, pos: QPoint) -> bool:
        """A press anywhere on the row counts."""
        return self.rect().contains(pos)

    def focus_ring_rect(self) -> QRect:
        """The ring goes round the box."""
        return mirrored(self._box(), self.rect(), rtl=self._is_rtl())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Box, check mark, words, explanation."""
        painter = QPainter(self)
        self._paint_box(painter, self.focus_ring_rect())
        one_line = _LEAD + self._words_width() + self._hint_width() <= self.width()
        words = self.rect().adjusted(_LEAD, 0, 0, 0 if one_line or not self._hint else -self.height() // 2)
        self._paint_text(painter, words, self.text(), "text", small=False)
        if self._hint:
            rest = words.adjusted(self._words_width() + Space.TIGHT, 1, 0, 1)
            under = self.rect().adjusted(_LEAD, self.height() // 2, 0, 0)
            self._paint_text(painter, rest if one_line else under, self._hint, "text_muted", small=True)
        painter.end()

    def _paint_box(self, painter: QPainter, box: QRect) -> None:
        color = self._look.color
        fill, border = ("accent", "accent") if self.isChecked() else ("surface", "control_border")
        if not self.isEnabled():
            fill, border = "surface_alt", "divider"
        draw_box(painter, box, Radius.CHECK, fill=color(fill), border=color(border), width=2)
        if self.isChecked():
            token = "on_accent" if self.isEnabled() else "text_disabled"
            draw_icon(painter, self._look, "check", token, box.left() + 3, box.top() + _BOX // 2, 16)

    def _paint_text(self, painter: QPainter, rect: QRect, text: str, token: str, *, small: bool) -> None:
        painter.setFont(self._look.font(Type.SMALL) if small else self.font())
        painter.setPen(self._look.color(token if self.isEnabled() else "text_disabled"))
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
        painter.drawText(mirrored(rect, self.rect(), rtl=self._is_rtl()), int(side | self._wrap), text)

    def _box(self) -> QRect:
        return QRect(0, (self.height() - _BOX) // 2, _BOX, _BOX)

    def _words_width(self) -> int:
        return QFontMetrics(self.font()).horizontalAdvance(self.text()) + 1

    def _hint_width(self) -> int:
        if not self._hint:
            return 0
        return Space.TIGHT + QFontMetrics(self._look.font(Type.SMALL)).horizontalAdvance(self._hint) + 1

    def _is_rtl(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft
