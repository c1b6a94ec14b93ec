"""What is new: told once after an update when nobody is served, closed by any key for it, and there again in About."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QScrollArea

from optty_desktop.core.change_log import Release, read_change_log
from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.release_numbers import ReleaseNumber
from optty_desktop.till.whats_new import WhatsNew
from optty_desktop.ui.news_dialog import NewsDialog
from optty_desktop.ui.news_flow import NewsFlow
from tests.fakes import FakeVersionMemory, link
from tests.flows.hands import part, question
from tests.ui.desk_room import ABOUT, DeskRoom, turns
from tests.ui.settings_room import SettingsRoom
from tests.ui.table_links import look_of
from tests.waiting import until

NONE = Qt.KeyboardModifier.NoModifier
HISTORY = read_change_log(
    "## [0.2.0]\n### Added\n- A customer <b>sees</b> more.\n- Two &amp; three.\n### Fixed\n- The print.\n"
    "## [0.1.0]\n### Added\n- Everything.\n"
)
LONG = read_change_log("## [0.2.0]\n### Added\n" + "".join(f"- Entry {n} of a long list.\n" for n in range(200)))


def tell(room: DeskRoom, memory: FakeVersionMemory, history: tuple[Release, ...] = HISTORY) -> None:
    """The window of version 0.2.0 works now."""
    news = WhatsNew(lambda: history, ReleaseNumber(0, 2, 0), memory)
    NewsFlow(look_of(), room.desk.window, room.desk.page, EnvironmentKind.LIVE, room.tasks, news).begin()


def updated() -> FakeVersionMemory:
    """A till that ran 0.1.0 the day before."""
    return FakeVersionMemory(ReleaseNumber(0, 1, 0))


async def shown() -> NewsDialog:
    """Wait for the dialog, and for the keyboard to be there."""
    dialog = await until(lambda: question("news"))
    assert isinstance(dialog, NewsDialog)
    await until(dialog.isActiveWindow)
    return dialog


async def stays_away() -> None:
    """Give the flow the time it would need, and see that it is silent."""
    for _ in range(20):
        await turns()
    assert question("news") is None


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Space])
async def test_an_update_is_told_once_and_closed_by_a_key(key: Qt.Key) -> None:
    async with DeskRoom() as room:
        memory = updated()
        tell(room, memory)
        dialog = await shown()
        assert [one.text() for one in dialog.findChildren(QLabel, "newsVersion")] == ["Version 0.2.0"]
        # Plain text: what looks like markup is shown as it is.
        entries = [one.text() for one in dialog.findChildren(QLabel, "newsEntry")]
        assert entries == ["A customer <b>sees</b> more.", "Two &amp; three.", "The print."]
        await room.press(key, NONE)
        await until(lambda: question("news") is None)
        assert memory.noted == ReleaseNumber(0, 2, 0)
        assert part(room.desk.window, QLineEdit, "amountEdit").hasFocus()
        tell(room, memory)
        await stays_away()


async def test_nothing_is_told_on_the_first_day() -> None:
    async with DeskRoom() as room:
        memory = FakeVersionMemory()
        tell(room, memory)
        await until(lambda: memory.noted)
        await stays_away()


async def test_nobody_is_interrupted_while_the_form_holds_an_order() -> None:
    async with DeskRoom() as room:
        part(room.desk.window, QLineEdit, "amountEdit").setText("12.50")
        memory = updated()
        tell(room, memory)
        await stays_away()
        assert memory.noted == ReleaseNumber(0, 1, 0), "it is told after the next start"


async def test_nobody_is_interrupted_while_a_link_or_a_dialog_is_open() -> None:
    async with DeskRoom([link("T2-1")]) as room:
        memory = updated()
        room.desk.page.links.select("T2-1")
        room.desk._detail.open("T2-1")
        tell(room, memory)
        await stays_away()
        room.desk._detail.close()
        room.desk._show_shortcuts()
        tell(room, memory)
        await stays_away()
        modal = QApplication.activeModalWidget()
        assert modal is not None
        modal.close()


async def test_a_long_list_is_read_with_the_keyboard() -> None:
    async with DeskRoom() as room:
        tell(room, updated(), LONG)
        dialog = await shown()
        bar = dialog.findChildren(QScrollArea)[0].verticalScrollBar()
        assert bar.maximum() > 0
        await room.press(Qt.Key.Key_PageDown, NONE)
        assert bar.value() > 0
        await room.press(Qt.Key.Key_End, NONE)
        assert bar.value() == bar.maximum()
        await room.press(Qt.Key.Key_Home, NONE)
        assert bar.value() == 0
        await room.press(Qt.Key.Key_Escape, NONE)


async def test_about_shows_it_again() -> None:
    async with SettingsRoom(about=ABOUT._replace(history=lambda: HISTORY)) as room:
        await room.open()
        await room.push("settingsAboutButton")
        await room.push("newsButton")
        dialog = await room.asked("news")
        assert [one.text() for one in dialog.findChildren(QLabel, "newsVersion")] == ["Version 0.2.0", "Version 0.1.0"]
        await room.answer(dialog, "keepButton")


async def test_without_any_version_there_is_nothing_to_read() -> None:
    async with SettingsRoom() as room:
        await room.open()
        await room.push("settingsAboutButton")
        assert not room.sees("newsButton")
