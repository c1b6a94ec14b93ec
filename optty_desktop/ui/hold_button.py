"""A button that must be held: for the one act that pays money back and cannot be undone."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath
from PySide6.QtWidgets import QWidget

from optty_desktop.ui.buttons import Button, ButtonKind, is_plain_enter
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Motion, Radius
from optty_desktop.ui.words import tr

_SLIP = 12
"""How far the pointer may leave the button, in pixels, before the hold ends."""
_FRAME_MS = 16
_STEPS = 3
_ADVICE_MS = 2500
"""How long the button says what to do after it was let go too early."""


class HoldButton(Button):
    """Emits `confirmed` after it was held for 1.5 s with the pointer, a finger or Space. Enter does nothing.

    Letting go, slipping off, Esc, another window or `cancel_hold()` end the hold and emit `hold_cancelled`.
    `clock` gives seconds that never run backwards.
    """

    confirmed = Signal()
    hold_cancelled = Signal()

    def __init__(
        self,
        look: Look,
        text: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        main: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, text, ButtonKind.DANGER, "hand", main=main, parent=parent)
        self._clock = clock
        self._since: float | None = None
        self._released_at: float | None = None
        self._released_from = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self._advice = QTimer(self)
        self._advice.setSingleShot(True)
        self._advice.setInterval(_ADVICE_MS)
        self._advice.timeout.connect(self.update)

    @property
    def is_held(self) -> bool:
        """Whether a hold runs."""
        return self._since is not None

    def progress(self) -> float:
        """How much of the button is filled, 0 to 1."""
        if self._since is not None:
            return min(1.0, (self._clock() - self._since) * 1000 / Motion.HOLD)
        if self._released_at is None or self._look.reduced_motion:
            return 0.0
        gone = (self._clock() - self._released_at) * 1000 / Motion.HOLD_RELEASE
        return self._released_from * max(0.0, 1.0 - gone)

    def cancel_hold(self) -> None:
        """Ends a hold without an effect, for example when the link changed meanwhile."""
        if self._since is None:
            return
        self._released_from = self.progress()
        self._since, self._released_at = None, self._clock()
        self._advice.start()
        self.update()
        self.hold_cancelled.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Starts the hold."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Ends the hold when the pointer has left."""
        if not self.rect().adjusted(-_SLIP, -_SLIP, _SLIP, _SLIP).contains(event.position().toPoint()):
            self.cancel_hold()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ends the hold."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.cancel_hold()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space starts the hold, Esc ends it, Enter does nothing."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._begin()
        elif event.key() == Qt.Key.Key_Escape and self.is_held:
            self.cancel_hold()
        elif not is_plain_enter(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Letting go of Space ends the hold."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.cancel_hold()
            return
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A hold needs the focus."""
        self.cancel_hold()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """What is not seen is not held."""
        self.cancel_hold()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """A window that is left, or a button switched off, ends the hold."""
        super().changeEvent(event)
        left = event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow()
        off = event.type() == QEvent.Type.EnabledChange and not self.isEnabled()
        if left or off:
            self.cancel_hold()

    def _begin(self) -> None:
        if self._since is not None or not self.isEnabled():
            return
        self._since, self._released_at = self._clock(), None
        self._advice.stop()
        self._timer.start()
        self.update()

    def _on_tick(self) -> None:
        if self._since is None and self.progress() == 0.0:
            self._timer.stop()
        elif self._since is not None and self.progress() >= 1.0:
            self._since = None
            self._timer.stop()
            self.update()
            self.confirmed.emit()
            return
        self.update()

    def _label(self) -> str:
        if self.is_held:
            return tr("Keep holding…")
        return tr("Press and keep holding") if self._advice.isActive() else super()._label()

    def _paint_extra(self, painter: QPainter) -> None:
        progress = self.progress()
        if self._look.reduced_motion:
            progress = int(progress * _STEPS) / _STEPS
        width = round(self.width() * progress)
        if width <= 0 or not self.isEnabled():
            return
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        shape = QPainterPath()
        shape.addRoundedRect(self.rect(), Radius.FIELD, Radius.FIELD)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(QRect(self.width() - width if rtl else 0, 0, width, self.height()))
        painter.fillPath(shape, self._look.color("danger_held"))
        painter.restore()
