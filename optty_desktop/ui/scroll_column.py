"""A column that scrolls up and down only when it does not fit, and decides that by the width it has without the bar."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space


class ScrollColumn(QScrollArea):
    """Holds `content`, which needs a layout. The ground of whatever it stands on shows through.

    `content_changed` says that the height the content needs may be another one. What gets the keyboard is brought into
    view, except by a press: that must not move what it presses.
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
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size may fit, and must not hide what has the keyboard."""
        super().resizeEvent(event)
        self._choose_bar()
        self.show_keyboard()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """So may other words."""
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self._choose_bar()
            self.content_changed.emit()
        return super().eventFilter(watched, event)

    def show_keyboard(self) -> None:
        """Bring what has the keyboard into view, for example after it was moved."""
        now, content = QApplication.focusWidget(), self.widget()
        layout = content.layout() if content is not None else None
        if now is None or content is None or layout is None or not content.isAncestorOf(now) or not self.isVisible():
            return
        # Where it stands is known once the layout of what has just changed is done.
        layout.activate()
        QApplication.sendPostedEvents(content, QEvent.Type.LayoutRequest.value)
        # Not with ensureWidgetVisible: of a line to type in that shows the cursor only.
        top = now.mapTo(content, QPoint(0, 0)).y() - Space.SMALL
        bottom = top + now.height() + 2 * Space.SMALL
        bar = self.verticalScrollBar()
        bar.setValue(min(top, max(bar.value(), bottom - self.viewport().height())))

    def _on_focus_changed(self) -> None:
        if not QApplication.mouseButtons():
            self.show_keyboard()

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
