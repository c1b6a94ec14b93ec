"""The rows of the links table: an adapter between the link book and Qt that never copies a link.

One change of a status costs a few microseconds however many links there are. While the table is in use (`set_held`)
no row appears, goes or moves; what would is held back and counted.
"""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any, Final, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.ports import Clock
from optty_desktop.ui.link_columns import SORT_BY, Column, head_word
from optty_desktop.ui.link_filter import LinkFilter
from optty_desktop.ui.link_order import LinkOrder
from optty_desktop.ui.link_tally import Totals, tally_of
from optty_desktop.ui.row_words import cell_words, row_sentence
from optty_desktop.ui.shown_text import safe_tooltip
from optty_desktop.ui.source_words import source_words

Index: TypeAlias = QModelIndex | QPersistentModelIndex

LINK_ROLE: Final = Qt.ItemDataRole.UserRole
NUMBER_ROLE: Final = Qt.ItemDataRole.UserRole + 1
STATE_ROLE: Final = Qt.ItemDataRole.UserRole + 2
AMOUNT_ROLE: Final = Qt.ItemDataRole.UserRole + 3

_NOWHERE: Final = QModelIndex()
_LAST_COLUMN: Final = len(Column) - 1
_MOST_SINGLE_ROWS: Final = 16
"""More rows than these come or go by renewing the whole table."""


class LinksModel(QAbstractTableModel):
    """One row for each link shown, newest first. Filter, search and order are its own; there is no proxy.

    `held_changed` carries how many new rows wait, `tally_changed` says that counts or sums may differ, `flipped`
    carries the row of a link whose state has just changed.
    """

    held_changed = Signal(int)
    tally_changed = Signal()
    flipped = Signal(int)

    def __init__(self, book: LinkBook, clock: Clock, zone: tzinfo | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book = book
        self._clock = clock
        self._zone = zone
        self._order = LinkOrder(book)
        self._tally = tally_of(book)
        self._flips: dict[int, float] = {}
        self._waiting: set[int] = set()
        self._leaving: set[int] = set()
        self._is_held = False
        self._is_stale = False
        book.listen(self)

    # What Qt asks

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Always all columns; the table hides what does not fit."""
        return 0 if parent.isValid() else _LAST_COLUMN + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words for screen readers and tests, the link and its parts for automation. Painting goes another way."""
        if role not in _ROLES or not index.isValid():
            return None
        link = self.link_at(index.row())
        if role == LINK_ROLE:
            return link
        if role == NUMBER_ROLE:
            return link.invoice_number
        if role == STATE_ROLE:
            return link.state.value
        if role == AMOUNT_ROLE:
            return link.amount.minor
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_words(Column(index.column()), link, self._zone)
        if role == Qt.ItemDataRole.ToolTipRole:
            is_status = index.column() == Column.STATUS
            return safe_tooltip(source_words(link, self._clock.now())) if is_status else None
        return row_sentence(link, self._zone)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words above the columns."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        return head_word(Column(section)) if role == Qt.ItemDataRole.DisplayRole else None

    def roleNames(self) -> dict[int, Any]:
        """The named roles automation reads."""
        return {LINK_ROLE: b"link", NUMBER_ROLE: b"number", STATE_ROLE: b"state", AMOUNT_ROLE: b"amountMinor"}

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows by a column whose head sorts; any other column changes nothing."""
        by = SORT_BY.get(Column(column)) if 0 <= column < len(Column) else None
        if by is None:
            return
        self.beginResetModel()
        self._order.sort(by, descending=order is Qt.SortOrder.DescendingOrder)
        self._end_renewal()

    # What the table asks

    @property
    def clock(self) -> Clock:
        """The clock of everything in the table that depends on the time."""
        return self._clock

    @property
    def zone(self) -> tzinfo | None:
        """The time zone of the times shown, None for that of the computer."""
        return self._zone

    @property
    def is_stale(self) -> bool:
        """Whether the states on the screen may be out of date."""
        return self._is_stale

    @property
    def filter(self) -> LinkFilter:
        """The view chosen."""
        return self._order.filter

    @property
    def is_searching(self) -> bool:
        """Whether only what a search has found is shown."""
        return self._order.is_searching

    @property
    def since(self) -> datetime | None:
        """From when on every link is shown; None for all days."""
        return self._order.since

    @property
    def older_count(self) -> int:
        """How many links in scope are older than that: somebody waits for their end, or did."""
        return self._order.older_count

    @property
    def held_count(self) -> int:
        """How many new rows wait."""
        return len(self._waiting)

    @property
    def sorted_by(self) -> tuple[Column, Qt.SortOrder]:
        """The column the rows are ordered by, and in which direction."""
        by, descending = self._order.sorted_by
        column = next(column for column, sorts in SORT_BY.items() if sorts is by)
        return column, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder

    @property
    def unconfirmed_refunds(self) -> int:
        """How many refunds in scope have no answer yet."""
        return self._tally.unconfirmed_refunds

    @property
    def reported(self) -> int:
        """How many of the links shown are paid by what the relay reports alone."""
        return self._tally.reported

    @property
    def set_by_hand(self) -> int:
        """How many links in the view's scope have the status that a person gave them."""
        return self._tally.set_by_hand

    def link_at(self, row: int) -> PaymentLink:
        """The link in that row. Raises IndexError below the last row."""
        return self._book[self._order.position_at(row)]

    def row_of(self, number: str | None) -> int | None:
        """The row of the link with that number, None while it is not shown."""
        position = self._book.position(number) if number is not None else None
        return None if position is None else self._order.row_of(position)

    def counts(self) -> dict[LinkFilter, int]:
        """How many links in scope each view has, found by the search or not."""
        return self._tally.counts()

    def totals(self) -> dict[str, Totals]:
        """What was paid and refunded in scope, by currency code."""
        return self._tally.totals()

    def seconds_since_flip(self, row: int) -> float | None:
        """How long ago the state in that row changed before our eyes, in seconds; None if it did not."""
        at = self._flips.get(self._order.position_at(row))
        return None if at is None else self._clock.monotonic() - at

    # What the window asks for

    def set_filter(self, link_filter: LinkFilter) -> None:
        """Show one view."""
        if link_filter is not self._order.filter:
            self.beginResetModel()
            self._order.set_filter(link_filter)
            self._end_renewal()

    def set_search(self, text: str) -> None:
        """Show only links that contain the words; fewer than two characters show all."""
        if not self._order.searches_for(text):
            self.beginResetModel()
            self._order.set_search(text)
            self._end_renewal()

    def set_since(self, since: datetime | None) -> None:
        """Show links made at `since` or later, and earlier ones that may still move. None shows all."""
        self.beginResetModel()
        self._order.set_since(since)
        self._tally = tally_of(self._book[position] for position in self._order.scope)
        self._end_renewal()
        self.tally_changed.emit()

    def set_stale(self, is_stale: bool) -> None:
        """Mark the states as perhaps out of date."""
        if is_stale != self._is_stale:
            self._is_stale = is_stale
            self.repaint_all()

    def repaint_all(self) -> None:
        """Have every row painted anew: something all of them show has changed."""
        if len(self._order):
            self._announce(0, len(self._order) - 1)

    def set_held(self, is_held: bool) -> None:
        """Hold every row in its place, or let held back rows in."""
        self._is_held = is_held
        if not is_held:
            self.release_held()

    def let_in(self, number: str) -> None:
        """Make a row of that link if it waits, also while the table is in use; the others go on waiting."""
        position = self._book.position(number)
        if position in self._waiting:
            self._waiting.discard(position)
            self._show([position])
            self.held_changed.emit(len(self._waiting))

    def release_held(self) -> None:
        """Let new rows in, and rows that no longer belong go."""
        waiting, leaving = sorted(self._waiting), sorted(self._leaving)
        if not waiting and not leaving:
            return
        self._waiting.clear()
        self._leaving.clear()
        for position in leaving:
            row = self._order.row_of(position)
            if row is not None:
                self._hide(position, row)
        self._show(waiting)
        self.held_changed.emit(0)

    # What the book tells

    def links_added(self, first: int, count: int) -> None:
        """New links stand at the end of the book."""
        self._order.take_in(count)
        added = range(first, first + count)
        for position in added:
            if self._order.is_in_scope(position):
                self._tally.put(self._book[position])
        self._let_in([position for position in added if self._order.wants(position)])
        self.tally_changed.emit()

    def link_changed(self, position: int, before: PaymentLink) -> None:
        """One link has changed."""
        after = self._book[position]
        was_in_scope = self._order.is_in_scope(position)
        self._order.follow(position, before)
        if was_in_scope:
            self._tally.exchange(before, after)
        elif self._order.is_in_scope(position):
            self._tally.put(after)
        if after.state is not before.state:
            self._flips[position] = self._clock.monotonic()
        self._place(position, has_flipped=after.state is not before.state)
        self.tally_changed.emit()

    def _place(self, position: int, *, has_flipped: bool) -> None:
        """Repaint, let in or let go the link of that position."""
        row, is_wanted = self._order.row_of(position), self._order.wants(position)
        if row is None:
            if is_wanted:
                self._let_in([position])
            elif position in self._waiting:
                self._waiting.discard(position)
                self.held_changed.emit(len(self._waiting))
            return
        self._leaving.discard(position)
        if is_wanted or self._is_held:
            if not is_wanted:
                self._leaving.add(position)
            self._announce(row, row)
            if has_flipped:
                self.flipped.emit(row)
        else:
            self._hide(position, row)

    def _announce(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.createIndex(first, 0), self.createIndex(last, _LAST_COLUMN))

    def _let_in(self, positions: Sequence[int]) -> None:
        if not positions:
            return
        if not self._is_held:
            self._show(positions)
            return
        finds = [position for position in positions if self._comes_below(position)]
        if finds:
            row = len(self._order)
            self.beginInsertRows(_NOWHERE, row, row + len(finds) - 1)
            self._order.show(finds)
            self.endInsertRows()
        if len(finds) < len(positions):
            self._waiting.update(set(positions).difference(finds))
            self.held_changed.emit(len(self._waiting))

    def _comes_below(self, position: int) -> bool:
        """Whether it is a find from earlier days that moves no row: such a one need not wait."""
        return not self._order.is_in_scope(position) and self._order.is_below(position)

    def _show(self, positions: Sequence[int]) -> None:
        if not positions:
            return
        if self._order.runs_on(positions):
            first = self._order.place_of(positions[0])
            self.beginInsertRows(_NOWHERE, first, first + len(positions) - 1)
            self._order.show(positions)
            self.endInsertRows()
        elif len(positions) > _MOST_SINGLE_ROWS:
            self.beginResetModel()
            self._order.show(positions)
            self.endResetModel()
        else:
            for position in positions:
                row = self._order.place_of(position)
                self.beginInsertRows(_NOWHERE, row, row)
                self._order.show((position,))
                self.endInsertRows()

    def _hide(self, position: int, row: int) -> None:
        self.beginRemoveRows(_NOWHERE, row, row)
        self._order.hide(position)
        self.endRemoveRows()

    def _end_renewal(self) -> None:
        """Everything that belongs among the rows is there now: nothing waits any more."""
        had_waiting = bool(self._waiting)
        self._waiting.clear()
        self._leaving.clear()
        self.endResetModel()
        if had_waiting:
            self.held_changed.emit(0)


_ROLES: Final = frozenset(
    {
        LINK_ROLE, NUMBER_ROLE, STATE_ROLE, AMOUNT_ROLE,
        Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole,
    }
)  # fmt: skip
