"""Settling by hand: only what has no answer, only with a reason, in the name of the person, and never too early."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from optty_desktop.core.errors import NotAllowedNow, OutcomeUnknown, TooEarly, Trouble
from optty_desktop.core.events import EventKind
from optty_desktop.core.links import LinkState, Note, Source, may_cancel, may_refund
from optty_desktop.core.money import Money
from optty_desktop.core.operations import Operation, OperationKind, Stage
from optty_desktop.till.cancel_or_refund import Approval, CancelOrRefund
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.read_link import read_link
from optty_desktop.till.session import Session
from optty_desktop.till.settle_by_hand import FINDINGS, LONGEST_REASON, Found, SettleByHand
from tests.fakes import THROUGH_ORDER, FakeClock, FakeOptty, MemoryJournal, draft, session

REASON = "Seen in the merchant portal"


class Doubt:
    """A till with one operation whose answer was lost, and ten minutes behind it."""

    def __init__(self) -> None:
        self.gateway, self.journal, self.clock = FakeOptty(THROUGH_ORDER), MemoryJournal(), FakeClock()
        self.till: Session = session(self.gateway, self.journal, self.clock)
        self.verb = SettleByHand(self.till)
        self.number = ""

    async def about(self, kind: OperationKind, *, part: int | None = None, waited: float = 600) -> Operation:
        """Lose the answer to an operation of this kind."""
        if kind is not OperationKind.CREATE:
            self.number = (await CreateLink(self.till, str).create(draft())).invoice_number
        if kind is OperationKind.REFUND:
            self.gateway.pay(self.number)
        self.gateway.after = self._lose
        if kind is OperationKind.CREATE:
            with pytest.raises(OutcomeUnknown):
                await CreateLink(self.till, str).create(draft())
            (row,) = self.till.book
            self.number = row.invoice_number
        else:
            verb = CancelOrRefund(self.till)
            look = await verb.look(self.number)
            amount = look.link.amount if part is None else Money(part, "USD")
            await verb.carry_out(Approval(kind, look, amount, "Paid twice"))
        self.gateway.after = None
        self.clock.advance(waited)
        operation = await self.till.open_operation(self.number)
        assert operation is not None
        return operation

    async def _lose(self, call: str) -> None:
        if call != "read":
            raise OutcomeUnknown(Trouble.CUT)


@pytest.mark.parametrize(
    ("kind", "found", "state", "note"),
    [
        (OperationKind.CREATE, Found.EXISTS, LinkState.PENDING, Note.ADDRESS_LOST),
        (OperationKind.CREATE, Found.DOES_NOT_EXIST, LinkState.CANCELLED, None),
        (OperationKind.CANCEL, Found.CANCELLED, LinkState.CANCELLED, None),
        (OperationKind.CANCEL, Found.STILL_OPEN, LinkState.PENDING, None),
        (OperationKind.CANCEL, Found.REFUNDED, LinkState.REFUNDED, None),
        (OperationKind.REFUND, Found.REFUNDED, LinkState.REFUNDED, None),
        (OperationKind.REFUND, Found.NOT_REFUNDED, LinkState.PAID, None),
    ],
)
async def test_each_finding_closes_its_operation(
    kind: OperationKind, found: Found, state: LinkState, note: Note | None
) -> None:
    doubt = Doubt()
    operation = await doubt.about(kind)
    after = await doubt.verb.settle(doubt.number, found, REASON)
    assert (after.state, after.note) == (state, note)
    assert after.evidence.source is Source.BY_HAND
    assert await doubt.till.open_operation(doubt.number) is None
    ended = doubt.journal.kept[operation.operation_id]
    assert (ended.stage, ended.outcome) == (Stage.SETTLED, "by hand")
    event = next(one for one in await doubt.till.timeline(doubt.number) if one.kind is EventKind.SETTLED_BY_HAND)
    assert (event.actor, dict(event.facts)) == ("Cashier 1", {"found": found.value, "reason": REASON})


def test_every_kind_of_operation_has_findings() -> None:
    assert set(FINDINGS) == set(OperationKind)
    assert {found for findings in FINDINGS.values() for found in findings} == set(Found)


async def test_a_link_that_does_not_exist_leaves_the_record() -> None:
    doubt = Doubt()
    await doubt.about(OperationKind.CREATE)
    await doubt.verb.settle(doubt.number, Found.DOES_NOT_EXIST, REASON)
    assert await doubt.journal.link(doubt.number) is None
    assert [one.kind for one in await doubt.journal.timeline(doubt.number)][-1] is EventKind.SETTLED_BY_HAND


async def test_a_cancel_that_paid_back_is_called_what_it_is() -> None:
    doubt = Doubt()
    await doubt.about(OperationKind.CANCEL)
    after = await doubt.verb.settle(doubt.number, Found.REFUNDED, REASON)
    assert (after.refunded_minor, after.refundable.minor) == (18275, 0)
    assert EventKind.CANCEL_BECAME_REFUND in [one.kind for one in await doubt.till.timeline(doubt.number)]


async def test_a_part_adds_up_and_what_was_not_paid_back_may_be_paid_back() -> None:
    doubt = Doubt()
    await doubt.about(OperationKind.REFUND, part=5000)
    after = await doubt.verb.settle(doubt.number, Found.REFUNDED, REASON)
    assert (after.note, after.refunded_minor, after.refundable.minor) == (Note.PART_REFUNDED, 5000, 13275)

    other = Doubt()
    await other.about(OperationKind.REFUND)
    assert may_refund(await other.verb.settle(other.number, Found.NOT_REFUNDED, REASON))


async def test_what_a_read_has_seen_already_is_not_counted_twice_and_a_later_sum_corrects_it() -> None:
    doubt = Doubt()
    await doubt.about(OperationKind.REFUND, part=10000)
    # The service kept a fee: no read accounts for all of it.
    account = doubt.gateway.accounts[doubt.number]
    account.refunds = [9700]
    assert (await read_link(doubt.till, doubt.number)).refunded_minor == 9700
    after = await doubt.verb.settle(doubt.number, Found.REFUNDED, REASON)
    assert (after.note, after.refunded_minor) == (Note.PART_REFUNDED, 10000)

    account.refunds = []
    await read_link(doubt.till, doubt.number)
    account.refunds = [9700]
    corrected = await read_link(doubt.till, doubt.number)
    assert (corrected.state, corrected.refunded_minor) == (LinkState.REFUNDED, 9700)
    assert corrected.evidence.source is Source.ORDER_READ


async def test_no_more_has_gone_back_than_was_paid() -> None:
    doubt = Doubt()
    await doubt.about(OperationKind.REFUND, part=10000)
    doubt.gateway.accounts[doubt.number].refunds = [9700]
    operation = await doubt.till.open_operation(doubt.number)
    assert operation is not None
    await doubt.journal.commit(replace(operation, refunded_before=9700))
    after = await doubt.verb.settle(doubt.number, Found.REFUNDED, REASON)
    assert (after.state, after.note, after.refunded_minor) == (LinkState.REFUNDED, None, 18275)


async def test_what_was_not_paid_back_leaves_what_a_read_has_seen() -> None:
    doubt = Doubt()
    await doubt.about(OperationKind.REFUND, part=10000)
    doubt.gateway.accounts[doubt.number].refunds = [1000]
    await read_link(doubt.till, doubt.number)
    after = await doubt.verb.settle(doubt.number, Found.NOT_REFUNDED, REASON)
    assert (after.note, after.refunded_minor) == (Note.PART_REFUNDED, 1000)


async def test_what_exists_without_an_address_can_be_cancelled() -> None:
    doubt = Doubt()
    await doubt.about(OperationKind.CREATE)
    assert may_cancel(await doubt.verb.settle(doubt.number, Found.EXISTS, REASON))


@pytest.mark.parametrize("reason", ["", "  \n "])
async def test_nothing_is_settled_without_a_reason(reason: str) -> None:
    doubt = Doubt()
    await doubt.about(OperationKind.CANCEL)
    with pytest.raises(NotAllowedNow):
        await doubt.verb.settle(doubt.number, Found.CANCELLED, reason)
    assert await doubt.till.open_operation(doubt.number) is not None


async def test_a_long_reason_is_cut_and_stays_one_line() -> None:
    doubt = Doubt()
    await doubt.about(OperationKind.CANCEL)
    await doubt.verb.settle(doubt.number, Found.CANCELLED, "Seen\nin " + "the portal " * 50)
    event = next(one for one in doubt.journal.events if one.kind is EventKind.SETTLED_BY_HAND)
    assert len(event.facts["reason"]) == LONGEST_REASON
    assert event.facts["reason"].startswith("Seen in the portal")


async def test_only_an_operation_without_an_answer_is_settled_and_only_by_somebody() -> None:
    doubt = Doubt()
    made = await CreateLink(doubt.till, str).create(draft())
    with pytest.raises(NotAllowedNow):
        await doubt.verb.settle(made.invoice_number, Found.EXISTS, REASON)

    operation = await doubt.about(OperationKind.CANCEL)
    await doubt.journal.commit(replace(operation, stage=Stage.SENDING))
    with pytest.raises(NotAllowedNow):
        await doubt.verb.settle(doubt.number, Found.CANCELLED, REASON)

    await doubt.journal.commit(operation)
    doubt.till.identity = replace(doubt.till.identity, operator="")
    with pytest.raises(NotAllowedNow):
        await doubt.verb.settle(doubt.number, Found.CANCELLED, REASON)


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (OperationKind.CANCEL, Found.EXISTS),
        (OperationKind.REFUND, Found.CANCELLED),
        (OperationKind.CREATE, Found.REFUNDED),
    ],
)
async def test_a_finding_of_another_kind_is_refused(kind: OperationKind, found: Found) -> None:
    doubt = Doubt()
    await doubt.about(kind)
    with pytest.raises(NotAllowedNow):
        await doubt.verb.settle(doubt.number, found, REASON)


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (OperationKind.CREATE, Found.DOES_NOT_EXIST),
        (OperationKind.CANCEL, Found.STILL_OPEN),
        (OperationKind.REFUND, Found.NOT_REFUNDED),
    ],
)
async def test_nothing_happened_is_believed_ten_minutes_after_the_call(kind: OperationKind, found: Found) -> None:
    doubt = Doubt()
    operation = await doubt.about(kind)
    doubt.clock.advance(-1)
    assert doubt.verb.wait(operation, found) == timedelta(seconds=1)
    with pytest.raises(TooEarly):
        await doubt.verb.settle(doubt.number, found, REASON)
    doubt.clock.advance(1)
    await doubt.verb.settle(doubt.number, found, REASON)


async def test_a_clock_that_is_set_forward_shortens_no_wait() -> None:
    doubt = Doubt()
    await doubt.about(OperationKind.REFUND, waited=300)
    doubt.clock.set_forward(900)
    with pytest.raises(TooEarly):
        await doubt.verb.settle(doubt.number, Found.NOT_REFUNDED, REASON)
    doubt.clock.advance(300)
    await doubt.verb.settle(doubt.number, Found.NOT_REFUNDED, REASON)


@pytest.mark.parametrize("clock_set_by", [0, -86400])
async def test_a_start_in_between_neither_loses_nor_invents_time(clock_set_by: float) -> None:
    doubt = Doubt()
    operation = await doubt.about(OperationKind.REFUND, waited=300)
    doubt.clock.set_forward(clock_set_by)
    verb = SettleByHand(session(doubt.gateway, doubt.journal, doubt.clock))
    doubt.clock.set_forward(900)
    left = timedelta(seconds=300 if clock_set_by == 0 else 600)
    assert verb.wait(operation, Found.NOT_REFUNDED) == left
    with pytest.raises(TooEarly):
        await verb.settle(doubt.number, Found.NOT_REFUNDED, REASON)
    doubt.clock.advance(left.total_seconds())
    await verb.settle(doubt.number, Found.NOT_REFUNDED, REASON)


async def test_a_create_sent_again_waits_anew() -> None:
    doubt = Doubt()
    await doubt.about(OperationKind.CREATE, waited=0)
    with pytest.raises(TooEarly):
        await doubt.verb.settle(doubt.number, Found.DOES_NOT_EXIST, REASON)
    doubt.clock.advance(600)
    doubt.gateway.before = doubt._lose
    with pytest.raises(OutcomeUnknown):
        await CreateLink(doubt.till, str).repeat(doubt.number)
    doubt.gateway.before = None
    with pytest.raises(TooEarly):
        await doubt.verb.settle(doubt.number, Found.DOES_NOT_EXIST, REASON)


async def test_only_what_has_no_answer_may_be_closed() -> None:
    doubt = Doubt()
    operation = await doubt.about(OperationKind.REFUND)
    assert await doubt.verb.unanswered(doubt.number) == operation
    await doubt.journal.commit(replace(operation, stage=Stage.SENDING))
    assert await doubt.verb.unanswered(doubt.number) is None
    await doubt.journal.commit(operation)
    await doubt.verb.settle(doubt.number, Found.REFUNDED, REASON)
    assert await doubt.verb.unanswered(doubt.number) is None
