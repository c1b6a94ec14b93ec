"""F1: every key with its words, whole or scrolling, and gone with Enter or Esc."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.ui.shortcuts_dialog import ShortcutsDialog, shortcuts
from optty_desktop.ui.tokens import LIGHT
from tests.ui.stage import make_look, part, press, put_on_stage


def opened(qtbot: QtBot, height: int, kind: EnvironmentKind = EnvironmentKind.LIVE) -> tuple[ShortcutsDialog, QWidget]:
    window = put_on_stage(qtbot, QWidget(), 683, height)
    dialog = ShortcutsDialog(make_look(), window, kind=kind)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog, window


@pytest.mark.parametrize("height", [700, 384])
def test_every_key_is_there_and_the_dialog_fits_its_window(qtbot: QtBot, height: int) -> None:
    dialog, window = opened(qtbot, height)
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert all(keys in said and words in said for keys, words in shortcuts())
    assert len({keys for keys, _ in shortcuts()}) == len(shortcuts())
    assert dialog.height() <= window.height()
    focused = dialog.focusWidget()
    assert focused is not None
    assert dialog.rect().contains(focused.geometry())


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_enter_and_esc_close_it(qtbot: QtBot, key: Qt.Key) -> None:
    dialog, _window = opened(qtbot, 700)
    press(key)
    assert dialog.isHidden()


@pytest.mark.parametrize("kind", [EnvironmentKind.LIVE, EnvironmentKind.TRAINING])
def test_it_wears_the_frame_of_its_environment(qtbot: QtBot, kind: EnvironmentKind) -> None:
    dialog, _window = opened(qtbot, 700, kind)
    edge = dialog.grab().toImage().pixelColor(1, 100)
    assert (edge == QColor(LIGHT.training_band)) is (kind is EnvironmentKind.TRAINING)


@pytest.mark.parametrize(
    ("kind", "title"), [(EnvironmentKind.LIVE, "All shortcuts"), (EnvironmentKind.TRAINING, "All shortcuts — TRAINING")]
)
def test_it_is_titled_and_veils_the_window_as_every_question_does(
    qtbot: QtBot, kind: EnvironmentKind, title: str
) -> None:
    dialog, window = opened(qtbot, 700, kind)
    assert dialog.windowTitle() == title
    assert part(window, QWidget, "scrim").geometry() == window.rect()
    press(Qt.Key.Key_Escape)
    assert [scrim for scrim in window.findChildren(QWidget, "scrim") if scrim.isVisible()] == []
