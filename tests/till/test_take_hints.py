"""Hints have links read and are never believed: what a read proves is all that changes a link."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from optty_desktop.core.errors import JournalProblem, NotSent, OutcomeUnknown, Trouble
from optty_desktop.core.events import EventKind
from optty_desktop.core.hints import HintSource, Taken
from optty_desktop.core.links import LinkState, Note
from optty_desktop.core.money import Money
from tests.fakes import FakeAccount, MemoryJournal, link
from tests.till.hinted_till import Till, hint, in_no_time


@in_no_time
async def test_a_hint_has_its_link_read_at_once_and_not_twice() -> None:
    till = Till()
    number = await till.make()
    async with till.following():
        await asyncio.sleep(10)
        till.gateway.pay(number)
        before = till.asked_for(f"HPP-{number}")
        assert await till.take(hint(number), hint(order=f"HPP-{number}"), cursor="7") == Taken(2, 0)
        await asyncio.sleep(0.3)
        assert till.shown(number).state is LinkState.PAID
        await asyncio.sleep(60)
        assert till.asked_for(f"HPP-{number}") == before + 1
    assert await till.journal.read_wishes() == []
    assert await till.hints.cursor(HintSource.RELAY) == "7"


@in_no_time
async def test_hints_for_others_are_counted_and_dropped_and_the_place_is_kept() -> None:
    till = Till()
    assert await till.take(hint("TILL9-1"), hint(order="HPP-9"), hint("TILL9-1", "HPP-9"), cursor="9") == Taken(0, 3)
    assert (till.hints.unknown, await till.journal.read_wishes()) == (3, [])
    assert await till.hints.cursor(HintSource.RELAY) == "9"


@in_no_time
async def test_nothing_is_taken_when_the_record_cannot_be_written() -> None:
    till = Till()
    number = await till.make()
    till.journal.fail_with = JournalProblem("disk")
    with pytest.raises(JournalProblem):
        await till.take(hint(number), cursor="7")
    till.journal.fail_with = None
    assert await till.hints.cursor(HintSource.RELAY) is None


@in_no_time
async def test_a_link_without_an_order_learns_it_from_a_hint_and_is_followed_from_then_on() -> None:
    till = Till()
    number = await till.make(knows_order=False)
    async with till.following():
        till.gateway.start_paying(number)
        await till.take(hint(number, f"HPP-{number}"))
        await asyncio.sleep(1)
        assert till.shown(number).state is LinkState.IN_PROGRESS
        assert till.shown(number).order_reference == f"HPP-{number}"
        till.gateway.pay(number)
        await asyncio.sleep(40)
        assert till.shown(number).state is LinkState.PAID


@in_no_time
async def test_S1_somebody_elses_paid_order_of_the_same_amount_is_not_this_links() -> None:
    till = Till()
    mine, other = await till.make(knows_order=False), await till.make()
    till.gateway.pay(other)
    async with till.following():
        await till.take(hint(mine, f"HPP-{other}"))
        await asyncio.sleep(60)
        assert (till.shown(mine).state, till.shown(mine).note) == (LinkState.PENDING, None)
        assert till.shown(mine).order_reference is None


@in_no_time
async def test_a_paid_order_that_nothing_ties_to_the_link_asks_a_person_and_stays_pending() -> None:
    till = Till()
    till.gateway.ties_orders = False
    number = await till.make(knows_order=False)
    till.gateway.pay(number)
    async with till.following():
        for _ in range(3):
            await till.take(hint(number, f"HPP-{number}"))
            await asyncio.sleep(10)
        after = till.shown(number)
        assert (after.state, after.note, after.order_reference) == (LinkState.PENDING, Note.REPORTED, None)
        assert after.paid is None
        reported = [event for event in await till.session.timeline(number) if event.kind is EventKind.PAYMENT_REPORTED]
        assert len(reported) == 1


@in_no_time
async def test_a_wrong_order_does_not_keep_a_right_one_away() -> None:
    till = Till()
    number = await till.make(knows_order=False)
    stranger = await till.make()
    till.gateway.pay(stranger)
    async with till.following():
        await till.take(*(hint(number, f"INVENTED-{n}") for n in range(50)), hint(number, f"HPP-{stranger}"))
        await asyncio.sleep(3)
        till.gateway.pay(number)
        await till.take(hint(number, f"HPP-{number}"))
        await asyncio.sleep(3)
        assert till.shown(number).state is LinkState.PAID
        await asyncio.sleep(60)
    assert await till.journal.read_wishes() == []


@in_no_time
async def test_an_invented_order_costs_few_reads() -> None:
    till = Till()
    number = await till.make(knows_order=False)
    async with till.following():
        await till.take(hint(number, "INVENTED"))
        await asyncio.sleep(600)
        assert till.asked_for("INVENTED") == 3
    assert await till.journal.read_wishes() == []


@in_no_time
async def test_an_order_that_is_not_there_yet_is_looked_for_again() -> None:
    till = Till()
    number = await till.make(knows_order=False)
    async with till.following():
        await till.take(hint(number, f"HPP-{number}"))
        await asyncio.sleep(3)
        till.gateway.pay(number)
        await asyncio.sleep(10)
        assert till.shown(number).state is LinkState.PAID


@in_no_time
async def test_the_order_of_a_link_stays_though_hints_name_others() -> None:
    till = Till()
    number, stranger = await till.make(), await till.make()
    till.gateway.pay(stranger)
    async with till.following():
        await till.take(hint(number, f"HPP-{stranger}"), hint(number, "INVENTED"))
        await asyncio.sleep(120)
        assert till.shown(number).order_reference == f"HPP-{number}"
        assert till.shown(number).state is LinkState.PENDING


@in_no_time
async def test_a_customer_who_pays_with_another_order_after_a_decline_is_seen() -> None:
    till = Till()
    number = await till.make()
    price = till.gateway.accounts[number].price
    till.gateway.decline(number)
    async with till.following():
        await till.take(hint(number, f"HPP-{number}"))
        await asyncio.sleep(1)
        assert till.shown(number).state is LinkState.DECLINED
        second = f"{number}-2"
        till.gateway.accounts[second] = FakeAccount(second, price)
        till.gateway.start_paying(second)
        await till.take(hint(number, f"HPP-{second}"))
        await asyncio.sleep(30)
        assert till.shown(number).order_reference == f"HPP-{number}"
        till.gateway.pay(second)
        await asyncio.sleep(12)
        assert (till.shown(number).state, till.shown(number).order_reference) == (LinkState.PAID, f"HPP-{second}")


@in_no_time
async def test_S6_an_order_of_this_link_with_another_amount_is_held() -> None:
    till = Till()
    number = await till.make(knows_order=False)
    till.gateway.accounts[number].price = Money(18274, "USD")
    till.gateway.pay(number)
    async with till.following():
        await till.take(hint(number, f"HPP-{number}"))
        await asyncio.sleep(1)
        assert (till.shown(number).state, till.shown(number).note) == (LinkState.UNKNOWN, Note.AMOUNT_DIFFERS)


@in_no_time
async def test_what_was_not_read_before_a_stop_is_read_first_after_it() -> None:
    journal = MemoryJournal()
    await journal.commit(*(link(f"T2-{n}") for n in range(20)))
    before = Till(journal)
    await before.take(hint("T2-7"), cursor="7")
    after = Till(journal, before.gateway)
    for n in range(20):
        after.gateway.accounts[f"T2-{n}"] = FakeAccount(f"T2-{n}", Money(18275, "USD"))
        after.gateway.pay(f"T2-{n}")
    async with after.following():
        await asyncio.sleep(0.3)
        assert [order for order, _ in after.reads] == ["HPP-T2-7"]
        await asyncio.sleep(59)
        assert {one.state for one in after.session.book} == {LinkState.PAID}


@in_no_time
async def test_a_hint_waits_for_the_line_and_is_read_when_it_is_back() -> None:
    till = Till()
    number = await till.make()
    async with till.following():
        till.trouble = NotSent(Trouble.CONNECT)
        till.gateway.pay(number)
        await till.take(hint(number))
        await asyncio.sleep(120)
        assert len(await till.journal.read_wishes()) == 1
        till.trouble = None
        await asyncio.sleep(40)
        assert till.shown(number).state is LinkState.PAID
    assert await till.journal.read_wishes() == []


@in_no_time
async def test_a_link_that_cannot_be_read_is_not_read_without_end_for_a_hint() -> None:
    till = Till()
    number = await till.make()
    await till.session.record(replace(till.shown(number), state=LinkState.PAID, paid=till.shown(number).amount))
    async with till.following():
        till.trouble = OutcomeUnknown(Trouble.BAD_ANSWER, status=200)
        await till.take(hint(number))
        await asyncio.sleep(600)
        assert till.asked_for(f"HPP-{number}") <= 6


@in_no_time
async def test_a_link_that_was_withdrawn_is_forgotten_by_the_inbox() -> None:
    till = Till()
    number = await till.make()
    await till.take(hint(number))
    del till.journal.saved[number]
    again = Till(till.journal, till.gateway)
    async with again.following():
        await asyncio.sleep(1)
    assert await till.journal.read_wishes() == []


@in_no_time
async def test_a_hint_whose_way_ends_while_it_is_written_is_read_all_the_same() -> None:
    """The journal finishes a write whose waiter has gone: the place is kept, and nobody offers the hint again."""
    till = Till()
    number = await till.make(knows_order=False)
    till.gateway.pay(number)
    till.journal.write_seconds = 0.1
    async with till.following():
        taking = asyncio.ensure_future(till.take(hint(number, f"HPP-{number}"), cursor="7"))
        await asyncio.sleep(0.05)
        taking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await taking
        await asyncio.sleep(5)
        assert till.shown(number).state is LinkState.PAID
    assert (await till.hints.cursor(HintSource.RELAY), await till.journal.read_wishes()) == ("7", [])


@in_no_time
async def test_check_now_on_a_link_that_was_read_this_moment_reads_it_when_it_has_rested() -> None:
    till = Till()
    number = await till.make()
    async with till.following():
        await till.follow.check(number)
        till.gateway.pay(number)
        await till.follow.check_all()
        await asyncio.sleep(2.2)
        assert till.shown(number).state is LinkState.PAID
    times = [at for _, at in till.reads]
    assert times[-1] - times[-2] > 1.99
