"""One of several choices, painted from tokens."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QRadioButton, QWidget

from optty_desktop.ui.shapes import draw_box, mirrored
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, Space, Type, Weight

_RING = 20
_DOT = 8
_LEAD = _RING + Space.SMALL


class RadioButton(QRadioButton):
    """The whole row is the target; the words of the chosen one are stronger."""

    def __init__(self, look: Look, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._look = look
        self.setFont(look.font(Type.BODY, weight=Weight.SEMIBOLD, figures=any(c.isdigit() for c in text)))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setProperty("ringRadius", _RING)

    @property
    def lead(self) -> int:
        """How far the words stand from the leading edge."""
        return _LEAD

    def sizeHint(self) -> QSize:
        """Ring, gap and words on one line."""
        return QSize(_LEAD + QFontMetrics(self.font()).horizontalAdvance(self.text()) + 1, Height.HIT)

    def minimumSizeHint(self) -> QSize:
        """The words are never cut."""
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        """A press anywhere on the row counts."""
        return self.rect().contains(pos)

    def focus_ring_rect(self) -> QRect:
        """The focus ring goes round the painted one."""
        ring = QRect(0, (self.height() - _RING) // 2, _RING, _RING)
        return mirrored(ring, self.rect(), rtl=self._is_rtl())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ring, dot, words."""
        painter = QPainter(self)
        color = self._look.color
        ring = self.focus_ring_rect()
        fill, border = ("accent", "accent") if self.isChecked() else ("surface", "control_border")
        if not self.isEnabled():
            fill, border = "surface_alt", "divider"
        draw_box(painter, ring, _RING // 2, fill=color(fill), border=color(border), width=2)
        if self.isChecked():
            inset = (_RING - _DOT) // 2
            dot = ring.adjusted(inset, inset, -inset, -inset)
            draw_box(
                painter, dot, _DOT // 2, fill=color("on_accent" if self.isEnabled() else "text_disabled"), border=None
            )
        self._paint_words(painter)
        painter.end()

    def _paint_words(self, painter: QPainter) -> None:
        font = self.font()
        if not self.isChecked():
            font.setWeight(self._look.font(Type.BODY).weight())
        painter.setFont(font)
        painter.setPen(self._look.color("text" if self.isEnabled() else "text_disabled"))
        words = mirrored(self.rect().adjusted(_LEAD, 0, 0, 0), self.rect(), rtl=self._is_rtl())
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading), self.text())

    def _is_rtl(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft
