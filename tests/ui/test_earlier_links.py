"""Widening the table: this session, then today, then the days before, page by page, each link once."""

from __future__ import annotations

from datetime import timedelta

from optty_desktop.core.errors import JournalProblem
from optty_desktop.core.links import PaymentLink
from optty_desktop.ui.earlier_links import PAGE
from optty_desktop.ui.table_footer import Scope
from tests.fakes import START, link
from tests.ui.desk_room import DeskRoom
from tests.waiting import until


def made(number: int, days_ago: float) -> PaymentLink:
    at = START - timedelta(days=days_ago, seconds=number)
    return link(f"T2-{number:05}", created_at=at, order_reference=None)


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


async def unreadable(**_: object) -> object:
    raise JournalProblem
