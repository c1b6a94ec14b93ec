"""The window itself: what it is called, how small it gets, how it closes, and where the keyboard goes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.links import LinkState
from optty_desktop.ui.keys import bind
from optty_desktop.ui.main_window import come_to_front
from optty_desktop.ui.tokens import LIGHT
from tests.fakes import link
from tests.ui.stage import click, focused_name, part, press, settle
from tests.ui.table_links import afternoon
from tests.ui.ui_room import Heard
from tests.ui.window_room import TRAINING, Room


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (EnvironmentKind.LIVE, "Payment Links — Corner Store"),
        (EnvironmentKind.SANDBOX, "Payment Links — Corner Store — SANDBOX"),
        (TRAINING, "Payment Links — Corner Store — TRAINING"),
    ],
)
def test_title_icon_band_and_frame_say_where_we_are(qtbot: QtBot, kind: EnvironmentKind, title: str) -> None:
    room = Room(qtbot, kind)
    assert room.window.windowTitle() == title
    assert not room.window.windowIcon().isNull()
    is_loud = kind is not EnvironmentKind.LIVE
    assert room.window.band.isVisible() is is_loud
    edge = room.window.grab().toImage().pixelColor(1, 400)
    loud = QColor(LIGHT.training_band if kind is TRAINING else LIGHT.sandbox_band)
    assert (edge == loud) is is_loud


def test_it_gets_as_small_as_half_a_small_screen(qtbot: QtBot) -> None:
    room = Room(qtbot, TRAINING, afternoon())
    for width, height in ((683, 348), (683, 384), (512, 320)):
        room.resize(width, height)
        assert (room.window.width(), room.window.height()) == (width, height)


@pytest.mark.parametrize(
    ("room", "size", "is_filled"),
    [
        ((1920, 1040), (1366, 696), False),
        ((1366, 740), (1366, 696), False),
        ((1366, 728), (1366, 696), True),
        ((1024, 560), (1024, 560), True),
    ],
)
def test_it_opens_no_larger_than_the_screen(
    qtbot: QtBot, room: tuple[int, int], size: tuple[int, int], is_filled: bool
) -> None:
    window = Room(qtbot).window
    window.hide()
    window.fit(QSize(*room))
    assert (window.width(), window.height()) == size
    assert window.isMaximized() is is_filled


def test_closing_only_asks(qtbot: QtBot) -> None:
    room = Room(qtbot)
    asked = Heard(room.window.close_requested)
    assert not room.window.close()
    assert len(asked) == 1
    assert room.window.isVisible()
    room.window.close_for_good()
    assert room.window.isHidden()
    assert len(asked) == 1


def test_a_second_start_brings_a_minimised_window_back(qtbot: QtBot) -> None:
    room = Room(qtbot)
    room.window.showMinimized()
    settle()
    come_to_front(room.window)
    qtbot.waitUntil(lambda: not room.window.isMinimized())
    qtbot.waitUntil(room.window.isActiveWindow)


def bound(room: Room) -> None:
    """The keys as the desk binds them."""
    bind(
        room.window,
        {
            "F6": room.window.focus_next_pane,
            "Shift+F6": room.window.focus_previous_pane,
            "Ctrl+1": room.window.focus_page,
        },
    )
    room.page.form.focus_amount()
    settle()


def round_trip(room: Room, modifier: Qt.KeyboardModifier, count: int) -> list[str]:
    places = []
    for _ in range(count):
        press(Qt.Key.Key_F6, modifier)
        places.append(room.where_the_keyboard_is())
    return places


def test_f6_goes_round_the_panes_and_back(qtbot: QtBot) -> None:
    room = Room(qtbot, links=afternoon())
    bound(room)
    room.page.detail.show_link(link("T2-9", LinkState.PAID), ())
    room.page.show_detail(True)
    room.page.form.focus_amount()
    settle()
    there = round_trip(room, Qt.KeyboardModifier.NoModifier, 5)
    assert there == ["links", "detail", "header", "form", "links"]
    assert round_trip(room, Qt.KeyboardModifier.ShiftModifier, 4) == ["form", "header", "detail", "links"]


def test_f6_with_a_fresh_link_and_without_rows(qtbot: QtBot) -> None:
    room = Room(qtbot)
    bound(room)
    room.page.ready.show_link(link())
    room.page.show_ready(True)
    settle()
    assert round_trip(room, Qt.KeyboardModifier.NoModifier, 3) == ["links", "header", "ready"]
    assert focused_name() == "copyLinkButton"
    press(Qt.Key.Key_F6)
    assert focused_name() == "searchEdit"


def test_a_pane_gives_the_keyboard_back_to_the_part_that_had_it(qtbot: QtBot) -> None:
    room = Room(qtbot, links=afternoon())
    bound(room)
    email = part(room.window, QWidget, "emailEdit")
    email.setFocus()
    round_trip(room, Qt.KeyboardModifier.NoModifier, 3)
    assert focused_name() == "emailEdit"
    round_trip(room, Qt.KeyboardModifier.NoModifier, 2)
    email.setEnabled(False)
    press(Qt.Key.Key_F6)
    assert focused_name() == "amountEdit"


def test_a_row_opened_where_there_is_one_pane_leaves_the_keyboard_with_nobody_else(qtbot: QtBot) -> None:
    room = Room(qtbot, TRAINING, afternoon(), size=(700, 600))
    click(part(room.window, QWidget, "viewSwitch").findChildren(QAbstractButton)[1])
    links = room.page.links
    links.opened.connect(lambda _number: room.page.show_detail(True))
    freed = Heard(links.keyboard_freed)
    links.table.setFocus()
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    assert room.shown() == ["detail"]
    assert focused_name() == ""
    assert len(freed) == 1
    room.resize(1366, 696)
    links.table.setFocus()
    press(Qt.Key.Key_Return)
    assert focused_name() == "linksTable"
    assert len(freed) == 1


def test_f6_from_any_tool_of_the_header(qtbot: QtBot) -> None:
    room = Room(qtbot, links=afternoon())
    bound(room)
    part(room.window, QWidget, "customerScreenButton").setFocus()
    assert round_trip(room, Qt.KeyboardModifier.NoModifier, 1) == ["form"]


@pytest.mark.parametrize("is_by_key", [True, False])
def test_ctrl_1_and_the_tab_go_to_the_page_and_leave_the_keyboard_there(qtbot: QtBot, is_by_key: bool) -> None:
    room = Room(qtbot, links=afternoon())
    bound(room)
    part(room.window, QWidget, "staffButton").setFocus()
    if is_by_key:
        press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    else:
        click(room.header.payments)
    assert room.where_the_keyboard_is() == "form"
    room.page.links.table.setFocus()
    press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert room.where_the_keyboard_is() == "links"


def test_no_key_works_twice_while_it_is_held(qtbot: QtBot) -> None:
    room = Room(qtbot)
    shortcuts = bind(room.window, {"Ctrl+N": room.window.focus_page, "F5": room.window.focus_page})
    assert [one.autoRepeat() for one in shortcuts] == [False, False]


def test_every_tool_can_be_reached_with_tab(qtbot: QtBot) -> None:
    room = Room(qtbot, TRAINING, afternoon())
    room.window.setFocus()
    reached = set()
    for _ in range(60):
        press(Qt.Key.Key_Tab)
        reached.add(focused_name())
    wanted = {"navPaymentsButton", "staffButton", "customerScreenButton", "amountEdit", "searchEdit", "linksTable"}
    assert wanted <= reached
    assert all(button.accessibleName() for button in room.header.findChildren(QAbstractButton))
    assert QApplication.activeModalWidget() is None


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (1366, "Practice only. No real money moves and no e-mails are sent."),
        (600, "Practice only. No real money moves."),
        (480, "Practice only."),
    ],
)
def test_the_band_says_no_more_than_it_has_room_for(qtbot: QtBot, width: int, words: str) -> None:
    room = Room(qtbot, TRAINING, size=(width, 400))
    labels = [label for label in room.window.band.findChildren(QLabel) if label.text().startswith("Practice")]
    assert [label.text() for label in labels] == [words]
    assert labels[0].width() >= labels[0].fontMetrics().horizontalAdvance(words)
