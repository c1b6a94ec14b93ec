"""Pasting a notification at the desk: by keys, by a file, by a drop; what is said before, and what comes of it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from optty_desktop.core.errors import DiskFull, NotSent, Trouble
from optty_desktop.core.events import EventKind
from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.ui.notice_edit import LONGEST
from optty_desktop.ui.paste_dialog import PasteDialog
from tests.fakes import FakeAccount, link
from tests.flows.hands import drop, files, part
from tests.ui.desk_room import DeskRoom, turns
from tests.waiting import until

NUMBER = "T2-1"
Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


def notice(number: str = NUMBER, order: str | None = None) -> str:
    data: dict[str, object] = {"status": "SUCCESSFUL", "metadata": {"invoiceNumber": number}}
    data |= {"merchantReference": order} if order else {}
    return json.dumps({"event": "ORDER_ASYNC_CALLBACK", "data": data})


class Room(DeskRoom):
    """A desk with links that nobody has paid."""

    def __init__(self, *links: PaymentLink) -> None:
        super().__init__(links or [link(NUMBER)])
        for one in self.journal.saved.values():
            self.gateway.accounts[one.invoice_number] = FakeAccount(one.invoice_number, one.amount)

    async def open(self) -> PasteDialog:
        """Choose it in the menu of the person."""
        action = self.desk.window.header.findChild(QAction, "pasteNoticeAction")
        assert action is not None
        assert action.text() == "Paste a notification…"
        action.trigger()
        # The links have rested from the reads of the start.
        self.clock.advance(3)
        return await self.dialog()

    async def dialog(self) -> PasteDialog:
        found = await until(lambda: next((d for d in self.dialogs() if isinstance(d, PasteDialog)), None))
        assert found is not None
        return found

    def dialogs(self) -> list[QDialog]:
        return [one for one in self.desk.window.findChildren(QDialog) if one.isVisible()]

    async def paste(self, text: str) -> None:
        """Ctrl+V where the keyboard is."""
        QGuiApplication.clipboard().setText(text)
        await self.press(Key.Key_V, CONTROL)

    @property
    def link(self) -> PaymentLink:
        found = self.book.find(NUMBER)
        assert found is not None
        return found


def says(dialog: QWidget, name: str) -> list[str]:
    """What the labels of that name say, from top to bottom."""
    shown = [one for one in dialog.findChildren(QLabel, name) if one.isVisible()]
    return [one.text().translate({0x2066: None, 0x2069: None}) for one in shown]


def button(dialog: QWidget, name: str) -> QAbstractButton:
    return part(dialog, QAbstractButton, name)


async def test_a_pasted_notice_is_understood_first_and_read_by_a_press() -> None:
    async with Room() as room:
        dialog = await room.open()
        assert QApplication.focusWidget() is part(dialog, QPlainTextEdit, "noticeEdit")
        assert not button(dialog, "confirmButton").isEnabled()
        await room.paste(notice() + "\n" + notice("OTHER-9"))
        await until(lambda: says(dialog, "noticeHeading") == ["2 notifications were read"])
        assert says(dialog, "noticeLine") == [
            f"Order {NUMBER}, USD 182.75: Pending until now.",
            "“OTHER-9” is not one of this till’s links.",
        ]
        assert button(dialog, "confirmButton").text() == "Read 1 link"
        room.gateway.pay(NUMBER)
        await room.click(button(dialog, "confirmButton"))
        await until(lambda: says(dialog, "noticeHeading") == ["Done"])
        assert says(dialog, "noticeLine") == [
            f"Order {NUMBER}: read now: Paid.",
            "“OTHER-9” is not one of this till’s links.",
        ]
        assert room.link.state is LinkState.PAID
        assert button(dialog, "keepButton").hasFocus()
        await room.press(Key.Key_Return)
        await until(lambda: not room.dialogs())


async def test_a_notice_alone_changes_nothing() -> None:
    async with Room() as room:
        dialog = await room.open()
        await room.paste(notice())
        await until(lambda: button(dialog, "confirmButton").isEnabled())
        await room.click(button(dialog, "confirmButton"))
        await until(lambda: says(dialog, "noticeHeading") == ["Done"])
        assert says(dialog, "noticeLine") == [f"Order {NUMBER}: the payment service says Pending."]
        assert room.link.state is LinkState.PENDING
        assert EventKind.NOTICE_PASTED in [event.kind for event in room.journal.events]


async def test_a_link_that_cannot_be_read_keeps_its_status() -> None:
    async with Room(link(NUMBER, order_reference=None)) as room:
        dialog = await room.open()
        await room.paste(notice())
        await until(lambda: button(dialog, "confirmButton").isEnabled())
        await room.click(button(dialog, "confirmButton"))
        await until(lambda: says(dialog, "noticeHeading") == ["Done"])
        assert says(dialog, "noticeLine") == [
            f"Order {NUMBER}: the payment service names no order for this link, so its status stays Pending."
        ]


async def test_an_order_that_is_not_there_yet_is_said_to_be_read_in_a_moment() -> None:
    async with Room(link(NUMBER, order_reference=None)) as room:
        dialog = await room.open()
        await room.paste(notice(order="NOT-YET"))
        await until(lambda: button(dialog, "confirmButton").isEnabled())
        await room.click(button(dialog, "confirmButton"))
        await until(lambda: says(dialog, "noticeHeading") == ["Done"])
        assert says(dialog, "noticeLine") == [f"Order {NUMBER}: will be read in a moment. The row shows the result."]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "the customer has paid",
            "There is no notification in this text. Copy the whole body, from its first to its last bracket",
        ),
        (
            '{"event": "ORDER',
            "A part of the notification is missing or damaged. Copy it from its first to its last bracket",
        ),
        (
            "x" * (LONGEST + 1),
            "This is more than 1 MB, which no notification is. Copy the notification alone",
        ),
    ],
)
async def test_what_is_no_notice_is_said_and_nothing_can_be_read(text: str, sentence: str) -> None:
    async with Room() as room:
        dialog = await room.open()
        await room.paste(text)
        await until(lambda: says(dialog, "noticeProblem") == [sentence])
        assert not button(dialog, "confirmButton").isEnabled()


async def test_taking_the_text_away_takes_the_words_away() -> None:
    async with Room() as room:
        dialog = await room.open()
        await room.paste(notice())
        await until(lambda: button(dialog, "confirmButton").isEnabled())
        await room.press(Key.Key_A, CONTROL)
        await room.press(Key.Key_Delete)
        await until(lambda: not button(dialog, "confirmButton").isEnabled())
        assert (says(dialog, "noticeHeading"), says(dialog, "noticeProblem")) == ([], [])


async def test_a_file_is_chosen(tmp_path: Path) -> None:
    file = tmp_path / "notice.json"
    file.write_text(notice(), encoding="utf-8")
    async with Room() as room:
        dialog = await room.open()
        await room.click(button(dialog, "chooseNoticeButton"))
        question = await until(lambda: next((d for d in room.dialogs() if isinstance(d, QFileDialog)), None))
        assert isinstance(question, QFileDialog)
        part(question, QLineEdit, "fileNameEdit").setText(str(file))
        question.accept()
        await until(lambda: says(dialog, "noticeHeading") == ["1 notification was read from notice.json"])
        assert button(dialog, "confirmButton").isEnabled()


async def test_a_file_may_be_dropped_on_the_window_and_on_the_question(tmp_path: Path) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    first.write_text(notice(), encoding="utf-8")
    second.write_text(notice("OTHER-9"), encoding="utf-8")
    async with Room() as room:
        drop(room.desk.window, files(first))
        dialog = await room.dialog()
        await until(lambda: says(dialog, "noticeHeading") == ["1 notification was read from first.json"])
        drop(dialog, files(second))
        await until(lambda: says(dialog, "noticeLine") == ["“OTHER-9” is not one of this till’s links."])
        assert not button(dialog, "confirmButton").isEnabled()
        drop(dialog, files(first, second))
        assert says(dialog, "noticeProblem") == ["Nothing was read. Drop one file of this computer"]
        drop(dialog, files(tmp_path / "gone.json"))
        await until(lambda: "cannot be read on this computer" in "".join(says(dialog, "noticeProblem")))


async def test_what_could_not_be_read_or_kept_is_said_in_one_sentence_each() -> None:
    async with Room(link("T2-1"), link("T2-2")) as room:
        dialog = await room.open()
        await room.paste(notice("T2-1") + notice("T2-2"))
        await until(lambda: button(dialog, "confirmButton").isEnabled())
        room.journal.fail_with = DiskFull()
        await room.click(button(dialog, "confirmButton"))
        await until(lambda: says(dialog, "confirmError"))
        assert "T2-1" in part(dialog, QPlainTextEdit, "noticeEdit").toPlainText()
        room.journal.fail_with = None

        async def cut(call: str) -> None:
            raise NotSent(Trouble.CONNECT)

        room.gateway.before = cut
        await room.click(button(dialog, "confirmButton"))
        await until(lambda: says(dialog, "noticeHeading") == ["Done"])
        failed, later = says(dialog, "noticeLine")
        assert failed.startswith("Order T2-1: not read. We could not check this link.")
        assert later == "Order T2-2: will be read in a moment. The row shows the result."
        room.gateway.before = None


async def test_nobody_who_leaves_waits_for_the_reads_and_they_are_kept() -> None:
    async with Room() as room:
        dialog = await room.open()
        await room.paste(notice())
        await until(lambda: button(dialog, "confirmButton").isEnabled())
        begun, never = asyncio.Event(), asyncio.Event()

        async def hang(call: str) -> None:
            begun.set()
            await never.wait()

        room.gateway.before = hang
        await room.click(button(dialog, "confirmButton"))
        await asyncio.wait_for(begun.wait(), 5)
        await asyncio.wait_for(room.tasks.settle(), 5)
        assert dialog.is_sending
    assert [wish.invoice_number for wish in await room.journal.read_wishes()] == [NUMBER]


async def test_esc_closes_it_and_it_opens_again() -> None:
    async with Room() as room:
        await room.open()
        await room.press(Key.Key_Escape)
        await until(lambda: not room.dialogs())
        await room.open()


async def test_the_detail_says_what_led_to_the_read() -> None:
    async with Room() as room:
        dialog = await room.open()
        await room.paste(notice())
        await until(lambda: button(dialog, "confirmButton").isEnabled())
        await room.click(button(dialog, "confirmButton"))
        await until(lambda: says(dialog, "noticeHeading") == ["Done"])
        await room.press(Key.Key_Return)
        room.desk._detail.open(NUMBER)
        await turns()
        label = part(room.desk.window, QLabel, "detailSourceLabel")
        await until(lambda: label.text().endswith(", after a pasted notification"))
