"""The line that shows a payment address: to be read and compared, never changed."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from optty_desktop.ui.clipboard import put_on_clipboard
from optty_desktop.ui.line_edit import LineEdit
from optty_desktop.ui.reading_side import align_to_reading
from optty_desktop.ui.theme import Look

_SCHEME = "https://"


class LinkEdit(LineEdit):
    """Shows the address from its host on, so that the host is what is read first. Copying takes the whole address."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "", parent)
        self._url = ""
        self.setObjectName("linkEdit")
        self.setReadOnly(True)
        # The menu of Qt would copy what is seen, and that opens nowhere.
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        align_to_reading([self])

    @property
    def url(self) -> str:
        """The whole address, empty without one."""
        return self._url

    def set_url(self, url: str | None) -> None:
        """Shows `url`, or nothing."""
        self._url = url or ""
        self.setText(self._url.removeprefix(_SCHEME))
        self.setCursorPosition(0)

    def changeEvent(self, event: QEvent) -> None:
        """Follows the reading direction."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            align_to_reading([self])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copies the whole address, whatever part of it is selected."""
        if event.matches(QKeySequence.StandardKey.Copy):
            if self._url:
                put_on_clipboard(self._url)
            return
        super().keyPressEvent(event)
