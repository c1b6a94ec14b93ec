"""Creating: one number per intent, on disk first, never a second link, and honest about a lost answer."""

from __future__ import annotations

import pytest

from optty_desktop.core.errors import (
    AboveLimit,
    AnswerNotStored,
    DiskFull,
    NotAllowedNow,
    NotSent,
    OutcomeUnknown,
    Refused,
    Trouble,
    UnsafeLink,
)
from optty_desktop.core.events import EventKind
from optty_desktop.core.links import LinkState, Note
from optty_desktop.core.money import Money
from optty_desktop.core.operations import OperationKind, Stage
from optty_desktop.till.create_link import CreateLink
from tests.fakes import FakeOptty, MemoryJournal, draft, session


def described(reference: str) -> str:
    return f"Payment for {reference}"


async def test_a_created_link_is_pending_on_the_table_and_on_disk() -> None:
    till = session()
    made = await CreateLink(till, described).create(draft())
    assert made.state is LinkState.PENDING
    assert made.url == f"http://127.0.0.1:1/pay/{made.invoice_number}"
    assert till.book.find(made.invoice_number) == made
    assert await till.journal.link(made.invoice_number) == made
    kinds = [event.kind for event in await till.timeline(made.invoice_number)]
    assert kinds == [EventKind.CREATED, EventKind.CREATE_SENT]


async def test_the_intent_is_on_disk_before_the_first_byte_leaves() -> None:
    journal, gateway = MemoryJournal(), FakeOptty()
    seen: list[Stage] = []

    async def look(_call: str) -> None:
        seen.extend(operation.stage for operation in await journal.open_operations())

    gateway.before = look
    await CreateLink(session(gateway, journal), described).create(draft())
    assert seen == [Stage.SENDING]
    assert len(journal.commits) == 2


async def test_empty_reference_and_description_fall_back() -> None:
    till = session()
    made = await CreateLink(till, described).create(draft(reference=" ", description=""))
    assert made.reference == made.invoice_number
    assert made.description == f"Payment for {made.invoice_number}"


async def test_the_customer_mail_stands_in_the_timeline_only_when_it_was_asked_for() -> None:
    till = session()
    made = await CreateLink(till, described).create(draft(email_customer=True))
    assert EventKind.EMAILED in [event.kind for event in await till.timeline(made.invoice_number)]


@pytest.mark.parametrize(
    ("error", "stage"),
    [(NotSent(Trouble.CONNECT), Stage.NOT_SENT), (Refused(400, ("price must be positive",)), Stage.REFUSED)],
)
async def test_nothing_stays_on_the_table_when_nothing_was_made(error: Exception, stage: Stage) -> None:
    gateway, journal = FakeOptty(), MemoryJournal()
    till = session(gateway, journal)

    async def fail(_call: str) -> None:
        raise error

    gateway.before = fail
    with pytest.raises(type(error)):
        await CreateLink(till, described).create(draft())
    assert len(till.book) == 0
    assert journal.saved == {}
    assert [operation.stage for operation in journal.kept.values()] == [stage]


async def test_without_room_on_the_disk_nothing_is_sent() -> None:
    gateway, journal = FakeOptty(), MemoryJournal()
    journal.fail_with = DiskFull()
    with pytest.raises(DiskFull):
        await CreateLink(session(gateway, journal), described).create(draft())
    assert gateway.calls == []


def lose_answers(gateway: FakeOptty, count: int) -> None:
    async def lose(_call: str) -> None:
        nonlocal count
        if count:
            count -= 1
            raise OutcomeUnknown(Trouble.CUT, details={"exchange": "5F-20C7"})

    gateway.after = lose


async def test_a_lost_answer_needs_check_and_a_person_repeats_the_same_bytes() -> None:
    gateway = FakeOptty()
    till = session(gateway)
    verb = CreateLink(till, described)

    async def lose_before(_call: str) -> None:
        gateway.before = None
        raise OutcomeUnknown(Trouble.TIMEOUT)

    gateway.before = lose_before
    with pytest.raises(OutcomeUnknown):
        await verb.create(draft())
    (row,) = till.book
    assert (row.state, row.note) == (LinkState.UNKNOWN, Note.NOT_CONFIRMED)

    made = await verb.repeat(row.invoice_number)
    assert made.state is LinkState.PENDING
    assert gateway.bodies[0] == gateway.bodies[1]
    assert len(gateway.accounts) == 1
    assert await till.open_operation(row.invoice_number) is None


async def test_exists_already_is_not_believed_without_a_read() -> None:
    gateway = FakeOptty()
    till = session(gateway)
    verb = CreateLink(till, described)
    lose_answers(gateway, 1)
    with pytest.raises(OutcomeUnknown):
        await verb.create(draft())
    (row,) = till.book
    with pytest.raises(OutcomeUnknown):
        await verb.repeat(row.invoice_number)
    after = await till.find(row.invoice_number)
    assert (after.state, after.note) == (LinkState.UNKNOWN, Note.ADDRESS_LOST)
    assert len(gateway.accounts) == 1


async def test_exists_already_counts_when_the_read_amount_agrees() -> None:
    gateway = FakeOptty()
    till = session(gateway)
    verb = CreateLink(till, described)
    lose_answers(gateway, 1)
    with pytest.raises(OutcomeUnknown):
        await verb.create(draft())
    (row,) = till.book
    gateway.pay(row.invoice_number)
    after = await verb.repeat(row.invoice_number)
    assert after.state is LinkState.PAID
    assert after.paid == draft().amount


async def test_exists_already_with_another_amount_needs_check() -> None:
    gateway = FakeOptty()
    till = session(gateway)
    verb = CreateLink(till, described)
    lose_answers(gateway, 1)
    with pytest.raises(OutcomeUnknown):
        await verb.create(draft())
    (row,) = till.book
    gateway.accounts[row.invoice_number].price = Money(100, "USD")
    gateway.pay(row.invoice_number)
    with pytest.raises(OutcomeUnknown):
        await verb.repeat(row.invoice_number)
    after = await till.find(row.invoice_number)
    assert (after.state, after.note) == (LinkState.UNKNOWN, Note.AMOUNT_DIFFERS)


async def test_a_refused_repeat_leaves_the_row_to_check() -> None:
    gateway = FakeOptty()
    till = session(gateway)
    verb = CreateLink(till, described)
    lose_answers(gateway, 1)
    with pytest.raises(OutcomeUnknown):
        await verb.create(draft())
    (row,) = till.book

    async def no_line(_call: str) -> None:
        raise NotSent(Trouble.CONNECT)

    gateway.before = no_line
    with pytest.raises(NotSent):
        await verb.repeat(row.invoice_number)
    assert (await till.find(row.invoice_number)).state is LinkState.UNKNOWN
    open_one = await till.open_operation(row.invoice_number)
    assert open_one is not None
    assert open_one.kind is OperationKind.CREATE


async def test_a_settled_create_cannot_be_repeated() -> None:
    till = session()
    verb = CreateLink(till, described)
    made = await verb.create(draft())
    with pytest.raises(NotAllowedNow):
        await verb.repeat(made.invoice_number)


async def test_an_unsafe_address_is_held_back_but_the_link_is_known() -> None:
    gateway = FakeOptty()
    till = session(gateway)

    async def unsafe(_call: str) -> None:
        error = UnsafeLink("host", "evil.example")
        error.order_reference = "HPP-7"
        raise error

    gateway.after = unsafe
    with pytest.raises(UnsafeLink):
        await CreateLink(till, described).create(draft())
    (row,) = till.book
    assert (row.state, row.note, row.url) == (LinkState.PENDING, Note.ADDRESS_HELD_BACK, None)
    assert row.order_reference == "HPP-7"


async def test_a_link_that_cannot_be_written_down_is_on_the_table_and_said_to_exist() -> None:
    gateway, journal = FakeOptty(), MemoryJournal()
    till = session(gateway, journal)

    async def fill_the_disk(_call: str) -> None:
        journal.fail_with = DiskFull()

    gateway.after = fill_the_disk
    with pytest.raises(AnswerNotStored):
        await CreateLink(till, described).create(draft())
    (row,) = till.book
    assert (row.state, row.url is None) == (LinkState.PENDING, False)
    assert [one.stage for one in await journal.open_operations()] == [Stage.SENDING]


async def test_a_link_above_the_limit_is_not_even_written_down() -> None:
    gateway, journal = FakeOptty(), MemoryJournal()
    verb = CreateLink(session(gateway, journal), described, lambda currency: Money(100, currency))
    with pytest.raises(AboveLimit) as caught:
        await verb.create(draft())
    assert caught.value.limit == Money(100, "USD")
    assert not gateway.calls
    assert not journal.saved


async def test_a_limit_that_came_after_the_first_try_holds_for_the_second() -> None:
    gateway = FakeOptty()
    till = session(gateway)

    async def lose_once(_call: str) -> None:
        gateway.before = None
        raise OutcomeUnknown(Trouble.TIMEOUT)

    gateway.before = lose_once
    with pytest.raises(OutcomeUnknown):
        await CreateLink(till, described).create(draft())
    (row,) = till.book
    sent, timeline = list(gateway.calls), await till.timeline(row.invoice_number)
    limited = CreateLink(till, described, lambda currency: Money(100, currency))
    with pytest.raises(AboveLimit) as caught:
        await limited.repeat(row.invoice_number)
    assert caught.value.limit == Money(100, "USD")
    assert gateway.calls == sent
    assert await till.find(row.invoice_number) == row
    assert await till.timeline(row.invoice_number) == timeline, "nothing is said to have been sent"
    again = CreateLink(till, described, lambda currency: row.amount)
    assert (await again.repeat(row.invoice_number)).state is LinkState.PENDING
