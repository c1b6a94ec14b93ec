"""A column that scrolls up and down only when it does not fit, and decides that by the width it has without the bar."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from optty_desktop.ui.theme import Look


class ScrollColumn(QScrollArea):
    """Holds `content`, which needs a layout. The ground of whatever it stands on shows through.

    `content_changed` says that the height the content needs may be another one.
    """

    content_changed = Signal()

    def __init__(self, look: Look, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look.sheet(self.verticalScrollBar())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size may fit."""
        super().resizeEvent(event)
        self._choose_bar()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """So may other words."""
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self._choose_bar()
            self.content_changed.emit()
        return super().eventFilter(watched, event)

    def _choose_bar(self) -> None:
        """Left to itself, the bar narrows the words, the words get higher, and the bar stays for ever."""
        content = self.widget()
        layout = content.layout() if content is not None else None
        if layout is None:
            return
        is_needed = layout.totalHeightForWidth(self.width()) > self.height()
        always, never = Qt.ScrollBarPolicy.ScrollBarAlwaysOn, Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        policy = always if is_needed else never
        if policy != self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(policy)
