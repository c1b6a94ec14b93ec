"""Widening the table: this session, then today, then the days before, page by page, each link once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit

from optty_desktop.core.errors import JournalProblem
from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.ui.earlier_links import PAGE, PAGES_A_SEARCH
from optty_desktop.ui.empty_state import EmptyState
from optty_desktop.ui.link_filter import LinkFilter
from optty_desktop.ui.table_footer import Scope
from optty_desktop.ui.times import clock_time
from tests.fakes import START, MemoryJournal, link
from tests.ui.desk_room import DeskRoom, turns
from tests.waiting import until


def made(number: int, days_ago: float) -> PaymentLink:
    at = START - timedelta(days=days_ago, seconds=number)
    return link(f"T2-{number:05}", LinkState.EXPIRED, created_at=at, order_reference=None)


OLDEST = made(99_999, 400)
"""In the record before the session begins, and in the book with it."""


def shown(room: DeskRoom) -> list[str]:
    model = room.desk.page.links.model
    return [model.link_at(row).invoice_number for row in range(model.rowCount())]


def scopes(room: DeskRoom) -> list[Scope]:
    return [room.desk.page.links._scope]


async def more(room: DeskRoom, count: int) -> None:
    """Press Show earlier days, and wait until that many rows are there."""
    room.desk.page.links.earlier_requested.emit()
    await until(lambda: len(shown(room)) == count)
    await until(lambda: not room.desk._earlier._is_loading)


async def test_today_first_then_the_days_before() -> None:
    async with DeskRoom() as room:
        room.desk.page.links.model.set_since(START)
        today = [made(n, 0.001) for n in range(3)]
        before = [made(n + 10, 2) for n in range(4)]
        room.journal.saved = {one.invoice_number: one for one in (*today, *before)}
        await more(room, 3)
        assert scopes(room) == [Scope.TODAY]
        await more(room, 7)
        assert scopes(room) == [Scope.EARLIER]
        assert shown(room) == sorted(shown(room))
        room.desk.page.links.earlier_requested.emit()
        await until(lambda: not room.desk._earlier._is_loading)
        assert len(shown(room)) == 7


async def test_a_day_without_links_goes_straight_to_the_days_before() -> None:
    async with DeskRoom() as room:
        room.desk.page.links.model.set_since(START)
        before = [made(n, 3) for n in range(2)]
        room.journal.saved = {one.invoice_number: one for one in before}
        await more(room, 2)


async def test_page_by_page_without_a_gap_or_a_double() -> None:
    async with DeskRoom() as room:
        room.desk.page.links.model.set_since(START)
        count = PAGE + 20
        before = [made(n, 1 + n / 100) for n in range(count)]
        room.journal.saved = {one.invoice_number: one for one in before}
        await more(room, PAGE)
        await more(room, count)
        assert len(set(shown(room))) == count


async def test_pressed_twice_it_loads_once() -> None:
    async with DeskRoom() as room:
        room.desk.page.links.model.set_since(START)
        before = [made(n, 1 + n / 100) for n in range(PAGE + 1)]
        room.journal.saved = {one.invoice_number: one for one in before}
        room.desk.page.links.earlier_requested.emit()
        await more(room, PAGE)


async def test_a_record_that_cannot_be_read_is_reported_and_can_be_tried_again() -> None:
    async with DeskRoom() as room:
        room.desk.page.links.model.set_since(START)
        before = made(1, 2)
        read, room.journal.links = room.journal.links, unreadable  # type: ignore[method-assign, assignment]
        room.desk.page.links.earlier_requested.emit()
        await until(lambda: room.errors)
        assert isinstance(room.errors.pop(), JournalProblem)
        room.journal.links = read  # type: ignore[method-assign]
        room.journal.saved = {"T2-00001": before}
        await more(room, 1)


def typed(room: DeskRoom, words: str) -> None:
    """Type into the search field and press Enter."""
    field = room.desk.window.findChild(QLineEdit, "searchEdit")
    assert isinstance(field, QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, words)
    QTest.keyClick(field, Qt.Key.Key_Return)


def heading(room: DeskRoom) -> str:
    empty = room.desk.page.links.findChild(EmptyState, "emptyState")
    assert isinstance(empty, EmptyState)
    return empty.heading if empty.isVisible() else ""


def earlier(room: DeskRoom) -> QAbstractButton:
    found = room.desk.window.findChild(QAbstractButton, "showEarlierButton")
    assert isinstance(found, QAbstractButton)
    return found


def days(count: int, first_day: float = 1.0) -> list[PaymentLink]:
    return [made(n, first_day + n / 100) for n in range(count)]


class Reads:
    """The record, with every page that was asked for."""

    def __init__(self, room: DeskRoom, links: list[PaymentLink]) -> None:
        self.pages = 0
        self._read = room.journal.links
        room.journal.saved = {one.invoice_number: one for one in (*links, OLDEST)}
        room.journal.links = self.links  # type: ignore[method-assign]

    async def links(self, **bounds: Any) -> Sequence[PaymentLink]:
        self.pages += 1
        return await self._read(**bounds)


async def test_a_search_goes_on_in_the_record_until_it_has_found() -> None:
    async with DeskRoom([OLDEST]) as room:
        room.desk.page.links.model.set_since(START)
        links = days(3 * PAGE)
        wanted = replace(links[PAGE + 7], reference="Grand piano")
        links[PAGE + 7] = wanted
        reads = Reads(room, links)
        typed(room, "piano")
        await until(lambda: shown(room) == [wanted.invoice_number])
        await until(lambda: reads.pages == 4)  # one more than there are full pages: the record ends there
        assert len(room.book) == 2
        assert not earlier(room).isVisible()
        typed(room, "zebra")
        await until(lambda: heading(room) == "No links match “zebra”")
        room.desk.page.links.clear_search()
        assert shown(room) == []
        assert heading(room) == f"No links since you signed in at {clock_time(START)}"
        assert earlier(room).isVisible()


async def test_a_search_reads_so_far_and_further_when_asked() -> None:
    async with DeskRoom([OLDEST]) as room:
        room.desk.page.links.model.set_since(START)
        links = days((PAGES_A_SEARCH + 1) * PAGE)
        links[-1] = replace(links[-1], reference="Grand piano")
        reads = Reads(room, links)
        typed(room, "piano")
        await until(lambda: heading(room).startswith("No links match “piano” since "))
        assert reads.pages == PAGES_A_SEARCH
        room.desk.page.links.earlier_requested.emit()
        await until(lambda: shown(room) == [links[-1].invoice_number])


async def test_a_search_with_enough_finds_reads_no_further() -> None:
    async with DeskRoom([OLDEST]) as room:
        room.desk.page.links.model.set_since(START)
        reads = Reads(room, days(2 * PAGE))
        typed(room, "t2-000")
        await until(lambda: len(shown(room)) == 100)
        assert reads.pages == 1
        assert shown(room) == sorted(shown(room))
        assert earlier(room).isVisible()


async def test_another_search_stops_the_one_before() -> None:
    async with DeskRoom([OLDEST]) as room:
        room.desk.page.links.model.set_since(START)
        gate = asyncio.Event()
        links = days(2 * PAGE)
        reads = Reads(room, links)
        read = reads.links

        async def slow(**bounds: Any) -> Sequence[PaymentLink]:
            page = await read(**bounds)
            await gate.wait()
            return page

        room.journal.links = slow  # type: ignore[method-assign]
        typed(room, "t2-00001")
        await until(lambda: heading(room) == "Searching earlier days…" and reads.pages == 1)
        room.desk.page.links.clear_search()
        assert heading(room) == f"No links since you signed in at {clock_time(START)}"
        gate.set()
        await turns()
        assert (len(room.book), reads.pages) == (1, 1)


async def test_the_view_of_paid_links_lets_a_search_look_further() -> None:
    async with DeskRoom([OLDEST]) as room:
        room.desk.page.links.model.set_since(START)
        links = days(2 * PAGE)
        links[PAGE + 3] = replace(links[PAGE + 3], state=LinkState.PAID)
        Reads(room, links)
        typed(room, "t2-00")
        await until(lambda: len(shown(room)) == PAGE)
        room.desk.page.links.set_filter(LinkFilter.PAID)
        await until(lambda: shown(room) == [links[PAGE + 3].invoice_number])


async def test_a_record_that_cannot_be_searched_is_reported() -> None:
    async with DeskRoom([OLDEST]) as room:
        room.desk.page.links.model.set_since(START)
        room.journal.links = unreadable  # type: ignore[assignment,method-assign]
        typed(room, "zebra")
        await until(lambda: room.errors)
        assert isinstance(room.errors.pop(), JournalProblem)
        assert heading(room) == "No links match “zebra”"


async def test_without_anything_earlier_no_way_there_is_offered() -> None:
    async with DeskRoom() as room:
        await until(lambda: not earlier(room).isVisible())
        room.desk.page.links.model.set_since(START)
        assert heading(room) == "No links yet"
        reads = Reads(room, [])
        typed(room, "zebra")
        await until(lambda: heading(room) == "No links match “zebra”")
        assert reads.pages == 0
    async with DeskRoom([made(1, 1)]) as room:
        await turns()
        assert earlier(room).isVisible()


async def test_the_way_there_ends_with_the_record() -> None:
    async with DeskRoom([made(1, 2)]) as room:
        room.desk.page.links.model.set_since(START)
        await room.click(earlier(room))
        await until(lambda: not earlier(room).isVisible())
        assert len(shown(room)) == 1


async def test_a_find_from_another_day_closes_no_gap_in_the_pages() -> None:
    async with DeskRoom([OLDEST]) as room:
        room.desk.page.links.model.set_since(START)
        links = days(3 * PAGE)
        links[-1] = replace(links[-1], reference="Grand piano")
        Reads(room, links)
        typed(room, "piano")
        await until(lambda: len(shown(room)) == 1)
        room.desk.page.links.clear_search()
        await more(room, PAGE)
        assert links[-1].invoice_number not in shown(room)
        await more(room, 2 * PAGE)
        await more(room, 3 * PAGE)
        assert len(set(shown(room))) == 3 * PAGE


async def unreadable(**_: object) -> object:
    raise JournalProblem


class SlowRecord(MemoryJournal):
    """A record that takes its time to say what there was before."""

    def __init__(self) -> None:
        super().__init__()
        self.is_ready = asyncio.Event()

    async def links(self, **how: Any) -> Sequence[PaymentLink]:
        if "before" in how:
            await self.is_ready.wait()
        return await super().links(**how)


@pytest.mark.parametrize("saved", [[], [OLDEST]])
async def test_an_empty_table_says_nothing_before_it_knows_and_then_does_not_jump(saved: list[PaymentLink]) -> None:
    room = DeskRoom()
    journal = room.journal = SlowRecord()
    async with room:
        journal.saved = {one.invoice_number: one for one in saved}
        empty = room.desk.window.findChild(EmptyState)
        assert empty is not None
        heading = empty.findChildren(QLabel)[0]
        assert not heading.isVisible()
        journal.is_ready.set()
        await until(heading.isVisible)
        ways = [button.text() for button in empty.findChildren(QAbstractButton) if button.isVisible()]
        assert ("Show earlier links" in ways) is bool(saved)
        assert empty.heading == ("No links since sign-in" if saved else "No links yet")
