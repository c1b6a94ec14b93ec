"""A payment that is only reported says so wherever it is shown, and is counted nowhere as money."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.errors import ScopeRefused
from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import Evidence, LinkState, Note, Source
from optty_desktop.core.news import news_of
from optty_desktop.core.policy import Policy
from optty_desktop.till.paste_notices import Ending, Outcome
from optty_desktop.ui.detail_words import doubt_about, how_it_stands
from optty_desktop.ui.event_words import event_words
from optty_desktop.ui.link_columns import Column
from optty_desktop.ui.link_progress import Mark, steps_of
from optty_desktop.ui.link_tally import tally_of
from optty_desktop.ui.note_words import note_words
from optty_desktop.ui.notice_words import outcome_lines
from optty_desktop.ui.qr_card import notice_of
from optty_desktop.ui.ready_heading import heading_of
from optty_desktop.ui.reported_card import ReportedCard
from optty_desktop.ui.row_words import cell_words, row_sentence
from optty_desktop.ui.slip import slip_of
from optty_desktop.ui.source_words import source_words
from optty_desktop.ui.switch import Switch
from optty_desktop.ui.table_summary import SummaryLabel
from tests.fakes import LIVE, START, link
from tests.ui.desk_room import DeskRoom, turns
from tests.ui.settings_room import SettingsRoom
from tests.ui.stage import make_look, part
from tests.waiting import until

REPORTED = replace(
    link("T2-1", LinkState.PAID, paid=None, paid_at=None), note=Note.REPORTED, evidence=Evidence(Source.RELAY, START)
)
BEFORE = link("T2-1")
UNMARKED = {0x2066: None, 0x2069: None}


def test_row_and_tooltip_say_so() -> None:
    assert row_sentence(REPORTED, UTC) == "Order T2-1, Paid (reported, not confirmed), USD 182.75, 14:36"
    assert cell_words(Column.STATUS, REPORTED) == "Paid (reported, not confirmed)"
    assert note_words(Note.REPORTED, REPORTED) == "Reported, not confirmed"
    assert source_words(REPORTED, START, zone=UTC) == "Reported by the relay at 14:36, not read"


def test_detail_and_timeline_say_what_is_not_known_and_what_to_do() -> None:
    assert how_it_stands(REPORTED, START) == "Not confirmed by the payment service"
    doubt = doubt_about(REPORTED, ())
    assert doubt is not None
    assert doubt.title == "A payment was reported for this link"
    assert "neither the payment nor its amount is confirmed" in doubt.text
    assert doubt.strong == "Look it up in your payment account before you hand over goods."
    words = event_words(LinkEvent("T2-1", START, EventKind.PAYMENT_REPORTED))
    assert (words.sentence, words.detail) == ("Payment reported", "Not confirmed for this link")
    facts = {"was": "paid", "now": "pending"}
    words = event_words(LinkEvent("T2-1", START, EventKind.REPORT_OVERRULED, facts=facts))
    assert words.sentence == "Reported as paid, but the payment service says Pending"
    facts = {"was": "paid", "now": "unknown"}
    words = event_words(LinkEvent("T2-1", START, EventKind.REPORT_OVERRULED, facts=facts))
    assert words.sentence == "Reported as paid, but the payment service does not confirm it"


@pytest.mark.parametrize("ending", [Ending.READ, Ending.NO_ORDER])
def test_a_pasted_notification_never_calls_paid_what_nobody_has_read(ending: Ending) -> None:
    (line,) = outcome_lines([Outcome(REPORTED, ending)], ())
    assert line.translate(UNMARKED) == (
        "Order T2-1: reported as paid, not confirmed by the payment service. "
        "Look it up in your payment account before you hand over goods."
    )
    by_hand = replace(REPORTED, note=Note.SET_BY_HAND, evidence=Evidence(Source.BY_HAND, START))
    (line,) = outcome_lines([Outcome(by_hand, ending)], ())
    assert line.translate(UNMARKED) == (
        "Order T2-1: still Paid, as set by hand. The payment service has not confirmed it."
    )


def test_a_payment_that_was_read_and_not_tied_is_told_as_such() -> None:
    unsaid = replace(BEFORE, note=Note.REPORTED, order_reference=None)
    (line,) = outcome_lines([Outcome(unsaid, Ending.NO_ORDER)], ())
    assert "the payment service has such a payment" in line


def test_nothing_that_a_customer_gets_calls_it_paid_for_certain() -> None:
    assert slip_of(REPORTED, "Corner Store", EnvironmentKind.LIVE, None).lines == ("Paid, reported, not confirmed",)
    notice = notice_of(REPORTED)
    assert notice is not None
    assert (notice.heading, notice.is_paid, notice.has_receipt) == ("A payment was reported", False, False)
    _, *steps = steps_of(REPORTED, is_emailed=False, is_checked=True)
    assert [(step.word, step.detail, step.mark) for step in steps] == [
        ("Paid", "reported, not confirmed", Mark.STOPPED)
    ]
    heading = heading_of(REPORTED, is_payable=False)
    assert (heading.words, heading.ink) == ("Reported as paid, not confirmed", "warning")


def test_no_sound_and_no_message_calls_it_paid() -> None:
    assert news_of(BEFORE, REPORTED) is None


def test_it_is_counted_beside_the_sums() -> None:
    tally = tally_of([REPORTED, link("T2-2", LinkState.PAID)])
    assert (tally.reported, tally.set_by_hand, tally.totals()["USD"].paid.minor) == (1, 0, 18275)
    tally.exchange(REPORTED, link("T2-1", LinkState.PAID))
    assert (tally.reported, tally.totals()["USD"].paid.minor) == (0, 2 * 18275)


async def test_the_footer_says_how_many_are_not_in_the_sums() -> None:
    async with DeskRoom([REPORTED]) as room:
        (label,) = room.desk.window.findChildren(SummaryLabel)
        await until(lambda: "1 reported, not in the sums" in " ".join(label.lines()))
        assert "Paid USD" not in " ".join(label.lines())


async def test_a_refund_reads_first_and_says_that_it_cannot_be_confirmed() -> None:
    async with DeskRoom([REPORTED]) as room:

        async def refuse(call: str) -> None:
            if call.startswith("read"):
                raise ScopeRefused(403)

        room.gateway.before = refuse
        room.desk._detail.open("T2-1")
        await turns()
        button = part(room.desk.window, QAbstractButton, "refundButton")
        assert button.isEnabled()
        await room.click(button)
        words = "so nothing about it can be confirmed"
        await until(lambda: any(words in one.text() for one in room.desk.window.findChildren(QLabel)))
        assert room.gateway.calls.count("cancel_or_refund") == 0


async def test_the_switch_stands_in_the_settings_off_and_a_change_is_asked_about() -> None:
    async with SettingsRoom(LIVE) as room:
        await room.open()
        switch = part(room.desk.window, Switch, "showReportedSwitch")
        assert not switch.isChecked()
        switch.setChecked(True)
        await room.push("saveConnectionButton")
        dialog = await room.asked("saveConnection")
        (line,) = dialog.findChildren(QLabel, "changeLine")
        assert line.text().translate({0x2066: None, 0x2069: None}) == "Show reported payments: Off → On"
        assert any("nobody has confirmed" in label.text() for label in dialog.findChildren(QLabel))
        await room.answer(dialog, "confirmButton")
        assert room.profiles.items["live"].show_reported_payments


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("is_on", [True, False])
def test_where_the_policy_sets_it_the_switch_only_tells(is_on: bool) -> None:
    card = ReportedCard(make_look(), Policy("/etc/policy.toml", show_reported_payments=is_on))
    assert not card.switch.isEnabled()
    assert part(card, QLabel, "showReportedHint").text().startswith("Set by your administrator in")
