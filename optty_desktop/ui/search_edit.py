"""The search field of the table. It waits for a pause in the typing before it asks for anything."""

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from optty_desktop.ui.line_edit import LineEdit
from optty_desktop.ui.theme import Look
from optty_desktop.ui.words import tr

PAUSE_MS = 150


class SearchEdit(LineEdit):
    """`searched` carries the words after a pause, and at once on Enter or when emptied.

    `leave_requested` asks to go on to the rows.
    """

    searched = Signal(str)
    leave_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, tr("Order, e-mail or amount"), parent, icon="search", shortcut_hint="Ctrl+F")
        self.setObjectName("searchEdit")
        self.setAccessibleName(tr("Search links by order, e-mail or amount"))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._on_pause)
        self.textChanged.connect(self._on_text_changed)

    def event(self, event: QEvent) -> bool:
        """Esc belongs to the field before it belongs to the window."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc clears, then leaves; Enter searches at once; Down goes to the rows."""
        key = event.key()
        if key == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.leave_requested.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._pause.stop()
            self._on_pause()
        elif key == Qt.Key.Key_Down:
            self.leave_requested.emit()
        else:
            super().keyPressEvent(event)

    def _on_text_changed(self, text: str) -> None:
        if text:
            self._pause.start()
        else:
            self._pause.stop()
            self._on_pause()

    def _on_pause(self) -> None:
        self.searched.emit(self.text())
