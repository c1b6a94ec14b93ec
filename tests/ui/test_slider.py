"""The slider: by key, by press and by drag, in both directions of reading, and never by the wheel."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from optty_desktop.ui.slider import Slider
from tests.ui.stage import make_look, picture_of, press, put_on_stage, settle, turn_wheel


class Stage:
    def __init__(self, qtbot: QtBot, *, rtl: bool = False) -> None:
        self.look = make_look()
        self.slider = Slider(self.look)
        self.slider.setRange(0, 100)
        self.slider.setSingleStep(5)
        self.window = put_on_stage(qtbot, self.slider, 320, 60)
        if rtl:
            self.window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            settle()
        self.values: list[int] = []
        self.moved: list[int] = []
        self.slider.valueChanged.connect(self.values.append)
        self.slider.sliderMoved.connect(self.moved.append)

    def at(self, x: float) -> QPoint:
        """A point of the track, from 0 at the left edge to 1 at the right one."""
        return QPoint(round(x * (self.slider.width() - 1)), self.slider.height() // 2)


@pytest.mark.parametrize(("rtl", "at_left", "at_right"), [(False, 0, 100), (True, 100, 0)])
def test_a_press_brings_the_knob_there(qtbot: QtBot, rtl: bool, at_left: int, at_right: int) -> None:
    stage = Stage(qtbot, rtl=rtl)
    stage.slider.setValue(50)
    QTest.mouseClick(stage.slider, Qt.MouseButton.LeftButton, pos=stage.at(0))
    assert stage.slider.value() == at_left
    QTest.mouseClick(stage.slider, Qt.MouseButton.LeftButton, pos=stage.at(1))
    assert stage.slider.value() == at_right
    QTest.mouseClick(stage.slider, Qt.MouseButton.RightButton, pos=stage.at(0.5))
    assert stage.slider.value() == at_right


def test_a_drag_counts_once_when_it_ends_in_whole_steps(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    QTest.mousePress(stage.slider, Qt.MouseButton.LeftButton, pos=stage.at(0.2))
    for x in (0.3, 0.5, 0.7):
        QTest.mouseMove(stage.slider, stage.at(x))
        settle()
    assert stage.values == []
    QTest.mouseRelease(stage.slider, Qt.MouseButton.LeftButton, pos=stage.at(0.7))
    assert len(stage.values) == 1
    assert stage.slider.value() % 5 == 0
    assert 65 <= stage.slider.value() <= 75
    assert stage.moved == sorted(stage.moved)


def test_keys_move_it_by_steps_and_to_the_ends(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.slider.setFocus()
    press(Qt.Key.Key_Right)
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Left)
    press(Qt.Key.Key_End)
    press(Qt.Key.Key_Home)
    assert stage.values == [5, 10, 5, 100, 0]


def test_the_arrows_follow_the_direction_of_reading(qtbot: QtBot) -> None:
    stage = Stage(qtbot, rtl=True)
    stage.slider.setFocus()
    press(Qt.Key.Key_Left)
    assert stage.slider.value() == 5


def test_the_wheel_changes_nothing(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.slider.setValue(40)
    stage.slider.setFocus()
    turn_wheel(stage.slider)
    assert stage.slider.value() == 40


@pytest.mark.parametrize("rtl", [False, True])
def test_the_track_is_filled_from_the_leading_edge(qtbot: QtBot, rtl: bool) -> None:
    stage = Stage(qtbot, rtl=rtl)
    stage.slider.setValue(50)
    picture, middle = picture_of(stage.slider), stage.slider.height() // 2
    fills = {stage.look.color(token).rgb() for token in ("accent", "accent_hover")}  # the pointer may be on it
    lit = [picture.pixel(stage.at(x).x(), middle) in fills for x in (0.25, 0.75)]
    assert lit == ([False, True] if rtl else [True, False])
    knob = stage.slider.focus_ring_rect()
    assert abs(knob.center().x() - stage.slider.width() // 2) <= 1
