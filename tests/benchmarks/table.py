"""How fast the links table is, each figure beside its floor in the same run.

The floor of a status change is one bare ``dataChanged`` of a list of the same length; that of sorting is Python's own
``sorted`` over ready keys, that of searching one list comprehension over ready texts.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.core.money import Money, format_amount
from optty_desktop.ui.link_columns import Column
from optty_desktop.ui.link_filter import LinkFilter
from optty_desktop.ui.links_model import LinksModel
from tests.fakes import START, FakeClock, link

FEW, MANY = 1_000, 100_000
ROUNDS = 15
CHANGES_A_ROUND = 200
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report: medians of the same rounds, in the unit named, and the bar where there is one."""

    name: str
    unit: str
    measured: float
    floor: float
    bar: float | None = None

    @property
    def ratio(self) -> float:
        """How many times the floor."""
        return self.measured / self.floor

    @property
    def holds(self) -> bool:
        """Whether the figure is within its bar."""
        return self.bar is None or self.measured <= self.bar


def measure_table(rounds: int = ROUNDS) -> list[Row]:
    """Measure everything. Needs a QApplication; takes some seconds, most of them for making the links."""
    few, many = _Bench(FEW), _Bench(MANY)
    return [*_status_changes(few, many, rounds), *_sorts(many, rounds), *_searches(many, rounds)]


class _BareModel(QAbstractTableModel):
    """A model that does nothing but exist: what Qt itself asks for one change."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._values = [0] * rows

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return len(self._values)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return len(Column)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return None

    def change(self, row: int) -> None:
        self._values[row] += 1
        self.dataChanged.emit(self.createIndex(row, 0), self.createIndex(row, len(Column) - 1))


class _Bench:
    """A book of so many links, its model, and the bare things to compare with."""

    def __init__(self, count: int) -> None:
        self.book = LinkBook()
        self.book.put_all(_link(number) for number in range(count))
        self.model = LinksModel(self.book, FakeClock())
        self.bare = _BareModel(count)
        step = max(1, count // CHANGES_A_ROUND)
        self.positions = list(range(0, count, step))[:CHANGES_A_ROUND]
        self._turn = 0

    def change_states(self) -> float:
        """Microseconds for one change of a state, links made beforehand."""
        self._turn += 1
        state = (LinkState.PENDING, LinkState.IN_PROGRESS, LinkState.PAID)[self._turn % 3]
        changed = [replace(self.book[position], state=state) for position in self.positions]

        def put_all() -> None:
            for each in changed:
                self.book.put(each)

        return _seconds(put_all) / len(changed) * 1e6

    def change_bare(self) -> float:
        """Microseconds for one bare change."""
        rows = self.positions

        def change_all() -> None:
            for row in rows:
                self.bare.change(row)

        return _seconds(change_all) / len(rows) * 1e6


def _status_changes(few: _Bench, many: _Bench, rounds: int) -> list[Row]:
    rows = _interleaved(rounds, few.change_states, few.change_bare, many.change_states, many.change_bare)
    few.model.set_filter(LinkFilter.OPEN)
    many.model.set_filter(LinkFilter.OPEN)
    filtered = _interleaved(rounds, many.change_states, many.change_bare)
    many.model.set_filter(LinkFilter.ALL)
    return [
        Row(f"status change, {FEW:,} links", "µs", rows[0], rows[1], 50),
        Row(f"status change, {MANY:,} links", "µs", rows[2], rows[3], 50),
        Row(f"status change in a view, {MANY:,} links", "µs", filtered[0], filtered[1], 50),
        Row(f"status change, {MANY:,} against {FEW:,} links", "µs", rows[2], rows[0]),
    ]


def _sorts(many: _Bench, rounds: int) -> list[Row]:
    links = list(many.book)
    keys: dict[Column, Sequence[Any]] = {
        Column.TIME: [each.created_at.timestamp() for each in links],
        Column.AMOUNT: [each.amount.minor for each in links],
        Column.ORDER: [each.reference for each in links],
    }
    rows = []
    for column, ready in keys.items():
        turns = [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder]

        def sort(column: Column = column, turns: list[Qt.SortOrder] = turns) -> float:
            turns.reverse()
            return _seconds(lambda: many.model.sort(column, turns[0])) * 1e3

        def floor(ready: Sequence[Any] = ready) -> float:
            return _seconds(lambda: sorted(range(len(ready)), key=ready.__getitem__)) * 1e3

        taken = _interleaved(rounds, sort, floor)
        rows.append(Row(f"sort {MANY:,} links by {column.id}", "ms", taken[0], taken[1], 150))
    many.model.sort(Column.TIME, Qt.SortOrder.DescendingOrder)
    return rows


def _searches(many: _Bench, rounds: int) -> list[Row]:
    texts = [f"{each.reference}\n{each.email}\n{format_amount(each.amount)}".casefold() for each in many.book]

    def fresh(text: str) -> float:
        many.model.set_search("")
        return _seconds(lambda: many.model.set_search(text)) * 1e3

    def narrowed() -> float:
        many.model.set_search("guest1")
        return _seconds(lambda: many.model.set_search("guest12")) * 1e3

    def floor(text: str) -> float:
        return _seconds(lambda: [place for place, words in enumerate(texts) if text in words]) * 1e3

    def cleared() -> float:
        many.model.set_search("guest1")
        return _seconds(lambda: many.model.set_search("")) * 1e3

    some = _interleaved(rounds, lambda: fresh("guest12"), lambda: floor("guest12"))
    none = _interleaved(rounds, lambda: fresh("zebra"), lambda: floor("zebra"))
    more = _interleaved(rounds, narrowed, lambda: floor("guest12"))
    back = _interleaved(rounds, cleared, lambda: floor("guest1"))
    many.model.set_search("")
    return [
        Row(f"search {MANY:,} links, some found", "ms", some[0], some[1], 50),
        Row(f"search {MANY:,} links, none found", "ms", none[0], none[1], 50),
        Row(f"search {MANY:,} links, one letter more", "ms", more[0], more[1], 50),
        Row(f"search {MANY:,} links, cleared", "ms", back[0], back[1], 50),
    ]


def _interleaved(rounds: int, *measures: Callable[[], float]) -> list[float]:
    """The median of each, taken in turns, after one round that does not count."""
    for measure in measures:
        measure()
    taken = [[measure() for measure in measures] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*taken, strict=True)]


def _seconds(work: Callable[[], object]) -> float:
    gc.disable()
    start = time.perf_counter()
    work()
    taken = time.perf_counter() - start
    gc.enable()
    return taken


def _link(number: int) -> PaymentLink:
    return replace(
        link(f"T2-{number}", amount=Money(100 + number * 7919 % 500_000, "USD")),
        email=f"guest{number * 31 % 1000}@example.com",
        created_at=START + timedelta(seconds=number),
    )
