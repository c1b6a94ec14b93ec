"""One of several choices, painted from tokens."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QRadioButton, QWidget

from optty_desktop.ui.shapes import draw_box, mirrored
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, Space, Type, Weight

RING = 20
_DOT = 8
LEAD = RING + Space.SMALL


class RadioButton(QRadioButton):
    """The whole row is the target; the words of the chosen one are stronger."""

    def __init__(self, look: Look, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._look = look
        self.setFont(look.font(Type.BODY, weight=Weight.SEMIBOLD, figures=any(c.isdigit() for c in text)))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setProperty("ringRadius", RING)

    def sizeHint(self) -> QSize:
        """Ring, gap and words on one line."""
        return QSize(LEAD + QFontMetrics(self.font()).horizontalAdvance(self.text()) + 1, Height.HIT)

    def minimumSizeHint(self) -> QSize:
        """The words are never cut."""
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        """A press anywhere on the row counts."""
        return self.rect().contains(pos)

    def ring_rect(self) -> QRect:
        """The painted ring stands where the row begins."""
        ring = QRect(0, (self.height() - RING) // 2, RING, RING)
        return mirrored(ring, self.rect(), rtl=self._is_rtl())

    def words_rect(self) -> QRect:
        """The words, beside the ring."""
        return mirrored(self.rect().adjusted(LEAD, 0, 0, 0), self.rect(), rtl=self._is_rtl())

    def focus_ring_rect(self) -> QRect:
        """The focus ring goes round the painted one."""
        return self.ring_rect()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ring, dot, words."""
        painter = QPainter(self)
        color = self._look.color
        ring = self.ring_rect()
        fill, border = ("accent", "accent") if self.isChecked() else ("surface", "control_border")
        if not self.isEnabled():
            fill, border = "surface_alt", "divider"
        draw_box(painter, ring, RING // 2, fill=color(fill), border=color(border), width=2)
        if self.isChecked():
            inset = (RING - _DOT) // 2
            dot = ring.adjusted(inset, inset, -inset, -inset)
            draw_box(
                painter, dot, _DOT // 2, fill=color("on_accent" if self.isEnabled() else "text_disabled"), border=None
            )
        self._paint_words(painter)
        painter.end()

    def _paint_words(self, painter: QPainter) -> None:
        painter.setFont(self._words_font())
        painter.setPen(self._look.color("text" if self.isEnabled() else "text_disabled"))
        painter.drawText(
            self.words_rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading), self.text()
        )

    def _words_font(self) -> QFont:
        font = self.font()
        if not self.isChecked():
            font.setWeight(self._look.font(Type.BODY).weight())
        return font

    def _is_rtl(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft
