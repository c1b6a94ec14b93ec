"""A till in training, put together for measuring: the real desk, record and wire; the service in its own process."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtWidgets import QApplication

from optty_desktop.api.environments import training_environment
from optty_desktop.api.gateway import opener
from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.environments import Credentials
from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.theme_choice import ThemeChoice
from optty_desktop.hints.pasted import PastedNotices
from optty_desktop.journal.journal import open_journal
from optty_desktop.loop import run_on_qt
from optty_desktop.shop import own_command
from optty_desktop.system.clock import SystemClock
from optty_desktop.system.contact_rules import ContactRules
from optty_desktop.system.paths import AppPaths, private_folder
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.follow_status import FollowStatus
from optty_desktop.till.pair_relay import PairRelay
from optty_desktop.till.session import Session, TillIdentity
from optty_desktop.till.sign_in import SignIn
from optty_desktop.till.sounds import Sounds
from optty_desktop.training.practice import PracticeAddress, PracticeServer
from optty_desktop.ui.about import About, Folders
from optty_desktop.ui.computer_colors import ComputerColors
from optty_desktop.ui.desk import Desk
from optty_desktop.ui.panes import build_panes
from optty_desktop.ui.payments_page import PaymentsPage
from optty_desktop.ui.practice import practice_link
from optty_desktop.ui.shop_front import ShopFront
from optty_desktop.ui.tasks import TaskRunner
from optty_desktop.ui.theme import dress, qt_arguments
from optty_desktop.ui.tokens import LIGHT
from optty_desktop.ui.verbs import Verbs
from optty_desktop.ui.voice import Voice
from optty_desktop.ui.wardrobe import Wardrobe
from tests.fakes import FakeAudit, FakeChoices, FakeKeychain, FakeLineProbe, FakePlayer, FakeProfiles, FakeThemeMemory
from tests.pretend_relay import FakePairings, FakeRelayDesk

IDENTITY = TillIdentity("Corner Store", "Till 2", "T2", "Cashier 1")


@dataclass(frozen=True, slots=True)
class Till:
    """What a measurement works with."""

    desk: Desk
    book: LinkBook
    session: Session
    address: PracticeAddress

    def fill_form(self) -> None:
        """Type a sound order."""
        self.desk.page.form.fill_from(practice_link(datetime.now().astimezone()))


def run_till(work: Callable[[Till], Awaitable[None]]) -> int:
    """Open a till on Qt's loop, do the work, and close everything."""
    app = QApplication(qt_arguments("till"))
    app.setQuitOnLastWindowClosed(False)
    look = dress(app, LIGHT)

    async def day() -> int:
        tasks = TaskRunner(_fail)
        clock, book, transport = SystemClock(), LinkBook(), HttpTransport("optty-bench")
        async with _service() as address:
            session = await _sign_in(address, transport, book)
            environment = session.environment
            panes = await build_panes(look, environment, book, clock, ContactRules(), ("USD",), shop=IDENTITY.shop)
            front = ShopFront(
                look, environment.kind, shop=IDENTITY.shop, till=IDENTITY.till, operator=IDENTITY.operator
            )
            page, about = PaymentsPage(look, panes), About("", Folders("", "", ""))
            voice = Voice(Sounds(FakePlayer(), FakeChoices()))
            wardrobe = Wardrobe(look, ThemeChoice.LIGHT, FakeThemeMemory(), ComputerColors())
            desk = Desk(look, environment, book, clock, IDENTITY, tasks, front.window, page, about, voice, wardrobe)
            front.hand_over()
            follow = FollowStatus(session, desk.line_changed, lambda: random.SystemRandom().uniform(0.8, 1.2))
            relay = PairRelay(environment, IDENTITY, FakeRelayDesk(), FakePairings(), FakeAudit(), clock)
            create = CreateLink(session, str)
            profiles, probe = FakeProfiles(environment), FakeLineProbe()
            verbs = Verbs.of(session, create, follow, profiles, probe, relay, PastedNotices())
            desk.open(verbs)
            try:
                await work(Till(desk, book, session, address))
            finally:
                await desk.settle()
                desk.window.close_for_good()
                await session.close()
                await tasks.close()
                await transport.close()
        return 0

    return run_on_qt(app, day())


@asynccontextmanager
async def _service() -> AsyncIterator[PracticeAddress]:
    server = PracticeServer([*own_command(), "training-server"], None, IDENTITY.shop, by_hand=True)
    address = await server.start()
    try:
        yield address
    finally:
        await server.stop()


async def _sign_in(address: PracticeAddress, transport: HttpTransport, book: LinkBook) -> Session:
    clock = SystemClock()
    folder = await asyncio.to_thread(private_folder, AppPaths.of_this_person().journal_folder)
    verb = SignIn(opener(transport, clock), open_journal(folder), FakeKeychain(works=False), clock, secrets.token_bytes)
    return await verb.sign_in(
        training_environment(address.url),
        Credentials(address.client_id, address.client_secret),
        IDENTITY,
        book=book,
    )


def _fail(error: BaseException) -> None:
    raise error
