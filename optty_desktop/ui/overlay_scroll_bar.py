"""A scroll bar that lies over the edge of what it scrolls: when it comes or goes, nothing beside it moves."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar

from optty_desktop.ui.theme import Look

_WIDTH = 10


class OverlayScrollBar(QScrollBar):
    """Stands for the vertical bar of `area`, which is switched off. Seen when there is something to scroll."""

    def __init__(self, look: Look, area: QAbstractScrollArea) -> None:
        super().__init__(Qt.Orientation.Vertical, area)
        look.sheet(self)
        self._area = area
        self._hidden_bar = area.verticalScrollBar()
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._hidden_bar.rangeChanged.connect(self._on_range_changed)
        self._hidden_bar.valueChanged.connect(self.setValue)
        self.valueChanged.connect(self._hidden_bar.setValue)
        area.viewport().installEventFilter(self)
        self._on_range_changed(self._hidden_bar.minimum(), self._hidden_bar.maximum())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows the viewport."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return False

    def _on_range_changed(self, minimum: int, maximum: int) -> None:
        self.setRange(minimum, maximum)
        self.setPageStep(self._hidden_bar.pageStep())
        self.setSingleStep(self._hidden_bar.singleStep())
        self.setValue(self._hidden_bar.value())
        self.setVisible(maximum > minimum)
        self._place()

    def _place(self) -> None:
        view = self._area.viewport().geometry()
        rtl = self._area.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = view.left() if rtl else view.right() + 1 - _WIDTH
        self.setGeometry(left, view.top(), _WIDTH, view.height())
        self.raise_()
