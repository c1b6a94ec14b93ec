"""Keys that come too late: meant for a button that is gone, they must not press the one that has got the keyboard."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from optty_desktop.core.ports import Clock
from optty_desktop.ui.buttons import Button
from optty_desktop.ui.hands_off import HANDS_OFF_SECONDS

_PRESSING = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})


class LateKeys(QObject):
    """Gives the keyboard to a button that answers Enter and Space only after a moment, and the pointer at once."""

    def __init__(self, clock: Clock, parent: QObject) -> None:
        super().__init__(parent)
        self._clock = clock
        self._button: Button | None = None
        self._since = 0.0

    def give(self, button: Button) -> None:
        """Put the keyboard there."""
        if self._button is not None:
            self._button.removeEventFilter(self)
        self._button, self._since = button, self._clock.monotonic()
        button.installEventFilter(self)
        button.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep back what would press the button."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        return event.key() in _PRESSING and self._clock.monotonic() - self._since < HANDS_OFF_SECONDS
