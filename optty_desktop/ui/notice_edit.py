"""Where the text of a notification is pasted. What is dropped belongs to the window around it."""

from typing import Final

from PySide6.QtCore import QMimeData, QTimer, Signal
from PySide6.QtWidgets import QWidget

from optty_desktop.ui.lines_edit import LinesEdit
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Type, Weight
from optty_desktop.ui.words import tr

LONGEST: Final = 1024 * 1024
"""Characters. More would hold the window up, and are no notification."""
_LINES: Final = 7
_QUIET_MS: Final = 200


class NoticeEdit(LinesEdit):
    """`settled` comes when nobody has typed for a moment, `too_long` when a paste was not taken."""

    settled = Signal()
    too_long = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, _LINES, _no_check, parent)
        self.setObjectName("noticeEdit")
        self.setAccessibleName(tr("Text of the notification"))
        self.setFont(look.font(Type.ROW, weight=Weight.REGULAR))
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(_QUIET_MS)
        self._quiet.timeout.connect(self.settled)
        self.textChanged.connect(self._quiet.start)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Take what is pasted as plain text, unless it is far too long."""
        if len(source.text()) > LONGEST:
            self.too_long.emit()
        else:
            self.insertPlainText(source.text())


def _no_check(text: str) -> str | None:
    del text
    return None
