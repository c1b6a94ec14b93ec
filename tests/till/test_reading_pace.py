"""How often each link is read by itself, seen from the service: in virtual time, by the reads that reach it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from optty_desktop.core.errors import NotSent, OutcomeUnknown, Trouble
from optty_desktop.core.links import LinkState
from optty_desktop.core.operations import OperationKind
from optty_desktop.core.ports import OrderReading
from optty_desktop.till.cancel_or_refund import Approval, CancelOrRefund
from optty_desktop.till.line import LineState
from tests.fakes import START, FakeAccount, FakeOptty, link
from tests.till.hinted_till import Till, in_no_time
from tests.waiting import until


def pauses(till: Till, start: float, end: float) -> list[float]:
    """The seconds between the reads that began in that time of the loop."""
    return [later - earlier for earlier, later in pairwise(at for _, at in till.reads if start <= at < end)]


@in_no_time
async def test_the_link_on_the_screen_is_read_every_three_seconds_then_less_often() -> None:
    till = Till()
    number = await till.make()
    async with till.following():
        till.follow.watch(number)
        await asyncio.sleep(560)
        till.follow.watch(None)
        await asyncio.sleep(120)
    assert pauses(till, 5, 115) == pytest.approx([3.0] * len(pauses(till, 5, 115)), abs=0.2)
    assert pauses(till, 130, 560) == pytest.approx([5.0] * len(pauses(till, 130, 560)), abs=0.2)
    # The line is proven each seven seconds, though the link alone would be read each thirty.
    assert pauses(till, 575, 680) == pytest.approx([7.0] * len(pauses(till, 575, 680)), abs=0.2)


@in_no_time
async def test_a_link_of_another_day_is_read_every_five_minutes() -> None:
    till = Till()
    old = link("T2-8", created_at=START - timedelta(days=2))
    till.gateway.accounts["T2-8"] = FakeAccount("T2-8", old.amount)
    till.session.book.put(old)
    async with till.following():
        await asyncio.sleep(3600)
    assert pauses(till, 1, 3600) == pytest.approx([300.0] * 10, abs=0.2)


@in_no_time
async def test_with_nothing_open_nothing_is_asked() -> None:
    till = Till()
    till.session.book.put(link("T2-9", LinkState.PAID))
    async with till.following():
        await asyncio.sleep(3600)
    assert till.gateway.calls == []


@in_no_time
async def test_two_hundred_open_links_are_read_at_most_thirty_times_a_minute() -> None:
    till = Till()
    for number in range(200):
        till.session.book.put(link(f"T2-{number}"))
        till.gateway.accounts[f"T2-{number}"] = FakeAccount(f"T2-{number}", link("T2-1").amount)
    async with till.following():
        await asyncio.sleep(900)
    times = [at for _, at in till.reads]
    assert all(later - earlier > 59.9 for earlier, later in zip(times, times[30:], strict=False))
    assert len({order for order, at in till.reads if at > 450}) == 200, "each has its turn"


class PoisonedOptty(FakeOptty):
    """Cannot read one order."""

    poison = ""

    def _read(self, order_reference: str) -> OrderReading:
        if order_reference == self.poison:
            raise OutcomeUnknown(Trouble.SERVER, status=503)
        return super()._read(order_reference)


@in_no_time
async def test_one_order_that_cannot_be_read_does_not_stop_the_news_of_the_others() -> None:
    gateway = PoisonedOptty()
    till = Till(gateway=gateway)
    poison, good = await till.make(), await till.make()
    gateway.poison = f"HPP-{poison}"
    async with till.following():
        gateway.pay(good)
        await until(lambda: till.shows(good, LinkState.PAID), 60)
    assert till.asked_for(f"HPP-{poison}") > 0


@in_no_time
async def test_a_till_without_links_knocks_when_offline_and_somebody_wants_it_now() -> None:
    till = Till()
    number = await till.make()
    async with till.following():
        till.trouble = NotSent(Trouble.CONNECT)
        await until(till.is_offline, 60)
        till.gateway.pay(number)
        till.session.book.put(link(number, LinkState.PAID))
        till.gateway.calls.clear()
        till.follow.try_now()
        await until(lambda: till.line.state is LineState.ONLINE, 1)
    assert till.gateway.calls == ["sign_in"]


@in_no_time
async def test_a_resting_till_wakes_when_a_refund_is_on_its_way() -> None:
    till = Till()
    till.gateway.refund_is_instant = False
    number = await till.make()
    async with till.following():
        till.gateway.pay(number)
        await until(lambda: till.shows(number, LinkState.PAID), 60)
        rested = len(till.reads)
        await asyncio.sleep(600)
        assert len(till.reads) == rested
        verb = CancelOrRefund(till.session)
        look = await verb.look(number)
        await verb.carry_out(Approval(OperationKind.REFUND, look, look.link.refundable, "Paid twice"))
        before = len(till.reads)
        await asyncio.sleep(21)
        assert len(till.reads) - before in (2, 3)
