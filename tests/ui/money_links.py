"""Links, looks and windows that the tests of the detail pane and of the questions share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cache

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget

from optty_desktop.core.links import Evidence, LinkState, Note, PaymentLink, Source
from optty_desktop.core.money import Money
from optty_desktop.ui.theme import Look, dress
from optty_desktop.ui.tokens import LIGHT
from tests.fakes import START, link


@cache
def dressed(app: QApplication) -> Look:
    """The light look, on an application that is dressed in it."""
    return dress(app, LIGHT)


def paid_link(number: str = "T2-1050", **changes: object) -> PaymentLink:
    """Order 1050: paid, nothing refunded."""
    given: dict[str, object] = {
        "amount": Money(6400, "USD"),
        "reference": "Order 1050",
        "email": "guest50@example.com",
        "phone": "+12025550150",
        "description": "Replacement charger",
        "paid_with": "card ending 4242",
        "paid_at": START - timedelta(minutes=28),
    }
    state = changes.pop("state", LinkState.PAID)
    assert isinstance(state, LinkState)
    return link(number, state, **{**given, **changes})


def pending_link(number: str = "T2-1053", **changes: object) -> PaymentLink:
    """Order 1053: nobody has paid."""
    given: dict[str, object] = {
        "amount": Money(24500, "USD"),
        "reference": "Order 1053",
        "evidence": Evidence(Source.ORDER_READ, START + timedelta(seconds=8)),
    }
    return link(number, LinkState.PENDING, **{**given, **changes})


def unknown_link(note: Note | None, **changes: object) -> PaymentLink:
    """Order 1051: something about it is not known."""
    given: dict[str, object] = {"amount": Money(112000, "USD"), "reference": "Order 1051", "note": note}
    return link("T2-1051", LinkState.UNKNOWN, **{**given, **changes})


def press(widget: QWidget, *keys: Qt.Key) -> None:
    """Real key strokes on whatever has the focus in the window of `widget`."""
    for key in keys:
        QTest.keyClick(focused_in(widget.window()), key)


def focused_in(window: QWidget) -> QWidget:
    """The widget of that window that gets its keys."""
    focused: QWidget | None = window.focusWidget()
    return window if focused is None else focused


def click(widget: QWidget) -> None:
    """A real press and release of the left button in the middle."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def part(inside: QWidget, name: str) -> QPushButton:
    """The button with that object name."""
    found = inside.findChild(QPushButton, name)
    assert found is not None, f"no button {name}"
    return found


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[QWidget]:
    """A window with one focused button, behind the questions."""
    window = QWidget()
    window.resize(1366, 696)
    button = QPushButton("behind", window)
    button.setObjectName("behind")
    window.show()
    window.activateWindow()
    button.setFocus()
    yield window
    for dialog in window.findChildren(QDialog):
        dialog.hide()
    window.close()
    window.deleteLater()
