"""The header: its words at every width, its names for screen readers, and what it asks for."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.ui.header_button import HeaderButton
from tests.ui.stage import POPUP, click, part, press, settle
from tests.ui.ui_room import Heard
from tests.ui.window_room import LIVE, TRAINING, Room


def words(room: Room) -> dict[str, bool]:
    """Whether each button of the header shows its word."""
    buttons = room.header.findChildren(HeaderButton)
    return {one.objectName(): one.width() == one.width_needed(has_word=True) for one in buttons}


@pytest.mark.parametrize("width", [1920, 1366, 1024, 700, 512])
def test_names_are_the_visible_words_and_without_a_word_there_is_a_tooltip(qtbot: QtBot, width: int) -> None:
    room = Room(qtbot, size=(width, 600))
    for button in room.header.findChildren(QAbstractButton):
        assert button.accessibleName() == button.text()
        assert button.toolTip() == ("" if words(room)[button.objectName()] else button.text())
        assert button.width() >= 44


def test_a_compact_header_as_pictured(qtbot: QtBot) -> None:
    room = Room(qtbot, TRAINING, size=(1024, 560))
    assert words(room) == {
        "navPaymentsButton": True,
        "staffButton": True,
        "customerScreenButton": False,
        "navSettingsButton": False,
    }
    shown = [label.text() for label in room.header.findChildren(QLabel) if label.isVisible()]
    assert shown == ["Corner Store", "Till 2", "Training"]
    room.resize(1366, 696)
    assert [name for name, has_word in words(room).items() if not has_word] == ["navSettingsButton"]
    assert part(room.header, QLabel, "connectionLabel").text() == "no real payments"


@pytest.mark.parametrize("rtl", [False, True])
@pytest.mark.parametrize("width", [1366, 1024, 700, 512, 480])
def test_a_long_name_is_cut_and_nothing_else(qtbot: QtBot, width: int, rtl: bool) -> None:
    room = Room(qtbot, shop="The very long name of a shop of 40 signs", size=(width, 600))
    if rtl:
        room.window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    room.watch._header.set_line("wifi-off", "Not answering", "last check 14:35", "warning")
    settle()
    seen = [one for one in room.header.findChildren(QLabel) if one.isVisible()]
    places = [one.geometry() for one in (*seen, *room.header.findChildren(HeaderButton))]
    for number, place in enumerate(places):
        assert room.header.rect().contains(place)
        assert not any(place.intersects(other) for other in places[number + 1 :])
    assert "Not answering" in [one.text() for one in seen]


@POPUP
@pytest.mark.parametrize(("kind", "leave"), [(LIVE, "Sign out"), (TRAINING, "Leave training")])
def test_the_menu_of_the_person(qtbot: QtBot, kind: EnvironmentKind, leave: str) -> None:
    room = Room(qtbot, kind)
    left, shortcuts = Heard(room.header.sign_out_requested), Heard(room.header.shortcuts_requested)
    export, support = Heard(room.header.export_requested), Heard(room.header.support_requested)
    paste = Heard(room.header.paste_requested)
    for entry, heard in ((0, shortcuts), (1, paste), (2, export), (3, support), (4, left)):
        click(part(room.header, QAbstractButton, "staffButton"))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        words = ["All shortcuts", "Paste a notification…", "Save the record as a file…", "Support file…", leave]
        assert [one.text() for one in menu.actions()] == words
        menu.actions()[entry].trigger()
        menu.close()
        assert len(heard) == 1


def test_buttons_ask_by_mouse_and_by_enter(qtbot: QtBot) -> None:
    room = Room(qtbot)
    screen, page = Heard(room.header.customer_screen_requested), Heard(room.header.payments_requested)
    settings = Heard(room.header.settings_requested)
    buttons = {"customerScreenButton": screen, "navPaymentsButton": page, "navSettingsButton": settings}
    for name, heard in buttons.items():
        button = part(room.header, QAbstractButton, name)
        click(button)
        button.setFocus()
        press(Qt.Key.Key_Return)
        assert len(heard) == 2
    assert part(room.header, QAbstractButton, "navPaymentsButton").isChecked()
    assert not part(room.header, QAbstractButton, "navSettingsButton").isChecked()
