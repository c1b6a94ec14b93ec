"""Where an account may not read, reported payments may be shown: as reported, and never as confirmed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optty_desktop.core.errors import JournalProblem, NotSent, OutcomeUnknown, ScopeRefused, SignInRefused, Trouble
from optty_desktop.core.events import EventKind
from optty_desktop.core.hints import Hint, HintSource
from optty_desktop.core.links import Evidence, LinkState, Note, RowAction, Source, may_refund, row_action
from optty_desktop.core.money import Money
from optty_desktop.core.operations import OperationKind, Stage
from optty_desktop.till.cancel_or_refund import Approval, CancelOrRefund
from optty_desktop.till.hint_queue import SECONDS_BETWEEN_READS
from optty_desktop.till.set_by_hand import SetByHand
from tests.fakes import START, TRAINING, FakeOptty
from tests.faults.virtual_time import VirtualLoop
from tests.till.hinted_till import Till, in_no_time
from tests.waiting import until

WANTED = replace(TRAINING, show_reported_payments=True)
REPORTED = (LinkState.PAID, Note.REPORTED)
REFUSED = ScopeRefused(403)


def report(number: str, order: str | None = None, source: HintSource = HintSource.RELAY) -> Hint:
    return Hint(source, number, order or f"HPP-{number}", START)


async def tell(till: Till, *hints: Hint) -> None:
    """Take hints as the relay's stream does, and have the relay say that what the till wants to know of is paid."""
    for hint in (await till.take(*hints)).report_on:
        await till.hints.report(hint)


def wanting() -> Till:
    """A till that shows reported payments."""
    return Till(gateway=FakeOptty(WANTED))


def is_reported(till: Till, number: str) -> bool:
    link = till.shown(number)
    return (link.state, link.note) == REPORTED


@in_no_time
async def test_a_reported_payment_of_a_link_that_may_not_be_read_is_shown_as_reported_with_its_source() -> None:
    till = wanting()
    number = await till.make()
    till.trouble = REFUSED
    async with till.following():
        await tell(till, report(number))
        await until(lambda: is_reported(till, number), 10)
    link = till.shown(number)
    assert link.evidence.source is Source.RELAY
    assert (link.paid, link.paid_at, link.refundable.minor) == (None, None, 0), "neither payment nor amount is known"
    assert link.is_unconfirmed
    kinds = [event.kind for event in await till.session.timeline(number)]
    assert kinds.count(EventKind.PAYMENT_REPORTED) == 1
    assert EventKind.PAID not in kinds
    assert till.journal.saved[number] == link, "on the disk as on the screen"


@in_no_time
async def test_many_payments_are_shown_soon_though_the_service_is_tried_once_a_minute() -> None:
    till = wanting()
    numbers = [await till.make() for _ in range(12)]
    till.trouble = REFUSED
    async with till.following():
        await asyncio.sleep(120)
        await tell(till, *map(report, numbers))
        await until(lambda: all(is_reported(till, number) for number in numbers), 20)
    assert {f"HPP-{number}" for number in numbers} == {order for order, _ in till.reads}, "each was tried"


@in_no_time
async def test_a_link_whose_order_only_the_notice_names_is_shown_when_that_may_not_be_read() -> None:
    till = wanting()
    await till.make()
    number = await till.make(knows_order=False)
    till.trouble = REFUSED
    async with till.following():
        await until(till.may_not_read, 10)
        await tell(till, report(number))
        await until(lambda: is_reported(till, number), 10)
    assert till.shown(number).order_reference is None, "it is not taken over unread"


@in_no_time
async def test_the_next_read_that_is_allowed_confirms_it() -> None:
    till = wanting()
    number = await till.make()
    till.trouble = REFUSED
    async with till.following():
        await tell(till, report(number))
        await until(lambda: is_reported(till, number), 10)
        till.gateway.pay(number)
        till.trouble = None
        await until(lambda: till.shown(number).paid is not None, 120)
    link = till.shown(number)
    assert (link.state, link.note, link.evidence.source) == (LinkState.PAID, None, Source.ORDER_READ)
    assert EventKind.PAID in [event.kind for event in await till.session.timeline(number)]


@pytest.mark.parametrize("what", ["pending", "declined", "another amount"])
@in_no_time
async def test_the_next_read_that_says_otherwise_wins(what: str) -> None:
    till = wanting()
    number = await till.make()
    till.trouble = REFUSED
    async with till.following():
        await tell(till, report(number))
        await until(lambda: is_reported(till, number), 10)
        if what == "declined":
            till.gateway.decline(number)
        if what == "another amount":
            till.gateway.accounts[number].price = Money(1, "USD")
            till.gateway.pay(number)
        till.trouble = None
        await until(lambda: not is_reported(till, number), 120)
    link = till.shown(number)
    expected = {
        "pending": (LinkState.PENDING, None),
        "declined": (LinkState.DECLINED, None),
        "another amount": (LinkState.UNKNOWN, Note.AMOUNT_DIFFERS),
    }
    assert (link.state, link.note) == expected[what]
    assert EventKind.REPORT_OVERRULED in [event.kind for event in await till.session.timeline(number)]


@in_no_time
async def test_a_read_that_was_made_after_the_report_is_not_undone_by_it_when_reads_are_refused_later() -> None:
    till = wanting()
    number = await till.make()
    async with till.following():
        await tell(till, report(number))
        await asyncio.sleep(60)
        till.trouble = REFUSED
        await asyncio.sleep(600)
    assert till.shows(number, LinkState.PENDING)


@pytest.mark.parametrize("trouble", [NotSent(Trouble.CONNECT), OutcomeUnknown(Trouble.SERVER, status=503)])
@in_no_time
async def test_a_line_that_is_down_shows_nothing_and_the_report_waits(trouble: NotSent | OutcomeUnknown) -> None:
    till = wanting()
    number = await till.make()
    till.trouble = trouble
    async with till.following():
        await tell(till, report(number))
        await asyncio.sleep(300)
        assert till.shows(number, LinkState.PENDING)
        till.trouble = REFUSED
        await until(lambda: is_reported(till, number), 120)


@in_no_time
async def test_a_report_waits_until_the_record_takes_it() -> None:
    till = wanting()
    number = await till.make()
    till.trouble = REFUSED
    async with till.following():
        await tell(till, report(number))
        till.journal.fail_with = JournalProblem("disk full")
        await asyncio.sleep(30)
        assert till.shows(number, LinkState.PENDING)
        till.journal.fail_with = None
        await until(lambda: is_reported(till, number), 120)


@in_no_time
async def test_while_a_cancel_is_being_sent_its_answer_decides() -> None:
    till = wanting()
    number = await till.make()
    verb = CancelOrRefund(till.session)
    look = await verb.look(number)
    before = till.gateway.before

    async def slow(call: str) -> None:
        if call == "cancel_or_refund":
            await asyncio.sleep(30)
        elif before is not None:
            await before(call)

    till.gateway.before = slow
    async with till.following():
        sending = asyncio.ensure_future(verb.carry_out(Approval(OperationKind.CANCEL, look, look.link.amount)))
        await asyncio.sleep(1)
        till.trouble = REFUSED
        await tell(till, report(number))
        await asyncio.sleep(20)
        assert till.shows(number, LinkState.PENDING)
        await sending
        await asyncio.sleep(60)
    assert till.shows(number, LinkState.CANCELLED)


@in_no_time
async def test_a_reported_link_is_read_by_itself_like_an_open_one() -> None:
    till = wanting()
    number = await till.make()
    reported = replace(
        till.shown(number), state=LinkState.PAID, note=Note.REPORTED, evidence=Evidence(Source.RELAY, START)
    )
    await till.session.record(reported)
    till.gateway.pay(number)
    async with till.following():
        await until(lambda: till.shown(number).paid is not None, 60)


@in_no_time
async def test_a_refund_of_it_reads_first_and_is_not_sent_unread() -> None:
    till = wanting()
    number = await till.make()
    till.trouble = REFUSED
    async with till.following():
        await tell(till, report(number))
        await until(lambda: is_reported(till, number), 10)
    link = till.shown(number)
    assert row_action(link) is RowAction.REFUND
    assert not may_refund(link)
    verb = CancelOrRefund(till.session)
    with pytest.raises(ScopeRefused):
        await verb.look(number)
    till.gateway.pay(number)
    till.trouble = None
    assert may_refund((await verb.look(number)).link)


@in_no_time
async def test_who_has_looked_it_up_may_say_so_by_hand() -> None:
    till = wanting()
    number = await till.make()
    till.trouble = REFUSED
    async with till.following():
        await tell(till, report(number))
        await until(lambda: is_reported(till, number), 10)
    by_hand = SetByHand(till.session)
    assert LinkState.PAID in await by_hand.choices(number)
    link = await by_hand.set(number, LinkState.PAID, "Seen in the payment account")
    assert (link.is_set_by_hand, link.is_reported_paid, link.evidence.source) == (True, False, Source.BY_HAND)


@in_no_time
async def test_the_relay_is_asked_only_for_open_links_of_this_till_and_only_where_that_is_wanted() -> None:
    till = wanting()
    number, paid = await till.make(), await till.make()
    async with till.following():
        till.gateway.pay(paid)
        await till.take(report(paid))
        await until(lambda: till.shown(paid).paid is not None, 10)
    taken = await till.take(report("TILL9-1"), report(paid), report(number))
    assert taken.report_on == (report(number),)
    unwilling = Till()
    assert (await unwilling.take(report(await unwilling.make()))).report_on == ()


@in_no_time
async def test_a_report_finds_its_link_by_the_order_alone_and_one_of_no_link_changes_nothing() -> None:
    till = wanting()
    number = await till.make()
    till.trouble = REFUSED
    async with till.following():
        await till.hints.report(report("TILL9-1"))
        await tell(till, replace(report(number), invoice_number=None))
        await until(lambda: is_reported(till, number), 10)


def gaps(till: Till, number: str) -> list[float]:
    times = [at for order, at in till.reads if order == f"HPP-{number}"]
    return [after - before for before, after in pairwise(times)]


def fewest_seconds_between_rounds(till: Till) -> float:
    """A round is a try of the line, and one of a report after it when the service still refuses reads."""
    times = [at for _, at in till.reads]
    return min(after - before for before, after in zip(times, times[2:], strict=False))


@pytest.mark.parametrize("count", [1, 5])
@in_no_time
async def test_a_secret_that_was_changed_is_tried_no_more_often_for_reports(count: int) -> None:
    till = wanting()
    numbers = [await till.make() for _ in range(count)]
    till.trouble = REFUSED
    async with till.following():
        await asyncio.sleep(100)
        till.reads.clear()
        till.trouble = SignInRefused(401)
        await tell(till, *map(report, numbers))
        await asyncio.sleep(600)
        assert len(till.reads) <= 12
        till.trouble = REFUSED
        await until(lambda: all(is_reported(till, number) for number in numbers), 90)


@in_no_time
async def test_a_full_disk_is_no_reason_to_read_on() -> None:
    till = wanting()
    numbers = [await till.make() for _ in range(5)]
    till.trouble = REFUSED
    async with till.following():
        await asyncio.sleep(100)
        till.reads.clear()
        await tell(till, *map(report, numbers))
        till.journal.fail_with = JournalProblem("disk full")
        await asyncio.sleep(600)
        assert len(till.reads) <= 24
        assert fewest_seconds_between_rounds(till) > 50
        till.journal.fail_with = None
        await until(lambda: all(is_reported(till, number) for number in numbers), 120)


@in_no_time
async def test_a_link_rests_between_the_reads_that_its_reports_ask_for() -> None:
    till = wanting()
    number = await till.make()
    till.trouble = REFUSED
    async with till.following():
        await until(till.may_not_read, 10)
        till.journal.fail_with = JournalProblem("disk full")
        for _ in range(40):
            till.follow.report(number, None)
            await asyncio.sleep(0.3)
    assert len(gaps(till, number)) > 3
    assert min(gaps(till, number)) >= SECONDS_BETWEEN_READS - 0.01


@in_no_time
async def test_one_order_that_may_not_be_read_shows_nothing_where_the_account_may_read() -> None:
    till = wanting()
    await till.make()
    number = await till.make(knows_order=False)
    before = till.gateway.before

    async def refuse_one(call: str) -> None:
        if before is not None:
            await before(call)
        if call == "read FOREIGN":
            raise REFUSED

    till.gateway.before = refuse_one
    async with till.following():
        await asyncio.sleep(60)
        await tell(till, report(number, "FOREIGN"))
        await asyncio.sleep(60)
        assert till.asked_for("FOREIGN") > 0
        assert till.shows(number, LinkState.PENDING)
        till.trouble = REFUSED
        await until(lambda: is_reported(till, number), 120)


@in_no_time
async def test_a_clock_that_is_set_back_does_not_bring_an_answered_report_back() -> None:
    till = wanting()
    number = await till.make()
    right, wrong = till.clock.now, timedelta(0)
    till.clock.now = lambda: right() + wrong  # type: ignore[method-assign]
    async with till.following():
        await asyncio.sleep(5)
        till.follow.report(number, f"HPP-{number}")
        wrong = timedelta(hours=-1)
        await asyncio.sleep(120)
        assert till.reads
        till.trouble = REFUSED
        await asyncio.sleep(300)
    assert till.shows(number, LinkState.PENDING)


@in_no_time
async def test_a_report_waits_until_an_unanswered_cancel_is_settled() -> None:
    till = wanting()
    number = await till.make()
    verb = CancelOrRefund(till.session)
    look = await verb.look(number)
    before = till.gateway.before

    async def lose(call: str) -> None:
        if call == "cancel_or_refund":
            raise OutcomeUnknown(Trouble.TIMEOUT)
        if before is not None:
            await before(call)

    till.gateway.before = lose
    await verb.carry_out(Approval(OperationKind.CANCEL, look, look.link.amount))
    till.trouble = REFUSED
    async with till.following():
        await tell(till, report(number))
        await asyncio.sleep(300)
        assert (till.shown(number).state, till.shown(number).note) == (LinkState.UNKNOWN, Note.CANCEL_NOT_CONFIRMED)
        (operation,) = await till.journal.open_operations()
        settled = replace(operation, stage=Stage.SETTLED)
        await till.session.record(settled, replace(till.shown(number), state=LinkState.PENDING, note=None))
        await until(lambda: is_reported(till, number), 120)


@in_no_time
async def test_a_read_that_answers_a_word_nobody_knows_ends_the_report() -> None:
    till = wanting()
    number = await till.make()
    till.trouble = REFUSED
    async with till.following():
        await tell(till, report(number))
        await until(lambda: is_reported(till, number), 10)
        till.gateway.accounts[number].has_order = True
        till.gateway.accounts[number].unknown_word = "ON_HOLD"
        till.trouble = None
        await until(lambda: not is_reported(till, number), 120)
    link = till.shown(number)
    assert (link.state, link.note, link.evidence.raw_word) == (LinkState.UNKNOWN, Note.NOT_CONFIRMED, "ON_HOLD")
    assert link.evidence.source is Source.ORDER_READ
    kinds = [event.kind for event in await till.session.timeline(number)]
    assert EventKind.REPORT_OVERRULED in kinds


SOURCES = st.sampled_from(HintSource)
WHATS = st.sampled_from(["nothing", "pay", "refuse", "allow", "offline"])
STEPS = st.lists(st.tuples(WHATS, st.integers(0, 3), SOURCES, st.booleans(), st.sampled_from([0.5, 20.0, 90.0])))


@settings(max_examples=60, deadline=None)
@given(is_wanted=st.booleans(), steps=STEPS)
def test_S1_only_links_that_may_not_be_read_become_reported_and_only_where_that_is_wanted(
    *, is_wanted: bool, steps: list[tuple[str, int, HintSource, bool, float]]
) -> None:
    """The other till takes the same hints, but none that says "paid": the reads of both are the same."""

    async def story() -> None:
        till = wanting() if is_wanted else Till()
        numbers = [await till.make(knows_order=number != 3) for number in range(4)]
        was_refused, was_said = False, set[str]()
        async with till.following():
            for what, which, source, says_paid, seconds in steps:
                number = numbers[which]
                if what == "pay" and till.gateway.accounts[number].state is not LinkState.PAID:
                    till.gateway.pay(number)
                change = {"refuse": REFUSED, "allow": None, "offline": NotSent(Trouble.CONNECT)}
                till.trouble = change.get(what, till.trouble)
                was_refused = was_refused or till.trouble is REFUSED
                if says_paid and source is HintSource.RELAY:
                    await tell(till, report(number))
                    was_said.add(number)
                else:
                    await till.hints.take([report(number, source=source)], source=source)
                await asyncio.sleep(seconds)
                for link in till.session.book:
                    is_proven = till.gateway.accounts[link.invoice_number].state is LinkState.PAID
                    if link.is_reported_paid:
                        assert is_wanted
                        assert was_refused
                        assert link.invoice_number in was_said
                        assert (link.paid, link.evidence.source) == (None, Source.RELAY)
                    elif link.state is LinkState.PAID:
                        assert is_proven
                        assert link.evidence.source is Source.ORDER_READ
            till.trouble = None
            await asyncio.sleep(400)
        assert not any(link.is_reported_paid and link.order_reference for link in till.session.book), "reads win"

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(story())
