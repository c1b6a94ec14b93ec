"""A hint can name an order that is never answered well. That costs a few reads of one link, and nobody else's news."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from optty_desktop.core.errors import (
    AppError,
    JournalProblem,
    NotSent,
    OutcomeUnknown,
    Refused,
    ScopeRefused,
    SignInRefused,
    Trouble,
)
from optty_desktop.core.links import LinkState
from optty_desktop.till.line import LineState
from tests.fakes import FakeAccount
from tests.till.hinted_till import Till, hint, in_no_time


def answer_badly(till: Till, orders: Mapping[str, AppError]) -> None:
    """Have the service answer for these orders with an error, and for all others as ever."""
    usual = till.gateway.before
    assert usual is not None

    async def before(call: str) -> None:
        await usual(call)
        error = orders.get(call.removeprefix("read "))
        if error is not None:
            raise error

    till.gateway.before = before


def second_attempt(till: Till, number: str) -> str:
    """The customer tries again: one more order of the link, without an answer yet. Returns what it is called."""
    again = f"{number}-2"
    till.gateway.accounts[again] = FakeAccount(again, till.gateway.accounts[number].price)
    till.gateway.start_paying(again)
    return again


@pytest.mark.parametrize(
    "error", [ScopeRefused(403), SignInRefused(401), OutcomeUnknown(Trouble.SERVER, status=502)], ids=type
)
@in_no_time
async def test_an_order_that_a_hint_names_says_nothing_of_the_line(error: AppError) -> None:
    till = Till()
    victim = await till.make(knows_order=False)
    others = [await till.make() for _ in range(6)]
    answer_badly(till, {"X": error})
    lines: set[LineState] = set()
    async with till.following():
        await till.take(hint(victim, "X"))
        for other in others:
            till.gateway.pay(other)
        for _ in range(60):
            await asyncio.sleep(1)
            lines.add(till.line.state)
        assert {till.shown(other).state for other in others} == {LinkState.PAID}
        await asyncio.sleep(3600)
    assert lines == {LineState.ONLINE}
    assert 3 <= till.asked_for("X") <= 12, "ever longer pauses: the order may be a true one"


@in_no_time
async def test_an_order_that_gets_no_answer_is_given_up_after_a_day() -> None:
    till = Till()
    victim = await till.make(knows_order=False)
    answer_badly(till, {"X": OutcomeUnknown(Trouble.TIMEOUT)})
    async with till.following():
        await till.take(hint(victim, "X"))
        await asyncio.sleep(86400)
        assert await till.journal.read_wishes() == []
        assert till.asked_for("X") == 20


@in_no_time
async def test_a_restart_does_not_give_a_bad_order_the_line() -> None:
    before = Till()
    victim, other = await before.make(knows_order=False), await before.make()
    await before.take(hint(victim, "X"))
    till = Till(before.journal, before.gateway)
    answer_badly(till, {"X": ScopeRefused(403)})
    till.gateway.pay(other)
    async with till.following():
        await asyncio.sleep(10)
        assert (till.shown(other).state, till.line.state) == (LinkState.PAID, LineState.ONLINE)


@in_no_time
async def test_a_dead_line_is_known_after_a_hinted_read_too_and_the_order_is_read_when_it_is_back() -> None:
    till = Till()
    number, _other = await till.make(knows_order=False), await till.make()
    till.gateway.pay(number)
    async with till.following():
        await asyncio.sleep(5)
        till.trouble = NotSent(Trouble.CONNECT)
        await till.take(hint(number, f"HPP-{number}"))
        await asyncio.sleep(1)
        assert till.is_offline()
        await asyncio.sleep(1800)
        assert till.asked_for(f"HPP-{number}") == 1, "one link's order is not what a dead line is tried with"
        till.trouble = None
        await asyncio.sleep(40)
        assert till.shows(number, LinkState.PAID)
    assert await till.journal.read_wishes() == []


@in_no_time
async def test_a_link_whose_own_order_gets_no_answer_does_not_stop_the_others_for_a_hint() -> None:
    till = Till()
    bad, other = await till.make(), await till.make()
    answer_badly(till, {f"HPP-{bad}": OutcomeUnknown(Trouble.SERVER, status=502)})
    async with till.following():
        await till.take(hint(bad))
        till.gateway.pay(other)
        await asyncio.sleep(60)
        assert till.shows(other, LinkState.PAID)
        await asyncio.sleep(540)
        for_hints = till.asked_for(f"HPP-{bad}") - 600 / 30
        assert for_hints < 60


@pytest.mark.parametrize("error", [Refused(400), OutcomeUnknown(Trouble.SERVER, status=500)], ids=type)
@in_no_time
async def test_a_bad_order_that_was_named_last_does_not_hide_the_true_one(error: AppError) -> None:
    till = Till()
    number = await till.make(knows_order=False)
    till.gateway.pay(number)
    answer_badly(till, {f"X{n}": error for n in range(4)})
    async with till.following():
        await till.take(hint(number, f"HPP-{number}"), *(hint(number, f"X{n}") for n in range(4)))
        await asyncio.sleep(15)
        assert till.shows(number, LinkState.PAID)
    assert await till.journal.read_wishes() == []


@in_no_time
async def test_an_order_that_is_refused_is_given_up_and_its_next_hint_begins_anew() -> None:
    till = Till()
    number = await till.make(knows_order=False)
    answer_badly(till, {"X": Refused(400)})
    async with till.following():
        for asked in (3, 6):
            await till.take(hint(number, "X"))
            await asyncio.sleep(600)
            assert (till.asked_for("X"), await till.journal.read_wishes()) == (asked, [])


@in_no_time
async def test_what_a_new_hint_names_is_not_kept_waiting_by_what_failed_before() -> None:
    till = Till()
    number, _other = await till.make(knows_order=False), await till.make()
    order = f"HPP-{number}"
    orders: dict[str, AppError] = {order: OutcomeUnknown(Trouble.SERVER, status=502)}
    answer_badly(till, orders)
    async with till.following():
        await till.take(hint(number, order))
        await asyncio.sleep(1800)
        orders.clear()
        till.gateway.pay(number)
        await till.take(hint(number, order))
        await asyncio.sleep(2)
        assert till.shows(number, LinkState.PAID)


@in_no_time
async def test_a_payment_with_a_second_attempt_is_seen_while_the_first_is_in_progress() -> None:
    till = Till()
    number = await till.make()
    till.gateway.start_paying(number)
    async with till.following():
        await asyncio.sleep(40)
        assert till.shows(number, LinkState.IN_PROGRESS)
        again = second_attempt(till, number)
        till.gateway.pay(again)
        await till.take(hint(number, f"HPP-{again}"))
        await asyncio.sleep(5)
        assert (till.shown(number).state, till.shown(number).order_reference) == (LinkState.PAID, f"HPP-{again}")
    assert await till.journal.read_wishes() == []


@in_no_time
async def test_a_second_attempt_is_looked_at_until_it_brings_money_or_ends() -> None:
    till = Till()
    paying, leaving = await till.make(), await till.make()
    async with till.following():
        for number in (paying, leaving):
            till.gateway.start_paying(number)
            await till.take(hint(number, f"HPP-{second_attempt(till, number)}"))
        await asyncio.sleep(7200)
        till.gateway.pay(f"{paying}-2")
        till.gateway.decline(f"{leaving}-2")
        await asyncio.sleep(330)
        assert till.shows(paying, LinkState.PAID)
        assert till.shows(leaving, LinkState.IN_PROGRESS)
        assert await till.journal.read_wishes() == []
    assert till.asked_for(f"HPP-{paying}-2") <= 30 + 7200 / 300 + 6


@in_no_time
async def test_a_second_attempt_that_stays_open_does_not_keep_the_first_from_being_read() -> None:
    till = Till()
    number = await till.make()
    till.gateway.start_paying(number)
    async with till.following():
        await till.take(hint(number, f"HPP-{second_attempt(till, number)}"))
        for seconds in (60, 3600):
            before = till.asked_for(f"HPP-{number}")
            await asyncio.sleep(seconds)
            assert till.asked_for(f"HPP-{number}") >= before + seconds // 31 - 1
        till.gateway.pay(number)
        await asyncio.sleep(31)
        assert till.shows(number, LinkState.PAID)


@in_no_time
async def test_a_link_that_somebody_wants_read_without_a_hint_is_read_once() -> None:
    till = Till()
    number = await till.make()
    till.gateway.pay(number)
    async with till.following():
        till.follow.nudge(number)
        await asyncio.sleep(1)
        assert till.shows(number, LinkState.PAID)
        answer_badly(till, {f"HPP-{number}": Refused(400)})
        till.follow.nudge(number)
        await asyncio.sleep(60)
    assert till.asked_for(f"HPP-{number}") == 2


@in_no_time
async def test_a_record_that_cannot_be_read_keeps_nobody_from_being_read() -> None:
    till = Till()
    number = await till.make()
    async with till.following():
        await till.take(hint(number))
        await asyncio.sleep(5)
        till.gateway.pay(number)
        await till.take(hint(number))
        till.journal.unreadable = JournalProblem("disk")
        before = till.asked_for(f"HPP-{number}")
        await asyncio.sleep(120)
        assert before < till.asked_for(f"HPP-{number}") <= before + 60
        till.journal.unreadable = None
        await asyncio.sleep(60)
        assert till.shows(number, LinkState.PAID)


@pytest.mark.parametrize("flooded", [16, 30])
@in_no_time
async def test_hints_for_some_links_leave_every_second_read_to_the_others(flooded: int) -> None:
    till = Till()
    named = [await till.make() for _ in range(flooded)]
    other = await till.make()
    async with till.following():
        await asyncio.sleep(130)
        till.gateway.pay(other)
        for _ in range(9):
            await till.take(*map(hint, named))
            await asyncio.sleep(10)
        assert till.shows(other, LinkState.PAID)


@in_no_time
async def test_many_links_that_are_due_leave_every_second_read_to_hints() -> None:
    till = Till()
    numbers = [await till.make() for _ in range(200)]
    async with till.following():
        await asyncio.sleep(600)
        latest = max(numbers, key=lambda number: max(at for order, at in till.reads if order == f"HPP-{number}"))
        till.gateway.pay(latest)
        await till.take(hint(latest))
        await asyncio.sleep(5)
        assert till.shows(latest, LinkState.PAID)
