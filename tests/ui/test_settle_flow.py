"""Closing by hand at the desk: where it is offered, what it writes, and what it says when it cannot be done."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QLineEdit, QMenu, QWidget

from optty_desktop.core.errors import DiskFull
from optty_desktop.core.events import EventKind
from optty_desktop.core.links import LinkState, Note, PaymentLink, Source
from optty_desktop.core.operations import OperationKind, Stage
from optty_desktop.till.line import Line, LineState
from optty_desktop.ui.settle_dialog import SettleDialog
from optty_desktop.ui.timeline_view import TimelineView
from tests.fakes import START, FakeAccount
from tests.ui.desk_room import DeskRoom, turns
from tests.ui.doubts import NUMBER, doubtful, unanswered
from tests.ui.stage import POPUP
from tests.waiting import until

W = TypeVar("W", bound=QWidget)
Key, Kind = Qt.Key, OperationKind
REASON = "Seen in the portal"


class Doubt(DeskRoom):
    """A desk with one link whose operation has no answer, sent eleven minutes ago."""

    def __init__(self, kind: OperationKind = Kind.REFUND, *, after: float = 660) -> None:
        link = doubtful(kind)
        super().__init__([link])
        operation = unanswered(link, kind)
        self.journal.kept[operation.operation_id] = operation
        self.clock.advance(after)

    @property
    def link(self) -> PaymentLink:
        link = self.book.find(NUMBER)
        assert link is not None
        return link

    @property
    def stage(self) -> Stage:
        (operation,) = self.journal.kept.values()
        return operation.stage

    def part(self, name: str) -> QAbstractButton:
        found = self.desk.window.findChild(QAbstractButton, name)
        assert found is not None
        return found

    def toast(self) -> str:
        found = self.desk.window.findChild(QLabel, "toastText")
        return found.text() if found is not None and found.isVisible() else ""

    def dialogs(self) -> list[QDialog]:
        return [one for one in self.desk.window.findChildren(QDialog) if one.isVisible()]

    async def show_detail(self) -> None:
        self.desk._detail.open(NUMBER)
        await turns()

    async def ask(self) -> SettleDialog:
        """Open the detail and press Close by hand…"""
        await self.show_detail()
        await until(self.part("settleButton").isVisible)
        await self.click(self.part("settleButton"))
        await until(self.dialogs)
        (dialog,) = self.dialogs()
        assert isinstance(dialog, SettleDialog)
        return dialog

    async def fill(self, dialog: QDialog, name: str = "settleRefundedRadio") -> None:
        """Choose and type as a person does."""
        await self.click(inside(dialog, QAbstractButton, name))
        QTest.keyClicks(inside(dialog, QLineEdit, "settleReasonEdit"), REASON)


def inside(root: QWidget, kind: type[W], name: str) -> W:
    found = root.findChild(kind, name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("kind", "name", "state", "word"),
    [
        (Kind.CREATE, "settleExistsRadio", LinkState.PENDING, "Pending"),
        (Kind.CREATE, "settleDoesNotExistRadio", LinkState.CANCELLED, "Cancelled"),
        (Kind.CANCEL, "settleCancelledRadio", LinkState.CANCELLED, "Cancelled"),
        (Kind.CANCEL, "settleStillOpenRadio", LinkState.PENDING, "Pending"),
        (Kind.REFUND, "settleRefundedRadio", LinkState.REFUNDED, "Refunded"),
        (Kind.REFUND, "settleNotRefundedRadio", LinkState.PAID, "Paid"),
    ],
)
async def test_what_was_found_is_what_the_row_shows(
    kind: OperationKind, name: str, state: LinkState, word: str
) -> None:
    async with Doubt(kind) as room:
        dialog = await room.ask()
        await room.fill(dialog, name)
        await room.click(inside(dialog, QAbstractButton, "confirmButton"))
        await until(lambda: not room.dialogs())
        assert room.link.state is state
        assert room.link.evidence.source is Source.BY_HAND
        assert room.stage is Stage.SETTLED
        await until(lambda: not room.part("settleButton").isVisible())
        await until(lambda: room.toast().endswith(f" closed by hand. Its status is {word}."))
        assert set(room.gateway.calls) <= {"read"}


async def test_the_timeline_tells_who_what_and_why() -> None:
    async with Doubt() as room:
        dialog = await room.ask()
        await room.fill(dialog)
        await room.click(inside(dialog, QAbstractButton, "confirmButton"))
        timeline = inside(room.desk.window, TimelineView, "timelineView")
        await until(timeline.sentences)
        assert timeline.sentences()[0].endswith(f"Closed by hand by Cashier 1, Found refunded. {REASON}")


async def test_a_cancel_found_refunded_is_told_loudly() -> None:
    async with Doubt(Kind.CANCEL) as room:
        dialog = await room.ask()
        await room.fill(dialog)
        await room.click(inside(dialog, QAbstractButton, "confirmButton"))
        await until(lambda: [one.property("kind") for one in room.dialogs()] == ["cancelBecameRefund"])
        assert room.link.state is LinkState.REFUNDED
        await room.click(inside(room.dialogs()[0], QAbstractButton, "keepButton"))


async def test_it_is_offered_only_while_something_has_no_answer() -> None:
    async with Doubt() as room:
        (operation,) = room.journal.kept.values()
        room.journal.kept[operation.operation_id] = replace(operation, stage=Stage.SENDING)
        await room.show_detail()
        assert room.part("checkButton").isVisible()
        assert not room.part("settleButton").isVisible()
        room.journal.kept[operation.operation_id] = operation
        await room.show_detail()
        await until(room.part("settleButton").isVisible)
        room.book.put(replace(room.link, state=LinkState.PAID, note=None))
        await until(lambda: not room.part("settleButton").isVisible())


async def test_it_needs_no_connection() -> None:
    async with Doubt() as room:
        room.desk.line_changed(Line(LineState.OFFLINE, 990.0, 9999.0))
        dialog = await room.ask()
        assert not room.part("checkButton").isEnabled()
        await room.fill(dialog)
        await room.click(inside(dialog, QAbstractButton, "confirmButton"))
        await until(lambda: room.stage is Stage.SETTLED)


async def test_keep_checking_changes_nothing() -> None:
    async with Doubt() as room:
        dialog = await room.ask()
        await room.fill(dialog)
        await room.press(Key.Key_Escape)
        await until(lambda: not room.dialogs())
        assert room.journal.commits == []
        assert room.link.state is LinkState.UNKNOWN
        assert (await room.ask()).isVisible(), "it can be asked again"


async def test_pressed_twice_it_is_asked_and_written_once() -> None:
    async with Doubt() as room:
        await room.show_detail()
        await until(room.part("settleButton").isVisible)
        for _ in range(2):
            QTest.mouseClick(room.part("settleButton"), Qt.MouseButton.LeftButton)
        await until(room.dialogs)
        await turns()
        (dialog,) = room.dialogs()
        await room.fill(dialog)
        confirm = inside(dialog, QAbstractButton, "confirmButton")
        for _ in range(2):
            QTest.mouseClick(confirm, Qt.MouseButton.LeftButton)
        await until(lambda: not room.dialogs())
        assert [one.kind for one in room.journal.events] == [EventKind.SETTLED_BY_HAND]
        assert len(room.journal.commits) == 1
        assert set(room.gateway.calls) <= {"read"}


async def test_too_early_is_refused_in_a_sentence() -> None:
    async with Doubt() as room:
        dialog = await room.ask()
        await room.fill(dialog, "settleNotRefundedRadio")
        room.clock.advance(-120)
        await room.click(inside(dialog, QAbstractButton, "confirmButton"))
        error = inside(dialog, QLabel, "confirmError")
        await until(error.text)
        assert error.text() == (
            "What was sent may still come in, so nobody can say yet that nothing happened. Nothing was closed. "
            "Keep checking, and choose it again in a few minutes"
        )
        assert room.stage is Stage.UNKNOWN
        room.clock.advance(120)
        await room.click(inside(dialog, QAbstractButton, "confirmButton"))
        await until(lambda: room.stage is Stage.SETTLED)


async def test_a_full_disk_keeps_the_words() -> None:
    async with Doubt() as room:
        dialog = await room.ask()
        await room.fill(dialog)
        room.journal.fail_with = DiskFull()
        confirm = inside(dialog, QAbstractButton, "confirmButton")
        await room.click(confirm)
        error = inside(dialog, QLabel, "confirmError")
        await until(error.text)
        assert error.text() == "The disk is full. Make room, then try again. Nothing was closed"
        assert inside(dialog, QLineEdit, "settleReasonEdit").text() == REASON
        assert inside(dialog, QAbstractButton, "settleRefundedRadio").isChecked()
        assert room.link.state is LinkState.UNKNOWN
        room.journal.fail_with = None
        await room.click(confirm)
        await until(lambda: room.stage is Stage.SETTLED)
        await until(lambda: not room.dialogs())


async def test_a_fault_of_this_program_gives_the_question_back() -> None:
    async with Doubt() as room:
        dialog = await room.ask()
        await room.fill(dialog)
        fault = room.journal.fail_with = RuntimeError("a fault")
        await room.click(inside(dialog, QAbstractButton, "confirmButton"))
        error = inside(dialog, QLabel, "confirmError")
        await until(error.text)
        assert error.text() == (
            "We do not know if this was closed. Look at the status of the link before you close it again"
        )
        assert inside(dialog, QLineEdit, "settleReasonEdit").text() == REASON
        await until(lambda: room.errors == [fault])
        room.errors.clear()
        room.journal.fail_with = None
        await room.press(Key.Key_Escape)
        await until(lambda: not room.dialogs())


async def test_a_read_that_settles_it_closes_the_question() -> None:
    async with Doubt() as room:
        dialog = await room.ask()
        await room.fill(dialog)
        room.gateway.accounts[NUMBER] = FakeAccount(NUMBER, room.link.amount, LinkState.PAID, True, [6400])
        await room.desk._verbs.result().follow_status.check(NUMBER)
        await until(lambda: not room.dialogs())
        assert room.toast() == "Order 1050 has been settled by a read. Nothing was closed by hand."
        assert room.link.state is LinkState.REFUNDED
        assert EventKind.SETTLED_BY_HAND not in [one.kind for one in room.journal.events]


async def test_a_read_at_the_very_moment_of_the_press_and_the_press_never_both_count() -> None:
    async with Doubt() as room:
        dialog = await room.ask()
        await room.fill(dialog, "settleNotRefundedRadio")
        room.gateway.accounts[NUMBER] = FakeAccount(NUMBER, room.link.amount, LinkState.PAID, True, [6400])
        confirm = inside(dialog, QAbstractButton, "confirmButton")

        async def press_it(_call: str) -> None:
            QTest.mouseClick(confirm, Qt.MouseButton.LeftButton)

        room.gateway.after = press_it
        await room.desk._verbs.result().follow_status.check(NUMBER)
        await until(lambda: not room.dialogs())
        assert room.link.state is not LinkState.UNKNOWN
        assert room.stage is Stage.SETTLED
        by_hand = [one for one in room.journal.events if one.kind is EventKind.SETTLED_BY_HAND]
        assert len(by_hand) == (room.link.evidence.source is Source.BY_HAND)


async def test_another_doubt_about_the_link_leaves_the_question() -> None:
    async with Doubt() as room:
        dialog = await room.ask()
        room.book.put(replace(room.link, note=Note.AMOUNT_DIFFERS))
        await turns()
        assert dialog.isVisible()


async def test_a_press_that_comes_too_late_is_answered() -> None:
    async with Doubt() as room:
        await room.show_detail()
        await until(room.part("settleButton").isVisible)
        (operation,) = room.journal.kept.values()
        room.journal.kept[operation.operation_id] = replace(operation, stage=Stage.SETTLED)
        await room.click(room.part("settleButton"))
        await until(lambda: room.toast() == "Order 1050 needs no closing by hand any more.")
        assert room.dialogs() == []


@POPUP
async def test_the_row_menu_offers_it_by_key() -> None:
    async with Doubt() as room:
        menu = await room.menu_of(NUMBER)
        assert [one.text() for one in menu.actions()][-2:] == ["Check now", "Close by hand…"]
        assert menu.actions()[-1].isEnabled()
        QTest.keyClick(menu, Key.Key_Up)
        QTest.keyClick(menu, Key.Key_Return)
        await until(room.dialogs)
        assert [one.property("kind") for one in room.dialogs()] == ["settle"]


@POPUP
async def test_the_row_menu_of_a_doubt_that_has_ended_does_not() -> None:
    async with Doubt() as room:
        room.journal.kept.clear()
        menu = await room.menu_of(NUMBER)
        assert isinstance(menu, QMenu)
        assert [one.text() for one in menu.actions()][-1] == "Check now"
        menu.close()
        await until(lambda: QApplication.activePopupWidget() is None)


async def test_the_question_goes_with_its_window() -> None:
    async with Doubt() as room:
        await room.ask()
    assert room.journal.commits == []
    assert room.clock.now() > START
