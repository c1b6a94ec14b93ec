"""Cancel and refund: a fresh read, one call, and the truth about what came of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from optty_desktop.core.errors import (
    AnswerNotStored,
    DiskFull,
    NotAllowedNow,
    NotSent,
    OperationOpen,
    OutcomeUnknown,
    Refused,
    Trouble,
)
from optty_desktop.core.events import EventKind
from optty_desktop.core.links import LinkState, Note
from optty_desktop.core.money import Money
from optty_desktop.core.operations import OperationKind, Stage
from optty_desktop.till.cancel_or_refund import Approval, CancelOrRefund, ChangedMeanwhile, Look
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.outcomes import Ending
from optty_desktop.till.session import Session
from tests.fakes import THROUGH_ORDER, FakeClock, FakeOptty, MemoryJournal, draft, session
from tests.waiting import until


async def shop(gateway: FakeOptty, journal: MemoryJournal | None = None) -> tuple[Session, str, FakeClock]:
    """A till with one pending link."""
    clock = FakeClock()
    till = session(gateway, journal, clock)
    made = await CreateLink(till, str).create(draft())
    return till, made.invoice_number, clock


def cancel(look: Look) -> Approval:
    return Approval(OperationKind.CANCEL, look, look.link.amount)


def refund(look: Look, minor: int | None = None) -> Approval:
    amount = look.link.refundable if minor is None else Money(minor, "USD")
    return Approval(OperationKind.REFUND, look, amount, reason="Customer returned goods")


async def test_an_unpaid_link_is_cancelled_with_one_call() -> None:
    gateway = FakeOptty()
    till, number, _ = await shop(gateway)
    verb = CancelOrRefund(till)
    outcome = await verb.carry_out(cancel(await verb.look(number)))
    assert outcome.ending is Ending.CANCELLED
    assert (await till.find(number)).state is LinkState.CANCELLED
    assert gateway.calls.count("cancel_or_refund") == 1
    assert await till.open_operation(number) is None


async def test_a_paid_link_is_refunded_whole() -> None:
    gateway = FakeOptty()
    till, number, _ = await shop(gateway)
    gateway.pay(number)
    verb = CancelOrRefund(till)
    look = await verb.look(number)
    assert look.link.state is LinkState.PAID
    outcome = await verb.carry_out(refund(look))
    assert outcome.ending is Ending.REFUNDED
    after = await till.find(number)
    assert (after.state, after.refunded_minor) == (LinkState.REFUNDED, 18275)


async def test_a_refund_that_takes_time_stays_paid_and_on_its_way() -> None:
    gateway = FakeOptty()
    gateway.refund_is_instant = False
    till, number, _ = await shop(gateway)
    gateway.pay(number)
    verb = CancelOrRefund(till)
    outcome = await verb.carry_out(refund(await verb.look(number)))
    assert outcome.ending is Ending.REFUND_ON_ITS_WAY
    after = await till.find(number)
    assert (after.state, after.note) == (LinkState.PAID, Note.REFUND_ON_ITS_WAY)
    gateway.finish_refunds(number)
    assert (await verb.look(number)).link.state is LinkState.REFUNDED


async def test_part_refunds_go_through_the_order_and_add_up() -> None:
    gateway = FakeOptty(THROUGH_ORDER)
    till, number, _ = await shop(gateway)
    gateway.pay(number)
    verb = CancelOrRefund(till)
    await verb.carry_out(refund(await verb.look(number), 5000))
    part = await till.find(number)
    assert (part.state, part.note, part.refundable.minor) == (LinkState.REFUNDED, Note.PART_REFUNDED, 13275)
    await verb.carry_out(refund(await verb.look(number)))
    assert (await till.find(number)).refundable.is_zero
    assert sum(gateway.accounts[number].refunds) == 18275
    assert "cancel_or_refund" not in gateway.calls


@pytest.mark.parametrize("minor", [0, -1, 18276])
async def test_never_more_than_was_paid(minor: int) -> None:
    gateway = FakeOptty(THROUGH_ORDER)
    till, number, _ = await shop(gateway)
    gateway.pay(number)
    verb = CancelOrRefund(till)
    look = await verb.look(number)
    with pytest.raises(NotAllowedNow):
        await verb.carry_out(refund(look, minor))
    assert "refund_order" not in gateway.calls


async def test_a_part_is_refused_where_only_the_link_call_exists() -> None:
    gateway = FakeOptty()
    till, number, _ = await shop(gateway)
    gateway.pay(number)
    verb = CancelOrRefund(till)
    look = await verb.look(number)
    with pytest.raises(NotAllowedNow):
        await verb.carry_out(refund(look, 100))


async def test_paid_between_look_and_send_stops_the_cancel() -> None:
    gateway = FakeOptty()
    till, number, clock = await shop(gateway)
    verb = CancelOrRefund(till)
    approval = cancel(await verb.look(number))
    gateway.pay(number)
    clock.advance(3.5)
    with pytest.raises(ChangedMeanwhile) as caught:
        await verb.carry_out(approval)
    assert caught.value.look.link.state is LinkState.PAID
    assert "cancel_or_refund" not in gateway.calls
    assert await till.open_operation(number) is None


async def test_paid_in_the_last_moment_is_said_loudly() -> None:
    gateway = FakeOptty()
    till, number, _ = await shop(gateway)
    verb = CancelOrRefund(till)
    approval = cancel(await verb.look(number))
    gateway.pay(number)
    outcome = await verb.carry_out(approval)
    assert outcome.ending is Ending.CANCEL_BECAME_REFUND
    assert (await till.find(number)).state is LinkState.REFUNDED
    assert EventKind.CANCEL_BECAME_REFUND in [event.kind for event in await till.timeline(number)]


@pytest.mark.parametrize("is_paid", [False, True])
async def test_a_lost_answer_is_never_sent_again_and_settles_by_reading(is_paid: bool) -> None:
    from optty_desktop.till.follow_status import FollowStatus

    gateway = FakeOptty()
    till, number, _ = await shop(gateway)
    if is_paid:
        gateway.pay(number)
    verb = CancelOrRefund(till)
    look = await verb.look(number)

    async def lose(call: str) -> None:
        if call == "cancel_or_refund":
            raise OutcomeUnknown(Trouble.CUT)

    gateway.after = lose
    outcome = await verb.carry_out(refund(look) if is_paid else cancel(look))
    assert outcome.ending is Ending.UNKNOWN
    assert (await till.find(number)).state is LinkState.UNKNOWN
    with pytest.raises((NotAllowedNow, OperationOpen)):
        await verb.carry_out(refund(look) if is_paid else cancel(look))
    assert gateway.calls.count("cancel_or_refund") == 1

    gateway.accounts[number].has_order = True
    settled = await FollowStatus(till, lambda _line: None, lambda: 1.0).check(number)
    assert settled.state is (LinkState.REFUNDED if is_paid else LinkState.CANCELLED)
    assert await till.open_operation(number) is None


async def test_two_presses_at_once_send_one_call() -> None:
    gateway = FakeOptty()
    till, number, _ = await shop(gateway)
    verb = CancelOrRefund(till)
    approval = cancel(await verb.look(number))
    results = await asyncio.gather(*(verb.carry_out(approval) for _ in range(50)), return_exceptions=True)
    assert gateway.calls.count("cancel_or_refund") == 1
    assert sum(not isinstance(result, BaseException) for result in results) == 1
    refused = [result for result in results if isinstance(result, BaseException)]
    assert all(isinstance(result, OperationOpen | ChangedMeanwhile | NotAllowedNow) for result in refused)


async def test_intent_and_sending_are_on_disk_before_the_call() -> None:
    gateway, journal = FakeOptty(), MemoryJournal()
    till, number, _ = await shop(gateway, journal)
    verb = CancelOrRefund(till)
    look = await verb.look(number)
    seen: list[Stage] = []

    async def note(call: str) -> None:
        if call == "cancel_or_refund":
            seen.extend(operation.stage for operation in await journal.open_operations())

    gateway.before = note
    await verb.carry_out(cancel(look))
    assert seen == [Stage.SENDING]


@pytest.mark.parametrize("error", [Refused(400, ("no",)), NotSent(Trouble.CONNECT)])
async def test_a_refusal_leaves_the_link_as_it_was(error: Exception) -> None:
    gateway = FakeOptty()
    till, number, _ = await shop(gateway)
    verb = CancelOrRefund(till)
    look = await verb.look(number)

    async def fail(_call: str) -> None:
        raise error

    gateway.before = fail
    with pytest.raises(type(error)):
        await verb.carry_out(cancel(look))
    assert (await till.find(number)).state is LinkState.PENDING
    assert await till.open_operation(number) is None


async def test_a_cancelled_task_does_not_drop_the_answer() -> None:
    gateway = FakeOptty()
    till, number, _ = await shop(gateway)
    verb = CancelOrRefund(till)
    look = await verb.look(number)
    is_sent, may_answer = asyncio.Event(), asyncio.Event()

    async def hold(call: str) -> None:
        if call == "cancel_or_refund":
            is_sent.set()
            await may_answer.wait()

    gateway.after = hold
    task = asyncio.ensure_future(verb.carry_out(cancel(look)))
    await is_sent.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    may_answer.set()
    await until(lambda: (row := till.book.find(number)) is not None and row.state is LinkState.CANCELLED)
    assert await till.open_operation(number) is None


async def test_a_link_without_an_order_is_shown_as_last_known() -> None:
    gateway = FakeOptty()
    gateway.names_order = False
    till, number, _ = await shop(gateway)
    verb = CancelOrRefund(till)
    look = await verb.look(number)
    assert look.read_at is None
    assert (await verb.carry_out(cancel(look))).ending is Ending.CANCELLED


async def test_a_look_that_cannot_be_made_raises_and_changes_nothing() -> None:
    gateway = FakeOptty()
    till, number, _ = await shop(gateway)

    async def fail(_call: str) -> None:
        raise NotSent(Trouble.CONNECT)

    gateway.before = fail
    before = await till.find(number)
    with pytest.raises(NotSent):
        await CancelOrRefund(till).look(number)
    assert await till.find(number) == before


async def test_nobody_without_a_name_moves_money() -> None:
    gateway = FakeOptty()
    till, number, _ = await shop(gateway)
    verb = CancelOrRefund(till)
    look = await verb.look(number)
    till.identity = replace(till.identity, operator="")
    with pytest.raises(NotAllowedNow):
        await verb.carry_out(cancel(look))


async def test_a_read_that_crosses_a_cancel_does_not_undo_it() -> None:
    gateway = FakeOptty()
    till, number, _ = await shop(gateway)
    verb = CancelOrRefund(till)
    look = await verb.look(number)
    gateway.start_paying(number)
    is_read, may_answer = asyncio.Event(), asyncio.Event()

    async def hold(call: str) -> None:
        if call == "read":
            is_read.set()
            await may_answer.wait()

    gateway.after = hold
    late_read = asyncio.ensure_future(verb.look(number))
    await is_read.wait()
    gateway.accounts[number].state = LinkState.PENDING
    assert (await verb.carry_out(cancel(look))).ending is Ending.CANCELLED
    may_answer.set()
    await late_read
    assert (await till.find(number)).state is LinkState.CANCELLED


async def test_a_read_while_a_refund_is_on_its_way_leaves_the_row_alone() -> None:
    gateway = FakeOptty()
    till, number, _ = await shop(gateway)
    gateway.pay(number)
    verb = CancelOrRefund(till)
    look = await verb.look(number)
    is_sent, may_answer = asyncio.Event(), asyncio.Event()

    async def hold(call: str) -> None:
        if call == "cancel_or_refund":
            is_sent.set()
            await may_answer.wait()
            raise Refused(400, ("over refund limit",))

    gateway.before = hold
    sending = asyncio.ensure_future(verb.carry_out(refund(look)))
    await is_sent.wait()
    assert (await verb.look(number)).link.state is LinkState.PAID
    may_answer.set()
    with pytest.raises(Refused):
        await sending
    assert (await till.find(number)).state is LinkState.PAID


@pytest.mark.parametrize("is_lost", [False, True])
async def test_an_answer_that_cannot_be_written_is_never_called_not_sent(is_lost: bool) -> None:
    gateway, journal = FakeOptty(), MemoryJournal()
    till, number, _ = await shop(gateway, journal)
    gateway.pay(number)
    verb = CancelOrRefund(till)
    look = await verb.look(number)

    async def fill_the_disk(call: str) -> None:
        if call == "cancel_or_refund":
            journal.fail_with = DiskFull()
            if is_lost:
                raise OutcomeUnknown(Trouble.CUT)

    gateway.after = fill_the_disk
    if is_lost:
        assert (await verb.carry_out(refund(look))).ending is Ending.UNKNOWN
    else:
        with pytest.raises(AnswerNotStored):
            await verb.carry_out(refund(look))
    row = till.book.find(number)
    assert row is not None
    assert row.state is (LinkState.UNKNOWN if is_lost else LinkState.REFUNDED)
    assert [one.stage for one in await journal.open_operations()] == [Stage.SENDING]


async def test_an_older_refund_that_failed_does_not_hide_the_one_under_way() -> None:
    gateway = FakeOptty(THROUGH_ORDER)
    gateway.refund_is_instant = False
    till, number, clock = await shop(gateway)
    gateway.pay(number)
    account = gateway.accounts[number]
    account.failed_refund_at = clock.now()
    clock.advance(60)
    verb = CancelOrRefund(till)
    await verb.carry_out(refund(await verb.look(number)))
    clock.advance(5)

    look = await verb.look(number)
    assert (look.link.state, look.link.note) == (LinkState.PAID, Note.REFUND_ON_ITS_WAY)
    with pytest.raises(NotAllowedNow):
        await verb.carry_out(refund(look))
    assert account.pending_refunds == [18275]

    account.failed_refund_at = clock.now()
    assert (await verb.look(number)).link.note is Note.REFUND_FAILED


async def test_a_refusal_that_cannot_be_written_is_still_the_refusal() -> None:
    gateway, journal = FakeOptty(), MemoryJournal()
    till, number, _ = await shop(gateway, journal)
    verb = CancelOrRefund(till)
    look = await verb.look(number)

    async def fill_the_disk(call: str) -> None:
        if call == "cancel_or_refund":
            journal.fail_with = DiskFull()
            raise Refused(400, ("no",))

    gateway.after = fill_the_disk
    with pytest.raises(Refused):
        await verb.carry_out(cancel(look))
