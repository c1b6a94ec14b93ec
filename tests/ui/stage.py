"""A window to put widgets on, and hands and eyes of the person before it."""

from __future__ import annotations

from typing import TypeVar

import pytest
from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from optty_desktop.ui.theme import Look, dress
from optty_desktop.ui.tokens import LIGHT, Theme

W = TypeVar("W", bound=QWidget)

POPUP = pytest.mark.qt_log_ignore("^This plugin does not support (raise|grabbing the keyboard)")
"""For tests that open a popup: the offscreen platform says what it cannot do for it."""


def make_look(theme: Theme = LIGHT) -> Look:
    """Dress the application of the test."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return dress(app, theme, reduced_motion=True)


def put_on_stage(qtbot: QtBot, widget: QWidget, width: int, height: int) -> QWidget:
    """Show ``widget`` filling a window of this size that has the keyboard; return the window."""
    window = QWidget()
    layout = QVBoxLayout(window)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(widget)
    window.resize(width, height)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    settle()
    return window


def settle() -> None:
    """Let everything that waits its turn happen."""
    for _ in range(3):
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)


def part(root: QWidget, kind: type[W], name: str) -> W:
    """Return the one widget of this name."""
    found = root.findChildren(kind, name)
    assert len(found) == 1, f"{len(found)} widgets are called {name}"
    return found[0]


def type_into(widget: QWidget, text: str) -> None:
    """Click into ``widget`` and type."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
    QTest.keyClicks(widget, text)
    settle()


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key wherever the keyboard is."""
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifier)
    settle()


def click(widget: QWidget) -> None:
    """Press the left button on the middle of ``widget``."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
    settle()


def turn_wheel(widget: QWidget) -> None:
    """Turn the mouse wheel by one notch over ``widget``."""
    middle = widget.rect().center()
    event = QWheelEvent(
        QPointF(middle), QPointF(widget.mapToGlobal(middle)), QPoint(0, 0), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)
    settle()


def focused_name() -> str:
    """Return the object name of the widget that has the keyboard."""
    widget = QApplication.focusWidget()
    return widget.objectName() if widget is not None else ""


def picture_of(widget: QWidget, ratio: float = 1.0) -> QImage:
    """Return what ``widget`` paints on a screen of this pixel ratio."""
    image = QImage(round(widget.width() * ratio), round(widget.height() * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    widget.render(image)
    return image
