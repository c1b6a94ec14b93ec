"""Hands and eyes of the person before the window: parts by object name, keys and clicks where they would fall."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QLineEdit, QWidget
from shiboken6 import isValid

W = TypeVar("W", bound=QWidget)
NO_KEY = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def part(root: QWidget, kind: type[W], name: str) -> W:
    """The one widget of this name that is shown inside ``root``."""
    found = [one for one in root.findChildren(kind, name) if one.isVisibleTo(root)]
    assert len(found) == 1, f"{len(found)} shown widgets are called {name}"
    return found[0]


def is_shown(root: QWidget, name: str) -> bool:
    """Whether a widget of this name can be seen inside ``root``."""
    return any(one.isVisibleTo(root) for one in root.findChildren(QWidget, name))


def words(root: QWidget, name: str) -> str:
    """What the label or button of this name says; empty while it is not shown."""
    if not is_shown(root, name):
        return ""
    widget = part(root, QWidget, name)
    assert isinstance(widget, QLabel | QAbstractButton | QLineEdit), f"{name} says nothing"
    return widget.text()


def click(root: QWidget, name: str) -> None:
    """Press the button of this name in its middle, as a mouse does: one that is off stays untouched."""
    button = part(root, QAbstractButton, name)
    assert button.isEnabled(), f"{name} is off"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=middle_of(button))


def middle_of(widget: QWidget) -> QPoint:
    """The point a mouse would go for."""
    return QPoint(widget.width() // 2, widget.height() // 2)


def write(root: QWidget, name: str, text: str) -> None:
    """Type into a line, over what is there, and stay in it."""
    edit = part(root, QLineEdit, name)
    assert edit.isEnabled(), f"{name} is off"
    QTest.mouseClick(edit, Qt.MouseButton.LeftButton, pos=QPoint(10, edit.height() // 2))
    edit.selectAll()
    QTest.keyClick(edit, Qt.Key.Key_Delete)
    if text.isascii():
        QTest.keyClicks(edit, text)
        return
    # What no key of this keyboard writes comes by way of an input method.
    composed = QInputMethodEvent()
    composed.setCommitString(text)
    QApplication.sendEvent(edit, composed)


def files(*paths: Path) -> QMimeData:
    """What a file manager hands over."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def hold_over(target: QWidget, data: QMimeData) -> bool:
    """Drag something over ``target``; whether it would be taken there."""
    buttons, actions = Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    event = QDragEnterEvent(middle_of(target), actions, data, buttons, NO_KEY)
    event.ignore()
    QApplication.sendEvent(target, event)
    return event.isAccepted()


def drop(target: QWidget, data: QMimeData) -> Qt.DropAction:
    """Drag something there and let go of it; what is to become of the original."""
    hold_over(target, data)
    buttons, actions = Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    event = QDropEvent(QPointF(middle_of(target)), actions, data, buttons, NO_KEY)
    QApplication.sendEvent(target, event)
    return event.dropAction()


def press(root: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
    """Press a key where the keyboard of the window is."""
    focused: QWidget | None = root.focusWidget()
    QTest.keyClick(root if focused is None else focused, key, modifier)


def top_level(name: str) -> QWidget | None:
    """The shown window of this name."""
    tops = QApplication.topLevelWidgets()
    return next((one for one in tops if isValid(one) and one.objectName() == name and one.isVisible()), None)


def question(kind: str) -> QDialog | None:
    """The shown dialog of this kind."""
    tops = [one for one in QApplication.topLevelWidgets() if isValid(one) and isinstance(one, QDialog)]
    return next((one for one in tops if one.isVisible() and one.property("kind") == kind), None)


def open_windows() -> list[str]:
    """The names of all windows that can be seen, after what is to be deleted has gone."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return [one.objectName() for one in QApplication.topLevelWidgets() if isValid(one) and one.isVisible()]
