"""States: the table of legal moves, what a row offers, and what a reading may do, for any history."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.core.links import (
    LEGAL_MOVES,
    Evidence,
    LinkState,
    Note,
    PaymentLink,
    RowAction,
    Source,
    may_cancel,
    may_follow,
    may_refund,
    note_of,
    row_action,
)
from optty_desktop.core.money import Money
from optty_desktop.core.operations import Operation, OperationKind, Stage, newest_payback
from optty_desktop.core.ports import OrderReading
from optty_desktop.core.readings import amount_matches, learn, no_order_yet
from tests.fakes import START, link

ACTIONS = {
    LinkState.PENDING: RowAction.CANCEL,
    LinkState.IN_PROGRESS: RowAction.CANCEL_OFF,
    LinkState.PAID: RowAction.REFUND,
    LinkState.DECLINED: RowAction.CANCEL,
    LinkState.CANCELLED: RowAction.NONE,
    LinkState.REFUNDED: RowAction.NONE,
    LinkState.EXPIRED: RowAction.NONE,
    LinkState.UNKNOWN: RowAction.CHECK,
}


def test_every_state_has_its_moves_and_may_stay() -> None:
    assert set(LEGAL_MOVES) == set(LinkState)
    assert all(may_follow(state, state) for state in LinkState)


def test_paid_money_leaves_only_as_a_refund() -> None:
    for after in (LinkState.PENDING, LinkState.IN_PROGRESS, LinkState.DECLINED, LinkState.CANCELLED, LinkState.EXPIRED):
        assert not may_follow(LinkState.PAID, after)
        assert not may_follow(LinkState.REFUNDED, after)


@pytest.mark.parametrize(("state", "action"), ACTIONS.items())
def test_a_row_offers_one_action(state: LinkState, action: RowAction) -> None:
    one = link(state=state)
    assert row_action(one) is action
    assert may_cancel(one) is (action is RowAction.CANCEL)
    assert may_refund(one) is (action is RowAction.REFUND)


def test_while_a_refund_is_on_its_way_nothing_is_offered() -> None:
    one = link(state=LinkState.PAID, note=Note.REFUND_ON_ITS_WAY)
    assert row_action(one) is RowAction.NONE
    assert not may_refund(one)


def test_a_part_refunded_link_offers_the_rest() -> None:
    one = link(state=LinkState.REFUNDED, refunded_minor=5000, note=Note.PART_REFUNDED)
    assert row_action(one) is RowAction.REFUND
    assert one.refundable == Money(13275, "USD")


def test_a_lost_address_may_be_cancelled() -> None:
    assert may_cancel(link(state=LinkState.UNKNOWN, note=Note.ADDRESS_LOST))


def test_only_open_links_are_overdue() -> None:
    late = START + timedelta(days=4)
    assert note_of(link(), START) is None
    assert note_of(link(), late) is Note.OVERDUE
    assert note_of(link(state=LinkState.PAID), late) is None
    assert note_of(link(note=Note.ADDRESS_HELD_BACK), late) is Note.ADDRESS_HELD_BACK


def reading(
    state: LinkState | None, minor: int | None = 18275, currency: str = "USD", **changes: object
) -> OrderReading:
    amount = None if minor is None else Money(minor, currency)
    plain = OrderReading("HPP-1", "HPP-1", state, "WORD", amount)
    return replace(plain, **changes)  # type: ignore[arg-type]


states = st.sampled_from(LinkState)
notes = st.none() | st.sampled_from(Note)
amounts = st.none() | st.integers(0, 40_000)


def operation(kind: OperationKind, minor: int = 18275, before: int = 0) -> Operation:
    amount = Money(minor, "USD")
    return Operation(
        "op", "T2-1", kind, Stage.UNKNOWN, amount, LinkState.PAID, "Cashier 1", START, START, refunded_before=before
    )


waiting = st.none() | st.builds(
    operation,
    st.sampled_from([OperationKind.CANCEL, OperationKind.REFUND]),
    st.integers(1, 18275),
    st.sampled_from([0, 5000]),
)


@st.composite
def readings(draw: st.DrawFn) -> OrderReading:
    refunded = draw(amounts)
    pending = draw(amounts)
    return reading(
        draw(st.none() | states),
        draw(st.sampled_from([None, 18275, 18275, 100, 20000])),
        draw(st.sampled_from(["USD", "USD", "EUR"])),
        refunded=None if refunded is None else Money(refunded, "USD"),
        refund_pending=None if pending is None else Money(pending, "USD"),
        refund_failed=draw(st.booleans()),
        surcharge=draw(st.sampled_from([None, Money(1725, "USD")])),
    )


@given(states, notes, st.lists(st.tuples(readings(), waiting), max_size=12), st.booleans())
def test_no_history_of_readings_leaves_the_legal_edges(
    state: LinkState, note: Note | None, history: list[tuple[OrderReading, Operation | None]], allows_tip: bool
) -> None:
    one = link(state=state, note=note, allows_tip=allows_tip)
    if one.is_set_by_hand:
        one = replace(one, paid=None, paid_at=None, refunded_minor=0)
    for step, (read, awaiting) in enumerate(history):
        now = START + timedelta(seconds=step)
        after = learn(one, read, now, awaiting).link
        assert one.is_set_by_hand or may_follow(one.state, after.state)
        assert after.refunded_minor >= one.refunded_minor
        if after.state is LinkState.PAID and one.state is not LinkState.PAID:
            assert read.state in (LinkState.PAID, LinkState.REFUNDED)
            assert amount_matches(one, read)
        one = no_order_yet(after, now, awaiting).link
        assert after.is_set_by_hand or may_follow(after.state, one.state)


@given(readings(), notes)
def test_a_word_we_do_not_know_never_means_paid(read: OrderReading, note: Note | None) -> None:
    unclear = replace(read, state=None, raw_word="SOMETHING")
    for state in (LinkState.PENDING, LinkState.IN_PROGRESS, LinkState.DECLINED, LinkState.UNKNOWN):
        assert learn(link(state=state, note=note), unclear, START).link.state is LinkState.UNKNOWN


@pytest.mark.parametrize(
    ("minor", "surcharge", "tip", "matches"),
    [(18275, None, False, True), (18274, None, True, False), (18276, None, False, False),
     (18276, None, True, True), (18775, 500, False, True), (18774, 500, False, False)],
)  # fmt: skip
def test_more_than_asked_needs_a_named_reason(minor: int, surcharge: int | None, tip: bool, matches: bool) -> None:
    fee = None if surcharge is None else Money(surcharge, "USD")
    assert amount_matches(link(allows_tip=tip), reading(LinkState.PAID, minor, surcharge=fee)) is matches


def test_another_currency_never_matches() -> None:
    after = learn(link(), reading(LinkState.PAID, 18275, "EUR"), START).link
    assert (after.state, after.note) == (LinkState.UNKNOWN, Note.AMOUNT_DIFFERS)


def test_a_paid_word_without_an_amount_is_not_believed() -> None:
    after = learn(link(), reading(LinkState.PAID, None), START).link
    assert (after.state, after.note) == (LinkState.UNKNOWN, Note.NOT_CONFIRMED)


def paid() -> PaymentLink:
    return learn(link(), reading(LinkState.PAID), START).link


def test_a_refund_is_followed_from_pending_to_done_or_failed() -> None:
    on_its_way = learn(paid(), reading(LinkState.PAID, refund_pending=Money(18275, "USD")), START).link
    assert (on_its_way.state, on_its_way.note) == (LinkState.PAID, Note.REFUND_ON_ITS_WAY)
    done = learn(on_its_way, reading(LinkState.REFUNDED, refunded=Money(18275, "USD")), START).link
    assert (done.state, done.note, done.refundable.minor) == (LinkState.REFUNDED, None, 0)
    failed = learn(on_its_way, reading(LinkState.PAID, refund_failed=True), START).link
    assert (failed.state, failed.note) == (LinkState.PAID, Note.REFUND_FAILED)


def test_a_read_that_does_not_show_the_refund_yet_does_not_offer_it_again() -> None:
    on_its_way = link(state=LinkState.PAID, note=Note.REFUND_ON_ITS_WAY)
    late = learn(on_its_way, reading(LinkState.PAID), START).link
    assert (late.state, late.note) == (LinkState.PAID, Note.REFUND_ON_ITS_WAY)
    assert not may_refund(late)
    part = link(state=LinkState.REFUNDED, note=Note.REFUND_ON_ITS_WAY, refunded_minor=5000)
    late = learn(part, reading(LinkState.REFUNDED, refunded=Money(5000, "USD")), START).link
    assert (late.state, late.note) == (LinkState.REFUNDED, Note.REFUND_ON_ITS_WAY)


@pytest.mark.parametrize(
    ("reference", "seconds", "came_back"),
    [("R-1", -60, False), ("R-1", None, False), ("R-2", None, True), ("R-2", -60, True), ("R-9", 60, True)],
)
def test_a_failed_refund_ends_the_newest_one_only_if_it_is_that_or_newer(
    reference: str, seconds: int | None, came_back: bool
) -> None:
    newest = replace(operation(OperationKind.REFUND), stage=Stage.DONE, refund_reference="R-2")
    at = None if seconds is None else START + timedelta(seconds=seconds)
    read = reading(LinkState.PAID, refund_failed=True, failed_refund_reference=reference, failed_refund_at=at)
    after = learn(link(state=LinkState.PAID, note=Note.REFUND_ON_ITS_WAY), read, START, payback=newest).link
    assert after.note is (Note.REFUND_FAILED if came_back else Note.REFUND_ON_ITS_WAY)
    assert may_refund(after) is came_back


def test_the_newest_payback_is_the_last_one_that_may_have_moved_money() -> None:
    kinds = (OperationKind.CREATE, OperationKind.CANCEL, OperationKind.REFUND)
    create, cancel, refund = (replace(operation(kind), stage=Stage.DONE) for kind in kinds)
    assert newest_payback([create]) is None
    assert newest_payback([create, cancel]) is cancel
    assert newest_payback([create, cancel, refund]) is refund
    for stage in (Stage.REFUSED, Stage.NOT_SENT):
        assert newest_payback([create, cancel, replace(refund, stage=stage)]) is cancel


@pytest.mark.parametrize(("named", "kept"), [(None, 15000), (0, 15000), (5000, 15000), (14700, 14700), (16000, 16000)])
def test_a_sum_entered_by_hand_stays_until_a_read_names_one_that_shows_the_refund(named: int | None, kept: int) -> None:
    by_hand = link(state=LinkState.REFUNDED, refunded_minor=15000, evidence=Evidence(Source.BY_HAND, START))
    refund = replace(operation(OperationKind.REFUND, 10000, before=5000), stage=Stage.SETTLED)
    read = reading(LinkState.PAID, refunded=None if named is None else Money(named, "USD"))
    after = learn(by_hand, read, START, payback=refund).link
    assert after.refunded_minor == kept
    assert after.evidence.source is (Source.BY_HAND if kept == 15000 else Source.ORDER_READ)


def test_the_one_word_refunded_means_all_of_it() -> None:
    after = learn(paid(), reading(LinkState.REFUNDED, raw_word="refunded"), START).link
    assert after.refunded_minor == 18275


def test_a_part_is_called_a_part() -> None:
    after = learn(paid(), reading(LinkState.REFUNDED, refunded=Money(5000, "USD")), START).link
    assert (after.state, after.note, after.refundable.minor) == (LinkState.REFUNDED, Note.PART_REFUNDED, 13275)


@pytest.mark.parametrize("refunded", [None, Money(0, "USD")])
@pytest.mark.parametrize("amount", [18275, None])
def test_the_word_refunded_without_a_sum_leaves_nothing_to_refund(refunded: Money | None, amount: int | None) -> None:
    read = reading(LinkState.REFUNDED, amount, raw_word="REFUNDED", refunded=refunded)
    after = learn(paid(), read, START).link
    assert (after.state, after.refundable.minor) == (LinkState.REFUNDED, 0)


@pytest.mark.parametrize("refunded", [None, Money(0, "USD")])
def test_a_part_without_a_sum_offers_nothing(refunded: Money | None) -> None:
    read = reading(LinkState.REFUNDED, raw_word="PARTIALLY_REFUNDED", refunded=refunded)
    after = learn(paid(), read, START).link
    assert (after.state, after.note) == (LinkState.UNKNOWN, Note.REFUND_NOT_CONFIRMED)
    assert not may_refund(after)


@pytest.mark.parametrize(
    ("state", "after", "note"),
    [
        (LinkState.CANCELLED, LinkState.CANCELLED, None),
        (LinkState.EXPIRED, LinkState.CANCELLED, None),
        (LinkState.PENDING, LinkState.UNKNOWN, Note.CANCEL_NOT_CONFIRMED),
        (LinkState.IN_PROGRESS, LinkState.UNKNOWN, Note.CANCEL_NOT_CONFIRMED),
    ],
)
def test_a_cancel_without_a_word_is_confirmed_or_doubted_by_a_read(
    state: LinkState, after: LinkState, note: Note | None
) -> None:
    wordless = link(state=LinkState.CANCELLED, note=Note.CANCEL_NOT_CONFIRMED)
    learnt = learn(wordless, reading(state), START).link
    assert (learnt.state, learnt.note) == (after, note)


def test_somebody_elses_part_is_not_our_refund() -> None:
    ours = operation(OperationKind.REFUND, 5000)
    theirs = learn(paid(), reading(LinkState.REFUNDED, refunded=Money(1000, "USD")), START, ours).link
    assert (theirs.state, theirs.note, theirs.refunded_minor) == (LinkState.UNKNOWN, Note.REFUND_NOT_CONFIRMED, 1000)
    both = learn(theirs, reading(LinkState.REFUNDED, refunded=Money(6000, "USD")), START, ours).link
    assert (both.state, both.refundable.minor) == (LinkState.REFUNDED, 12275)
