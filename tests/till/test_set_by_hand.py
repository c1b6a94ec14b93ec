"""Set by hand: only what cannot be read, with a name and a reason, in no sum, and only until a read says more."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.core.errors import (
    AppError,
    DiskFull,
    NoRight,
    NotAllowedNow,
    NotSent,
    OutcomeUnknown,
    Refused,
    ScopeRefused,
    Trouble,
)
from optty_desktop.core.events import EventKind
from optty_desktop.core.hints import HintSource, ReadWish
from optty_desktop.core.links import LinkState, Note, PaymentLink, Source, may_cancel, may_refund
from optty_desktop.core.money import Money
from optty_desktop.core.ports import OrderReading
from optty_desktop.core.readings import learn, no_order_yet
from optty_desktop.till.claimed_order import look_at_order
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.read_link import read_link
from optty_desktop.till.session import Session, TillIdentity
from optty_desktop.till.set_by_hand import STATES, TAKEN_BACK, SetByHand
from optty_desktop.till.settle_by_hand import LONGEST_REASON
from tests.fakes import START, FakeClock, FakeOptty, MemoryJournal, counted_bytes, draft, link, session
from tests.till.hinted_till import Till as HintedTill
from tests.till.hinted_till import hint, in_no_time

REASON = "Seen in the merchant portal"
NUMBER = "T2-1"
S = LinkState


class Till:
    """A till with one link on the table, whose order the service has not named."""

    def __init__(self, kept: PaymentLink | None = None) -> None:
        self.gateway, self.journal, self.clock = FakeOptty(), MemoryJournal(), FakeClock()
        self.session: Session = session(self.gateway, self.journal, self.clock)
        self.verb = SetByHand(self.session)
        one = kept or link(NUMBER, order_reference=None)
        self.journal.saved[NUMBER] = one
        self.session.book.put(one)

    async def refuse_reads(self) -> None:
        """The service says once that this account may not read orders."""

        async def refuse(call: str) -> None:
            raise ScopeRefused(403)

        self.gateway.before = refuse
        with pytest.raises(ScopeRefused):
            await read_link(self.session, NUMBER)
        self.gateway.before = None


@pytest.mark.parametrize("state", STATES)
async def test_what_a_person_says_is_recorded_with_name_and_reason(state: LinkState) -> None:
    till = Till()
    after = await till.verb.set(NUMBER, state, f"  {REASON} ")
    assert (after.state, after.note, after.evidence.source) == (state, Note.SET_BY_HAND, Source.BY_HAND)
    assert (await till.journal.link(NUMBER)) == after
    (event,) = await till.session.timeline(NUMBER)
    assert (event.kind, event.actor) == (EventKind.SET_BY_HAND, "Cashier 1")
    assert dict(event.facts) == {"was": "pending", "now": state.value, "reason": REASON}
    assert till.gateway.calls == []


async def test_no_money_of_it_is_known_and_none_is_paid_back_from_here() -> None:
    after = await Till().verb.set(NUMBER, S.PAID, REASON)
    assert (after.paid, after.paid_at, after.refundable.minor) == (None, None, 0)
    assert not may_refund(after)
    assert not may_cancel(after)


@pytest.mark.parametrize(
    ("kept", "offered"),
    [
        (link(NUMBER, order_reference=None), STATES),
        (link(NUMBER, S.UNKNOWN, order_reference=None), STATES),
        (link(NUMBER, order_reference=None, note=Note.REPORTED), STATES),
        (link(NUMBER), ()),
        (link(NUMBER, S.PAID, order_reference=None), ()),
        (link(NUMBER, S.CANCELLED, order_reference=None), ()),
        (link(NUMBER, S.UNKNOWN, order_reference=None, note=Note.AMOUNT_DIFFERS), ()),
        (link(NUMBER, S.PAID, order_reference=None, paid=None, note=Note.SET_BY_HAND), (*STATES[1:], TAKEN_BACK)),
    ],
)
async def test_it_is_offered_only_where_nothing_was_read_and_nothing_can_be(
    kept: PaymentLink, offered: tuple[LinkState, ...]
) -> None:
    assert await Till(kept).verb.choices(NUMBER) == offered


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("note", [None, Note.REPORTED, Note.ADDRESS_LOST])
async def test_what_was_said_by_mistake_is_taken_back_and_the_link_can_be_cancelled(
    state: LinkState, note: Note | None
) -> None:
    till = Till(link(NUMBER, order_reference=None, note=note))
    await till.verb.set(NUMBER, S.EXPIRED if state is S.PAID else S.PAID, "The wrong row")
    await till.verb.set(NUMBER, state, "The wrong row again")
    after = await till.verb.set(NUMBER, TAKEN_BACK, REASON)
    assert (after.state, after.note, after.is_set_by_hand) == (S.PENDING, note, False)
    assert may_cancel(after)
    event = (await till.session.timeline(NUMBER))[0]
    assert dict(event.facts) == {"was": state.value, "now": "pending", "reason": REASON}
    assert TAKEN_BACK not in await till.verb.choices(NUMBER)


async def test_a_refused_scope_opens_it_and_a_read_that_works_closes_it_again() -> None:
    till = Till(link(NUMBER))
    await till.refuse_reads()
    assert await till.verb.choices(NUMBER) == STATES
    await read_link(till.session, NUMBER)
    assert await till.verb.choices(NUMBER) == ()


async def test_an_order_that_a_hint_has_named_is_read_first() -> None:
    till = Till()
    wish = ReadWish(NUMBER, "HPP-7")
    await till.journal.take_hints(HintSource.PASTED, (wish,))
    assert await till.verb.choices(NUMBER) == ()
    await till.journal.grant_wishes(*await till.journal.read_wishes(NUMBER))
    assert await till.verb.choices(NUMBER) == STATES


class RefusedTill(HintedTill):
    """A till all of whose reads are refused."""

    def __init__(self, refused: AppError) -> None:
        super().__init__()
        self.trouble = refused
        self.verb = SetByHand(self.session)


REFUSALS = [ScopeRefused(403), Refused(400), OutcomeUnknown(Trouble.SERVER, status=500)]


@pytest.mark.parametrize("refused", REFUSALS)
def test_an_order_that_the_service_does_not_show_keeps_nobody_from_saying_what_they_see(refused: AppError) -> None:
    """The shop that this is made for: its account may read nothing, and its relay names an order."""

    @in_no_time
    async def test() -> None:
        till = RefusedTill(refused)
        number = await till.make(knows_order=False)
        assert await till.verb.choices(number) == STATES
        async with till.following():
            await till.take(hint(number, f"HPP-{number}"))
            assert await till.verb.choices(number) == ()
            await asyncio.sleep(60)
            assert await till.verb.choices(number) == STATES
            till.trouble = None
            till.gateway.pay(number)
            await till.take(hint(number, f"HPP-{number}"))
            await asyncio.sleep(120)
            assert till.shown(number).state is S.PAID
            assert await till.verb.choices(number) == ()

    test()


@in_no_time
async def test_reads_that_are_refused_are_waited_for_by_no_link() -> None:
    till = RefusedTill(ScopeRefused(403))
    known, unknown = await till.make(), await till.make(knows_order=False)
    with pytest.raises(ScopeRefused):
        await till.follow.check(known)
    await till.take(hint(unknown, f"HPP-{unknown}"))
    assert await till.verb.choices(unknown) == STATES


@in_no_time
async def test_an_order_that_anybody_may_name_opens_no_link_but_its_own() -> None:
    till = RefusedTill(ScopeRefused(403))
    known, unknown = await till.make(), await till.make(knows_order=False)
    with pytest.raises(ScopeRefused):
        await look_at_order(till.session, unknown, "ANOTHERS")
    assert await till.verb.choices(known) == ()


@in_no_time
async def test_a_line_that_is_down_is_waited_for() -> None:
    till = RefusedTill(NotSent(Trouble.CONNECT))
    number = await till.make(knows_order=False)
    async with till.following():
        await till.take(hint(number, f"HPP-{number}"))
        await asyncio.sleep(60)
        assert await till.verb.choices(number) == ()


async def test_what_is_not_settled_has_its_own_way() -> None:
    till = Till()

    async def lose(call: str) -> None:
        raise OutcomeUnknown(Trouble.CUT)

    till.gateway.after = lose
    with pytest.raises(OutcomeUnknown):
        await CreateLink(till.session, str).create(draft())
    number = next(one.invoice_number for one in till.session.book if one.invoice_number != NUMBER)
    assert await till.verb.choices(number) == ()
    with pytest.raises(NotAllowedNow):
        await till.verb.set(number, S.PAID, REASON)


async def test_nothing_is_set_without_a_reason_a_right_or_a_disk() -> None:
    till = Till()
    with pytest.raises(NotAllowedNow):
        await till.verb.set(NUMBER, S.PAID, " \n")
    with pytest.raises(NotAllowedNow):
        await till.verb.set(NUMBER, S.PENDING, REASON)
    till.journal.fail_with = DiskFull()
    with pytest.raises(DiskFull):
        await till.verb.set(NUMBER, S.PAID, REASON)
    nobody = TillIdentity("Corner Store", "Till 2", "T2", "")
    unnamed = Session(till.gateway, till.journal, nobody, till.clock, counted_bytes(), till.session.book)
    with pytest.raises(NoRight):
        await SetByHand(unnamed).set(NUMBER, S.PAID, REASON)
    assert till.session.book.find(NUMBER) == link(NUMBER, order_reference=None)


async def test_a_long_reason_is_cut() -> None:
    till = Till()
    await till.verb.set(NUMBER, S.PAID, "x" * 500)
    (event,) = await till.session.timeline(NUMBER)
    assert len(event.facts["reason"]) == LONGEST_REASON


# A read wins


def said(state: LinkState) -> PaymentLink:
    """A link that a person has set, of which the service has named an order since."""
    return replace(link(NUMBER), state=state, note=Note.SET_BY_HAND)


def reading(state: LinkState | None, amount: int = 18275) -> OrderReading:
    word = state.upper() if state else "??"
    return OrderReading("HPP-1", "HPP-1", state, word, Money(amount, "USD"))


LATER = START + timedelta(hours=1)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("read", [S.PENDING, S.IN_PROGRESS, S.DECLINED, S.CANCELLED, S.EXPIRED, S.PAID, S.REFUNDED])
def test_every_word_the_service_is_known_by_wins_over_a_person(state: LinkState, read: LinkState) -> None:
    learnt = learn(said(state), reading(read), LATER)
    assert learnt.link.state is read
    assert (learnt.link.evidence.source, learnt.link.is_set_by_hand) == (Source.ORDER_READ, False)
    overruled = [event for event in learnt.events if event.kind is EventKind.HAND_OVERRULED]
    assert [dict(event.facts) for event in overruled] == (
        [] if read is state else [{"was": state.value, "now": read.value}]
    )


def test_a_read_that_confirms_brings_the_money_and_one_that_differs_holds_the_goods() -> None:
    confirmed = learn(said(S.PAID), reading(S.PAID), LATER).link
    assert (confirmed.paid, confirmed.note) == (Money(18275, "USD"), None)
    differs = learn(said(S.PAID), reading(S.PAID, 100), LATER).link
    assert (differs.state, differs.note, differs.paid) == (S.UNKNOWN, Note.AMOUNT_DIFFERS, None)


def test_money_on_a_link_that_was_closed_by_hand_came_late() -> None:
    assert learn(said(S.CANCELLED), reading(S.PAID), LATER).link.note is Note.PAID_LATE


@pytest.mark.parametrize("state", STATES)
def test_a_word_nobody_knows_says_nothing(state: LinkState) -> None:
    assert learn(said(state), reading(None), LATER).link == said(state)


def test_no_order_means_no_payment() -> None:
    for state in (S.PAID, S.REFUNDED):
        learnt = no_order_yet(said(state), LATER)
        assert (learnt.link.state, learnt.link.note) == (S.PENDING, None)
        assert [event.kind for event in learnt.events] == [EventKind.HAND_OVERRULED]
    assert no_order_yet(said(S.CANCELLED), LATER).link == said(S.CANCELLED)


@given(st.sampled_from(STATES), st.lists(st.sampled_from([*S, None]), min_size=1, max_size=6))
def test_reads_after_a_hand_end_where_reads_alone_end(state: LinkState, words: list[LinkState | None]) -> None:
    """What a person said leaves no trace once the service has said a word that is known."""
    if all(word in (None, S.UNKNOWN) for word in words):
        return
    first = next(at for at, word in enumerate(words) if word not in (None, S.UNKNOWN))
    by_hand, plain = said(state), link(NUMBER, state if state in (S.CANCELLED, S.EXPIRED) else S.PENDING)
    if words[first] is not S.PAID:
        plain = link(NUMBER)
    for word in words:
        by_hand = learn(by_hand, reading(word), LATER).link
    for word in words[first:]:
        plain = learn(plain, reading(word), LATER).link
    assert (by_hand.state, by_hand.paid, by_hand.refunded_minor) == (plain.state, plain.paid, plain.refunded_minor)
