"""Files dropped anywhere on a window: one or two from this computer are taken, everything else is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from optty_desktop.ui.words import tr

MOST_FILES: Final = 2


class FileDrop(QObject):
    """`hovered` says whether something is held over the window that would be taken.

    `dropped` carries a tuple of paths, an empty one for anything but one or two files of this computer. Nothing is
    taken while `may_drop` says no.
    """

    hovered = Signal(bool)
    dropped = Signal(object)

    def __init__(self, window: QWidget, may_drop: Callable[[], bool]) -> None:
        super().__init__(window)
        self._may_drop = may_drop
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Answer a drag before the window does."""
        kind = event.type()
        if kind is QEvent.Type.DragLeave:
            self.hovered.emit(False)
            return True
        if kind not in (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop):
            return False
        if isinstance(event, QDropEvent):
            self._answer(event)
        return True

    def _answer(self, event: QDropEvent) -> None:
        if not self._may_drop():
            event.ignore()
            return
        # Never a move: the file manager would take the file away from where it lies.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        is_over = event.type() is QEvent.Type.Drop
        self.hovered.emit(not is_over)
        if is_over:
            self.dropped.emit(dropped_files(event.mimeData()))


def dropped_files(data: QMimeData) -> tuple[Path, ...]:
    """One or two files of this computer; nothing where there is anything else among what was dropped."""
    urls = data.urls()
    paths = tuple(Path(url.toLocalFile()) for url in urls if url.isLocalFile())
    return paths if 0 < len(paths) == len(urls) <= MOST_FILES else ()


def not_files_words() -> str:
    """What may be dropped or chosen."""
    return tr(
        "Nothing was read. Drop or choose one or two files of this computer: the Postman collection, "
        "and the environment if you have one"
    )
