"""One day of the till: sign in, work, leave, sign in again, until the window closes. Composes all rooms."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from optty_desktop import __version__
from optty_desktop.api.environments import load_environments, training_environment
from optty_desktop.api.gateway import opener
from optty_desktop.api.line_probe import HttpLineProbe
from optty_desktop.api.outside_reads import OutsideReads
from optty_desktop.api.postman_exports import PostmanExports
from optty_desktop.api.profile_store import FileProfiles
from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.environments import Credentials, Environment, EnvironmentKind
from optty_desktop.core.errors import AppError, JournalDamaged, NotSent, Trouble
from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.ports import Clock
from optty_desktop.desktop_proxy import desktop_proxy
from optty_desktop.hints.pasted import PastedNotices
from optty_desktop.hints.webhook_site import HOST, WebhookSite
from optty_desktop.journal.journal import open_journal
from optty_desktop.journal.rescue import JournalRescuer
from optty_desktop.support_file import SupportFile
from optty_desktop.system.contact_rules import ContactRules
from optty_desktop.system.keychain import OsKeychain
from optty_desktop.system.logs import note_unexpected, start_log
from optty_desktop.system.network_settings import load_network_settings
from optty_desktop.system.paths import AppPaths, private_folder
from optty_desktop.system.single_instance import SingleInstance
from optty_desktop.system.till_settings import TillSettings, load_till_settings
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.follow_status import FollowStatus
from optty_desktop.till.import_routes import ImportRoutes
from optty_desktop.till.rescue_record import RescueRecord
from optty_desktop.till.session import Session, TillIdentity
from optty_desktop.till.sign_in import SignIn
from optty_desktop.training.practice import PracticeServer, PracticeUnavailable
from optty_desktop.ui.about import About, Folders
from optty_desktop.ui.desk import Desk
from optty_desktop.ui.display import display_of_window
from optty_desktop.ui.entrance import TRAINING_ID, Entrance
from optty_desktop.ui.error_words import Doing, Words, sentence
from optty_desktop.ui.leaving_flow import Ending
from optty_desktop.ui.main_window import come_to_front
from optty_desktop.ui.own_addresses import own_addresses
from optty_desktop.ui.panes import build_panes
from optty_desktop.ui.payments_page import PaymentsPage
from optty_desktop.ui.rescue_flow import RescueFlow
from optty_desktop.ui.shop_front import ShopFront
from optty_desktop.ui.sign_in_flow import SignInFlow
from optty_desktop.ui.support_flow import SupportFlow
from optty_desktop.ui.tasks import TaskRunner
from optty_desktop.ui.theme import Look
from optty_desktop.ui.verbs import Verbs
from optty_desktop.ui.words import tr
from optty_desktop.way_out import WayOut

_KEYCHAIN_REST_SECONDS = 1.0
POLL_JITTER = (0.8, 1.2)


def own_command() -> list[str]:
    """How this program starts itself again: the frozen program, or the interpreter with this package."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "optty_desktop"]


class Shop:
    """Holds what lives as long as the program: profiles, transport, keychain, tasks."""

    def __init__(
        self,
        look: Look,
        paths: AppPaths,
        clock: Clock,
        random_bytes: Callable[[int], bytes],
        jitter: Callable[[float, float], float],
        first: Entrance | ShopFront | None = None,
        *,
        customer_by_hand: bool = False,
        webhook_site: str = HOST,
    ) -> None:
        """Read the shop's files. Raises ProfileProblem.

        ``first`` is the window that is there already: the day begins with it, and in training where it is a shop
        front. ``customer_by_hand``: nobody pays practice links by itself. ``webhook_site``: where that service
        stands.
        """
        self._look, self._paths, self._clock, self._jitter = look, paths, clock, jitter
        self._entrance = first if isinstance(first, Entrance) else None
        self._front = first if isinstance(first, ShopFront) else None
        self._customer_by_hand, self._webhook_site = customer_by_hand, webhook_site
        environments = {environment.id: environment for environment in load_environments(paths.environments_file)}
        self.settings: TillSettings = load_till_settings(paths.till_file)
        self._identity = TillIdentity(
            self.settings.shop, self.settings.name, self.settings.name, self.settings.operator
        )
        keychain = self._keychain = OsKeychain()
        network = load_network_settings(paths.network_file)
        self._way_out = WayOut(network, keychain, partial(desktop_proxy, environments["live"].api_url))
        self._transport = HttpTransport(
            f"optty-desktop/{__version__}",
            proxy=self._way_out.proxy,
            ssl_context=self._way_out.ssl_context,
            now=clock.now,
        )
        self._support = SupportFile(paths, self._transport, clock, display_of_window, lambda: self._way_out.known)
        self._profiles = FileProfiles(paths.environments_file, private_folder)
        self._rules = ContactRules()
        self.tasks = TaskRunner(self._report)
        self._verb = SignIn(
            opener(self._transport, clock), open_journal(paths.journal_folder), keychain, clock, random_bytes
        )
        rescuer = RescueRecord(JournalRescuer(paths.journal_folder), clock)
        self._rescue = RescueFlow(look, rescuer, self.tasks)
        self._door = SignInFlow(
            look,
            self._verb,
            environments,
            self._identity,
            self.tasks,
            self._rescue,
            self._profiles,
            ImportRoutes(PostmanExports(), self._profiles, clock),
        )
        self.desk: Desk | None = None
        self._is_stopping = False
        self._has_window = asyncio.Event()

    async def run(self, stop: asyncio.Event, instance: SingleInstance, *, environment_id: str | None) -> int:
        """Until ``stop`` is set or the window is closed, and every answer is stored. Returns the exit code."""
        day = self.tasks.start(self._day(environment_id), name="day")
        warm_up = self.tasks.start(self._warm_up(instance), name="warm up")
        stopped = self.tasks.start(stop.wait(), name="stop")
        await asyncio.wait({day, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        self._is_stopping = True
        self._door.end()
        if self.desk is not None:
            self.desk.end(Ending.CLOSE)
        try:
            await day
        finally:
            warm_up.cancel()
            await self.tasks.close()
            await self._transport.close()
            await self._keychain.rest(_KEYCHAIN_REST_SECONDS)
        return 0

    def come_to_front(self) -> None:
        """What a second start asks for."""
        window = self.desk.window if self.desk is not None else self._door.dialog
        if window is not None:
            come_to_front(window)

    async def _day(self, environment_id: str | None) -> None:
        entrance, self._entrance = self._entrance, None
        way_in: Session | str | None = TRAINING_ID
        if self._front is None:
            self._has_window.set()
            way_in = await self._door.ask(environment_id, entrance)
        while way_in is not None:
            if isinstance(way_in, Session):
                ending = await self._work(way_in)
            else:
                ending = await self._practise()
            if ending is Ending.CLOSE:
                return
            way_in = await self._door.ask(environment_id)

    async def _work(self, session: Session) -> Ending:
        """At the till, signed in to Sandbox or Live."""
        desk = await self._open_desk(session.environment, session.book)
        verbs = self._verbs(session, desk)
        desk.open(verbs)
        self._follow_webhook_site(session.environment, verbs, desk)
        try:
            ending = await desk.ended()
        finally:
            await self._leave(desk, session)
        if ending is Ending.SIGN_OUT:
            await self._verb.forget(session.environment.id)
        return ending

    async def _practise(self) -> Ending:
        """At the till, in Training. The window is there at once; the pretend Optty starts behind it."""
        book = LinkBook()
        desk = await self._open_desk(training_environment("http://127.0.0.1:1"), book)
        server = PracticeServer(
            [*own_command(), "training-server"],
            self._paths.data / "training.ledger",
            self.settings.shop,
            by_hand=self._customer_by_hand,
        )
        opening = self.tasks.start(self._open_practice(desk, server, book), name="start practice")
        try:
            return await desk.ended()
        finally:
            if not opening.done():
                # Nobody waits for practice any more: without its server the start ends at once.
                await server.stop()
                self._rescue.end()
            await self._leave(desk, await opening)
            await server.stop()

    async def _open_practice(self, desk: Desk, server: PracticeServer, book: LinkBook) -> Session | None:
        """Bring the desk its session, or say why there is none."""
        try:
            session = await self._start_practice(desk, server, book)
        except PracticeUnavailable:
            words = Words(tr("Training could not start."), tr("Close Payment Links and start it again."))
            desk.cannot_work(words, NotSent(Trouble.CONNECT))
            return None
        except AppError as error:
            desk.cannot_work(sentence(error, Doing.OPEN_JOURNAL), error)
            return None
        if not desk.is_ended:
            desk.open(self._verbs(session, desk))
        return session

    async def _start_practice(self, desk: Desk, server: PracticeServer, book: LinkBook) -> Session:
        private_folder(self._paths.data)
        address = await server.start()
        environment = training_environment(address.url)
        credentials = Credentials(address.client_id, address.client_secret)
        while True:
            try:
                return await self._verb.sign_in(environment, credentials, self._identity, book=book)
            except JournalDamaged:
                if desk.is_ended or not await self._rescue.ask(environment, desk.window):
                    raise

    async def _open_desk(self, environment: Environment, book: LinkBook) -> Desk:
        """The window at once, then its page, a pane at a time."""
        front, self._front = self._front or self._new_front(environment.kind), None
        await asyncio.sleep(0)
        panes = await build_panes(
            self._look,
            environment,
            book,
            self._clock,
            self._rules,
            self.settings.currencies,
            shop=self._identity.shop,
            warn_above=self.settings.warn_above,
        )
        page = PaymentsPage(self._look, panes)
        await asyncio.sleep(0)
        window = front.window
        desk = self.desk = Desk(
            self._look,
            environment,
            book,
            self._clock,
            self._identity,
            self.tasks,
            window,
            page,
            self._about(),
            lambda: self._way_out.known,
        )
        SupportFlow(self._look, window, environment.kind, self.tasks, self._support, self._clock)
        front.hand_over()
        self._has_window.set()
        if self._is_stopping:
            desk.end(Ending.CLOSE)
        return desk

    def _new_front(self, kind: EnvironmentKind) -> ShopFront:
        names = self._identity
        return ShopFront(self._look, kind, shop=names.shop, till=names.till, operator=names.operator)

    def _verbs(self, session: Session, desk: Desk) -> Verbs:
        self._support.enter(session.environment, session.journal)
        follow = FollowStatus(session, desk.line_changed, lambda: self._jitter(*POLL_JITTER), own_addresses)
        create = CreateLink(session, lambda reference: tr("Payment for {reference}", reference=reference))
        probe = HttpLineProbe(has_proxy=lambda: self._way_out.known.proxy is not None)
        return Verbs.of(session, create, follow, self._profiles, probe, PastedNotices())

    def _follow_webhook_site(self, environment: Environment, verbs: Verbs, desk: Desk) -> None:
        """Take in what a sandbox's address has caught, as long as the desk is there."""
        if environment.webhook_site is None:
            return
        read, host = OutsideReads(self._transport, self._clock), self._webhook_site
        jitter = partial(self._jitter, *POLL_JITTER)
        feed = WebhookSite(environment, verbs.take_hints, read, jitter, desk.webhook_site_refused, host=host)
        self.tasks.start(feed.run(), owner=desk, name="webhook.site")

    def _about(self) -> About:
        folders = Folders(*(str(path) for path in (self._paths.config, self._paths.journal_folder, self._paths.logs)))
        return About(__version__, folders)

    async def _leave(self, desk: Desk, session: Session | None) -> None:
        """Every answer is stored before the record is closed."""
        await desk.settle()
        self.desk = None
        self._support.leave()
        desk.window.close_for_good()
        desk.window.deleteLater()
        # Not left to Python: its collector may run in a worker thread, and no QObject may end there.
        desk.deleteLater()
        if session is not None:
            await session.close()

    async def _warm_up(self, instance: SingleInstance) -> None:
        """Load what the first paint did not need, in a worker thread, so that no press waits for it."""
        await self._has_window.wait()
        await asyncio.sleep(0)
        await asyncio.to_thread(start_log, self._paths.logs)
        with suppress(AppError):
            await self._transport.prepare()
        await asyncio.to_thread(_load_libraries, self._rules)
        instance.listen(self.come_to_front)

    def _report(self, error: BaseException) -> None:
        note_unexpected(error)
        if self.desk is not None:
            self.desk.show_trouble(
                tr("Something unexpected happened."),
                tr("Nothing was sent twice. Check the newest links before you go on."),
            )
        else:
            self._door.show_problem(tr("Something unexpected happened. Nothing was sent. Try again"))


def _load_libraries(rules: ContactRules) -> None:
    """Import what checks contacts and draws codes."""
    import PySide6.QtNetwork
    import segno
    import zxingcpp

    with suppress(ValueError):
        rules.email("name@example.com")
    with suppress(ValueError):
        rules.phone("+12025550100")
    del PySide6, segno, zxingcpp
