"""Settings, section Sounds and alerts, on a whole desk; and what becomes of a notification that is answered."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QSlider, QWidget

from optty_desktop.core.links import LinkState
from optty_desktop.core.news import News
from optty_desktop.core.sound_choice import SoundChoice
from tests.fakes import TRAINING, FakeChoices, link
from tests.flows.hands import part
from tests.ui.desk_room import DeskRoom, turns
from tests.ui.settings_room import SettingsRoom
from tests.waiting import until

SAVED = "Saved. Changes apply at once."


class SoundRoom(SettingsRoom):
    """Training has sounds, too."""

    def __init__(self) -> None:
        super().__init__(TRAINING)

    async def open(self) -> None:
        """The section."""
        await super().open()
        await self.push("settingsSoundsButton")

    @property
    def switch(self) -> QCheckBox:
        return part(self.desk.window, QCheckBox, "soundsSwitch")

    @property
    def slider(self) -> QSlider:
        return part(self.desk.window, QSlider, "volumeSlider")

    def is_on(self, name: str) -> bool:
        """Whether a button can be pressed."""
        return part(self.desk.window, QAbstractButton, name).isEnabled()


async def test_it_shows_what_was_chosen_in_an_earlier_start() -> None:
    room = SoundRoom()
    room.choices = FakeChoices(SoundChoice(is_on=False, volume=35))
    async with room:
        await room.open()
        await turns()
        assert (room.switch.isChecked(), room.slider.value()) == (False, 35)
        assert not room.slider.isEnabled()
        assert not room.is_on("tryPaidButton")


async def test_a_choice_holds_at_once_and_is_kept() -> None:
    async with SoundRoom() as room:
        await room.open()
        room.slider.setFocus()
        await room.press(Qt.Key.Key_Left)
        await until(lambda: room.says("soundsMessage") == SAVED)
        assert room.choices.kept == SoundChoice(volume=75)
        await room.push("tryPaidButton")
        await until(lambda: room.player.heard == [(News.PAID, 75)])
        await room.push("soundsSwitch")
        await until(lambda: room.choices.kept == SoundChoice(is_on=False, volume=75))
        assert not room.is_on("tryPaidButton")
        await room.push("soundsSwitch")
        assert room.is_on("tryPaidButton")
        await room.push("navPaymentsButton")
        await room.open()
        assert not room.sees("soundsMessage"), "what was said of the last choice is over"


async def test_a_computer_without_a_player_says_so_where_a_sound_is_tried() -> None:
    async with SoundRoom() as room:
        room.player.is_there = False
        await room.open()
        await room.push("tryPaidButton")
        await until(lambda: room.says("silenceMessage") == "This computer has no sound player that works.")
        room.player.is_there = True
        await room.push("tryPaidButton")
        await until(lambda: not room.sees("silenceMessage"))
        assert [news for news, _volume in room.player.heard] == [News.PAID]


@pytest.mark.parametrize(
    ("name", "news"),
    [
        ("tryPaidButton", News.PAID),
        ("tryDeclinedButton", News.DECLINED),
        ("tryNeedsCheckButton", News.NEEDS_CHECK),
        ("tryBecameRefundButton", News.BECAME_REFUND),
    ],
)
async def test_each_sound_can_be_tried(name: str, news: News) -> None:
    async with SoundRoom() as room:
        await room.open()
        await room.push(name)
        await until(lambda: room.player.heard)
        assert room.player.heard == [(news, SoundChoice().volume)]


async def test_what_cannot_be_written_holds_and_is_said() -> None:
    async with SoundRoom() as room:
        room.choices.is_full = True
        await room.open()
        await room.push("soundsSwitch")
        await until(lambda: room.says("soundsMessage").startswith("This holds until Payment Links closes"))
        assert not room.switch.isChecked()
        room.choices.is_full = False
        await room.push("soundsSwitch")
        await until(lambda: room.says("soundsMessage") == SAVED)


@pytest.mark.parametrize("size", [(1366, 696), (1024, 560), (683, 348), (512, 320)])
async def test_at_every_size_all_of_it_can_be_reached(size: tuple[int, int]) -> None:
    async with SoundRoom() as room:
        window = room.desk.window
        window.resize(*size)
        await room.open()
        for name in ("soundsSwitch", "volumeSlider", "tryPaidButton", "tryBecameRefundButton"):
            widget = part(window, QWidget, name)
            widget.setFocus()
            place = widget.mapTo(window, widget.rect().topLeft())
            assert place.x() >= 0
            assert place.x() + widget.width() <= window.width()
            assert place.y() > 0
            assert place.y() + widget.height() <= window.height()


async def test_words_for_screen_readers_stand_on_what_has_none() -> None:
    async with SoundRoom() as room:
        await room.open()
        assert room.switch.accessibleName() == "Play sounds"
        assert room.slider.accessibleName() == "Volume"
        button = part(room.desk.window, QAbstractButton, "tryNeedsCheckButton")
        assert button.accessibleName() == "Try it: Needs check"


async def test_an_answered_notification_brings_its_link() -> None:
    async with DeskRoom([link("T2-1"), link("T2-2")]) as room:
        await room.press(Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
        room.desk.window.hide()
        await until(lambda: not room.desk.window.isActiveWindow())
        room.book.put(link("T2-2", LinkState.PAID))
        await until(lambda: room.notifier.shown)
        room.notifier.press()
        await until(room.desk.window.isVisible)
        await until(lambda: room.desk.page.has_detail)
        assert room.desk.page.isVisible(), "the settings gave way"
        assert room.desk.page.links.selected() == "T2-2"
