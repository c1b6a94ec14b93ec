"""A newer version that is ready: said in About and hinted at in the header, in this program's own words."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton

from optty_desktop.core.errors import AppError, NotSent, OutcomeUnknown, Trouble
from optty_desktop.core.release_numbers import ReleaseNumber
from optty_desktop.core.updates import UpdateFlaw, UpdateRefused
from optty_desktop.till.look_for_update import LookForUpdate
from optty_desktop.ui.update_notice import UpdateNotice
from tests.fakes import START, FakeClock, FakeUpdateChannel, FakeUpdateMemory, announced
from tests.flows.hands import part
from tests.ui.desk_room import ABOUT, turns
from tests.ui.settings_room import SettingsRoom, focused
from tests.waiting import until

READY = "Version 1.3.0 is ready. Ask whoever looks after this computer."
NEWEST = "This is the newest version."


def notice_of(channel: FakeUpdateChannel, clock: FakeClock | None = None) -> UpdateNotice:
    """What a till of version 1.2.3 knows."""
    return UpdateNotice(LookForUpdate(channel, FakeUpdateMemory(), clock or FakeClock(START), ReleaseNumber(1, 2, 3)))


def press_hint(room: SettingsRoom) -> None:
    """Choose the entry of the menu."""
    room.desk.window.header.findChildren(QAction, "updateAction")[0].trigger()


def hints(room: SettingsRoom) -> tuple[list[str], str]:
    """The entry of the menu, and what screen readers say of the gear."""
    header = room.desk.window.header
    actions = [one.text() for one in header.findChildren(QAction, "updateAction") if one in header._menu.actions()]
    return actions, part(room.desk.window, QAbstractButton, "navSettingsButton").accessibleDescription()


async def test_a_version_that_is_ready_is_hinted_at_and_the_hint_leads_to_the_words() -> None:
    channel = FakeUpdateChannel(announced("1.3.0"))
    updates = notice_of(channel)
    async with SettingsRoom(about=ABOUT._replace(updates=updates)) as room:
        assert hints(room) == ([], "")
        await updates.look()
        assert hints(room) == (["Version 1.3.0 is ready"], "Version 1.3.0 is ready")
        await updates.look()
        assert len(hints(room)[0]) == 1
        press_hint(room)
        await turns()
        assert room.has_settings
        assert focused() == "settingsAboutButton"
        assert room.says("updateText") == READY
        # It was withdrawn: the hint goes, and what is read changes while it is looked at.
        channel.manifest = announced("1.2.3", sequence=8)
        await updates.look()
        await turns()
        assert hints(room) == ([], "")
        assert room.says("updateText") == NEWEST
        await room.key(Qt.Key.Key_1)


async def test_the_hint_is_there_in_a_window_that_opens_later() -> None:
    updates = notice_of(FakeUpdateChannel(announced("1.3.0")))
    await updates.look()
    async with SettingsRoom(about=ABOUT._replace(updates=updates)) as room:
        assert hints(room)[0] == ["Version 1.3.0 is ready"]


async def test_where_it_is_switched_off_nothing_is_said() -> None:
    async with SettingsRoom() as room:
        await room.open()
        await room.push("settingsAboutButton")
        assert not room.sees("updateText")
        assert hints(room) == ([], "")


@pytest.mark.parametrize(
    ("problem", "part_of_sentence"),
    [
        (NotSent(Trouble.CONNECT), "does not answer. It is asked again later."),
        (OutcomeUnknown(Trouble.CUT), "does not answer. It is asked again later."),
        *[(UpdateRefused(flaw), "looks") for flaw in UpdateFlaw],
    ],
    ids=str,
)
async def test_every_trouble_is_one_clear_sentence(problem: AppError, part_of_sentence: str) -> None:
    channel = FakeUpdateChannel()
    channel.fail_with = problem
    updates = notice_of(channel)
    assert updates.sentence() == "Newer versions have not been looked for yet."
    await updates.look()
    assert part_of_sentence in updates.sentence()
    assert updates.ready is None
    channel.fail_with, channel.manifest = None, announced("1.2.3")
    await updates.look()
    assert updates.sentence() == NEWEST


async def test_what_was_ready_stays_so_while_nobody_answers_and_goes_when_it_is_refused() -> None:
    channel, clock = FakeUpdateChannel(announced("1.3.0", days=10)), FakeClock(START)
    updates = notice_of(channel, clock)
    await updates.look()
    channel.fail_with = NotSent(Trouble.CONNECT)
    await updates.look()
    assert updates.sentence() == READY
    channel.fail_with = None
    clock.advance(10 * 24 * 3600.0)
    await updates.look()
    assert updates.ready is None
    assert "too old to be believed" in updates.sentence()


async def test_what_was_ready_holds_no_longer_than_it_was_announced_for_though_nobody_answers() -> None:
    channel, clock = FakeUpdateChannel(announced("1.3.0", days=10)), FakeClock(START)
    updates = notice_of(channel, clock)
    await updates.look()
    channel.fail_with = NotSent(Trouble.CONNECT)
    clock.advance(10 * 24 * 3600.0 - 1)
    await updates.look()
    assert updates.sentence() == READY
    clock.advance(1)
    await updates.look()
    assert updates.ready is None
    assert "does not answer. It is asked again later." in updates.sentence()


async def test_an_old_announcement_shown_again_is_not_believed() -> None:
    channel = FakeUpdateChannel(announced("1.3.0", sequence=7))
    updates = notice_of(channel)
    await updates.look()
    channel.manifest = announced("1.4.0", sequence=6)
    await updates.look()
    assert updates.ready is None
    assert "older than what was announced before" in updates.sentence()


async def test_it_looks_as_soon_as_it_watches_and_ends_when_it_is_told() -> None:
    channel = FakeUpdateChannel(announced("1.3.0"))
    updates = notice_of(channel)
    watching = asyncio.create_task(updates.watch())
    await until(lambda: updates.ready)
    watching.cancel()
    await asyncio.wait({watching})
    assert channel.looked == 1
