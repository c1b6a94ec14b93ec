"""Buttons by mouse and keys."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout
from pytestqt.qtbot import QtBot

from optty_desktop.ui.buttons import Button, ButtonKind, IconButton
from optty_desktop.ui.line_edit import LineEdit
from optty_desktop.ui.tokens import DARK, Type
from tests.ui.ui_room import Heard, new_look, show


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_and_space_press_the_focused_button(qtbot: QtBot, key: Qt.Key) -> None:
    button = Button(new_look(), "Create link for USD 182.75", ButtonKind.PRIMARY, "link", "Ctrl+↵", main=True)
    show(qtbot, button)
    presses = Heard(button.clicked)
    QTest.keyClick(button, key)
    assert len(presses) == 1


def test_ctrl_enter_is_left_to_the_window(qtbot: QtBot) -> None:
    button = Button(new_look(), "Clear", ButtonKind.QUIET)
    show(qtbot, button)
    presses = Heard(button.clicked)
    QTest.keyClick(button, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(presses) == 0


def test_enter_in_a_field_presses_no_button_beside_it(qtbot: QtBot) -> None:
    look = new_look()
    dialog, line, button = QDialog(), LineEdit(look), Button(look, "Refund")
    layout = QVBoxLayout(dialog)
    layout.addWidget(line)
    layout.addWidget(button)
    show(qtbot, dialog)
    presses = Heard(button.clicked)
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert len(presses) == 0


def test_busy_stops_presses_and_reset_brings_everything_back(qtbot: QtBot) -> None:
    button = Button(new_look(), "Create link", ButtonKind.PRIMARY, "link")
    show(qtbot, button)
    presses = Heard(button.clicked)
    button.set_busy("Creating…")
    button.set_busy("Still creating…")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (len(presses), button.text(), button.isEnabled()) == (0, "Still creating…", False)
    button.reset()
    assert (button.text(), button.isEnabled(), button.is_busy) == ("Create link", True, False)


def test_another_label_and_another_font_take_another_height() -> None:
    look = new_look()
    button = Button(look, "Practise without an account", main=True)
    assert button.heightForWidth(120) > 70
    button.setText("Practise")
    assert button.heightForWidth(120) == 52
    button.setFont(look.font(Type.DISPLAY))
    assert button.heightForWidth(120) > 52


def test_a_narrow_button_grows_instead_of_cutting_its_words() -> None:
    button = Button(new_look(), "Practise without an account", main=True)
    assert button.heightForWidth(400) == 52
    assert button.heightForWidth(120) > 70
    assert button.minimumSizeHint().width() < button.sizeHint().width() // 2


@pytest.mark.parametrize("kind", list(ButtonKind))
def test_a_disabled_button_looks_off(qtbot: QtBot, kind: ButtonKind) -> None:
    button = Button(new_look(DARK), "Refund…", kind, "undo-2")
    show(qtbot, button)
    on = button.grab().toImage()
    button.setEnabled(False)
    assert button.grab().toImage() != on


def test_an_icon_button_has_a_name_and_a_full_target(qtbot: QtBot) -> None:
    button = IconButton(new_look(), "eye", "Show secret")
    show(qtbot, button)
    assert (button.accessibleName(), button.toolTip()) == ("Show secret", "Show secret")
    assert (button.width(), button.height()) == (44, 44)
    presses = Heard(button.clicked)
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert len(presses) == 1


@pytest.mark.parametrize(("pause_ms", "presses"), [(5, 0), (400, 1)])
def test_the_enter_of_a_scanner_presses_nothing(qtbot: QtBot, pause_ms: int, presses: int) -> None:
    button = Button(new_look(), "Copy link", ButtonKind.PRIMARY)
    show(qtbot, button)
    heard = Heard(button.clicked)
    for moment, (key, text) in enumerate([(Qt.Key.Key_4, "4"), (Qt.Key.Key_2, "2")]):
        _send(button, key, text, 10_000 + moment)
    _send(button, Qt.Key.Key_Return, "\r", 10_001 + pause_ms)
    assert len(heard) == presses


def _send(button: Button, key: Qt.Key, text: str, moment_ms: int) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
    event.setTimestamp(moment_ms)
    QApplication.sendEvent(button, event)
