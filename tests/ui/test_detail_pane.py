"""The detail pane: right words, right buttons, contacts only on request, strangers' text harmless."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollBar, QWidget

from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import LinkState, Note, PaymentLink
from optty_desktop.core.money import Money
from optty_desktop.ui.detail_pane import DetailPane
from optty_desktop.ui.elided_label import ElidedLabel
from optty_desktop.ui.status_chip import StatusChip
from optty_desktop.ui.timeline_view import TimelineView
from tests.fakes import START, FakeClock, link
from tests.ui.money_links import click, dressed, paid_link, part, pending_link, unknown_link
from tests.ui.stage import settle
from tests.waiting import until

SIGNALS = (
    "closed",
    "cancel_requested",
    "refund_requested",
    "check_requested",
    "settle_requested",
    "copy_link_requested",
    "copy_number_requested",
    "receipt_requested",
    "use_again_requested",
    "contact_revealed",
    "copy_details_requested",
)
CREATED = LinkEvent("T2-1050", START, EventKind.CREATED, "Cashier 1")


class Pane:
    """A shown pane; what it asks for is written down."""

    def __init__(self, app: QApplication, *, refund_is_possible: bool = True, height: int = 648) -> None:
        self.clock = FakeClock()
        self.pane = DetailPane(dressed(app), self.clock, refund_is_possible=refund_is_possible)
        self.pane.resize(324, height)
        self.asked: list[tuple[str, ...]] = []
        for name in SIGNALS:
            getattr(self.pane, name).connect(lambda *value, name=name: self.asked.append((name, *value)))
        self.pane.show()

    def show(self, shown: PaymentLink, *events: LinkEvent) -> None:
        self.pane.show_link(shown, events)
        QApplication.processEvents()

    def words(self, name: str) -> str:
        found = self.pane.findChild(QLabel, name)
        assert found is not None
        return found.text() if found.isVisible() else ""

    def buttons(self) -> set[str]:
        """The object names of the buttons that can be seen."""
        return {button.objectName() for button in self.pane.findChildren(QPushButton) if button.isVisible()}

    def notice(self) -> str:
        return " ".join(filter(None, (self.words(f"notice{name}") for name in ("Title", "Text", "Warning"))))


@pytest.fixture
def shown(qapp: QApplication) -> Pane:
    return Pane(qapp)


def test_a_paid_link_as_pictured(shown: Pane) -> None:
    shown.show(paid_link(), CREATED)
    assert shown.words("detailTitle") == "Order 1050"
    assert shown.words("detailAmountLabel") == "USD 64.00"
    assert shown.words("detailSentenceLabel").startswith("Paid in full at ")
    assert shown.words("detailSentenceLabel").endswith(" · nothing refunded")
    assert shown.words("detailEmailLabel") == "g•••50@example.com"
    assert shown.words("detailPhoneLabel") == "•••• 0150"
    assert shown.words("detailDescriptionLabel") == "Replacement charger"
    assert shown.words("detailLinkLabel") == "127.0.0.1:1/pay/T2-1050"
    chip = shown.pane.findChild(StatusChip)
    assert chip is not None
    assert chip.state is LinkState.PAID
    timeline = shown.pane.findChild(TimelineView, "timelineView")
    assert timeline is not None
    assert timeline.sentences()[0].endswith("Created by Cashier 1")
    assert shown.buttons() == {
        "detailCloseButton",
        "revealContactButton",
        "copyNumberButton",
        "detailCopyLinkButton",
        "receiptButton",
        "refundButton",
    }


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_the_whole_invoice_number_is_there_with_its_button_beside_it(shown: Pane, is_mirrored: bool) -> None:
    number = "TILL1-01KGC3Q8ZV-7R2M0W5TYHJX9D4-and-what-follows"
    direction = Qt.LayoutDirection.RightToLeft if is_mirrored else Qt.LayoutDirection.LeftToRight
    shown.pane.setLayoutDirection(direction)
    shown.show(replace(paid_link(), invoice_number=number, description="A long description of what was sold " * 4))
    label = shown.pane.findChild(ElidedLabel, "detailNumberLabel")
    assert label is not None
    assert (label.text(), label.accessibleName()) == (number, "Invoice number")
    assert label.shown_text().startswith("TILL1-")
    assert label.shown_text().endswith("follows")
    assert number in label.toolTip()
    button = part(shown.pane, "copyNumberButton")
    assert button.accessibleName() == "Copy invoice number"
    assert abs(button.geometry().center().y() - label.geometry().center().y()) <= 1
    assert not button.geometry().adjusted(8, 8, -8, -8).intersects(label.geometry())
    assert (button.x() < label.x()) is is_mirrored


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("refundButton", "refund_requested"),
        ("detailCopyLinkButton", "copy_link_requested"),
        ("copyNumberButton", "copy_number_requested"),
        ("receiptButton", "receipt_requested"),
        ("revealContactButton", "contact_revealed"),
    ],
)
def test_the_buttons_of_a_paid_link_ask(shown: Pane, name: str, signal: str) -> None:
    shown.show(paid_link())
    click(part(shown.pane, name))
    assert shown.asked == [(signal, "T2-1050")]


@pytest.mark.parametrize(
    ("one", "bottom"),
    [
        (pending_link(), {"cancelButton"}),
        (link(state=LinkState.DECLINED), {"cancelButton"}),
        (link(state=LinkState.IN_PROGRESS), {"cancelButton"}),
        (paid_link(), {"refundButton"}),
        (paid_link(state=LinkState.REFUNDED, refunded_minor=2000, note=Note.PART_REFUNDED), {"refundButton"}),
        (paid_link(state=LinkState.REFUNDED, refunded_minor=6400), {"useAgainButton"}),
        (link(state=LinkState.CANCELLED), {"useAgainButton"}),
        (link(state=LinkState.EXPIRED), {"useAgainButton"}),
        (unknown_link(Note.NOT_CONFIRMED, url=None), {"checkButton", "copyDetailsButton"}),
        (unknown_link(Note.ADDRESS_LOST, url=None), {"checkButton", "copyDetailsButton", "cancelButton"}),
        (pending_link(note=Note.ADDRESS_HELD_BACK, url=None), {"copyDetailsButton", "cancelButton"}),
    ],
)
def test_what_each_link_offers(shown: Pane, one: PaymentLink, bottom: set[str]) -> None:
    shown.show(one)
    acting = {"cancelButton", "refundButton", "useAgainButton", "checkButton", "copyDetailsButton"}
    assert shown.buttons() & acting == bottom


def test_a_refund_that_takes_the_place_of_cancel_does_not_answer_the_finger_that_was_on_its_way(shown: Pane) -> None:
    shown.show(pending_link())
    settle()
    cancel = part(shown.pane, "cancelButton")
    place = cancel.mapTo(shown.pane, cancel.rect().topLeft())
    shown.pane.update_link(paid_link("T2-1053"))
    settle()
    refund = part(shown.pane, "refundButton")
    assert refund.mapTo(shown.pane, refund.rect().topLeft()) == place
    click(refund)
    assert shown.asked == []
    shown.clock.advance(1)
    click(refund)
    assert shown.asked == [("refund_requested", "T2-1053")]


def test_closing_by_hand_is_offered_beside_a_doubt_only(shown: Pane) -> None:
    shown.show(unknown_link(Note.NOT_CONFIRMED, url=None))
    assert "settleButton" not in shown.buttons()
    shown.pane.offer_settling(True)
    settle = part(shown.pane, "settleButton")
    assert settle.text() == "Close by hand…"
    click(settle)
    assert shown.asked == [("settle_requested", "T2-1051")]
    shown.pane.set_checking(True)
    assert not settle.isVisible(), "a create may be on its way again"
    shown.pane.set_checking(False)
    shown.pane.set_paused(True)
    assert settle.isVisible()
    assert settle.isEnabled(), "it needs no connection"
    shown.pane.update_link(replace(unknown_link(None), state=LinkState.PENDING))
    assert "settleButton" not in shown.buttons()
    shown.show(replace(unknown_link(Note.NOT_CONFIRMED), invoice_number="T2-9"))
    assert "settleButton" not in shown.buttons(), "what was known of the other link says nothing about this one"


def test_an_open_payment_says_why_cancel_is_off(shown: Pane) -> None:
    shown.show(link(state=LinkState.IN_PROGRESS))
    cancel = part(shown.pane, "cancelButton")
    assert cancel.text() == "Cancel link…"
    click(cancel)
    assert shown.asked == []
    assert shown.words("detailReasonLabel") == (
        "The customer is paying right now. Wait for the result before cancelling"
    )


def test_a_refund_on_its_way_is_said_and_not_offered_again(shown: Pane) -> None:
    shown.show(paid_link(note=Note.REFUND_ON_ITS_WAY))
    click(part(shown.pane, "refundButton"))
    assert shown.asked == []
    assert shown.words("detailNoteLabel") == "Refund on its way"
    assert shown.words("detailReasonLabel").startswith("A refund is on its way.")


def test_without_an_address_for_refunds_the_pane_says_so(qapp: QApplication) -> None:
    pane = Pane(qapp, refund_is_possible=False)
    for one, name in ((paid_link(), "refundButton"), (pending_link(), "cancelButton")):
        pane.show(one)
        assert not part(pane.pane, name).isEnabled()
        assert pane.words("detailReasonLabel") == (
            "This till has no address for cancel and refund yet. Ask whoever manages your payment account to enter it"
        )
    assert pane.asked == []


def test_offline_pauses_and_says_so(shown: Pane) -> None:
    shown.show(pending_link())
    shown.pane.set_paused(True)
    assert not part(shown.pane, "cancelButton").isEnabled()
    assert shown.words("detailReasonLabel") == "Paused until the connection is back"
    shown.pane.set_paused(False)
    assert part(shown.pane, "cancelButton").isEnabled()
    assert shown.words("detailReasonLabel") == ""


def test_overdue_is_a_note(shown: Pane) -> None:
    shown.show(pending_link(due_at=START - timedelta(days=1)))
    assert shown.words("detailNoteLabel") == "Overdue"


def test_a_create_without_answer_as_pictured(shown: Pane) -> None:
    lost = LinkEvent("T2-1051", START, EventKind.CREATE_UNKNOWN, facts={"request": "5F-20C7"})
    shown.show(unknown_link(Note.NOT_CONFIRMED, url=None), lost)
    text = shown.notice()
    assert text.startswith("We do not know if this link exists The connection dropped at ")
    assert text.endswith(
        "before the answer came back. It may have been created, or not. "
        "Do not create it again yet. The customer could pay twice."
    )
    assert shown.words("detailEmailLabel") == ""
    assert shown.buttons() == {"detailCloseButton", "checkButton", "copyDetailsButton"}
    shown.pane.set_paused(True)
    assert shown.words("detailCheckHint") == "Checks by itself when the connection returns."
    assert not part(shown.pane, "checkButton").isEnabled()
    shown.pane.set_paused(False)
    click(part(shown.pane, "checkButton"))
    assert shown.asked == [("check_requested", "T2-1051")]


@pytest.mark.parametrize(
    ("note", "words"),
    [
        (Note.REFUND_NOT_CONFIRMED, "We do not know if this refund went through"),
        (Note.REFUND_NOT_CONFIRMED, "Do not refund again. We keep checking."),
        (Note.CANCEL_NOT_CONFIRMED, "We do not know if this link was cancelled"),
        (Note.AMOUNT_DIFFERS, "The payment does not match this link"),
        (Note.AMOUNT_DIFFERS, "USD 1.00 instead of USD 1,120.00."),
        (Note.AMOUNT_DIFFERS, "Do not hand over goods. Ask a manager."),
        (
            Note.ADDRESS_LOST,
            "The payment service has this link, but its address was lost with the answer. "
            "Cancel it, then make a new one.",
        ),
        (Note.NOT_CONFIRMED, "We do not understand the answer"),
    ],
)
def test_each_doubt_has_its_words(shown: Pane, note: Note, words: str) -> None:
    differs = LinkEvent("T2-1051", START, EventKind.AMOUNT_DIFFERS, facts={"paid": "USD 1.00", "asked": "USD 1,120.00"})
    shown.show(unknown_link(note), differs)
    assert words in shown.notice()


def test_a_lost_address_says_what_to_do_whatever_the_state_and_offers_no_check(shown: Pane) -> None:
    lost = unknown_link(Note.ADDRESS_LOST, url=None, order_reference=None)
    for one in (lost, replace(lost, state=LinkState.PENDING)):
        shown.show(one)
        assert shown.notice().endswith("Cancel it, then make a new one.")
        assert shown.words("detailNoteLabel") == ""
        assert "cancelButton" in shown.buttons()
        assert "checkButton" not in shown.buttons()


def test_what_nobody_can_read_does_not_promise_to_check_itself(shown: Pane) -> None:
    shown.show(unknown_link(Note.NOT_CONFIRMED, url=None, order_reference=None))
    shown.pane.set_paused(True)
    assert shown.words("detailCheckHint") == "Can be checked when the connection is back."
    shown.pane.show_problem("We could not check this link. Nothing was changed. Try again when the connection is back")
    assert shown.words("detailCheckHint") == "", "one sentence says what to do"


def test_a_held_back_address_is_explained(shown: Pane) -> None:
    shown.show(pending_link(note=Note.ADDRESS_HELD_BACK, url=None))
    assert "The payment service sent an address this till does not trust. It is held back." in shown.notice()
    assert "detailCopyLinkButton" not in shown.buttons()


def test_a_held_back_address_is_explained_by_the_timeline_where_the_note_went_with_a_read(shown: Pane) -> None:
    facts = {"host": "pay.corner.example", "held_url": "https://pay.corner.example/p/1"}
    held = LinkEvent("T2-1050", START, EventKind.CREATED, "Cashier 1", facts)
    for lost in (pending_link(url=None), unknown_link(Note.NOT_CONFIRMED, url=None)):
        shown.show(lost, held)
        assert "pay.corner.example" in shown.notice()
        assert "confirmHostButton" in shown.buttons()
    shown.show(unknown_link(Note.CANCEL_NOT_CONFIRMED, url=None), held)
    assert "We do not know if this link was cancelled" in shown.notice(), "the weightier doubt comes first"
    assert "confirmHostButton" not in shown.buttons()


async def test_contacts_are_shown_for_30_seconds_and_told_once(shown: Pane) -> None:
    shown.show(paid_link())
    eye = part(shown.pane, "revealContactButton")
    click(eye)
    assert shown.words("detailEmailLabel") == "guest50@example.com"
    assert shown.words("detailPhoneLabel") == "+12025550150"
    shown.clock.advance(29)
    shown.pane.update_link(paid_link(), [CREATED])
    assert shown.words("detailEmailLabel") == "guest50@example.com"
    shown.clock.advance(1)
    await until(lambda: shown.words("detailEmailLabel") == "g•••50@example.com")
    assert shown.words("detailPhoneLabel") == "•••• 0150"
    assert shown.asked == [("contact_revealed", "T2-1050")]
    click(eye)
    click(eye)
    assert shown.words("detailEmailLabel") == "g•••50@example.com"
    assert shown.asked == [("contact_revealed", "T2-1050")] * 2


def test_another_link_hides_the_contacts(shown: Pane) -> None:
    shown.show(paid_link())
    click(part(shown.pane, "revealContactButton"))
    shown.show(pending_link(email="someone@example.com"))
    assert shown.words("detailEmailLabel") == "s•••ne@example.com"


def test_a_hidden_pane_forgets_the_contacts(shown: Pane) -> None:
    shown.show(paid_link())
    click(part(shown.pane, "revealContactButton"))
    shown.pane.hide()
    shown.pane.show()
    assert shown.words("detailEmailLabel") == "g•••50@example.com"


def test_copy_details_carries_text_for_support(shown: Pane) -> None:
    shown.show(unknown_link(Note.REFUND_NOT_CONFIRMED))
    click(part(shown.pane, "copyDetailsButton"))
    [(signal, text)] = shown.asked
    assert signal == "copy_details_requested"
    assert "Invoice number: T2-1051" in str(text)
    assert "guest54" not in str(text)


def test_reading_before_the_question_is_said_on_the_button(shown: Pane) -> None:
    shown.show(paid_link())
    refund = part(shown.pane, "refundButton")
    shown.pane.set_checking(True)
    assert refund.text() == "Checking this link…"
    shown.pane.update_link(paid_link(description="Changed while it was read"))
    click(refund)
    assert shown.asked == []
    assert refund.text() == "Checking this link…"
    shown.pane.set_checking(False)
    assert refund.text() == "Refund…"
    assert refund.isEnabled()
    shown.pane.show_problem("We could not check this link. Nothing was changed. Try again when the connection is back")
    assert shown.words("detailProblem").startswith("We could not check this link.")
    shown.show(pending_link())
    assert shown.words("detailProblem") == ""


def test_while_checking_a_change_of_state_keeps_buttons_right(shown: Pane) -> None:
    shown.show(unknown_link(Note.NOT_CONFIRMED, url=None))
    shown.pane.set_checking(True)
    assert part(shown.pane, "checkButton").text() == "Checking this link…"
    shown.pane.update_link(pending_link("T2-1051"), ())
    shown.pane.set_checking(False)
    assert shown.buttons() >= {"cancelButton"}
    assert part(shown.pane, "cancelButton").isEnabled()
    assert "checkButton" not in shown.buttons()


def test_a_change_never_takes_focus_nor_scrolls(qapp: QApplication) -> None:
    small = Pane(qapp, height=420)
    small.show(paid_link(), *[CREATED] * 30)
    bar = max(small.pane.findChildren(QScrollBar), key=lambda bar: bar.maximum())
    bar.setValue(130)
    part(small.pane, "receiptButton").setFocus()
    small.pane.update_link(paid_link(note=Note.REFUND_ON_ITS_WAY), [CREATED] * 31)
    QApplication.processEvents()
    assert bar.value() == 130
    assert small.pane.window().focusWidget() is part(small.pane, "receiptButton")


def test_the_update_of_another_link_is_left_alone(shown: Pane) -> None:
    shown.show(paid_link())
    shown.pane.update_link(pending_link(), ())
    assert shown.words("detailTitle") == "Order 1050"


def test_esc_and_the_cross_close(shown: Pane) -> None:
    shown.show(paid_link())
    QTest.keyClick(part(shown.pane, "receiptButton"), Qt.Key.Key_Escape)
    click(part(shown.pane, "detailCloseButton"))
    assert shown.asked == [("closed",), ("closed",)]


def test_back_stands_in_place_of_the_cross(shown: Pane) -> None:
    shown.show(paid_link())
    shown.pane.set_back_button(True)
    assert "detailCloseButton" not in shown.buttons()
    click(part(shown.pane, "detailBackButton"))
    assert shown.asked == [("closed",)]


def test_text_of_strangers_is_plain_and_harmless(shown: Pane) -> None:
    odd = "<b>Order</b> \u202e1050 " + "x" * 80
    shown.show(
        paid_link(reference=odd, description="<img src=x>\u202e", email="a<b>\u202e@example.com", created_by=odd)
    )
    for label in shown.pane.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText, label.objectName()
        assert "\u202e" not in label.text()
    title = shown.pane.findChild(ElidedLabel, "detailTitle")
    assert title is not None
    assert "…" in title.shown_text()[1:-1]
    assert title.text().startswith("<b>Order</b>")
    chip = shown.pane.findChild(QWidget, "detailStatusChip")
    assert chip is not None
    assert shown.pane.rect().contains(chip.geometry())


@pytest.mark.parametrize(
    ("one", "sentence"),
    [
        (paid_link(state=LinkState.REFUNDED, refunded_minor=2000, note=Note.PART_REFUNDED), "20.00 of 64.00 refunded"),
        (paid_link(state=LinkState.REFUNDED, refunded_minor=6400), "all refunded"),
        (paid_link(note=Note.REFUND_ON_ITS_WAY), "refund on its way"),
        (paid_link(paid=Money(7000, "USD"), allows_tip=True), "nothing refunded"),
        (pending_link(), "Not paid yet"),
        (link(state=LinkState.CANCELLED), "nobody paid"),
        (link(state=LinkState.EXPIRED), "nobody paid"),
        (link(state=LinkState.DECLINED), "the customer can try again"),
    ],
)
def test_one_line_says_how_it_stands(shown: Pane, one: PaymentLink, sentence: str) -> None:
    shown.show(one)
    assert shown.words("detailSentenceLabel").endswith(sentence)


def test_a_tip_names_what_was_paid(shown: Pane) -> None:
    shown.show(paid_link(paid=Money(7000, "USD"), allows_tip=True))
    assert shown.words("detailSentenceLabel").startswith("Paid USD 70.00 at ")


@pytest.mark.parametrize("width", [280, 324, 400, 700])
def test_it_fits_any_width_without_sideways_scrolling(shown: Pane, width: int) -> None:
    shown.pane.resize(width, 420)
    shown.show(paid_link(description="word " * 60), *[CREATED] * 8)
    for button in shown.pane.findChildren(QPushButton):
        if button.isVisible():
            left = button.mapTo(shown.pane, button.rect().topLeft()).x()
            assert left >= 0
            assert left + button.width() <= width, button.objectName()
