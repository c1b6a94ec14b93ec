"""Where the keyboard is when something is done: where the next step is, never on whatever comes next."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit

from optty_desktop.core.errors import OutcomeUnknown, Trouble
from optty_desktop.core.links import LinkState, Note, PaymentLink
from optty_desktop.core.operations import OperationKind
from tests.fakes import FakeAccount, draft, link
from tests.ui.desk_room import DeskRoom
from tests.ui.stage import focused_name, part
from tests.ui.test_settle_flow import Doubt
from tests.waiting import until

Key = Qt.Key


def not_confirmed() -> PaymentLink:
    """A refund without an answer."""
    return link("T2-1", LinkState.UNKNOWN, note=Note.REFUND_NOT_CONFIRMED, paid=draft().amount)


@pytest.mark.parametrize("answer", [LinkState.UNKNOWN, LinkState.PAID])
async def test_after_check_now_it_is_on_what_can_be_done_then(answer: LinkState) -> None:
    unclear = not_confirmed()
    async with DeskRoom([unclear]) as room:
        account = FakeAccount("T2-1", unclear.amount, answer, has_order=True)
        room.gateway.accounts["T2-1"] = account
        go_on = asyncio.Event()

        async def wait(_call: str) -> None:
            await go_on.wait()

        room.gateway.before = wait
        room.desk.page.links.opened.emit("T2-1")
        check = part(room.desk.page.detail, QAbstractButton, "checkButton")
        await until(check.isVisible)
        check.setFocus()
        await room.press(Key.Key_Return)
        assert focused_name() == "detailPane", "a second Enter presses nothing"
        go_on.set()
        step = "checkButton" if answer is LinkState.UNKNOWN else "refundButton"
        await until(lambda: focused_name() == step)


async def test_a_check_leaves_the_keyboard_alone_where_somebody_went_meanwhile() -> None:
    unclear = not_confirmed()
    async with DeskRoom([unclear]) as room:
        room.gateway.accounts["T2-1"] = FakeAccount("T2-1", unclear.amount, LinkState.PAID, has_order=True)
        room.desk.page.links.opened.emit("T2-1")
        check = part(room.desk.page.detail, QAbstractButton, "checkButton")
        await until(check.isVisible)
        check.setFocus()
        QTest.keyClick(check, Key.Key_Return)
        room.desk.page.form.focus_amount()
        await until(lambda: room.book[0].state is LinkState.PAID)
        await until(lambda: part(room.desk.page.detail, QAbstractButton, "refundButton").isVisible())
        assert focused_name() == "amountEdit"


@pytest.mark.parametrize(
    ("kind", "seen", "step"),
    [
        (OperationKind.REFUND, "settleNotRefundedRadio", "refundButton"),
        (OperationKind.REFUND, "settleRefundedRadio", "useAgainButton"),
        (OperationKind.CANCEL, "settleStillOpenRadio", "cancelButton"),
    ],
)
async def test_after_closing_by_hand_it_is_on_what_can_be_done_then(kind: OperationKind, seen: str, step: str) -> None:
    async with Doubt(kind) as room:
        await room.show_detail()
        settle = room.part("settleButton")
        await until(settle.isVisible)
        settle.setFocus()
        dialog = await room.ask()
        await room.fill(dialog, seen)
        await room.click(part(dialog, QAbstractButton, "confirmButton"))
        await until(lambda: not room.dialogs())
        assert focused_name() == step


@pytest.mark.parametrize(("width", "height"), [(1366, 696), (1024, 600), (683, 384)])
async def test_after_a_lost_answer_it_is_on_check_now(width: int, height: int) -> None:
    async with DeskRoom() as room:
        room.desk.window.resize(width, height)

        async def drop(_call: str) -> None:
            raise OutcomeUnknown(Trouble.TIMEOUT)

        room.gateway.after = drop
        form = room.desk.page.form
        for name, text in (
            ("amountEdit", "18"),
            ("emailEdit", "guest@example.com"),
            ("phoneEdit", "+12025550154"),
            ("referenceEdit", "Order 9"),
        ):
            edit = part(form, QLineEdit, name)
            edit.setFocus()
            QTest.keyClicks(edit, text)
        await room.press(Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: room.desk.page.has_detail)
        await until(lambda: focused_name() == "checkButton")


@pytest.mark.parametrize(("width", "height"), [(1366, 677), (1024, 600), (683, 384), (480, 320)])
async def test_after_create_it_is_on_copy_link_which_is_seen(width: int, height: int) -> None:
    async with DeskRoom([not_confirmed()]) as room:
        room.desk.window.resize(width, height)
        room.desk.page.form.submitted.emit(draft())
        await until(lambda: focused_name() == "copyLinkButton")
        copy = part(room.desk.page.ready, QAbstractButton, "copyLinkButton")
        await until(lambda: copy.visibleRegion().boundingRect() == copy.rect())
