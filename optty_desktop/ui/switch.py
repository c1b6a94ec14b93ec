"""A switch: a check box painted as a track with a knob, its words after it."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from optty_desktop.ui.shapes import draw_box, mirrored
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, Space, Type, Weight

_TRACK = QSize(44, 24)
_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading


class Switch(QCheckBox):
    """Takes effect at once when flipped; the whole row is the target."""

    def __init__(self, look: Look, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._look = look
        self.setFont(look.font(Type.ROW, weight=Weight.MEDIUM))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """Track, gap and words on one line; the track alone where its words stand elsewhere."""
        if not self.text():
            return QSize(_TRACK.width(), Height.HIT)
        words = QFontMetrics(self.font()).horizontalAdvance(self.text())
        return QSize(_TRACK.width() + Space.ROW + words + 1, Height.HIT)

    def minimumSizeHint(self) -> QSize:
        """The words may take two lines."""
        if not self.text():
            return self.sizeHint()
        return QSize(_TRACK.width() + Space.ROW + self.sizeHint().width() // 3, Height.HIT)

    def hitButton(self, pos: QPoint) -> bool:
        """A press anywhere on the row counts."""
        return self.rect().contains(pos)

    def focus_ring_rect(self) -> QRect:
        """The ring goes round the track."""
        return mirrored(self._track(), self.rect(), rtl=self._is_rtl())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Track, knob, words."""
        painter = QPainter(self)
        track = mirrored(self._track(), self.rect(), rtl=self._is_rtl())
        self._paint_track(painter, track)
        words = self.rect().adjusted(_TRACK.width() + Space.ROW, 0, 0, 0)
        painter.setFont(self.font())
        painter.setPen(self._look.color("text" if self.isEnabled() else "text_disabled"))
        painter.drawText(mirrored(words, self.rect(), rtl=self._is_rtl()), int(_WRAP), self.text())
        painter.end()

    def _paint_track(self, painter: QPainter, track: QRect) -> None:
        on = self.isChecked()
        edge, fill, knob = ("accent", "accent", "on_accent") if on else ("control_border", "surface", "control_border")
        if not self.isEnabled():
            edge, fill, knob = "divider", "neutral_tint", "text_disabled"
        color = self._look.color
        draw_box(painter, track, track.height() // 2, fill=color(fill), border=color(edge), width=2)
        size = 18
        at_end = on != self._is_rtl()
        left = track.right() + 1 - 3 - size if at_end else track.left() + 3
        draw_box(painter, QRect(left, track.top() + 3, size, size), size // 2, fill=color(knob), border=None)

    def _track(self) -> QRect:
        return QRect(QPoint(0, (self.height() - _TRACK.height()) // 2), _TRACK)

    def _is_rtl(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft
