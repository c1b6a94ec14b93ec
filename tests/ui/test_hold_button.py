"""The button that must be held, with a clock the test moves."""

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from optty_desktop.ui.hold_button import HoldButton
from tests.ui.ui_room import new_look, show

LEFT = Qt.MouseButton.LeftButton


class Clock:
    """Seconds, moved by the test."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Held:
    """A hold button in a window, and what it said."""

    def __init__(self, qtbot: QtBot, *, reduced_motion: bool = False) -> None:
        self.clock = Clock()
        self.window = QDialog()
        look = new_look(reduced_motion=reduced_motion)
        self.button = HoldButton(look, "Hold to refund USD 64.00", clock=self.clock)
        QVBoxLayout(self.window).addWidget(self.button)
        self.window.resize(400, 120)
        show(qtbot, self.window)
        self.button.setFocus()
        self.said: list[str] = []
        self.button.confirmed.connect(lambda: self.said.append("confirmed"))
        self.button.hold_cancelled.connect(lambda: self.said.append("cancelled"))


def test_held_long_enough_confirms_once(qtbot: QtBot) -> None:
    held = Held(qtbot)
    QTest.mousePress(held.button, LEFT)
    held.clock.now += 1.4
    QTest.qWait(40)
    assert held.said == []
    held.clock.now += 0.1
    qtbot.waitUntil(lambda: held.said == ["confirmed"])
    QTest.mouseRelease(held.button, LEFT)
    assert held.said == ["confirmed"]


def test_letting_go_early_does_nothing(qtbot: QtBot) -> None:
    held = Held(qtbot)
    QTest.mousePress(held.button, LEFT)
    held.clock.now += 1.4
    QTest.mouseRelease(held.button, LEFT)
    held.clock.now += 5
    QTest.qWait(40)
    assert held.said == ["cancelled"]
    assert held.button.progress() == 0.0


def test_a_press_that_was_too_short_says_what_to_do(qtbot: QtBot) -> None:
    held = Held(qtbot)
    assert held.button._label() == "Hold to refund USD 64.00"
    QTest.mouseClick(held.button, LEFT)
    assert held.button._label() == "Press and keep holding"
    QTest.mousePress(held.button, LEFT)
    assert held.button._label() == "Keep holding…"
    QTest.mouseRelease(held.button, LEFT)


def test_slipping_off_ends_the_hold_beyond_twelve_pixels(qtbot: QtBot) -> None:
    held = Held(qtbot)
    QTest.mousePress(held.button, LEFT)
    QTest.mouseMove(held.button, QPoint(held.button.width() + 10, 10))
    assert held.button.is_held
    QTest.mouseMove(held.button, QPoint(held.button.width() + 14, 10))
    assert held.said == ["cancelled"]


def test_escape_ends_the_hold_and_leaves_the_dialog_open(qtbot: QtBot) -> None:
    held = Held(qtbot)
    QTest.mousePress(held.button, LEFT)
    QTest.keyClick(held.button, Qt.Key.Key_Escape)
    assert held.said == ["cancelled"]
    assert held.window.isVisible()
    QTest.keyClick(held.button, Qt.Key.Key_Escape)
    assert not held.window.isVisible()


def test_space_holds_and_its_repeats_are_ignored(qtbot: QtBot) -> None:
    held = Held(qtbot)
    QTest.keyPress(held.button, Qt.Key.Key_Space)
    held.clock.now += 1.0
    for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress):
        repeat = QKeyEvent(kind, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", True)
        QApplication.sendEvent(held.button, repeat)
    assert held.button.is_held
    held.clock.now += 0.6
    qtbot.waitUntil(lambda: held.said == ["confirmed"])


def test_enter_does_nothing(qtbot: QtBot) -> None:
    held = Held(qtbot)
    QTest.keyPress(held.button, Qt.Key.Key_Return)
    assert not held.button.is_held
    assert held.window.isVisible()
    assert held.said == []


def test_losing_the_focus_or_the_window_ends_the_hold(qtbot: QtBot) -> None:
    held = Held(qtbot)
    QTest.keyPress(held.button, Qt.Key.Key_Space)
    held.button.clearFocus()
    assert held.said == ["cancelled"]
    held.button.setFocus()
    QTest.keyPress(held.button, Qt.Key.Key_Space)
    other = QWidget()
    show(qtbot, other)
    assert held.said == ["cancelled", "cancelled"]


def test_switching_the_button_off_ends_the_hold(qtbot: QtBot) -> None:
    held = Held(qtbot)
    QTest.mousePress(held.button, LEFT)
    held.button.setEnabled(False)
    assert held.said == ["cancelled"]


def test_the_right_button_holds_nothing(qtbot: QtBot) -> None:
    held = Held(qtbot)
    QTest.mousePress(held.button, Qt.MouseButton.RightButton)
    assert not held.button.is_held


def fill_width(held: Held) -> int:
    """How far the darker fill reaches along the lower edge."""
    picture = held.button.grab().toImage()
    row = picture.height() - 4
    dark = held.button.grab().toImage().pixelColor(8, row)
    return next((x for x in range(8, picture.width()) if picture.pixelColor(x, row) != dark), picture.width())


def test_the_fill_grows_from_the_leading_edge(qtbot: QtBot) -> None:
    held = Held(qtbot)
    QTest.mousePress(held.button, LEFT)
    held.clock.now += 0.75
    assert abs(fill_width(held) - held.button.width() / 2) <= 2


def test_with_reduced_motion_the_fill_moves_in_thirds(qtbot: QtBot) -> None:
    held = Held(qtbot, reduced_motion=True)
    QTest.mousePress(held.button, LEFT)
    held.clock.now += 0.95
    assert abs(fill_width(held) - held.button.width() / 3) <= 2
    QTest.mouseRelease(held.button, LEFT)
    assert held.button.progress() == 0.0
