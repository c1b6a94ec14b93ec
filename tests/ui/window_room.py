"""The window of a till on fakes: header, banner and page, and what they ask for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.network import Way
from optty_desktop.ui.header import Header
from optty_desktop.ui.main_window import MainWindow
from optty_desktop.ui.panes import build_panes
from optty_desktop.ui.payments_page import PaymentsPage
from optty_desktop.ui.status_watch import StatusWatch
from tests.fakes import TRAINING as PRACTICE
from tests.fakes import FakeClock, FakeContactRules
from tests.ui.stage import settle
from tests.ui.table_links import look_of

LIVE = EnvironmentKind.LIVE
TRAINING = EnvironmentKind.TRAINING


class Room:
    """A window that is shown and has the keyboard."""

    def __init__(
        self,
        qtbot: QtBot,
        kind: EnvironmentKind = LIVE,
        links: Iterable[PaymentLink] = (),
        *,
        shop: str = "Corner Store",
        size: tuple[int, int] = (1366, 696),
    ) -> None:
        self.look, self.clock, self.book = look_of(), FakeClock(), LinkBook()
        self.book.put_all(links)
        environment = replace(PRACTICE, name=kind.title(), kind=kind, api_url="https://api.optty.com")
        panes = build_panes(
            self.look, environment, self.book, self.clock, FakeContactRules(), ("USD", "EUR"), shop=shop
        )
        self.page = PaymentsPage(self.look, asyncio.run(panes))
        self.header = Header(self.look, shop, "Till 2", "Cashier 1", kind)
        self.window = MainWindow(self.look, kind, self.header, shop)
        self.window.set_page(self.page)
        self.way = Way()
        self.watch = StatusWatch(
            self.header, self.window.banner, self.page, self.book, self.clock, environment, lambda: self.way
        )
        # The bound method keeps the room alive until its window is gone.
        self._end_of_test = QWidget()
        qtbot.addWidget(self._end_of_test, before_close_func=self._end)
        self.resize(*size)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        settle()

    def _end(self, _window: QWidget) -> None:
        """Delete the window now: left to the collector, its parts go in an order that Qt does not survive."""
        self.window.close_for_good()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def resize(self, width: int, height: int) -> None:
        """Another size of the window."""
        self.window.resize(width, height)
        settle()

    def shown(self) -> list[str]:
        """The panes that are seen, in the order of the screen from left to right."""
        panes = [
            pane for pane in (self.page.form, self.page.ready, self.page.links, self.page.detail) if pane.isVisible()
        ]
        panes.sort(key=lambda pane: pane.mapTo(self.window, pane.rect().topLeft()).x())
        names = {
            self.page.form: "form",
            self.page.ready: "ready",
            self.page.links: "links",
            self.page.detail: "detail",
        }
        return [names[pane] for pane in panes]

    def where_the_keyboard_is(self) -> str:
        """The pane that has the keyboard, or the name of the widget."""
        focused = QApplication.focusWidget()
        homes: dict[str, QWidget] = {
            "form": self.page.form,
            "ready": self.page.ready,
            "links": self.page.links,
            "detail": self.page.detail,
            "header": self.header,
        }
        for name, home in homes.items():
            if focused is not None and home.isAncestorOf(focused):
                return name
        return focused.objectName() if focused is not None else ""
