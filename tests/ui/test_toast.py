"""The toast: one notice at a time, timed by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QVBoxLayout, QWidget

from optty_desktop.ui.elided_label import ElidedLabel
from optty_desktop.ui.toast import Toast
from tests.ui.table_links import look_of


class HandTimer(QTimer):
    """Counts nothing: the test says when the time is over."""

    def __init__(self) -> None:
        super().__init__()
        self.started: int | None = None

    def start(self, msec: int = 0) -> None:
        self.started = msec

    def stop(self) -> None:
        self.started = None

    def run_out(self) -> None:
        assert self.started is not None
        self.started = None
        self.timeout.emit()


class Room:
    """A toast in a window, with something else to point at."""

    def __init__(self) -> None:
        self.timer = HandTimer()
        self.window = QWidget()
        self.toast = Toast(look_of(), self.timer, self.window)
        self.elsewhere = QPushButton("Elsewhere")
        column = QVBoxLayout(self.window)
        column.addWidget(self.elsewhere)
        column.addWidget(self.toast)
        self.shown: list[bool] = []
        self.toast.shown_changed.connect(self.shown.append)
        self.window.resize(700, 200)
        self.window.show()
        self.window.activateWindow()
        self.elsewhere.setFocus()
        QTest.mouseMove(self.elsewhere)
        QApplication.processEvents()

    def button(self, name: str) -> QAbstractButton:
        found = self.toast.findChild(QAbstractButton, name)
        assert isinstance(found, QAbstractButton)
        return found


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.window.close()


def test_a_notice_shows_for_six_seconds(room: Room) -> None:
    room.toast.show_text("Link copied. Paste it into a message to the customer.")
    label = room.toast.findChild(QLabel, "toastText")
    assert isinstance(label, QLabel)
    assert label.text() == "Link copied. Paste it into a message to the customer."
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert room.timer.started == 6_000
    assert not room.button("toastActionButton").isVisible()
    room.timer.run_out()
    assert room.shown == [True, False]
    assert not room.toast.is_showing


def test_a_notice_too_long_for_the_line_says_that_it_goes_on_and_keeps_the_rest(room: Room) -> None:
    label = room.toast.findChild(ElidedLabel, "toastText")
    assert label is not None
    words = "Link copied. Paste it into a message to the customer."
    room.toast.show_text(words)
    QApplication.processEvents()
    assert (label.shown_text(), label.toolTip()) == (words, "")
    room.window.resize(300, 200)
    QApplication.processEvents()
    assert label.shown_text().endswith("…")
    assert words in label.toolTip()
    assert label.text() == words


def test_an_action_gives_ten_seconds_and_closes_the_notice(room: Room) -> None:
    done: list[str] = []
    room.toast.show_text("Setting changed.", "Undo", lambda: done.append("undone"))
    assert room.timer.started == 10_000
    button = room.button("toastActionButton")
    assert button.text() == "Undo"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == ["undone"]
    assert room.shown == [True, False]


def test_notices_wait_for_each_other(room: Room) -> None:
    for text in ("One", "Two", "Three"):
        room.toast.show_text(text)
    seen = []
    while room.toast.is_showing:
        seen.append(room.toast.text())
        room.timer.run_out()
    assert seen == ["One", "Two", "Three"]
    assert room.shown == [True, False]


def test_it_stays_longer_while_the_pointer_is_on_it_but_not_for_ever(room: Room) -> None:
    QTest.mouseMove(room.elsewhere, QPoint(3, 3))
    QApplication.processEvents()
    room.toast.show_text("One")
    QTest.mouseMove(room.toast, QPoint(300, 10))
    QApplication.processEvents()
    assert room.timer.started == 12_000
    QTest.mouseMove(room.elsewhere, QPoint(3, 3))
    QApplication.processEvents()
    assert room.timer.started == 6_000
    QTest.mouseMove(room.toast, QPoint(300, 10))
    QApplication.processEvents()
    room.timer.run_out()
    assert not room.toast.is_showing


def test_it_stays_while_one_of_its_buttons_has_the_focus(room: Room) -> None:
    room.toast.show_text("One", "Undo", lambda: None)
    room.button("toastActionButton").setFocus()
    assert room.timer.started is None
    room.button("toastCloseButton").setFocus()
    assert room.timer.started is None
    room.elsewhere.setFocus()
    assert room.timer.started == 10_000


def test_it_never_takes_the_focus(room: Room) -> None:
    room.toast.show_text("One", "Undo", lambda: None)
    QApplication.processEvents()
    assert room.elsewhere.hasFocus()
    QTest.mousePress(room.button("toastActionButton"), Qt.MouseButton.LeftButton)
    assert room.elsewhere.hasFocus()


def test_esc_and_the_cross_close_it(room: Room) -> None:
    room.toast.show_text("One")
    room.toast.show_text("Two")
    cross = room.button("toastCloseButton")
    assert (cross.width(), cross.height()) == (44, 36)
    assert cross.toolTip() == "Close message (Esc)"
    cross.setFocus()
    QTest.keyClick(cross, Qt.Key.Key_Escape)
    assert room.toast.text() == "Two"
    QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert not room.toast.is_showing


def test_it_is_dark_on_a_light_window(room: Room) -> None:
    room.toast.show_text("One")
    picture = room.toast.grab().toImage()
    assert picture.pixelColor(350, 3).name().upper() == "#17202B"


def test_a_newer_notice_of_a_topic_takes_the_place_of_the_older_one(room: Room) -> None:
    room.toast.show_newest("One paid", "paid")
    room.toast.show_text("Copied")
    room.toast.show_newest("Two paid", "paid")
    assert room.toast.text() == "Two paid"
    assert room.toast.has("paid")
    room.timer.run_out()
    assert room.toast.text() == "Copied"
    assert not room.toast.has("paid")
    assert room.shown == [True]


def test_one_that_waits_is_replaced_where_it_waits(room: Room) -> None:
    room.toast.show_text("Copied")
    room.toast.show_newest("One paid", "paid")
    room.toast.show_text("Cancelled")
    room.toast.show_newest("Two paid", "paid")
    assert room.toast.has("paid")
    seen = []
    while room.toast.is_showing:
        seen.append(room.toast.text())
        room.timer.run_out()
    assert seen == ["Copied", "Two paid", "Cancelled"]
