"""Questions about money while the world goes on: the link that changes behind them, and a fault of this program."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel
from shiboken6 import isValid

from optty_desktop.core.errors import JournalDamaged
from optty_desktop.core.links import LinkState, Note
from optty_desktop.core.operations import Stage
from optty_desktop.ui.cancel_dialog import CancelDialog
from optty_desktop.ui.guard_dialogs import PaidGuardDialog
from optty_desktop.ui.notice_dialog import NoticeDialog
from optty_desktop.ui.times import clock_time_seconds
from optty_desktop.ui.verbs import Verbs
from tests.fakes import START, TRAINING, FakeAccount, link
from tests.ui.desk_room import DeskRoom
from tests.ui.stage import part
from tests.waiting import until


async def question(room: DeskRoom) -> CancelDialog:
    """Open the link and press Cancel."""
    room.desk.page.links.opened.emit("T2-1")
    cancel = part(room.desk.page.detail, QAbstractButton, "cancelButton")
    await until(cancel.isVisible)
    await room.click(cancel)
    await until(lambda: any(one.isVisible() for one in room.desk.window.findChildren(CancelDialog)))
    return room.desk.window.findChildren(CancelDialog)[-1]


def guard_of(room: DeskRoom) -> PaidGuardDialog | None:
    shown = [one for one in room.desk.window.findChildren(PaidGuardDialog) if one.isVisible()]
    return shown[0] if shown else None


def shown_notice(room: DeskRoom) -> NoticeDialog | None:
    """The dialog with one sentence to read."""
    shown = [one for one in room.desk.window.findChildren(NoticeDialog) if one.isVisible()]
    return shown[0] if shown else None


async def test_a_question_about_a_link_that_turns_paid_becomes_the_guard_at_once() -> None:
    pending = link("T2-1", LinkState.PENDING)
    async with DeskRoom([pending]) as room:
        room.gateway.accounts["T2-1"] = FakeAccount("T2-1", pending.amount, has_order=True)
        dialog = await question(room)
        pressed_at = room.clock.now()
        room.clock.advance(40)
        room.book.put(replace(pending, note=Note.OVERDUE))
        assert dialog.isVisible(), "it can still be cancelled"
        room.book.put(link("T2-1", LinkState.PAID, paid_at=room.clock.now(), changed_at=room.clock.now()))
        assert not dialog.isVisible()
        await until(lambda: guard_of(room))
        guard = guard_of(room)
        assert guard is not None
        refund = part(guard, QAbstractButton, "confirmButton")
        assert not refund.isEnabled(), "a finger on its way to Cancel link must not find Refund…"
        times = [label.text() for label in guard.findChildren(QLabel, "guardTimeLabel")]
        assert clock_time_seconds(pressed_at) in times
        assert len(set(times)) == 2
        await until(refund.isEnabled)
        await room.press(Qt.Key.Key_Escape)
        assert "cancel_or_refund" not in room.gateway.calls


async def test_the_guard_tells_the_time_of_the_last_press() -> None:
    pending = link("T2-1", LinkState.PENDING)
    async with DeskRoom([pending]) as room:
        room.gateway.accounts["T2-1"] = FakeAccount("T2-1", pending.amount, has_order=True)
        dialog = await question(room)
        room.clock.advance(40)
        room.gateway.pay("T2-1")
        await room.click(part(dialog, QAbstractButton, "confirmButton"))
        await until(lambda: guard_of(room))
        guard = guard_of(room)
        assert guard is not None
        times = [label.text() for label in guard.findChildren(QLabel, "guardTimeLabel")]
        assert clock_time_seconds(room.clock.now()) in times
        assert clock_time_seconds(START) not in times
        await room.press(Qt.Key.Key_Escape)


async def test_a_question_about_a_link_that_somebody_begins_to_pay_says_so() -> None:
    pending = link("T2-1", LinkState.PENDING)
    async with DeskRoom([pending]) as room:
        room.gateway.accounts["T2-1"] = FakeAccount("T2-1", pending.amount, has_order=True)
        dialog = await question(room)
        room.book.put(replace(pending, state=LinkState.IN_PROGRESS))
        notice = await until(lambda: shown_notice(room))
        assert notice is not None
        assert not (isValid(dialog) and dialog.isVisible())
        words = part(notice, QLabel, "confirmText").text()
        assert words == "The customer is paying right now. Wait for the result before cancelling"
        await room.press(Qt.Key.Key_Escape)


NOBODY_PAID = "Nobody has paid, so the link can still be cancelled. Nothing was sent."


@pytest.mark.parametrize(
    ("state", "title", "text"),
    [
        (
            LinkState.PAID,
            "The customer has paid",
            "USD 182.75 has arrived. It can no longer be cancelled, only refunded. Nothing was sent.",
        ),
        (LinkState.DECLINED, "The payment was declined", NOBODY_PAID),
        (LinkState.PENDING, "The customer is not paying any more", NOBODY_PAID),
        (LinkState.CANCELLED, "This link was already cancelled", "Nothing more was sent."),
        (LinkState.EXPIRED, "This link has expired", "Nothing was sent."),
        (LinkState.REFUNDED, "This payment was already refunded", "Nothing more was sent."),
        (LinkState.UNKNOWN, "This link needs checking first", "Nothing was sent."),
    ],
    ids=str,
)
async def test_the_word_that_somebody_pays_ends_with_the_payment(state: LinkState, title: str, text: str) -> None:
    pending = link("T2-1", LinkState.PENDING)
    async with DeskRoom([pending]) as room:
        room.gateway.accounts["T2-1"] = FakeAccount("T2-1", pending.amount, has_order=True)
        await question(room)
        room.book.put(replace(pending, state=LinkState.IN_PROGRESS))
        notice = await until(lambda: shown_notice(room))
        assert notice is not None
        room.book.put(link("T2-2", LinkState.PAID))
        assert notice.accessibleName() == "Not cancelled", "that was another link"
        room.book.put(link("T2-1", state, paid_at=room.clock.now(), changed_at=room.clock.now()))
        assert shown_notice(room) is notice
        assert notice.windowTitle().startswith(title)
        assert part(notice, QLabel, "confirmTitle").text() == title
        assert part(notice, QLabel, "confirmText").text().endswith(text)
        assert notice.accessibleDescription() == part(notice, QLabel, "confirmText").text()
        await room.press(Qt.Key.Key_Escape)
        await until(lambda: shown_notice(room) is None)
        assert "cancel_or_refund" not in room.gateway.calls


@pytest.mark.parametrize(
    ("state", "title"), [(LinkState.PAID, "Not refunded"), (LinkState.PENDING, "Not cancelled")], ids=str
)
async def test_a_till_without_an_address_says_so_at_the_press(state: LinkState, title: str) -> None:
    async with DeskRoom([link("T2-1", state)], environment=replace(TRAINING, cancel_or_refund=None)) as room:
        links = room.desk.page.links
        press = links.refund_requested if state is LinkState.PAID else links.cancel_requested
        press.emit("T2-1")
        notice = await until(lambda: shown_notice(room))
        assert notice is not None
        assert notice.windowTitle().startswith(title)
        assert part(notice, QLabel, "confirmText").text() == (
            "This till has no address for cancel and refund yet. Ask whoever manages your payment account to enter it"
        )
        assert not {"read_order", "cancel_or_refund"} & set(room.gateway.calls)
        await room.press(Qt.Key.Key_Escape)


async def test_a_fault_of_this_program_gives_the_question_back_and_warns_of_sending_again() -> None:
    pending = link("T2-1", LinkState.PENDING)
    async with DeskRoom([pending]) as room:
        room.gateway.accounts["T2-1"] = FakeAccount("T2-1", pending.amount, has_order=True)
        fault = RuntimeError("a fault")

        async def fail(call: str) -> None:
            if call == "cancel_or_refund":
                raise fault

        dialog = await question(room)
        room.gateway.before = fail
        await room.click(part(dialog, QAbstractButton, "confirmButton"))
        error = part(dialog, QLabel, "confirmError")
        await until(error.text)
        assert error.text() == "We do not know what came of it. Do not send it again: check the link"
        await until(lambda: room.errors == [fault])
        room.errors.clear()
        await room.press(Qt.Key.Key_Escape)
        await until(lambda: not room.desk.window.findChildren(CancelDialog))
        (operation,) = room.journal.kept.values()
        assert operation.stage is Stage.UNKNOWN
        shown = room.book.find("T2-1")
        assert shown is not None
        assert shown.note is Note.CANCEL_NOT_CONFIRMED


async def test_a_cancel_behind_a_record_that_could_not_be_opened_says_why() -> None:
    async with DeskRoom([link("T2-1", LinkState.PENDING)]) as room:
        no_session: asyncio.Future[Verbs] = asyncio.get_running_loop().create_future()
        no_session.set_exception(JournalDamaged("a page is not readable"))
        room.desk._money._verbs = no_session
        room.desk.page.links.opened.emit("T2-1")
        cancel = part(room.desk.page.detail, QAbstractButton, "cancelButton")
        await until(cancel.isVisible)
        await room.click(cancel)
        await until(lambda: any(one.isVisible() for one in room.desk.window.findChildren(NoticeDialog)))
        (notice,) = room.desk.window.findChildren(NoticeDialog)
        assert "record" in part(notice, QLabel, "confirmText").text()
        await room.press(Qt.Key.Key_Escape)
    assert room.errors == []
