"""A create whose answer never came: the row waits to be checked, and only a person sends it again, byte for byte."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from optty_desktop.core.links import LinkState
from optty_desktop.training.faults import Fault
from tests.flows.counter import Counter
from tests.flows.hands import click, part, write
from tests.waiting import until

ONE_TO_CHECK = "1 link needs checking."
DOUBT = re.compile(
    r"We do not know if this link exists "
    r"The connection dropped at \d\d:\d\d before the answer came back\. It may have been created, or not\. "
    r"Do not create it again yet\. The customer could pay twice\."
)
ADDRESS_LOST = (
    "The address of this link is lost "
    "The payment service has this link, but its address was lost with the answer. "
    "Cancel it, then make a new one."
)


async def lost(counter: Counter, fault: Fault) -> str:
    """Sign in and send a filled form into ``fault``; returns the number of the link nobody knows about."""
    await counter.sign_in()
    counter.service.faults.add("create", fault)
    counter.fill()
    counter.click("createLinkButton")
    await until(lambda: counter.links and counter.sees("detailPane"))
    (link,) = counter.links
    assert link.state is LinkState.UNKNOWN
    return link.invoice_number


def check_that_it_is_in_doubt(counter: Counter, number: str) -> None:
    """Row and banner name it; what to do stands in one place, the card of the opened link, which has the keyboard."""
    assert counter.row_says(number) == "Needs check"
    assert counter.banner == ONE_TO_CHECK
    assert counter.says("formErrorLabel") == ""
    assert counter.window.focusWidget().objectName() == "checkButton"
    assert DOUBT.fullmatch(counter.doubt())
    assert counter.says("detailTitle") == "Order 1054"
    assert counter.typed("amountEdit") == "", "a filled form would invite a second link"
    assert not counter.sees("linkReadyPane")


async def check_now(counter: Counter) -> None:
    """Press Check now and wait until it is done."""
    before = len(counter.service.creates())
    counter.click("checkButton")
    await until(lambda: len(counter.service.creates()) > before)
    await until(lambda: not counter.sees("checkButton") or counter.says("checkButton") == "Check now")


@pytest.mark.parametrize(
    "fault",
    [Fault("drop_before", seconds=0.05), Fault("status", status=500), Fault("captive_portal")],
    ids=lambda fault: fault.kind,
)
async def test_one_that_never_arrived_is_made_by_the_second_try(counter: Counter, fault: Fault) -> None:
    async with counter:
        number = await lost(counter, fault)
        check_that_it_is_in_doubt(counter, number)
        assert len(counter.service.creates()) == 1
        await check_now(counter)
        await counter.becomes(number, LinkState.PENDING)
        first, second = counter.service.creates()
        assert first.body == second.body
        assert [link.invoice_number for link in counter.service.ledger.links()] == [number]
        await until(lambda: counter.desk.page.ready.code)
        assert counter.row_says(number) == "Pending"
        assert counter.banner == ""
        assert counter.links[0].url == counter.says("linkEdit")


@pytest.mark.parametrize(
    "fault",
    [Fault("drop_after", seconds=0.05), Fault("cut_json"), Fault("status_after", status=503)],
    ids=lambda fault: fault.kind,
)
async def test_one_that_did_arrive_stays_to_be_checked(counter: Counter, fault: Fault) -> None:
    async with counter:
        number = await lost(counter, fault)
        check_that_it_is_in_doubt(counter, number)
        await check_now(counter)
        await until(lambda: counter.doubt() == ADDRESS_LOST)
        first, second = counter.service.creates()
        assert first.body == second.body
        assert len(counter.service.ledger.links()) == 1
        assert counter.row_says(number) == "Needs check"
        assert counter.banner == ONE_TO_CHECK
        assert counter.says("detailProblem") == ""
        assert not counter.sees("detailCopyLinkButton")
        assert not counter.sees("checkButton"), "nothing more can be learnt; only cancelling leads on"
        counter.desk.page.detail.closed.emit()
        assert counter.banner == f"{ONE_TO_CHECK} Do not send it again until it is clear."


async def test_a_lost_address_is_cancelled_by_typing_the_amount(counter: Counter) -> None:
    async with counter:
        number = await lost(counter, Fault("drop_after"))
        await check_now(counter)
        await until(lambda: counter.doubt() == ADDRESS_LOST)
        counter.hours.pass_by(1)  # a button that has just come does not answer yet
        counter.click("cancelButton")
        dialog = await counter.asked("cancel")
        assert not part(dialog, QLineEdit, "typedAmountEdit").text()
        write(dialog, "typedAmountEdit", "182.75")
        click(dialog, "confirmButton")
        await counter.becomes(number, LinkState.CANCELLED)
        assert counter.service.ledger.link(number).is_closed
        assert len(counter.service.closings()) == 1
        assert counter.banner == ""


async def test_a_second_try_that_is_refused_leaves_the_doubt(counter: Counter) -> None:
    async with counter:
        number = await lost(counter, Fault("drop_after"))
        counter.service.faults.add("create", Fault("status", status=429, message="Too many requests", retry_after=9))
        await check_now(counter)
        await until(lambda: counter.says("detailProblem"))
        assert counter.says("detailProblem") == "The payment service is busy. Try again in 9 s"
        assert counter.row_says(number) == "Needs check"
        assert counter.banner == ONE_TO_CHECK
        assert counter.is_on("checkButton")


async def test_a_second_try_without_a_line_leaves_the_doubt(counter: Counter) -> None:
    async with counter:
        number = await lost(counter, Fault("drop_before"))
        counter.service.unplug()
        counter.click("checkButton")
        await until(lambda: counter.says("detailProblem"))
        assert counter.says("detailProblem") == (
            "We could not check this link. Nothing was changed. Try again when the connection is back"
        )
        assert counter.row_says(number) == "Needs check"
        counter.service.plug_in()
        await check_now(counter)
        await counter.becomes(number, LinkState.PENDING)
        assert len({one.body for one in counter.service.creates()}) == 1


async def test_show_it_leads_to_the_link_in_doubt(counter: Counter) -> None:
    async with counter:
        number = await lost(counter, Fault("drop_after"))
        counter.key(Qt.Key.Key_Escape)
        await until(lambda: not counter.sees("detailPane"))
        counter.click("statusBannerButton")
        await until(lambda: counter.sees("detailPane"))
        assert counter.desk.page.links.selected() == number


async def test_closing_with_a_doubt_asks_first(counter: Counter) -> None:
    async with counter:
        await lost(counter, Fault("drop_after"))
        counter.window.close()
        dialog = await counter.asked("close")
        assert dialog.windowTitle() == "Close with 1 link to check? — SANDBOX"
        await counter.answer(dialog, "keepButton")
        assert counter.window.isVisible()
        counter.window.close()
        click(await counter.asked("close"), "confirmButton")
        await counter.running
