"""Where the knowledge about a link comes from, said wherever its status is shown."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import Evidence, LinkState, Note, PaymentLink, Source
from optty_desktop.ui.link_columns import Column
from optty_desktop.ui.link_progress import Mark, steps_of
from optty_desktop.ui.link_tally import tally_of
from optty_desktop.ui.qr_card import notice_of
from optty_desktop.ui.ready_heading import heading_of
from optty_desktop.ui.row_words import cell_words, row_sentence
from optty_desktop.ui.slip import slip_of
from optty_desktop.ui.source_words import source_words
from tests.fakes import START, link

BY_HAND = link(
    state=LinkState.PAID, paid=None, paid_at=None, note=Note.SET_BY_HAND, evidence=Evidence(Source.BY_HAND, START)
)


def known_by(source: Source, note: Note | None = None) -> PaymentLink:
    return link(evidence=Evidence(source, START), note=note)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (Source.ORDER_READ, "Read at 14:36"),
        (Source.CREATE_ANSWER, "As it was created at 14:36, not read since"),
        (Source.TILL, "As it was created at 14:36, not read since"),
        (Source.CANCEL_ANSWER, "From the answer to the cancel at 14:36"),
        (Source.REFUND_ANSWER, "From the answer to the refund at 14:36"),
        (Source.RELAY, "Reported by the relay at 14:36, not read"),
        (Source.PASTED, "From a notification pasted at 14:36, not read"),
        (Source.BY_HAND, "Closed by hand at 14:36"),
    ],
)
def test_every_source_has_its_words(source: Source, words: str) -> None:
    assert source_words(known_by(source), START, zone=UTC) == words


def test_every_source_is_told() -> None:
    assert all(source_words(known_by(source), START, zone=UTC) for source in Source)


def test_another_day_is_named() -> None:
    later = START + timedelta(days=3)
    assert source_words(known_by(Source.ORDER_READ), later, zone=UTC) == "Read at 21 Mar, 14:36"


@pytest.mark.parametrize(("seconds", "is_told"), [(0, True), (60, True), (61, False), (-1, False)])
def test_a_pasted_notice_is_named_for_the_read_it_led_to(seconds: int, is_told: bool) -> None:
    pasted = LinkEvent("T2-1", START - timedelta(seconds=seconds), EventKind.NOTICE_PASTED, "Sara")
    words = source_words(known_by(Source.ORDER_READ), START, (pasted,), zone=UTC)
    assert words == ("Read at 14:36, after a pasted notification" if is_told else "Read at 14:36")


def test_the_person_who_set_it_is_named() -> None:
    said = LinkEvent("T2-1", START, EventKind.SET_BY_HAND, "Sara", {"now": "paid", "reason": "Seen"})
    assert source_words(BY_HAND, START, (said,), zone=UTC) == "Set by Sara at 14:36"
    assert source_words(BY_HAND, START, zone=UTC) == "Set by hand at 14:36"


def test_the_person_who_took_it_back_is_named_and_one_who_closed_a_call_is_not() -> None:
    taken_back = LinkEvent("T2-1", START, EventKind.SET_BY_HAND, "Sara", {"was": "paid", "now": "pending"})
    closed = LinkEvent("T2-1", START, EventKind.SETTLED_BY_HAND, "Tom")
    assert source_words(known_by(Source.BY_HAND), START, (taken_back, closed), zone=UTC) == "Set by Sara at 14:36"
    assert source_words(known_by(Source.BY_HAND), START, (closed, taken_back), zone=UTC) == "Closed by hand at 14:36"


def test_a_status_set_by_hand_says_so_to_every_reader() -> None:
    assert row_sentence(BY_HAND, UTC) == "Order T2-1, Paid (set by hand), USD 182.75, 14:36"
    assert cell_words(Column.STATUS, BY_HAND) == "Paid (set by hand)"


def test_nothing_that_a_customer_sees_calls_it_paid() -> None:
    slip = slip_of(BY_HAND, "Corner Store", EnvironmentKind.LIVE, None)
    assert slip.lines == ("Paid, set by hand, not confirmed",)
    notice = notice_of(BY_HAND)
    assert notice is not None
    assert (notice.heading, notice.text, notice.is_paid) == (
        "Set to Paid by hand",
        "The payment service has not confirmed it.",
        False,
    )
    _, *steps = steps_of(BY_HAND, is_emailed=False, is_checked=True)
    assert [(step.word, step.detail, step.mark) for step in steps] == [("Paid", "set by hand", Mark.STOPPED)]
    heading = heading_of(BY_HAND, is_payable=False)
    assert (heading.words, heading.ink) == ("Paid, set by hand", "warning")


def test_it_is_counted_beside_the_sums() -> None:
    tally = tally_of([BY_HAND, link("T2-2", LinkState.PAID)])
    assert (tally.set_by_hand, tally.totals()["USD"].paid.minor) == (1, 18275)
    tally.exchange(BY_HAND, link("T2-1", LinkState.PAID))
    assert (tally.set_by_hand, tally.totals()["USD"].paid.minor) == (0, 2 * 18275)
