"""A hint can name an order that is never answered well. That costs a few reads of one link, and nobody else's news."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from optty_desktop.core.errors import (
    AppError,
    OutcomeUnknown,
    Refused,
    Trouble,
)
from optty_desktop.core.links import LinkState
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
