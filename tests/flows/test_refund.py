"""Paying money back: held, sent once, and never again by the program, whatever becomes of the answer."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from optty_desktop.core.links import LinkState, Note, PaymentLink
from optty_desktop.journal.journal import SqliteJournal
from optty_desktop.training.faults import Fault
from optty_desktop.ui.theme import Look
from tests.flows.counter import ROUTE, Counter
from tests.flows.hands import click, part, question, words, write
from tests.flows.hours import Hours
from tests.flows.service import Service
from tests.waiting import until

COULD_NOT_CHECK = "We could not check this link. Nothing was changed. Try again when the connection is back"


async def asked(counter: Counter) -> str:
    """Sign in and have a paid link; its detail is open."""
    await counter.sign_in()
    return await counter.paid()


async def recorded(counter: Counter, number: str) -> PaymentLink:
    """What the record on disk says after the window has closed."""
    journal = await SqliteJournal.open(counter.paths.journal_folder, "sandbox")
    try:
        link = await journal.link(number)
        operations = await journal.operations(number)
    finally:
        await journal.close()
    assert link is not None
    assert not any(operation.is_open for operation in operations)
    return link


async def test_a_refund_by_holding(counter: Counter) -> None:
    async with counter:
        number = await asked(counter)
        dialog = await counter.ask_to_refund(number)
        assert words(dialog, "confirmTitle") == "Refund USD 182.75 for Order 1054?"
        assert "USD 182.75" in words(dialog, "confirmText")
        assert dialog.focusWidget().objectName() != "confirmButton"
        button = part(dialog, QAbstractButton, "confirmButton")
        assert button.text() == "Hold to refund USD 182.75"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        QTest.keyClick(button, Qt.Key.Key_Return)
        assert counter.service.closings() == []
        counter.hold(dialog)
        await counter.becomes(number, LinkState.REFUNDED)
        counter.click("toastCloseButton")
        await until(lambda: counter.toast == "Refund of USD 182.75 sent.")
        assert counter.row_says(number) == "Refunded"
        assert counter.service.ledger.link(number).refunded.minor == 18275
        assert len(counter.service.closings()) == 1


async def test_a_refund_by_typing_asks_for_the_reason_and_the_very_amount(counter: Counter) -> None:
    async with counter:
        number = await asked(counter)
        counter.click("refundButton")
        dialog = await counter.asked("refund")
        click(dialog, "typeInsteadButton")
        write(dialog, "typedAmountEdit", "182.7")
        assert not part(dialog, QAbstractButton, "confirmButton").isEnabled()
        QTest.keyClicks(dialog.focusWidget(), "5")
        click(dialog, "confirmButton")
        assert words(dialog, "refundReasonError") == "Choose a reason"
        assert counter.service.closings() == []
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Down)
        click(dialog, "confirmButton")
        await counter.becomes(number, LinkState.REFUNDED)
        assert len(counter.service.closings()) == 1


async def test_a_refund_on_its_way_stays_paid_until_it_is_confirmed(counter: Counter) -> None:
    async with counter:
        counter.service.switches.refund_seconds = 60
        number = await asked(counter)
        counter.hold(await counter.ask_to_refund(number))
        await until(lambda: counter.link(number).note is Note.REFUND_ON_ITS_WAY)
        assert counter.row_says(number) == "Paid"
        assert counter.says("detailReasonLabel") == (
            "A refund is on its way. Wait until the payment service confirms it"
        )
        assert not counter.is_on("refundButton")
        counter.hours.pass_by(61)
        await counter.refresh()
        await counter.becomes(number, LinkState.REFUNDED)
        assert len(counter.service.closings()) == 1


async def test_refunded_elsewhere_before_the_question(counter: Counter) -> None:
    async with counter:
        number = await asked(counter)
        counter.service.ledger.cancel_or_refund(number)
        counter.click("refundButton")
        dialog = await counter.asked("alreadyDone")
        assert words(dialog, "confirmTitle") == "This payment was already refunded"
        assert re.fullmatch(
            r"USD 182\.75 went back at \d\d:\d\d\. Nothing more was sent\.", words(dialog, "confirmText")
        )
        await counter.answer(dialog, "keepButton")
        assert counter.row_says(number) == "Refunded"
        assert counter.service.closings() == []


async def test_refunded_elsewhere_while_the_question_stands(counter: Counter) -> None:
    async with counter:
        number = await asked(counter)
        dialog = await counter.ask_to_refund(number)
        counter.service.ledger.cancel_or_refund(number)
        counter.hours.pass_by(4)
        counter.hold(dialog)
        done = await counter.asked("alreadyDone")
        assert question("refund") is None
        assert words(done, "confirmTitle") == "This payment was already refunded"
        await counter.answer(done, "keepButton")
        assert counter.service.closings() == []
        assert counter.service.ledger.link(number).refunded.minor == 18275


async def test_a_refund_that_runs_elsewhere(counter: Counter) -> None:
    async with counter:
        counter.service.switches.refund_seconds = 60
        number = await asked(counter)
        counter.service.ledger.cancel_or_refund(number)
        counter.click("refundButton")
        dialog = await counter.asked("alreadyDone")
        assert words(dialog, "confirmTitle") == "This payment was already refunded"
        await counter.answer(dialog, "keepButton")
        assert counter.link(number).note is Note.REFUND_ON_ITS_WAY
        assert counter.service.closings() == []


async def test_a_payment_that_cannot_be_read_is_not_touched(counter: Counter) -> None:
    async with counter:
        number = await asked(counter)
        counter.service.faults.add("order", Fault("drop_after"), times=None)
        counter.click("refundButton")
        dialog = await counter.asked("notice")
        assert words(dialog, "confirmTitle") == "Not refunded"
        assert words(dialog, "confirmText") == COULD_NOT_CHECK
        await counter.answer(dialog, "keepButton")
        assert counter.service.closings() == []
        assert counter.row_says(number) == "Paid"


async def test_a_line_that_goes_while_the_question_stands(counter: Counter) -> None:
    async with counter:
        number = await asked(counter)
        dialog = await counter.ask_to_refund(number)
        counter.service.unplug()
        counter.hold(dialog)
        await until(lambda: words(dialog, "confirmError"))
        assert words(dialog, "confirmError") == (
            "No connection. Check the network cable or Wi-Fi, then try again. Nothing was refunded"
        )
        assert dialog.focusWidget().objectName() == "keepButton"
        await counter.answer(dialog, "keepButton")
        assert counter.row_says(number) == "Paid"
        assert counter.service.closings() == []


@pytest.mark.parametrize(
    ("fault", "is_carried_out"),
    [(Fault("drop_after"), True), (Fault("captive_portal"), False)],
    ids=["drop_after", "captive_portal"],
)
async def test_a_lost_answer_is_never_sent_again(counter: Counter, fault: Fault, is_carried_out: bool) -> None:
    async with counter:
        number = await asked(counter)
        counter.service.faults.add("cancel_or_refund", fault)
        counter.hold(await counter.ask_to_refund(number))
        await counter.becomes(number, LinkState.UNKNOWN)
        await until(counter.doubt)
        assert counter.row_says(number) == "Needs check"
        assert counter.link(number).note is Note.REFUND_NOT_CONFIRMED
        assert counter.banner == "1 link needs checking.", "its card says what to do"
        assert re.fullmatch(
            r"We do not know if this refund went through The connection dropped at \d\d:\d\d before the answer came "
            r"back\. Do not refund again\. We keep checking\.",
            counter.doubt(),
        )
        assert not counter.sees("refundButton")
        counter.click("checkButton")
        if not is_carried_out:
            await until(lambda: counter.says("checkButton") == "Check now")
            assert counter.link(number).state is LinkState.UNKNOWN
            counter.hours.pass_by(601)
            counter.click("checkButton")
        await counter.becomes(number, LinkState.REFUNDED if is_carried_out else LinkState.PAID)
        assert counter.banner == ""
        assert len(counter.service.closings()) == 1
        refunded = counter.service.ledger.link(number).refunded.minor
        assert refunded == (18275 if is_carried_out else 0)
        if not is_carried_out:
            await until(lambda: counter.sees("refundButton"))
            assert counter.is_on("refundButton")


async def test_a_refusal_changes_nothing(counter: Counter) -> None:
    async with counter:
        number = await asked(counter)
        counter.service.faults.add("cancel_or_refund", Fault("status", status=400, message="Refund window has ended"))
        dialog = await counter.ask_to_refund(number)
        counter.hold(dialog)
        await until(lambda: words(dialog, "confirmError"))
        assert words(dialog, "confirmError") == (
            "The payment service did not accept this request: Refund window has ended. Nothing was refunded"
        )
        await counter.answer(dialog, "keepButton")
        assert counter.row_says(number) == "Paid"
        assert counter.is_on("refundButton")
        assert counter.service.ledger.link(number).refunded.minor == 0
        assert len(counter.service.closings()) == 1


async def test_a_wrong_route_is_said(look: Look, service: Service, hours: Hours) -> None:
    async with Counter(look, service, hours, route=ROUTE.replace("/training/", "/wrong/")) as counter:
        dialog = await counter.ask_to_refund(await asked(counter))
        counter.hold(dialog)
        await until(lambda: words(dialog, "confirmError"))
        assert words(dialog, "confirmError") == (
            "The address in this profile is not right: the payment service does not know it. "
            "Ask whoever manages your payment account. Nothing was refunded"
        )
        await counter.answer(dialog, "keepButton")


async def test_closing_while_a_refund_is_sent_waits_for_the_answer(counter: Counter) -> None:
    async with counter:
        number = await asked(counter)
        counter.service.faults.add("cancel_or_refund", Fault("delay", seconds=0.2))
        counter.hold(await counter.ask_to_refund(number))
        await until(counter.service.closings)
        counter.window.close()
        dialog = await counter.asked("close")
        assert words(dialog, "confirmTitle") == "Wait for the answer?"
        assert words(dialog, "confirmText") == (
            "A refund is being sent. The window closes as soon as the answer is stored."
        )
        assert (words(dialog, "keepButton"), words(dialog, "confirmButton")) == ("Stay", "Close after the answer")
        click(dialog, "confirmButton")
        await counter.running
    assert (await recorded(counter, number)).state is LinkState.REFUNDED
    assert len(counter.service.closings()) == 1


async def test_a_stop_of_the_program_while_a_refund_is_sent_keeps_the_answer(counter: Counter) -> None:
    async with counter:
        number = await asked(counter)
        counter.service.faults.add("cancel_or_refund", Fault("delay", seconds=0.1))
        counter.hold(await counter.ask_to_refund(number))
        await until(counter.service.closings)
        counter.stop.set()
        await counter.running
    assert (await recorded(counter, number)).state is LinkState.REFUNDED
    assert counter.service.ledger.link(number).refunded.minor == 18275
    assert len(counter.service.closings()) == 1


async def test_a_stop_while_the_question_stands_sends_nothing(counter: Counter) -> None:
    async with counter:
        number = await asked(counter)
        await counter.ask_to_refund(number)
        counter.stop.set()
        await counter.running
    assert (await recorded(counter, number)).state is LinkState.PAID
    assert counter.service.closings() == []


async def test_a_cancel_that_became_a_refund_is_read_before_the_window_closes(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        number = await counter.create()
        counter.service.faults.add("cancel_or_refund", Fault("delay", seconds=0.15))
        click(await counter.ask_to_cancel(number), "confirmButton")
        await until(counter.service.closings)
        counter.service.customer.pay(number)
        counter.window.close()
        click(await counter.asked("close"), "confirmButton")
        loud = await counter.asked("cancelBecameRefund")
        assert counter.window.isVisible()
        assert not counter.running.done()
        click(loud, "keepButton")
        await counter.running
    assert (await recorded(counter, number)).state is LinkState.REFUNDED
