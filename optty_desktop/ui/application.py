"""The application object."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QApplication


class Application(QApplication):
    """Only asks to quit: the desktop's wish (log-out, Cmd-Q) must not end the loop under running calls.

    Its own `event`, not an event filter: a filter would be called for every event of every widget.
    """

    quit_requested = Signal()

    def event(self, event: QEvent) -> bool:
        """Turn the wish into a signal."""
        if event.type() is QEvent.Type.Quit:
            self.quit_requested.emit()
            return True
        return super().event(event)
