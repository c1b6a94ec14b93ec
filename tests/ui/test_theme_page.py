"""Settings, section Appearance, on a whole desk: what is pressed is worn at once and kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QRadioButton, QWidget

from optty_desktop.core.theme_choice import ThemeChoice
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import DARK, HIGH_CONTRAST, LIGHT, Theme
from tests.flows.hands import part
from tests.ui.desk_room import turns
from tests.ui.settings_room import SettingsRoom, focused
from tests.ui.ui_room import new_look
from tests.waiting import until

RADIOS = {
    ThemeChoice.LIGHT: "themeLightRadio",
    ThemeChoice.DARK: "themeDarkRadio",
    ThemeChoice.CONTRAST: "themeContrastRadio",
    ThemeChoice.SYSTEM: "themeSystemRadio",
}
SAVED = "Saved. Changes apply at once."


@pytest.fixture(autouse=True)
def _light_again() -> Iterator[None]:
    yield
    new_look()


class ThemeRoom(SettingsRoom):
    """A desk with a look of its own; ``choice`` is what an earlier run has kept."""

    def __init__(self, choice: ThemeChoice | None = None) -> None:
        super().__init__()
        self.look: Look = new_look()
        self.worn = choice

    async def open(self) -> None:
        """The section."""
        await super().open()
        await self.push("settingsAppearanceButton")

    @property
    def theme(self) -> Theme:
        """What the window wears, and says so in its palette."""
        theme = self.look.theme
        assert self.desk.window.palette().window().color().name().upper() == theme.window
        return theme

    @property
    def chosen(self) -> ThemeChoice:
        """The one that is marked."""
        marked = [choice for choice, name in RADIOS.items() if part(self.desk.window, QRadioButton, name).isChecked()]
        assert len(marked) == 1
        return marked[0]


@pytest.mark.parametrize(
    ("choice", "theme"),
    [(ThemeChoice.DARK, DARK), (ThemeChoice.CONTRAST, HIGH_CONTRAST), (ThemeChoice.SYSTEM, LIGHT)],
)
async def test_a_press_is_worn_at_once_kept_and_undone_by_another(choice: ThemeChoice, theme: Theme) -> None:
    async with ThemeRoom() as room:
        await room.open()
        assert (room.theme, room.chosen) == (LIGHT, ThemeChoice.LIGHT)
        await room.push(RADIOS[choice])
        assert (room.theme, room.chosen) == (theme, choice)
        await until(lambda: room.says("themeMessage") == SAVED)
        assert room.themes.kept is choice
        await room.push(RADIOS[ThemeChoice.LIGHT])
        assert room.theme is LIGHT
        await until(lambda: room.themes.kept is ThemeChoice.LIGHT)


async def test_it_shows_what_an_earlier_run_has_kept() -> None:
    async with ThemeRoom(ThemeChoice.DARK) as room:
        await room.open()
        assert (room.theme, room.chosen) == (DARK, ThemeChoice.DARK)
        assert room.themes.kept is None, "nobody has chosen anew"


async def test_like_the_computer_follows_it_and_no_other_choice_does() -> None:
    async with ThemeRoom(ThemeChoice.SYSTEM) as room:
        room.colors.become(are_dark=True)
        await turns()
        assert room.theme is DARK
        room.colors.become(are_dark=True, want_contrast=True)
        await turns()
        assert room.theme is HIGH_CONTRAST
        room.colors.become()
        await turns()
        assert room.theme is LIGHT
        assert room.colors.frames is None
        await room.open()
        await room.push(RADIOS[ThemeChoice.LIGHT])
        room.colors.become(are_dark=True, want_contrast=True)
        await turns()
        assert room.theme is LIGHT
        assert room.colors.frames is False
        await room.push(RADIOS[ThemeChoice.SYSTEM])
        assert room.theme is HIGH_CONTRAST
        await room.push(RADIOS[ThemeChoice.DARK])
        assert room.theme is DARK
        assert room.colors.frames is True


async def test_without_a_choice_it_is_light_unless_the_computer_asks_for_high_contrast() -> None:
    async with ThemeRoom() as room:
        await room.open()
        room.colors.become(are_dark=True)
        await turns()
        assert (room.theme, room.chosen) == (LIGHT, ThemeChoice.LIGHT)
        room.colors.become(want_contrast=True)
        await turns()
        assert (room.theme, room.chosen) == (HIGH_CONTRAST, ThemeChoice.SYSTEM)
        room.colors.become()
        await turns()
        assert (room.theme, room.chosen) == (LIGHT, ThemeChoice.LIGHT)


async def test_what_cannot_be_written_is_worn_and_said() -> None:
    async with ThemeRoom() as room:
        room.themes.is_full = True
        await room.open()
        await room.push(RADIOS[ThemeChoice.DARK])
        await until(lambda: room.says("themeMessage").startswith("This holds until Payment Links closes"))
        assert (room.theme, room.chosen) == (DARK, ThemeChoice.DARK)
        room.themes.is_full = False
        await room.push(RADIOS[ThemeChoice.DARK])
        await until(lambda: room.says("themeMessage") == SAVED)
        await room.push("navPaymentsButton")
        await room.open()
        assert not room.sees("themeMessage"), "what was said of the last choice is over"


async def test_of_several_in_a_row_the_last_one_is_kept() -> None:
    async with ThemeRoom() as room:
        await room.open()
        for choice in (ThemeChoice.DARK, ThemeChoice.SYSTEM, ThemeChoice.CONTRAST):
            part(room.desk.window, QRadioButton, RADIOS[choice]).click()
        await until(lambda: room.themes.kept)
        await turns()
        assert room.themes.kept is ThemeChoice.CONTRAST
        assert room.theme is HIGH_CONTRAST


async def test_the_keyboard_goes_from_theme_to_theme() -> None:
    async with ThemeRoom() as room:
        await room.open()
        await room.press(Qt.Key.Key_Tab)
        assert focused() == RADIOS[ThemeChoice.LIGHT]
        await room.press(Qt.Key.Key_Right)
        assert (focused(), room.chosen, room.theme) == (RADIOS[ThemeChoice.DARK], ThemeChoice.DARK, DARK)
        await room.press(Qt.Key.Key_Left)
        assert (focused(), room.chosen, room.theme) == (RADIOS[ThemeChoice.LIGHT], ThemeChoice.LIGHT, LIGHT)


@pytest.mark.parametrize("size", [(1366, 696), (1024, 560), (683, 348), (512, 320)])
async def test_at_every_size_all_of_it_can_be_reached(size: tuple[int, int]) -> None:
    async with ThemeRoom() as room:
        window = room.desk.window
        window.resize(*size)
        await room.open()
        for name in RADIOS.values():
            widget = part(window, QWidget, name)
            widget.setFocus()
            place = widget.mapTo(window, widget.rect().topLeft())
            assert place.x() >= 0
            assert place.x() + widget.width() <= window.width()
            assert place.y() > 0
            assert place.y() + widget.height() <= window.height()


async def test_a_screen_reader_hears_name_and_sentence() -> None:
    async with ThemeRoom() as room:
        await room.open()
        tile = part(room.desk.window, QRadioButton, "themeContrastRadio")
        assert tile.text() == "High contrast"
        assert tile.accessibleDescription() == "White on black, with strong lines."
