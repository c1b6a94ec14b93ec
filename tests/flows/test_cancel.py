"""Cancelling a link, and what may come between the look and the call."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from optty_desktop.core.links import LinkState
from optty_desktop.core.news import News
from optty_desktop.training.faults import Fault
from optty_desktop.ui.theme import Look
from tests.flows.counter import ROUTE, Counter
from tests.flows.hands import click, is_shown, part, question, words
from tests.flows.hours import Hours
from tests.flows.service import Service
from tests.waiting import until

COULD_NOT_CHECK = "We could not check this link. Nothing was changed. Try again when the connection is back"
NO_ROUTE = "This till has no address for cancel and refund yet. Ask whoever manages your payment account to enter it"


async def begun(counter: Counter) -> str:
    """A link whose customer has been to the page and gone again, so that the service can read its order."""
    await counter.sign_in()
    number = await counter.create()
    counter.service.customer.decline(number)
    return number


async def test_a_cancel(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        number = await counter.create()
        dialog = await counter.ask_to_cancel(number)
        assert words(dialog, "confirmTitle") == "Cancel the link for Order 1054, USD 182.75?"
        assert re.fullmatch(
            r"Not paid at \d\d:\d\d:\d\d\. The customer can no longer use this link\. If the customer pays in the "
            r"next seconds, the payment service sends the money back\.",
            words(dialog, "confirmText"),
        )
        assert dialog.focusWidget().objectName() == "keepButton"
        assert (words(dialog, "keepButton"), words(dialog, "confirmButton")) == ("Keep link", "Cancel link")
        click(dialog, "confirmButton")
        await counter.becomes(number, LinkState.CANCELLED)
        await until(lambda: counter.toast)
        assert counter.toast == "Order 1054 cancelled."
        assert counter.service.ledger.link(number).is_closed
        assert len(counter.service.closings()) == 1
        assert counter.says("cancelButton") == ""


async def test_enter_esc_and_many_presses(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        number = await counter.create()
        for key in (Qt.Key.Key_Escape, Qt.Key.Key_Space):
            dialog = await counter.ask_to_cancel(number)
            QTest.keyClick(dialog.focusWidget(), key)
            await counter.gone(dialog)
        assert counter.service.closings() == []
        counter.service.faults.add("cancel_or_refund", Fault("delay", seconds=0.05))
        dialog = await counter.ask_to_cancel(number)
        click(dialog, "confirmButton")
        assert words(dialog, "confirmButton") == "Cancelling…"
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        dialog.close()
        assert dialog.isVisible(), "nothing closes it while the answer is awaited"
        await counter.becomes(number, LinkState.CANCELLED)
        assert len(counter.service.closings()) == 1


async def test_paid_since_the_press(counter: Counter) -> None:
    async with counter:
        number = await begun(counter)
        counter.service.customer.pay(number)
        await counter.show(number)
        counter.click("cancelButton")
        dialog = await counter.asked("paidGuard")
        assert words(dialog, "confirmTitle") == "Stop: this link has just been paid"
        assert words(dialog, "confirmText") == (
            "You pressed Cancel on Order 1054 while it was unpaid. The money has arrived since, so it can no longer "
            "be cancelled, only refunded."
        )
        assert words(dialog, "nothingDoneLabel") == "Nothing has been cancelled or refunded."
        assert dialog.focusWidget().objectName() == "keepButton"
        await counter.answer(dialog, "keepButton")
        assert counter.row_says(number) == "Paid"
        assert counter.service.closings() == []


async def test_paid_while_the_question_stands(counter: Counter) -> None:
    async with counter:
        number = await begun(counter)
        dialog = await counter.ask_to_cancel(number)
        counter.service.customer.pay(number)
        counter.hours.pass_by(4)
        click(dialog, "confirmButton")
        guard = await counter.asked("paidGuard")
        assert question("cancel") is None
        assert counter.service.closings() == []
        assert words(guard, "confirmButton") == "Refund USD 182.75…"
        await until(part(guard, QAbstractButton, "confirmButton").isEnabled)
        click(guard, "confirmButton")
        refund = await counter.asked("refund")
        assert refund.focusWidget().objectName() == "keepButton"
        assert words(refund, "confirmButton") == "Hold to refund USD 182.75"
        await counter.answer(refund, "keepButton")
        assert counter.service.closings() == []
        assert counter.row_says(number) == "Paid"


async def test_a_cancel_that_became_a_refund_is_said_loudly(counter: Counter) -> None:
    async with counter:
        number = await begun(counter)
        dialog = await counter.ask_to_cancel(number)
        counter.service.faults.add("cancel_or_refund", Fault("delay", seconds=0.1))
        click(dialog, "confirmButton")
        await until(counter.service.closings)
        counter.service.customer.pay(number)
        loud = await counter.asked("cancelBecameRefund")
        await until(lambda: counter.heard[-1:] == [News.BECAME_REFUND])
        assert words(loud, "confirmTitle") == "Your cancel became a refund"
        assert words(loud, "confirmText") == (
            "The customer paid USD 182.75 for Order 1054 at the very moment you cancelled. The payment service sent "
            "the money back. Tell the customer, and make a new link if the order still stands."
        )
        QTest.keyClick(loud, Qt.Key.Key_Escape)
        loud.close()
        assert loud.isVisible()
        assert counter.row_says(number) == "Refunded"
        await counter.answer(loud, "keepButton")
        assert counter.service.ledger.link(number).refunded.minor == 18275
        assert len(counter.service.closings()) == 1
        await until(lambda: any("refund" in line.lower() for line in counter.history()))


async def test_the_customer_pays_right_now(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        number = await counter.create()
        counter.service.customer.start(number)
        await counter.show(number)
        counter.click("cancelButton")
        dialog = await counter.asked("notice")
        assert words(dialog, "confirmTitle") == "Not cancelled"
        assert words(dialog, "confirmText") == (
            "The customer is paying right now. Wait for the result before cancelling"
        )
        await counter.answer(dialog, "keepButton")
        assert not counter.is_on("cancelButton")
        assert counter.says("detailReasonLabel") == (
            "The customer is paying right now. Wait for the result before cancelling"
        )
        assert counter.service.closings() == []


async def test_cancelled_elsewhere(counter: Counter) -> None:
    async with counter:
        number = await begun(counter)
        await counter.show(number)
        counter.service.ledger.cancel_or_refund(number)
        counter.click("cancelButton")
        dialog = await counter.asked("alreadyDone")
        assert words(dialog, "confirmTitle") == "This link was already cancelled"
        assert re.fullmatch(r"It was cancelled at \d\d:\d\d\. Nothing more was sent\.", words(dialog, "confirmText"))
        await counter.answer(dialog, "keepButton")
        assert counter.row_says(number) == "Cancelled"
        assert counter.service.closings() == []


async def test_a_link_that_cannot_be_read_is_not_touched(counter: Counter) -> None:
    async with counter:
        number = await begun(counter)
        await counter.show(number)
        counter.service.faults.add("order", Fault("drop_before"), times=None)
        counter.click("cancelButton")
        dialog = await counter.asked("notice")
        assert words(dialog, "confirmTitle") == "Not cancelled"
        assert words(dialog, "confirmText") == COULD_NOT_CHECK
        await counter.answer(dialog, "keepButton")
        assert counter.service.closings() == []
        assert counter.link(number).is_open


@pytest.mark.parametrize(
    ("fault", "is_carried_out"),
    [(Fault("status_after", status=502), True), (Fault("drop_before"), False)],
    ids=["status_after", "drop_before"],
)
async def test_a_lost_answer_is_never_sent_again(counter: Counter, fault: Fault, is_carried_out: bool) -> None:
    async with counter:
        number = await begun(counter)
        counter.service.faults.add("cancel_or_refund", fault)
        click(await counter.ask_to_cancel(number), "confirmButton")
        await counter.becomes(number, LinkState.UNKNOWN)
        await until(counter.doubt)
        assert counter.row_says(number) == "Needs check"
        assert counter.banner == "1 link needs checking.", "its card says what to do"
        assert counter.doubt().startswith("We do not know if this link was cancelled The connection dropped at ")
        assert counter.doubt().endswith("Do not make a new link yet. We keep checking.")
        assert not is_shown(counter.window, "cancelButton")
        before = len(counter.service.reads())
        counter.click("checkButton")
        await until(lambda: len(counter.service.reads()) > before)
        if is_carried_out:
            await counter.becomes(number, LinkState.CANCELLED)
        else:
            await until(lambda: counter.says("checkButton") == "Check now")
            assert counter.link(number).state is LinkState.UNKNOWN
            counter.hours.pass_by(601)
            counter.click("checkButton")
            await counter.becomes(number, LinkState.DECLINED)
            await counter.show(number)
            assert counter.is_on("cancelButton")
        assert counter.banner == ""
        assert len(counter.service.closings()) == 1


async def test_a_cancel_without_an_answer_that_became_a_refund(counter: Counter) -> None:
    async with counter:
        number = await begun(counter)
        counter.service.faults.add("cancel_or_refund", Fault("drop_after", seconds=0.1))
        click(await counter.ask_to_cancel(number), "confirmButton")
        await until(counter.service.closings)
        counter.service.customer.pay(number)
        await counter.becomes(number, LinkState.UNKNOWN)
        await until(lambda: counter.sees("checkButton"))
        counter.click("checkButton")
        await counter.becomes(number, LinkState.REFUNDED)
        loud = await counter.asked("cancelBecameRefund")
        await until(lambda: counter.heard[-1:] == [News.BECAME_REFUND])
        await counter.answer(loud, "keepButton")
        assert len(counter.service.closings()) == 1


async def test_a_refusal_changes_nothing(counter: Counter) -> None:
    async with counter:
        number = await begun(counter)
        counter.service.faults.add("cancel_or_refund", Fault("status", status=400, message="Link is locked"))
        dialog = await counter.ask_to_cancel(number)
        click(dialog, "confirmButton")
        await until(lambda: words(dialog, "confirmError"))
        assert words(dialog, "confirmError") == (
            "The payment service did not accept this request: Link is locked. Nothing was cancelled"
        )
        assert dialog.focusWidget().objectName() == "keepButton"
        await counter.answer(dialog, "keepButton")
        assert counter.row_says(number) == "Declined"
        assert not counter.service.ledger.link(number).is_closed


async def test_without_a_route_the_buttons_are_off_and_say_why(look: Look, service: Service, hours: Hours) -> None:
    async with Counter(look, service, hours, route=None) as counter:
        await counter.sign_in()
        number = await counter.create()
        await counter.show(number)
        assert not counter.is_on("cancelButton")
        assert counter.says("detailReasonLabel") == NO_ROUTE
        service.customer.pay(number)
        await counter.refresh()
        await counter.becomes(number, LinkState.PAID)
        assert not counter.is_on("refundButton")
        assert counter.says("detailReasonLabel") == NO_ROUTE
        assert service.closings() == []


async def test_a_wrong_route_is_said(look: Look, service: Service, hours: Hours) -> None:
    async with Counter(look, service, hours, route=ROUTE.replace("/training/", "/wrong/")) as counter:
        number = await begun(counter)
        dialog = await counter.ask_to_cancel(number)
        click(dialog, "confirmButton")
        await until(lambda: words(dialog, "confirmError"))
        assert words(dialog, "confirmError") == (
            "The address in this profile is not right: the payment service does not know it. "
            "Ask whoever manages your payment account. Nothing was cancelled"
        )
        await counter.answer(dialog, "keepButton")
        assert counter.row_says(number) == "Declined"
