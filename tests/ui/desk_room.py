"""A whole desk on fakes: the real window and verbs, a pretend service and a record in memory."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu

from optty_desktop.core.environments import Environment
from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.theme_choice import ThemeChoice
from optty_desktop.hints.pasted import PastedNotices
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.follow_status import FollowStatus
from optty_desktop.till.pair_relay import PairRelay
from optty_desktop.till.session import Session, TillIdentity
from optty_desktop.till.sounds import Sounds
from optty_desktop.ui.about import About, Folders
from optty_desktop.ui.desk import Desk
from optty_desktop.ui.header import Header
from optty_desktop.ui.leaving_flow import Ending
from optty_desktop.ui.main_window import MainWindow
from optty_desktop.ui.panes import build_panes
from optty_desktop.ui.payments_page import PaymentsPage
from optty_desktop.ui.tasks import TaskRunner
from optty_desktop.ui.theme import Look
from optty_desktop.ui.verbs import Verbs
from optty_desktop.ui.voice import Voice
from optty_desktop.ui.wardrobe import Wardrobe
from tests.fakes import (
    IDENTITY,
    TRAINING,
    FakeAudit,
    FakeChoices,
    FakeClock,
    FakeContactRules,
    FakeLineProbe,
    FakeNotifier,
    FakeOptty,
    FakePlayer,
    FakeProfiles,
    FakeThemeMemory,
    MemoryJournal,
    counted_bytes,
)
from tests.pretend_relay import FakePairings, FakeRelayDesk
from tests.ui.pretend_colors import FakeColors
from tests.ui.table_links import look_of
from tests.waiting import until

ABOUT = About("1.2.3", Folders("/till/config", "/till/records", "/till/logs"))


async def turns() -> None:
    """Let everything that waits happen. Qt's events must not be run inside a task: wake-ups get lost."""
    for _ in range(5):
        await asyncio.sleep(0)


class DeskRoom:
    """``links`` are in the record and on the table. Leaving it ends the desk and says what went wrong unseen."""

    def __init__(
        self,
        links: Iterable[PaymentLink] = (),
        environment: Environment = TRAINING,
        identity: TillIdentity = IDENTITY,
        about: About = ABOUT,
        look: Look | None = None,
    ) -> None:
        self._about = about
        self.look = look or look_of()
        self.themes, self.colors = FakeThemeMemory(), FakeColors()
        self.clock, self.book, self.journal = FakeClock(), LinkBook(), MemoryJournal()
        self.gateway = FakeOptty(environment)
        self.notices = PastedNotices()
        self.profiles, self.probe = FakeProfiles(environment), FakeLineProbe()
        self.relay, self.pairings, self.audit = FakeRelayDesk(), FakePairings(), FakeAudit()
        self.player, self.choices, self.notifier = FakePlayer(), FakeChoices(), FakeNotifier()
        self.worn: ThemeChoice | None = None
        self.errors: list[BaseException] = []
        self.tasks = TaskRunner(self.errors.append)
        self.journal.saved = {one.invoice_number: one for one in links}
        self._environment, self._identity = environment, identity

    async def _build(self) -> Verbs:
        look, environment, rules = self.look, self._environment, FakeContactRules()
        panes = await build_panes(look, environment, self.book, self.clock, rules, ("USD", "EUR"), shop=IDENTITY.shop)
        page = PaymentsPage(look, panes)
        header = Header(look, IDENTITY.shop, IDENTITY.till, IDENTITY.operator, environment.kind)
        window = MainWindow(look, environment.kind, header, IDENTITY.shop)
        voice = Voice(Sounds(self.player, self.choices), self.notifier)
        wardrobe = self.wardrobe = Wardrobe(look, self.worn, self.themes, self.colors)
        self.desk = Desk(
            look, environment, self.book, self.clock, IDENTITY, self.tasks, window, page, self._about, voice, wardrobe
        )
        session = Session(self.gateway, self.journal, self._identity, self.clock, counted_bytes(), self.book)
        follow = FollowStatus(session, self.desk.line_changed, lambda: 1.0)
        create = CreateLink(session, lambda words: f"Payment for {words}")
        pair_relay = PairRelay(self._environment, self._identity, self.relay, self.pairings, self.audit, self.clock)
        return Verbs.of(session, create, follow, self.profiles, self.probe, pair_relay, self.notices)

    async def __aenter__(self) -> Self:
        # What earlier tests left goes now, in the thread of the window: a collection in a worker would stop its timers.
        gc.collect()
        verbs = await self._build()
        window = self.desk.window
        window.show()
        window.activateWindow()
        await until(window.isActiveWindow)
        self.desk.open(verbs)
        await until(self.desk._verbs.done)
        self.book.put_all(self.journal.saved.values())
        self.desk.page.links.model.set_since(None)
        await turns()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.desk.end(Ending.CLOSE)
        await self.desk.settle()
        self.desk.window.close_for_good()
        await self.tasks.close()
        self.desk.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        assert self.errors == []

    async def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is."""
        QTest.keyClick(QApplication.focusWidget() or self.desk.window, key, modifier)
        await turns()

    async def click(self, button: QAbstractButton) -> None:
        """Press a button in its middle."""
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        await turns()

    async def menu_of(self, number: str) -> QMenu:
        """Select that row and press Shift+F10."""
        assert self.desk.page.links.select(number)
        table = self.desk.page.links.table
        table.setFocus()
        QTest.keyClick(table, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
        await until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        return menu
