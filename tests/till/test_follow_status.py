"""Following: reads are the truth, an unknown end is settled by reading, and a dead line is said to be dead."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from optty_desktop.core.errors import (
    AppError,
    NotFound,
    NotSent,
    OutcomeUnknown,
    Refused,
    ScopeRefused,
    SignInRefused,
    TooManyRequests,
    Trouble,
)
from optty_desktop.core.events import EventKind
from optty_desktop.core.links import LinkState, Note
from optty_desktop.core.money import Money
from optty_desktop.core.operations import Operation, OperationKind, Stage
from optty_desktop.till.cancel_or_refund import Approval, CancelOrRefund
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.follow_status import FollowStatus
from optty_desktop.till.line import Line, LineState
from optty_desktop.till.session import Session
from tests.fakes import START, FakeClock, FakeOptty, MemoryJournal, draft, link, session


class Shop:
    """A till with one link and a follower."""

    def __init__(self, journal: MemoryJournal | None = None) -> None:
        self.gateway, self.clock = FakeOptty(), FakeClock()
        self.till: Session = session(self.gateway, journal, self.clock)
        self.lines: list[Line] = []
        self.follow = FollowStatus(self.till, self.lines.append, lambda: 1.0)

    async def make(self) -> str:
        return (await CreateLink(self.till, str).create(draft())).invoice_number

    def fail_with(self, error: AppError | None) -> None:
        async def fail(_call: str) -> None:
            if error is not None:
                raise error

        self.gateway.before = fail


async def test_a_payment_is_followed_from_start_to_refund() -> None:
    shop = Shop()
    number = await shop.make()
    assert (await shop.follow.check(number)).state is LinkState.PENDING
    shop.gateway.start_paying(number)
    assert (await shop.follow.check(number)).state is LinkState.IN_PROGRESS
    shop.gateway.decline(number)
    assert (await shop.follow.check(number)).state is LinkState.DECLINED
    shop.gateway.pay(number)
    assert (await shop.follow.check(number)).state is LinkState.PAID
    kinds = [event.kind for event in await shop.till.timeline(number)]
    assert kinds[:3] == [EventKind.PAID, EventKind.PAYMENT_DECLINED, EventKind.PAYMENT_STARTED]


async def test_a_read_that_changes_nothing_writes_nothing() -> None:
    shop = Shop()
    number = await shop.make()
    assert isinstance(shop.till.journal, MemoryJournal)
    before = len(shop.till.journal.commits)
    await shop.follow.check(number)
    assert len(shop.till.journal.commits) == before


async def test_a_paid_amount_that_differs_needs_check() -> None:
    shop = Shop()
    number = await shop.make()
    shop.gateway.accounts[number].price = Money(18274, "USD")
    shop.gateway.pay(number)
    after = await shop.follow.check(number)
    assert (after.state, after.note) == (LinkState.UNKNOWN, Note.AMOUNT_DIFFERS)


async def test_money_on_a_cancelled_link_is_paid_late() -> None:
    shop = Shop()
    number = await shop.make()
    verb = CancelOrRefund(shop.till)
    look = await verb.look(number)
    await verb.carry_out(Approval(OperationKind.CANCEL, look, look.link.amount))
    shop.gateway.pay(number)
    after = await shop.follow.check(number)
    assert (after.state, after.note) == (LinkState.PAID, Note.PAID_LATE)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (NotSent(Trouble.CONNECT), LineState.OFFLINE),
        (OutcomeUnknown(Trouble.SERVER, status=503, retry_after=7.0), LineState.BUSY),
        (TooManyRequests(429, retry_after=9.0), LineState.BUSY),
    ],
)
async def test_trouble_is_shown_with_the_next_try(error: AppError, state: LineState) -> None:
    shop = Shop()
    number = await shop.make()
    shop.fail_with(error)
    with pytest.raises(type(error)):
        await shop.follow.check(number)
    assert shop.lines[-1].state is state
    wait = getattr(error, "retry_after", None) or 2.0
    assert shop.lines[-1].next_try_at == shop.clock.monotonic() + wait
    shop.fail_with(None)
    await shop.follow.check(number)
    assert shop.lines[-1] == Line(LineState.ONLINE, shop.clock.monotonic())


@pytest.mark.parametrize(
    "error",
    [
        Refused(400, ("no",)),
        OutcomeUnknown(Trouble.SERVER, status=500),
        OutcomeUnknown(Trouble.BAD_ANSWER, status=200),
        NotSent(Trouble.BAD_ANSWER),
    ],
)
async def test_trouble_with_one_order_is_no_trouble_of_the_line(error: AppError) -> None:
    shop = Shop()
    number = await shop.make()
    shop.fail_with(error)
    with pytest.raises(type(error)):
        await shop.follow.check(number)
    assert shop.follow.line.state is LineState.ONLINE


@pytest.mark.parametrize("error", [ScopeRefused(403), SignInRefused(401)])
async def test_an_account_that_may_not_read_is_said_and_its_age_grows(error: AppError) -> None:
    shop = Shop()
    number = await shop.make()
    await shop.follow.check(number)
    contact = shop.follow.line.last_contact
    shop.clock.advance(60)
    shop.fail_with(error)
    with pytest.raises(type(error)):
        await shop.follow.check(number)
    assert shop.follow.line == Line(LineState.UNREADABLE, contact, shop.clock.monotonic() + 60.0)
    shop.fail_with(None)
    await shop.follow.check(number)
    assert shop.follow.line.state is LineState.ONLINE


async def test_check_all_stops_at_a_dead_line_and_passes_refusals() -> None:
    shop = Shop()
    for _ in range(3):
        await shop.make()
    shop.gateway.calls.clear()
    shop.fail_with(Refused(400, ("odd",)))
    await shop.follow.check_all()
    assert shop.gateway.calls.count("read") == 3
    shop.gateway.calls.clear()
    shop.clock.advance(3)
    shop.fail_with(NotSent(Trouble.CONNECT))
    await shop.follow.check_all()
    assert shop.gateway.calls.count("read") == 1


async def test_many_presses_of_check_make_one_round_of_few_reads() -> None:
    shop = Shop()
    for _ in range(30):
        await shop.make()
    shop.gateway.calls.clear()
    await asyncio.gather(*(shop.follow.check_all() for _ in range(6)))
    assert shop.gateway.calls.count("read") == 15


async def test_check_again_and_again_keeps_to_the_ceiling_and_lets_each_link_rest() -> None:
    shop = Shop()
    for _ in range(20):
        await shop.make()
    shop.gateway.calls.clear()
    await shop.follow.check_all()
    await shop.follow.check_all()
    assert shop.gateway.calls.count("read") == 20
    for _ in range(8):
        shop.clock.advance(3)
        await shop.follow.check_all()
    # What is left of the ceiling is kept free for the link on the screen, and given out as the minute goes by.
    assert shop.gateway.calls.count("read") == 24
    shop.clock.advance(60)
    await shop.follow.check_all()
    assert shop.gateway.calls.count("read") == 39


def interrupted(stage: Stage, kind: OperationKind, number: str) -> Operation:
    return Operation(
        "op-1", number, kind, stage, Money(18275, "USD"), LinkState.PENDING, "Cashier 1", START, START, body=b"[]"
    )


@pytest.mark.parametrize("kind", list(OperationKind))
async def test_after_a_stop_a_sending_needs_check_and_is_not_sent_again(kind: OperationKind) -> None:
    journal = MemoryJournal()
    await journal.commit(link("T2-1"), interrupted(Stage.SENDING, kind, "T2-1"))
    shop = Shop(journal)
    assert await shop.follow.take_up() == 1
    assert (await shop.till.find("T2-1")).state is LinkState.UNKNOWN
    assert [one.stage for one in await journal.open_operations()] == [Stage.UNKNOWN]
    assert shop.gateway.calls == []


async def test_after_a_stop_an_intent_that_never_left_is_over() -> None:
    journal = MemoryJournal()
    await journal.commit(link("T2-1"), interrupted(Stage.INTENT, OperationKind.CANCEL, "T2-1"))
    shop = Shop(journal)
    assert await shop.follow.take_up() == 0
    assert await journal.open_operations() == []
    row = shop.till.book.find("T2-1")
    assert row is not None
    assert row.state is LinkState.PENDING


async def doubtful(shop: Shop, kind: OperationKind) -> str:
    """A link whose cancel or refund got lost before the service saw it."""
    number = await shop.make()
    if kind is OperationKind.REFUND:
        shop.gateway.pay(number)
    verb = CancelOrRefund(shop.till)
    look = await verb.look(number)

    async def lose(call: str) -> None:
        if call == "cancel_or_refund":
            raise OutcomeUnknown(Trouble.TIMEOUT)

    shop.gateway.before = lose
    await verb.carry_out(Approval(kind, look, look.link.amount, "Paid twice"))
    shop.gateway.before = None
    return number


async def test_an_untouched_refund_stays_doubtful_ten_minutes_then_is_over() -> None:
    shop = Shop()
    number = await doubtful(shop, OperationKind.REFUND)
    assert (await shop.follow.check(number)).state is LinkState.UNKNOWN
    shop.clock.advance(599)
    assert (await shop.follow.check(number)).state is LinkState.UNKNOWN
    shop.clock.advance(2)
    after = await shop.follow.check(number)
    assert (after.state, after.note) == (LinkState.PAID, None)
    assert await shop.till.open_operation(number) is None
    assert EventKind.REFUND_DID_NOT_HAPPEN in [event.kind for event in await shop.till.timeline(number)]


async def test_an_unanswered_cancel_that_paid_back_is_called_what_it_is() -> None:
    shop = Shop()
    number = await doubtful(shop, OperationKind.CANCEL)
    account = shop.gateway.accounts[number]
    shop.gateway.pay(number)
    account.refunds.append(18275)
    after = await shop.follow.check(number)
    assert after.state is LinkState.REFUNDED
    assert EventKind.CANCEL_BECAME_REFUND in [event.kind for event in await shop.till.timeline(number)]


async def test_an_unanswered_cancel_without_an_order_proves_nothing() -> None:
    shop = Shop()
    number = await doubtful(shop, OperationKind.CANCEL)
    shop.clock.advance(3600)
    assert (await shop.follow.check(number)).state is LinkState.UNKNOWN
    assert await shop.till.open_operation(number) is not None


async def test_a_link_without_an_order_reference_cannot_be_read() -> None:
    shop = Shop()
    shop.gateway.names_order = False
    number = await shop.make()
    shop.gateway.calls.clear()
    assert (await shop.follow.check(number)).state is LinkState.PENDING
    assert shop.gateway.calls == []


async def test_an_attempt_the_customer_stopped_leaves_the_link_pending() -> None:
    shop = Shop()
    number = await shop.make()
    row = await shop.till.find(number)
    await shop.till.record(replace(row, state=LinkState.IN_PROGRESS))
    shop.fail_with(NotFound(404, ("Order not found",)))
    assert (await shop.follow.check(number)).state is LinkState.PENDING
