"""The record as a file: asked about contacts first, written while work goes on, and what came of it is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QFileDialog, QLabel, QLineEdit

from optty_desktop.core.errors import AppError, DiskFull, JournalReadOnly, KeptForRecord
from optty_desktop.ui.export_dialog import ExportDialog
from tests.fakes import link
from tests.ui.desk_room import DeskRoom
from tests.ui.stage import POPUP, part
from tests.waiting import until

pytestmark = POPUP


async def question(room: DeskRoom) -> ExportDialog:
    """Choose the entry of the staff menu."""
    room.desk.window.header.export_requested.emit()
    await until(lambda: room.desk.window.findChildren(ExportDialog))
    return room.desk.window.findChildren(ExportDialog)[-1]


async def place(room: DeskRoom, dialog: ExportDialog) -> QFileDialog:
    """Go on to the dialog that asks where to."""
    await room.click(part(dialog, QAbstractButton, "confirmButton"))
    await until(lambda: room.desk.window.findChildren(QFileDialog, "exportFileDialog"))
    return part(room.desk.window, QFileDialog, "exportFileDialog")


def choose(dialog: QFileDialog, path: Path) -> None:
    part(dialog, QLineEdit, "fileNameEdit").setText(str(path))
    dialog.accept()


def toast(room: DeskRoom) -> str:
    return part(room.desk.window, QLabel, "toastText").text() if room.desk.page.links.toast.isVisible() else ""


def banner(room: DeskRoom) -> str:
    shown = room.desk.window.banner
    return part(shown, QLabel, "statusBannerText").text() if shown.isVisible() else ""


@pytest.mark.parametrize("with_contacts", [False, True])
async def test_a_record_becomes_a_file_with_contacts_only_when_asked(tmp_path: Path, with_contacts: bool) -> None:
    async with DeskRoom([link("T2-1", order_reference=None)]) as room:
        dialog = await question(room)
        check = part(dialog, QCheckBox, "exportContactsCheck")
        assert not check.isChecked()
        if with_contacts:
            await room.click(check)
        where = await place(room, dialog)
        day = room.clock.now().astimezone().date().isoformat()
        assert Path(where.selectedFiles()[0]).name == f"payment-links-training-{day}.jsonl"
        choose(where, tmp_path / "record.jsonl")
        await until(lambda: toast(room))
        assert toast(room) == f"Record saved as record.jsonl in {tmp_path.name}."
        text = written(tmp_path / "record.jsonl")
        assert "T2-1" in text
        assert ("guest54@example.com" in text) is with_contacts


def written(path: Path) -> str:
    return path.read_text(encoding="utf-8")


async def test_not_now_and_no_place_write_nothing(tmp_path: Path) -> None:
    async with DeskRoom() as room:
        await room.click(part(await question(room), QAbstractButton, "keepButton"))
        where = await place(room, await question(room))
        where.reject()
        await until(lambda: not room.desk.window.findChildren(QFileDialog))
        assert toast(room) == banner(room) == ""
        await room.press(Qt.Key.Key_Escape)
        assert part(await question(room), QAbstractButton, "keepButton").isVisible()


async def test_one_question_at_a_time() -> None:
    async with DeskRoom() as room:
        await question(room)
        room.desk.window.header.export_requested.emit()
        assert len(room.desk.window.findChildren(ExportDialog)) == 1


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (DiskFull(), "The disk is full. Make room, then try again. Nothing was saved"),
        (
            JournalReadOnly(),
            "This file cannot be written there. Choose another folder, or ask whoever manages this computer. "
            "Nothing was saved",
        ),
        (
            KeptForRecord(),
            "This folder or this kind of name is kept for the record itself. Choose another folder, and a name that "
            "ends in .jsonl. Nothing was saved",
        ),
    ],
)
async def test_a_file_that_cannot_be_written_is_said(tmp_path: Path, failure: AppError, sentence: str) -> None:
    async with DeskRoom() as room:
        where = await place(room, await question(room))
        room.journal.fail_with = failure
        choose(where, tmp_path / "record.jsonl")
        await until(lambda: banner(room))
        assert banner(room) == sentence
        assert toast(room) == ""
        room.journal.fail_with = None
