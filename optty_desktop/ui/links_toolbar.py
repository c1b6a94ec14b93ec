"""What stands over the table: the search, the views, and the button that tells of rows held back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from optty_desktop.ui.buttons import Button
from optty_desktop.ui.filter_bar import FilterBar
from optty_desktop.ui.search_edit import SearchEdit
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, Space
from optty_desktop.ui.words import tr_n

_ONE_LINE_FROM = 580
"""From this width search and views share a line."""
_FIELD_GAP = 10


class LinksToolbar(QWidget):
    """On one line where there is room. `new_rows_wanted` says that the rows held back shall be shown."""

    new_rows_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.search = SearchEdit(look, self)
        self.filters = FilterBar(look, self)
        self._new_rows = Button(look, "", icon=None, parent=self)
        self._new_rows.setObjectName("newRowsButton")
        # A click must not leave the focus on a button that goes away: it would fall on the table and hold its rows.
        self._new_rows.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._new_rows.hide()
        self._new_rows.clicked.connect(self.new_rows_wanted)
        self._is_one_line: bool | None = None
        self._first_line = QHBoxLayout()
        self._second_line = QHBoxLayout()
        self._lay_out()

    def set_held(self, count: int) -> None:
        """Tell of so many rows held back."""
        self._new_rows.setText(tr_n("{n} new", "{n} new", count))
        self._new_rows.setVisible(count > 0)

    @property
    def last(self) -> QWidget:
        """What has the keyboard before the table gets it."""
        return self._new_rows

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Search and views part where there is no room for both on one line."""
        super().resizeEvent(event)
        self._part_or_join()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line under it."""
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._look.color("divider"))
        painter.end()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        gap = (Height.TOOLBAR - Height.FIELD) // 2
        column.setContentsMargins(Space.ROW, gap, Space.ROW, gap)
        column.setSpacing(_FIELD_GAP)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        column.addLayout(self._first_line)
        column.addLayout(self._second_line)
        self._first_line.setSpacing(_FIELD_GAP)
        self._first_line.addWidget(self.search, 1)
        # Inside the toolbar: a line of its own would move the rows.
        self._first_line.addWidget(self._new_rows)
        self._second_line.addStretch(1)
        self._part_or_join()
        self.setTabOrder(self.search, self.filters)
        self.setTabOrder(self.filters, self._new_rows)

    def _part_or_join(self) -> None:
        is_one_line = self.width() >= _ONE_LINE_FROM
        if is_one_line is self._is_one_line:
            return
        self._is_one_line = is_one_line
        self._second_line.removeWidget(self.filters)
        self._first_line.removeWidget(self.filters)
        if is_one_line:
            self._first_line.addWidget(self.filters)
        else:
            self._second_line.insertWidget(0, self.filters)
