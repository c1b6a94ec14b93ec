"""What the window learns while somebody works: payments, a line that goes and comes back, a start after a stop."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from optty_desktop.core.links import LinkState
from optty_desktop.core.money import Money
from optty_desktop.core.news import News
from optty_desktop.core.operations import Operation, OperationKind, Stage
from optty_desktop.journal.journal import SqliteJournal
from optty_desktop.training.faults import Fault
from tests.flows.counter import Counter
from tests.flows.hands import click, question, top_level, words
from tests.waiting import until

PAUSED_FORM = "Kept here until the connection is back."
OFFLINE = re.compile(
    r"No connection since \d\d:\d\d\. Statuses may be out of date\. "
    r"Creating, cancelling and refunding are paused until it returns\."
)


async def test_a_payment_is_seen_by_itself(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        number = await counter.create()
        await until(lambda: counter.desk.page.ready.code)
        await until(counter.service.reads)
        counter.service.customer.pay(number)
        counter.hours.pass_by(4)
        await counter.show(number)
        await counter.becomes(number, LinkState.PAID)
        assert counter.row_says(number) == "Paid"
        assert counter.toast == "Paid: USD 182.75, Order 1054."
        await until(lambda: counter.heard == [News.PAID])
        model = counter.desk.page.links.model
        tinted_for = model.seconds_since_flip(model.row_of(number) or 0)
        assert tinted_for is not None
        assert tinted_for < 1
        assert counter.desk.page.ready.code is None, "nobody must scan a link that is paid"
        assert re.fullmatch(r"Paid in full at \d\d:\d\d · nothing refunded", counter.says("detailSentenceLabel"))


async def test_who_looks_elsewhere_is_told_and_finds_the_link(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        number = await counter.create()
        await counter.create("64.00", "Order 1055")
        counter.window.hide()
        await until(lambda: not counter.window.isActiveWindow())
        counter.service.customer.pay(number)
        await counter.desk._refresh()
        await until(lambda: counter.notifier.shown)
        assert counter.notifier.shown == (
            "Payment Links — Corner Store — SANDBOX", "Paid: USD 182.75, Order 1054", "Show it",
        )  # fmt: skip
        counter.notifier.press()
        await until(lambda: counter.sees("detailPane"))
        assert counter.window.isVisible()
        assert counter.desk.page.links.selected() == number


async def test_another_amount_needs_a_manager(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        number = await counter.create()
        counter.service.customer.pay(number, Money(10000, "USD"))
        await counter.refresh()
        await counter.becomes(number, LinkState.UNKNOWN)
        await until(lambda: counter.heard == [News.NEEDS_CHECK])
        await counter.show(number)
        await until(lambda: "instead" in counter.doubt())
        assert counter.doubt() == (
            "The payment does not match this link USD 100.00 instead of USD 182.75. "
            "Do not hand over goods. Ask a manager."
        )
        assert counter.row_says(number) == "Needs check"


async def test_a_line_that_goes_and_comes_back(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        number = await counter.create()
        await until(counter.service.reads)
        counter.service.unplug()
        counter.key(Qt.Key.Key_F5)
        await until(lambda: counter.banner)
        assert OFFLINE.fullmatch(counter.banner)
        assert re.fullmatch(r"last check \d\d:\d\d", counter.says("connectionLabel"))
        assert re.fullmatch(r"As of \d\d:\d\d", counter.says("updatedLabel"))
        assert not counter.is_on("cancelLinkButton")
        counter.click("newLinkButton")
        counter.fill(reference="Order 1055")
        assert counter.says("formPausedLabel") == PAUSED_FORM
        assert not counter.is_on("createLinkButton")
        counter.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await counter.show(number)
        assert not counter.is_on("cancelButton")
        assert counter.says("detailReasonLabel") == "Paused until the connection is back"

        counter.service.plug_in()
        counter.click("statusBannerButton")
        await until(lambda: not counter.banner)
        assert counter.says("formPausedLabel") == ""
        assert counter.is_on("cancelButton")
        assert re.fullmatch(r"checked \d+ s ago", counter.says("connectionLabel"))
        assert counter.is_filled(reference="Order 1055")
        assert len(counter.service.creates()) == 1
        counter.click("createLinkButton")
        await until(lambda: len(counter.links) == 2)
        assert len(counter.service.creates()) == 2


async def test_a_service_that_is_down_is_not_a_lost_line(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        await counter.create()
        await until(counter.service.reads)
        counter.service.faults.add("order", Fault("status", status=503))
        counter.key(Qt.Key.Key_F5)
        await until(lambda: counter.banner)
        assert counter.banner == "The payment service is not answering. Nothing was lost."
        counter.key(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        assert counter.is_on("createLinkButton")
        counter.click("statusBannerButton")
        await until(lambda: not counter.banner)


@pytest.mark.parametrize("kind", [OperationKind.CANCEL, OperationKind.REFUND])
async def test_a_call_that_a_stop_left_open_needs_checking(counter: Counter, kind: OperationKind) -> None:
    async with counter:
        await counter.sign_in()
        number = await counter.create()
    await leave_open(counter, number, kind)
    async with counter:
        await counter.sign_in()
        await until(lambda: counter.banner)
        assert counter.banner == "1 link needs checking. Do not send it again until it is clear."
        counter.click("statusBannerButton")
        await until(counter.doubt)
        asked = "this refund went through" if kind is OperationKind.REFUND else "this link was cancelled"
        assert counter.doubt().startswith(f"We do not know if {asked} ")
        assert counter.says("detailTitle") == "Order 1054"
        assert counter.rows() == [number], "what needs checking is on the table whatever day it is of"
        assert counter.service.closings() == []
        counter.window.close()
        click(await counter.asked("close"), "confirmButton")
        await counter.running


async def leave_open(counter: Counter, number: str, kind: OperationKind) -> None:
    """Write into the record what a power cut in the middle of a call leaves there."""
    journal = await SqliteJournal.open(counter.paths.journal_folder, "sandbox")
    link = await journal.link(number)
    assert link is not None
    operation = Operation(
        operation_id="0" * 32, invoice_number=number, kind=kind, stage=Stage.INTENT, amount=link.amount,
        observed=link.state, actor="Sara", requested_at=link.changed_at, changed_at=link.changed_at,
    )  # fmt: skip
    await journal.commit(operation)
    await journal.commit(replace(operation, stage=Stage.SENDING))
    await journal.close()


async def test_signing_in_again_shows_what_may_still_move_and_earlier_days_on_request(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        paid = await counter.paid()
        still_open = await counter.create("64", "Order 1055")
        await counter.sign_out()
        counter.hours.pass_by(60)
        await counter.sign_in()
        assert counter.rows() == [still_open]
        counter.service.customer.pay(still_open)
        await counter.refresh()
        await counter.becomes(still_open, LinkState.PAID)
        await counter.sign_out()
        counter.hours.pass_by(60)
        await counter.sign_in()
        assert counter.rows() == []
        assert counter.sees("emptyState")
        earlier = next(b for b in counter.window.findChildren(QAbstractButton) if b.text() == "Show earlier links")
        QTest.mouseClick(earlier, Qt.MouseButton.LeftButton)
        await until(lambda: len(counter.rows()) == 2)
        assert set(counter.rows()) == {paid, still_open}


async def test_staying_keeps_everything(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        counter.fill()
        counter.desk.window.header.sign_out_requested.emit()
        dialog = await counter.asked("signOut")
        assert words(dialog, "confirmTitle") == "Sign out of Sandbox?"
        assert dialog.focusWidget().objectName() == "keepButton"
        await counter.answer(dialog, "keepButton")
        assert counter.is_filled()
        assert counter.window.isVisible()


async def test_leaving_in_the_middle_of_reads_and_questions(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        number = await counter.create()
        await until(counter.service.reads)
        counter.service.faults.add("order", Fault("delay", seconds=0.1), times=None)
        await counter.show(number)
        counter.key(Qt.Key.Key_F5)
        counter.click("cancelButton")
        await counter.asked("checking")
        await counter.sign_out()
        await asyncio.to_thread(counter.service.unplug)
        assert question("checking") is None
        assert counter.unexpected == []
        assert counter.shop.desk is None


@pytest.mark.limit(30)
async def test_training_is_entered_and_left(counter: Counter) -> None:
    async with counter:
        click(counter.dialog, "trainingButton")
        await until(lambda: counter.shop.desk)
        assert counter.says("createLinkButton") == "Create practice link"
        assert counter.window.windowTitle() == "Payment Links — Corner Store — TRAINING"
        counter.fill()
        counter.click("createLinkButton")
        await until(lambda: counter.links, limit=20)
        counter.click("leaveTrainingButton")
        dialog = await counter.asked("leaveTraining")
        assert words(dialog, "confirmText") == (
            "Practice links stay on this computer for the next training. You go back to the sign-in window."
        )
        click(dialog, "confirmButton")
        await until(lambda: top_level("loginDialog"))
        assert counter.shop.desk is None
        assert counter.service.tokens() == []
