"""The rows of the table, told again in plain Python after every change."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import LinkState, Note, PaymentLink
from optty_desktop.core.money import Money
from optty_desktop.ui.link_columns import Column
from optty_desktop.ui.link_filter import LinkFilter
from optty_desktop.ui.link_tally import Totals, tally_of
from optty_desktop.ui.links_model import AMOUNT_ROLE, LINK_ROLE, NUMBER_ROLE, STATE_ROLE, LinksModel
from tests.fakes import START, FakeClock
from tests.ui.table_links import afternoon, table_link

S = LinkState
DOWN, UP = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
VIEWS = {
    LinkFilter.ALL: frozenset(S),
    LinkFilter.OPEN: frozenset({S.PENDING, S.IN_PROGRESS}),
    LinkFilter.PAID: frozenset({S.PAID}),
    LinkFilter.PROBLEMS: frozenset({S.DECLINED, S.UNKNOWN}),
}
SORTS: dict[Column, Callable[[PaymentLink], tuple[object, ...]]] = {
    Column.TIME: lambda link: (link.created_at,),
    Column.STATUS: lambda link: (list(S).index(link.state),),
    Column.AMOUNT: lambda link: (link.amount.currency, link.amount.minor),
    Column.ORDER: lambda link: tuple(
        (part.isdigit(), int(part) if part.isdigit() else part)
        for part in re.split(r"(\d+)", link.reference.casefold())
    ),
    Column.DESCRIPTION: lambda link: (link.description.casefold(),),
    Column.CREATED_BY: lambda link: (link.created_by.casefold(),),
}


class PlainTable:
    """What the table should show, worked out anew each time. Keys and days are settled when they are asked for."""

    def __init__(self) -> None:
        self.links: list[PaymentLink] = []
        self.keys: list[tuple[object, ...]] = []
        self.in_scope: list[bool] = []
        self.older: list[bool] = []
        self.column = Column.TIME
        self.descending = True
        self.view = LinkFilter.ALL
        self.text = ""
        self.since: datetime | None = None

    def put(self, link: PaymentLink) -> None:
        for position, known in enumerate(self.links):
            if known.invoice_number == link.invoice_number:
                self.links[position] = link
                if not self.in_scope[position]:
                    self.in_scope[position] = self._is_wanted(link)
                    self.older[position] = self._is_older(link)
                return
        self.links.append(link)
        self.keys.append(SORTS[self.column](link))
        self.in_scope.append(self._is_wanted(link))
        self.older.append(self._is_older(link))

    def sort(self, column: Column, *, descending: bool) -> None:
        self.column, self.descending = column, descending
        self.keys = [SORTS[column](link) for link in self.links]

    def set_since(self, since: datetime | None) -> None:
        self.since = since
        self.in_scope = [self._is_wanted(link) for link in self.links]
        self.older = [self._is_older(link) for link in self.links]

    def rows(self) -> list[PaymentLink]:
        shown = [position for position in range(len(self.links)) if self._is_shown(position)]
        shown.sort(key=lambda position: (self.keys[position], position), reverse=self.descending)
        return [self.links[position] for position in shown]

    def scope(self) -> list[PaymentLink]:
        return [link for link, inside in zip(self.links, self.in_scope, strict=True) if inside]

    def older_count(self) -> int:
        return sum(inside and older for inside, older in zip(self.in_scope, self.older, strict=True))

    def _is_older(self, link: PaymentLink) -> bool:
        return self.since is not None and link.created_at < self.since

    def _is_searching(self) -> bool:
        return len(" ".join(self.text.split())) >= 2

    def _is_shown(self, position: int) -> bool:
        link = self.links[position]
        is_near = self.in_scope[position] or self._is_searching()
        return is_near and link.state in VIEWS[self.view] and self._is_found(link)

    def _is_found(self, link: PaymentLink) -> bool:
        words = " ".join(self.text.split()).casefold()
        figure = f"{link.amount.minor // 100:,}.{link.amount.minor % 100:02}"
        fields = (link.reference, link.email, link.phone, link.description, link.invoice_number)
        amounts = (f"{link.amount.currency} {figure}", f"{link.amount.currency} {figure.replace(',', '')}")
        return len(words) < 2 or any(words in field.casefold() for field in (*fields, *amounts))

    def _is_wanted(self, link: PaymentLink) -> bool:
        may_move = link.state in (S.PENDING, S.IN_PROGRESS, S.DECLINED, S.UNKNOWN)
        recent = self.since is None or link.created_at >= self.since
        return recent or may_move or link.note is Note.REFUND_ON_ITS_WAY


def rows_of(model: LinksModel) -> list[PaymentLink]:
    return [model.link_at(row) for row in range(model.rowCount())]


def numbers_of(model: LinksModel) -> list[int]:
    return [int(link.reference.split()[1]) for link in rows_of(model)]


states = st.sampled_from(list(S))
minor_units = st.integers(min_value=1, max_value=300_000)


@dataclass(frozen=True)
class Put:
    """Add or change the link of one of a few numbers."""

    number: int
    state: LinkState
    minor: int
    minutes: int
    words: str
    note: Note | None

    def link(self) -> PaymentLink:
        amount = Money(self.minor, "USD" if self.number % 3 else "EUR")
        made = table_link(
            self.number,
            self.state,
            description=f"{self.words} for the till",
            created_by=f"Cashier {self.number % 2}",
            created_at=START + timedelta(minutes=self.number if self.number % 4 else self.minutes),
            note=self.note,
        )
        paid = amount if self.state in (S.PAID, S.REFUNDED) else None
        return replace(made, amount=amount, paid=paid, refunded_minor=self.minor // 2 if paid else 0)


puts = st.builds(
    Put,
    st.integers(1, 9),
    states,
    minor_units,
    st.integers(-300, 300),
    st.sampled_from(["Ball", "Straße", "tea", "Tea 64"]),
    st.sampled_from([None, None, Note.REFUND_ON_ITS_WAY, Note.REFUND_NOT_CONFIRMED]),
)
searches = st.sampled_from(
    ["", "6", "64", "tea", "te", "ORDER 1", "STRASSE", "guest0", "1,", "usd 1", "+1202555", " 0 "]
)
sinces = st.one_of(st.none(), st.integers(-30, 30).map(lambda minutes: START + timedelta(minutes=minutes)))
steps = st.one_of(
    puts,
    puts,
    st.lists(puts, min_size=1, max_size=30),
    st.tuples(st.sampled_from(list(SORTS)), st.booleans()),
    st.sampled_from(list(LinkFilter)),
    searches,
    sinces,
)


@settings(max_examples=150)
@given(st.lists(steps, max_size=25))
def test_rows_counts_and_sums_are_those_of_a_plain_recomputation(sequence: list[object]) -> None:
    book, plain = LinkBook(), PlainTable()
    model = LinksModel(book, FakeClock())
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    for step in sequence:
        _take(step, book, model, plain)
        assert rows_of(model) == plain.rows()
        assert [model.row_of(link.invoice_number) for link in plain.rows()] == list(range(model.rowCount()))
    scope = plain.scope()
    assert model.counts() == {view: sum(link.state in inside for link in scope) for view, inside in VIEWS.items()}
    assert model.totals() == tally_of(scope).totals()
    assert model.unconfirmed_refunds == sum(link.note is Note.REFUND_NOT_CONFIRMED for link in scope)
    assert model.older_count == plain.older_count()
    assert tester.model() is model


@settings(max_examples=100)
@given(
    st.lists(puts, max_size=12),
    st.lists(st.lists(puts, min_size=1, max_size=30), max_size=6),
    sinces,
    searches,
    st.tuples(st.sampled_from(list(SORTS)), st.booleans()),
)
def test_finds_of_earlier_days_come_below_or_wait_while_the_table_is_in_use(
    before: list[Put], pages: list[list[Put]], since: datetime | None, text: str, order: tuple[Column, bool]
) -> None:
    book, plain = LinkBook(), PlainTable()
    model = LinksModel(book, FakeClock())
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    for step in (*before, since, text, order):
        _take(step, book, model, plain)
    model.set_held(True)
    for page in pages:
        places = [link.invoice_number for link in rows_of(model)]
        fresh = [put for put in page if book.find(put.link().invoice_number) is None]
        if fresh:
            _take(fresh, book, model, plain)
        numbers = [link.invoice_number for link in rows_of(model)]
        assert numbers[: len(places)] == places
        wanted = {link.invoice_number for link in plain.rows()}
        assert set(numbers) <= wanted
        assert model.held_count == len(wanted - set(numbers))
    model.set_held(False)
    assert rows_of(model) == plain.rows()
    assert tester.model() is model


@settings(max_examples=100)
@given(st.lists(puts, max_size=12), st.lists(puts, max_size=25), st.sampled_from(list(LinkFilter)), searches)
def test_while_the_table_is_in_use_no_row_comes_goes_or_moves(
    before: list[Put], during: list[Put], view: LinkFilter, text: str
) -> None:
    book, plain = LinkBook(), PlainTable()
    model = LinksModel(book, FakeClock())
    for step in (*before, view, text):
        _take(step, book, model, plain)
    places = [link.invoice_number for link in rows_of(model)]
    model.set_held(True)
    for step in during:
        _take(step, book, model, plain)
        assert [link.invoice_number for link in rows_of(model)] == places
        assert all(book.find(link.invoice_number) is link for link in rows_of(model))
        wanted = {link.invoice_number for link in plain.rows()}
        assert model.held_count == len(wanted - set(places))
    model.set_held(False)
    assert rows_of(model) == plain.rows()
    assert model.held_count == 0


def _take(step: object, book: LinkBook, model: LinksModel, plain: PlainTable) -> None:
    match step:
        case Put():
            book.put(step.link())
            plain.put(step.link())
        case list():
            links = list({put.number: put.link() for put in step}.values())
            book.put_all(links)
            fresh = [link for link in links if link.invoice_number not in {one.invoice_number for one in plain.links}]
            for link in (*fresh, *links):
                plain.put(link)
        case (Column() as column, bool(descending)):
            model.sort(column, DOWN if descending else UP)
            plain.sort(column, descending=descending)
        case LinkFilter():
            model.set_filter(step)
            plain.view = step
        case str():
            model.set_search(step)
            plain.text = step
        case _:
            assert step is None or isinstance(step, datetime)
            model.set_since(step)
            plain.set_since(step)


def model_of(links: list[PaymentLink], clock: FakeClock | None = None) -> tuple[LinkBook, LinksModel]:
    book = LinkBook()
    book.put_all(links)
    return book, LinksModel(book, clock or FakeClock())


def test_the_newest_link_is_the_first_row() -> None:
    book, model = model_of([table_link(1), table_link(2)])
    book.put(table_link(3))
    assert numbers_of(model) == [3, 2, 1]


def test_a_changed_row_keeps_its_place_in_a_table_sorted_by_status() -> None:
    book, model = model_of([table_link(1, S.PENDING), table_link(2, S.PAID), table_link(3, S.PENDING)])
    model.sort(Column.STATUS, UP)
    assert numbers_of(model) == [1, 3, 2]
    book.put(table_link(1, S.EXPIRED))
    assert numbers_of(model) == [1, 3, 2]
    model.sort(Column.STATUS, UP)
    assert numbers_of(model) == [3, 2, 1]


def test_references_are_sorted_as_people_count() -> None:
    _, model = model_of([table_link(1000), table_link(999), table_link(20)])
    model.sort(Column.ORDER, UP)
    assert numbers_of(model) == [20, 999, 1000]


def test_a_column_of_buttons_sorts_nothing() -> None:
    _, model = model_of([table_link(1), table_link(2)])
    model.sort(Column.CANCEL, UP)
    assert numbers_of(model) == [2, 1]
    assert model.sorted_by == (Column.TIME, DOWN)


@pytest.mark.parametrize(
    "text", ["order 1050", "GUEST50@example", "+1 202 555 1050", "charger", "64", "64.00", "usd 64", "5551050"]
)
def test_a_search_finds_reference_contact_description_and_amount(text: str) -> None:
    links = [link for link in afternoon() if link.reference != "Order 1046"]
    _, model = model_of(links)
    model.set_search(text)
    assert numbers_of(model) == [1050]


def test_a_thousand_is_found_with_and_without_its_comma() -> None:
    _, model = model_of(afternoon())
    for text in ("1120", "1,120.00"):
        model.set_search(text)
        assert numbers_of(model) == [1051]


def test_one_letter_is_no_search() -> None:
    _, model = model_of(afternoon())
    model.set_search("9")
    assert model.rowCount() == 12
    assert not model.is_searching


def test_the_counts_of_the_afternoon() -> None:
    _, model = model_of(afternoon())
    counts = {LinkFilter.ALL: 12, LinkFilter.OPEN: 3, LinkFilter.PAID: 4, LinkFilter.PROBLEMS: 2}
    assert model.counts() == counts
    assert model.totals() == {"USD": Totals(Money(116_365, "USD"), Money(5_000, "USD"))}


def test_each_row_tells_automation_what_it_is() -> None:
    _, model = model_of(afternoon())
    names = {bytes(name): role for role, name in model.roleNames().items()}
    index = model.index(3, Column.ORDER)
    assert index.data(names[b"number"]) == index.data(NUMBER_ROLE) == "T2-1050"
    assert index.data(names[b"state"]) == index.data(STATE_ROLE) == "paid"
    assert index.data(names[b"amountMinor"]) == index.data(AMOUNT_ROLE) == 6400
    assert index.data(LINK_ROLE) is model.link_at(3)
    assert [column.id for column in Column] == [
        "time", "status", "amount", "order", "description", "createdBy", "cancel", "refund",
    ]  # fmt: skip


def test_a_row_reads_as_one_sentence_without_contacts() -> None:
    link = replace(afternoon()[8], created_at=START.replace(hour=13, minute=58))
    _, model = model_of([link])
    sentence = model.index(0, Column.TIME).data(Qt.ItemDataRole.AccessibleTextRole)
    time = f"{link.created_at.astimezone():%H:%M}"
    assert sentence == f"Order 1050, Paid, USD 64.00, {time}"


def test_cells_say_what_they_show() -> None:
    _, model = model_of(afternoon())
    words = [model.index(1, column).data() for column in (Column.STATUS, Column.AMOUNT, Column.CANCEL, Column.REFUND)]
    assert words == ["In progress", "USD 86.50", "Cancel…", ""]
    assert model.index(3, Column.REFUND).data() == "Refund…"
    assert model.index(2, Column.CANCEL).data() == "Check"


def test_links_of_earlier_days_stay_while_somebody_waits_for_them() -> None:
    old = [table_link(1, S.PAID), table_link(2, S.PENDING), table_link(3, S.UNKNOWN)]
    book, model = model_of([*old, table_link(100, S.PAID)])
    model.set_since(START + timedelta(seconds=50))
    assert numbers_of(model) == [100, 3, 2]
    book.put(table_link(2, S.PAID))
    assert numbers_of(model) == [100, 3, 2]
    assert model.counts()[LinkFilter.PAID] == 2
    model.set_since(None)
    assert numbers_of(model) == [100, 3, 2, 1]


def test_a_search_finds_links_of_days_that_are_not_shown() -> None:
    book, model = model_of([table_link(1, S.PAID), table_link(100, S.PAID)])
    model.set_since(START + timedelta(seconds=50))
    assert numbers_of(model) == [100]
    model.set_search("order 1")
    assert numbers_of(model) == [100, 1]
    book.put(table_link(10, S.PAID))
    assert numbers_of(model) == [100, 10, 1]
    assert model.counts()[LinkFilter.ALL] == 1
    model.set_search("")
    assert numbers_of(model) == [100]


def test_links_of_other_days_are_counted_apart() -> None:
    book, model = model_of([table_link(1, S.PENDING), table_link(2, S.PAID), table_link(100, S.PAID)])
    assert (model.since, model.older_count) == (None, 0)
    model.set_since(START + timedelta(seconds=50))
    assert (model.counts()[LinkFilter.ALL], model.older_count) == (2, 1)
    book.put(table_link(2, S.UNKNOWN, note=Note.REFUND_NOT_CONFIRMED))
    book.put(table_link(1, S.PAID))
    assert (model.counts()[LinkFilter.ALL], model.older_count) == (3, 2)


def test_an_earlier_link_comes_back_when_its_refund_has_no_answer() -> None:
    book, model = model_of([table_link(1, S.PAID), table_link(100, S.PAID)])
    model.set_since(START + timedelta(seconds=50))
    assert numbers_of(model) == [100]
    book.put(table_link(1, S.UNKNOWN, note=Note.REFUND_NOT_CONFIRMED))
    assert numbers_of(model) == [100, 1]
    assert model.counts()[LinkFilter.PROBLEMS] == 1


def test_a_new_row_that_waits_and_leaves_the_view_waits_no_more() -> None:
    book, model = model_of([table_link(1)])
    model.set_filter(LinkFilter.OPEN)
    model.set_held(True)
    held: list[int] = []
    model.held_changed.connect(held.append)
    book.put(table_link(2))
    book.put(table_link(2, S.PAID))
    assert held == [1, 0]
    model.set_held(False)
    assert numbers_of(model) == [1]


def test_a_link_that_leaves_the_view_under_the_pointer_stays_until_the_pointer_goes() -> None:
    book, model = model_of([table_link(1), table_link(2)])
    model.set_filter(LinkFilter.OPEN)
    model.set_held(True)
    book.put(table_link(2, S.PAID))
    assert numbers_of(model) == [2, 1]
    assert model.counts()[LinkFilter.OPEN] == 1
    model.set_held(False)
    assert numbers_of(model) == [1]


def test_a_changed_state_is_told_once_and_its_age_known() -> None:
    clock = FakeClock()
    book, model = model_of([table_link(1), table_link(2)], clock)
    flips: list[int] = []
    model.flipped.connect(flips.append)
    book.put(table_link(1, S.IN_PROGRESS))
    book.put(table_link(1, S.IN_PROGRESS, note=Note.PAID_LATE))
    clock.advance(0.4)
    assert flips == [1]
    assert model.seconds_since_flip(1) == pytest.approx(0.4)
    assert model.seconds_since_flip(0) is None
