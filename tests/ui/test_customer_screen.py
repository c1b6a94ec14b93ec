"""The second screen never shows one customer what another has to pay."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.links import LinkState, Note
from optty_desktop.ui import customer_screen
from optty_desktop.ui.customer_screen import CustomerScreen
from optty_desktop.ui.customer_window import CustomerWindow
from optty_desktop.ui.qr_code import make_qr
from tests.fakes import link
from tests.ui.ui_room import new_look


def own_screen(_till: QWidget) -> QScreen:
    """There is only one screen where tests run; the window does not mind."""
    return QGuiApplication.primaryScreen()


@pytest.fixture
def screen(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> CustomerScreen:
    monkeypatch.setattr(customer_screen, "second_screen", own_screen)
    till = QWidget()
    qtbot.addWidget(till)
    made = CustomerScreen(new_look(), "Corner Store", EnvironmentKind.LIVE, till)
    till.destroyed.connect(made.close)
    return made


def shown(screen: CustomerScreen) -> str:
    """The reference on the screen; empty for the shop's name alone."""
    window = screen._window
    assert isinstance(window, CustomerWindow)
    return window._reference.text() if window._reference.isVisible() else ""


def test_another_link_takes_the_screen_over_and_the_same_one_hides_it(screen: CustomerScreen) -> None:
    first, second = link("T2-1"), link("T2-2")
    for one in (first, second):
        assert one.url is not None
    screen.set_code("T2-1", make_qr(first.url or ""))
    assert screen.toggle(first)
    assert shown(screen) == "Order T2-1"
    screen.set_code("T2-2", make_qr(second.url or ""))
    assert shown(screen) == ""
    assert screen.toggle(second)
    assert shown(screen) == "Order T2-2"
    assert screen.toggle(second)
    assert not screen.is_open
    screen.close()


def test_the_words_about_a_declined_try_go_with_the_next_one(screen: CustomerScreen) -> None:
    one = link("T2-1")
    screen.set_code("T2-1", make_qr(one.url or ""))
    screen.toggle(one)
    screen.link_changed(link("T2-1", LinkState.DECLINED))
    assert screen._window is not None
    assert "did not go through" in screen._window._state.text()
    screen.link_changed(link("T2-1", LinkState.IN_PROGRESS))
    assert "did not go through" not in screen._window._state.text()
    screen.link_changed(link("T2-1", LinkState.CANCELLED))
    assert shown(screen) == ""
    screen.close()


@pytest.mark.parametrize("note", [Note.SET_BY_HAND, Note.REPORTED])
def test_the_customer_is_not_told_what_only_somebody_says(screen: CustomerScreen, note: Note) -> None:
    one = link("T2-1")
    screen.set_code("T2-1", make_qr(one.url or ""))
    screen.toggle(one)
    screen.link_changed(link("T2-1", LinkState.PAID, paid=None, paid_at=None, note=note))
    assert screen._window is not None
    assert shown(screen) == ""
    assert "182.75" not in screen._window._state.text()
    screen.close()
