"""The support file in the window: there at once, exactly what is saved, and plain about what went wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QPlainTextEdit, QWidget
from shiboken6 import isValid

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.ui.support_dialog import SupportDialog
from optty_desktop.ui.support_flow import SupportFlow
from tests.fakes import FakeClock
from tests.ui.desk_room import DeskRoom, turns
from tests.ui.stage import POPUP, part
from tests.ui.table_links import look_of
from tests.waiting import until

pytestmark = POPUP
REPORT = "Optty Desktop support file\n\nEnvironment live\n  Name: <b>Caf\u00a0é</b>\n" + "line\n" * 200
NOWHERE = "/nowhere/support.txt"


class FakeSupport:
    """A support file that waits for ``ready``, and a disk with one folder that cannot be written."""

    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self.fail_with: Exception | None = None
        self.files: dict[str, str] = {}

    async def report(self) -> str:
        await self.ready.wait()
        if self.fail_with is not None:
            raise self.fail_with
        return REPORT

    async def write(self, text: str, path: str) -> None:
        await asyncio.sleep(0)
        if path == NOWHERE:
            raise PermissionError(13, "Permission denied")
        self.files[path] = text


class Room:
    """The window of a till with the dialog in front of it."""

    def __init__(self, room: DeskRoom, support: FakeSupport, dialog: SupportDialog) -> None:
        self.desk_room, self.support, self.dialog = room, support, dialog

    @property
    def shown(self) -> str:
        """What the preview shows."""
        return part(self.dialog, QPlainTextEdit, "supportReport").toPlainText()

    @property
    def said(self) -> str:
        """The sentence above the buttons."""
        label = part(self.dialog, QLabel, "supportMessage")
        return label.text() if label.isVisible() else ""

    def button(self, name: str) -> QAbstractButton:
        return part(self.dialog, QAbstractButton, name)

    async def ready(self) -> None:
        """Let the report come."""
        self.support.ready.set()
        await until(self.button("supportSaveButton").isEnabled)

    async def save_to(self, path: str) -> None:
        """Press Save and choose a place."""
        await self.desk_room.click(self.button("supportSaveButton"))
        (places,) = self.dialog.findChildren(QFileDialog, "saveSupportFileDialog")
        places.fileSelected.emit(path)
        places.done(0)
        await until(lambda: self.said)


@pytest.fixture(autouse=True)
def clipboard(qapp: object) -> Iterator[None]:
    QGuiApplication.clipboard().clear()
    yield
    QGuiApplication.clipboard().clear()


@asynccontextmanager
async def opened() -> AsyncIterator[Room]:
    """A till whose person has chosen the entry of the menu."""
    async with DeskRoom() as desk_room:
        support, window = FakeSupport(), desk_room.desk.window
        SupportFlow(look_of(), window, EnvironmentKind.TRAINING, desk_room.tasks, support, FakeClock())
        (action,) = window.header.findChildren(QAction, "supportFileAction")
        action.trigger()
        (dialog,) = window.findChildren(SupportDialog)
        await until(dialog.isActiveWindow)
        yield Room(desk_room, support, dialog)


async def test_the_dialog_is_there_at_once_and_fills() -> None:
    async with opened() as room:
        assert room.shown == "Putting the file together…"
        assert room.dialog.report == ""
        assert not room.button("supportCopyButton").isEnabled()
        assert not room.button("supportSaveButton").isEnabled()
        assert room.button("supportCloseButton").hasFocus()
        words = part(room.dialog, QLabel, "supportText").text()
        assert words.startswith("This is all that the file holds: no secrets and no customer data.")
        await room.ready()
        assert room.dialog.report == REPORT
        assert room.shown == REPORT.replace("\u00a0", " "), "letter for letter, no markup"


async def test_the_preview_is_read_selected_and_never_written() -> None:
    async with opened() as room:
        await room.ready()
        view = part(room.dialog, QPlainTextEdit, "supportReport")
        view.setFocus()
        QTest.keyClicks(view, "typed")
        assert room.dialog.report == REPORT
        assert "typed" not in room.shown
        bar = view.verticalScrollBar()
        assert bar.maximum() > bar.value() == 0
        QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert QGuiApplication.clipboard().text().startswith("Optty Desktop support file\n")
        QTest.keyClick(view, Qt.Key.Key_Tab)
        assert not view.hasFocus()


async def test_copy_puts_exactly_the_file_on_the_clipboard() -> None:
    async with opened() as room:
        await room.ready()
        await room.desk_room.click(room.button("supportCopyButton"))
        assert QGuiApplication.clipboard().text() == REPORT
        assert room.said == "Copied. Paste it into a message to whoever helps you."


async def test_save_writes_exactly_what_was_shown() -> None:
    async with opened() as room:
        await room.ready()
        await room.save_to("/desk/Support file.txt")
        assert room.support.files == {"/desk/Support file.txt": REPORT}
        assert room.said == "Saved as Support file.txt. Send it to whoever helps you."


async def test_a_folder_that_cannot_be_written_is_said_and_another_one_works() -> None:
    async with opened() as room:
        await room.ready()
        await room.save_to(NOWHERE)
        assert room.said == "The file could not be saved there. Choose another folder."
        assert room.dialog.report == REPORT
        await room.save_to("/desk/support.txt")
        await until(lambda: room.said.startswith("Saved as support.txt."))


async def test_the_question_for_a_place_names_the_day() -> None:
    async with opened() as room:
        await room.ready()
        await room.desk_room.click(room.button("supportSaveButton"))
        (places,) = room.dialog.findChildren(QFileDialog, "saveSupportFileDialog")
        assert places.isVisible()
        assert places.selectedFiles()[0].endswith("Support file 2026-03-21.txt")
        assert places.acceptMode() is QFileDialog.AcceptMode.AcceptSave
        places.reject()
        await turns()
        assert room.support.files == {}
        assert room.said == ""


async def test_a_report_that_fails_is_said_and_written_down_once() -> None:
    async with opened() as room:
        room.support.fail_with = ArithmeticError("unexpected")
        room.support.ready.set()
        await until(lambda: room.said)
        assert room.said == "The support file could not be put together. Close this window and try again."
        assert room.shown == ""
        assert not room.button("supportSaveButton").isEnabled()
        assert [type(one) for one in room.desk_room.errors] == [ArithmeticError]
        room.desk_room.errors.clear()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
async def test_it_closes_while_the_report_is_still_under_way(key: Qt.Key) -> None:
    async with opened() as room:
        QTest.keyClick(QApplication.focusWidget() or room.dialog, key)
        await until(lambda: not isValid(room.dialog))
        room.support.ready.set()
        await turns()


@pytest.mark.parametrize("size", [(1366, 696), (1024, 560), (512, 360)])
async def test_it_never_outgrows_its_window(size: tuple[int, int]) -> None:
    async with opened() as room:
        room.dialog.reject()
        window = room.desk_room.desk.window
        window.resize(*size)
        dialog = SupportDialog(look_of(), EnvironmentKind.TRAINING, window)
        dialog.show()
        dialog.show_report(REPORT)
        dialog.show_problem("The file could not be saved there. Choose another folder.")
        await turns()
        assert dialog.width() <= size[0]
        assert dialog.height() <= size[1]
        for name in ("supportCopyButton", "supportSaveButton", "supportCloseButton"):
            button = part(dialog, QAbstractButton, name)
            assert dialog.rect().contains(button.geometry())
            assert button.width() >= button.minimumSizeHint().width()
        assert part(dialog, QPlainTextEdit, "supportReport").height() >= 60


async def test_it_is_titled_and_veils_the_window_as_every_question_does() -> None:
    async with opened() as room:
        window = room.desk_room.desk.window
        assert room.dialog.windowTitle() == "Support file — TRAINING"
        assert part(window, QWidget, "scrim").geometry() == window.rect()
        room.dialog.reject()
        await turns()
        assert [scrim for scrim in window.findChildren(QWidget, "scrim") if scrim.isVisible()] == []
