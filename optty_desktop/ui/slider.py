"""A slider: a track that is filled up to a round knob. It moves from the leading edge to the trailing one."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QStyle, QWidget

from optty_desktop.ui.shapes import draw_box
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height

_TRACK = 6
_KNOB = 20
_WIDTH = 200
_NARROWEST = 120


class Slider(QSlider):
    """`valueChanged` comes when the knob is let go of, `sliderMoved` while it is dragged."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._look = look
        self.setTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As high as any target for a finger."""
        return QSize(_WIDTH, Height.HIT)

    def minimumSizeHint(self) -> QSize:
        """Still long enough to aim."""
        return QSize(_NARROWEST, Height.HIT)

    def focus_ring_rect(self) -> QRect:
        """The ring goes round the knob."""
        return self._knob()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The knob goes to where the track was pressed, and follows from there."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """It follows the pointer."""
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """It stays there."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the page; it changes nothing."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Track, filled part, knob."""
        painter = QPainter(self)
        knob, color = self._knob(), self._look.color
        ink = color(self._ink())
        track = QRect(0, (self.height() - _TRACK) // 2, self.width(), _TRACK)
        filled = QRect(track)
        if self._is_rtl():
            filled.setLeft(knob.center().x())
        else:
            filled.setRight(knob.center().x())
        draw_box(painter, track, _TRACK // 2, fill=color("neutral_tint"), border=color("control_border"))
        draw_box(painter, filled, _TRACK // 2, fill=ink, border=None)
        draw_box(painter, knob, _KNOB // 2, fill=color("surface"), border=ink, width=3)
        painter.end()

    def _ink(self) -> str:
        if not self.isEnabled():
            return "text_disabled"
        return "accent_hover" if self.isSliderDown() or self.underMouse() else "accent"

    def _follow(self, event: QMouseEvent) -> None:
        place = round(event.position().x()) - _KNOB // 2
        value = QStyle.sliderValueFromPosition(
            self.minimum(), self.maximum(), place, self.width() - _KNOB, upsideDown=self._is_rtl()
        )
        step = self.singleStep()
        self.setSliderPosition(round(value / step) * step)

    def _knob(self) -> QRect:
        left = QStyle.sliderPositionFromValue(
            self.minimum(), self.maximum(), self.sliderPosition(), self.width() - _KNOB, upsideDown=self._is_rtl()
        )
        return QRect(left, (self.height() - _KNOB) // 2, _KNOB, _KNOB)

    def _is_rtl(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft
