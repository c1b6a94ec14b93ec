"""The items of an order, each with a name, how many, and the price of one."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QGridLayout, QVBoxLayout, QWidget

from optty_desktop.ui.buttons import Button, ButtonKind, IconButton
from optty_desktop.ui.draft_reader import ItemEntry
from optty_desktop.ui.line_edit import LineEdit
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space, Type, Weight
from optty_desktop.ui.words import tr

_MOST_ROWS = 50

ProblemOf = Callable[[Sequence[ItemEntry]], str | None]
"""Takes the rows and returns what is wrong with them, or None."""


class ItemRow(QWidget):
    """One item over two lines: the name with a button that removes it, then quantity and unit price."""

    changed = Signal()
    left = Signal()
    price_left = Signal(object)
    removed = Signal(object)

    def __init__(self, look: Look, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = self._edit(look, tr("Item name"), f"itemNameEdit{number}")
        self.quantity = self._edit(look, tr("Quantity"), f"itemQuantityEdit{number}")
        self.price = self._edit(look, tr("Unit price"), f"itemPriceEdit{number}")
        self.quantity.setText("1")
        self.price.left.connect(self._on_price_left)
        self._remove = IconButton(look, "x", tr("Remove item"), self)
        self._remove.setObjectName(f"removeLineItemButton{number}")
        self._remove.clicked.connect(self._on_remove)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.SMALL)
        grid.setVerticalSpacing(Space.LABEL)
        for column, label in ((0, tr("Name")), (1, tr("Quantity")), (2, tr("Unit price"))):
            words = plain_label(label, look, Type.SMALL, weight=Weight.SEMIBOLD, parent=self)
            words.setBuddy((self.name, self.quantity, self.price)[column])
            grid.addWidget(words, 0 if column == 0 else 2, 0 if column == 0 else column - 1)
        grid.addWidget(self.name, 1, 0, 1, 2)
        grid.addWidget(self._remove, 1, 2)
        grid.addWidget(self.quantity, 3, 0)
        grid.addWidget(self.price, 3, 1, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 2)

    @property
    def edits(self) -> tuple[LineEdit, LineEdit, LineEdit]:
        """Name, quantity, price."""
        return self.name, self.quantity, self.price

    @property
    def remove_button(self) -> IconButton:
        """Takes the row away."""
        return self._remove

    def entry(self) -> ItemEntry:
        """What is typed in the row."""
        return ItemEntry(self.name.text(), self.quantity.text(), self.price.text())

    def _edit(self, look: Look, label: str, name: str) -> LineEdit:
        edit = LineEdit(look, "", self)
        edit.setObjectName(name)
        edit.setAccessibleName(label)
        edit.textChanged.connect(self.changed)
        edit.editingFinished.connect(self.left)
        edit.returnPressed.connect(self._on_return)
        return edit

    def _on_return(self) -> None:
        self.focusNextChild()

    def _on_price_left(self) -> None:
        self.price_left.emit(self.price)

    def _on_remove(self) -> None:
        self.removed.emit(self)


class LineItems(QWidget):
    """The rows and the button that adds one. `edited` and `left` serve the field around it.

    `left` is said when the rows as a whole are left; `price_left` and `row_added` carry the line and the row.
    """

    edited = Signal()
    left = Signal()
    rows_changed = Signal()
    price_left = Signal(object)
    row_added = Signal(object)

    def __init__(self, look: Look, problem_of: ProblemOf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._problem_of = problem_of
        self._count = 0
        self._rows: list[ItemRow] = []
        self.setObjectName("lineItemsTable")
        self._add = Button(look, tr("Add item"), ButtonKind.SECONDARY, "plus", parent=self)
        self._add.setObjectName("addLineItemButton")
        self._add.clicked.connect(self._on_add)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.FIELD)
        self._column.addWidget(self._add)

    @property
    def rows(self) -> tuple[ItemRow, ...]:
        """The rows from top to bottom."""
        return tuple(self._rows)

    @property
    def add_button(self) -> Button:
        """Adds a row."""
        return self._add

    def entries(self) -> tuple[ItemEntry, ...]:
        """What is typed, row by row."""
        return tuple(row.entry() for row in self._rows)

    def has_entries(self) -> bool:
        """Whether any row is filled in."""
        return any(not entry.is_blank for entry in self.entries())

    def add_row(self) -> ItemRow:
        """A new empty row at the end."""
        self._count += 1
        row = ItemRow(self._look, self._count, self)
        row.changed.connect(self.edited)
        row.left.connect(self._on_row_left)
        row.price_left.connect(self.price_left)
        row.removed.connect(self._on_removed)
        self._rows.append(row)
        self._column.insertWidget(len(self._rows) - 1, row)
        self._add.setEnabled(len(self._rows) < _MOST_ROWS)
        row.show()
        self.rows_changed.emit()
        return row

    def clear(self) -> None:
        """Takes all rows away."""
        for row in tuple(self._rows):
            self._drop(row)
        self.rows_changed.emit()
        self.edited.emit()

    def problem_text(self) -> str | None:
        """What is wrong with the rows, or None."""
        return self._problem_of(self.entries())

    def _drop(self, row: ItemRow) -> None:
        self._rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._add.setEnabled(True)

    def _on_row_left(self) -> None:
        # Going on to the next cell is no reason to complain about it.
        now = QApplication.focusWidget()
        if now is None or not self.isAncestorOf(now):
            self.left.emit()

    def _on_add(self) -> None:
        row = self.add_row()
        row.name.setFocus()
        self.row_added.emit(row)

    def _on_removed(self, row: ItemRow) -> None:
        place = self._rows.index(row)
        self._drop(row)
        following = self._rows[min(place, len(self._rows) - 1)].name if self._rows else self._add
        following.setFocus()
        self.rows_changed.emit()
        self.edited.emit()
