"""A section of the settings: its title, and cards in two columns, or in one where there is little room. It scrolls."""

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from optty_desktop.ui.passage import Passage
from optty_desktop.ui.scroll_column import ScrollColumn
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space, Type, Weight

_TWO_COLUMNS = 820
_NARROW = 600
_AROUND = 40
_RING = 4
"""Room for the focus ring at the edge of what scrolls."""


class CardColumns(QWidget):
    """The leading column is read first."""

    def __init__(
        self, look: Look, title: str, leading: Sequence[QWidget], trailing: Sequence[QWidget], parent: QWidget
    ) -> None:
        super().__init__(parent)
        content = QWidget()
        self._title = Passage(look, Type.TITLE, weight=Weight.SEMIBOLD, figures=False, parent=content)
        self._title.setObjectName("settingsTitle")
        self._title.setText(title)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(Space.PANE)
        for cards in (leading, trailing):
            self._columns.addLayout(_column(cards), 1)
        self._inside = QVBoxLayout(content)
        self._inside.setSpacing(Space.PANE)
        self._inside.addWidget(self._title)
        self._inside.addLayout(self._columns)
        self._inside.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._area = ScrollColumn(look, content, self)
        outer.addWidget(self._area)
        self._fit()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may have room for another arrangement."""
        self._fit()
        super().resizeEvent(event)

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Whatever has the keyboard is seen whole, with its words above and its message below."""
        if now is not None and self._area.isAncestorOf(now):
            self._area.ensureWidgetVisible(now, 0, _AROUND)

    def _fit(self) -> None:
        is_wide = self.width() >= _TWO_COLUMNS
        way = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        if self._columns.direction() != way:
            self._columns.setDirection(way)
        edge = Space.ROW if self.width() < _NARROW else Space.SECTION
        self._inside.setContentsMargins(edge, edge - _RING, edge, edge)


def _column(cards: Sequence[QWidget]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(Space.PANE)
    for card in cards:
        column.addWidget(card)
    column.addStretch(1)
    return column
