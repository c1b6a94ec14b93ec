"""One day of the till: sign in, work, leave, sign in again, until the window closes. Composes all rooms."""

import asyncio
import logging
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial

from optty_desktop import __version__
from optty_desktop.api.environments import LIVE, training_environment
from optty_desktop.api.gateway import opener
from optty_desktop.api.line_probe import HttpLineProbe
from optty_desktop.api.postman_exports import PostmanExports
from optty_desktop.api.profile_store import FileProfiles
from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.audit_chain import AuditAction, Deed, Moment
from optty_desktop.core.environments import Credentials, Environment, EnvironmentKind
from optty_desktop.core.errors import AppError, JournalDamaged, JournalProblem, NotSent, Trouble
from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.policy import Policy
from optty_desktop.core.ports import Clock
from optty_desktop.desktop_proxy import desktop_proxy
from optty_desktop.hints.relay_door import RelayDoor
from optty_desktop.journal.audit import AuditFile
from optty_desktop.journal.journal import open_journal
from optty_desktop.journal.rescue import JournalRescuer
from optty_desktop.newer_version import past_releases, update_notice, whats_new
from optty_desktop.relay_client import relay_client
from optty_desktop.shop_files import ShopFiles, fingerprints, read_shop_files
from optty_desktop.support_file import SupportFile
from optty_desktop.system.contact_rules import ContactRules
from optty_desktop.system.desktop_notes import desktop_notifier
from optty_desktop.system.keychain import OsKeychain
from optty_desktop.system.logs import note_unexpected, start_log
from optty_desktop.system.paths import AppPaths, private_folder
from optty_desktop.system.preferences import Preferences
from optty_desktop.system.single_instance import SingleInstance
from optty_desktop.system.sound_player import FilePlayer
from optty_desktop.till.audited_profiles import AuditedProfiles
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.follow_status import FollowStatus
from optty_desktop.till.import_routes import ImportRoutes
from optty_desktop.till.pair_relay import PairRelay
from optty_desktop.till.rescue_record import RescueRecord
from optty_desktop.till.session import Session, TillIdentity
from optty_desktop.till.sign_in import SignIn
from optty_desktop.till.sounds import Sounds
from optty_desktop.training.practice import PracticeServer, PracticeUnavailable
from optty_desktop.ui.about import About, Folders
from optty_desktop.ui.assets import resource
from optty_desktop.ui.desk import Desk
from optty_desktop.ui.display import display_of_window
from optty_desktop.ui.entrance import TRAINING_ID, Entrance
from optty_desktop.ui.error_words import Doing, Words, sentence
from optty_desktop.ui.leaving_flow import Ending
from optty_desktop.ui.main_window import come_to_front
from optty_desktop.ui.news_flow import NewsFlow
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
from optty_desktop.ui.voice import Voice
from optty_desktop.ui.words import tr
from optty_desktop.way_out import WayOut

log = logging.getLogger(__name__)

_KEYCHAIN_REST_SECONDS = 1.0
USER_AGENT = f"optty-desktop/{__version__}"
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
        files: ShopFiles | None = None,
        *,
        customer_by_hand: bool = False,
        voice: Voice | None = None,
    ) -> None:
        """Work by ``files``, or read them here, which raises ProfileProblem.

        ``first`` is the window that is there already: the day begins with it, and in training where it is a shop
        front. ``customer_by_hand``: nobody pays practice links by itself. ``voice`` speaks up instead of this computer.
        """
        self._look, self._paths, self._clock, self._jitter = look, paths, clock, jitter
        self._entrance = first if isinstance(first, Entrance) else None
        self._front = first if isinstance(first, ShopFront) else None
        self._customer_by_hand = customer_by_hand
        files = files or read_shop_files(paths)
        self.settings = files.till
        self._policy = files.policy or Policy()
        self._identity = TillIdentity(
            self.settings.shop, self.settings.name, self.settings.name, self.settings.operator
        )
        keychain = self._keychain = OsKeychain()
        environments = {environment.id: environment for environment in files.environments}
        live = environments.get(LIVE.id, LIVE)
        self._way_out = WayOut(files.network, keychain, partial(desktop_proxy, live.api_url))
        self._transport = HttpTransport(
            USER_AGENT,
            proxy=self._way_out.proxy,
            ssl_context=self._way_out.ssl_context,
            now=clock.now,
        )
        self._support = SupportFile(
            paths, self._transport, clock, display_of_window, lambda: self._way_out.known, self._policy
        )
        run = random_bytes(8).hex()
        self._audit = AuditFile(paths.audit_file, lambda: Moment(clock.now(), clock.monotonic(), run))
        stored = FileProfiles(paths.environments_file, private_folder, self._policy)
        self._profiles = AuditedProfiles(stored, self._audit, self._identity.operator)
        self._whats_new = whats_new(paths)
        self._updates = update_notice(paths, self.settings.updates, self._transport, clock)
        self._rules = ContactRules()
        self.tasks = TaskRunner(self._report)
        self._voice = voice or _voice_of_this_computer(paths)
        self._verb = SignIn(
            opener(self._transport, clock), open_journal(paths.journal_folder), keychain, clock, random_bytes
        )
        rescuer = RescueRecord(JournalRescuer(paths.journal_folder), clock)
        self._rescue = RescueFlow(look, rescuer, self.tasks)
        self._door = self._new_door(environments)
        self.desk: Desk | None = None
        self._is_stopping = False
        self._has_window = asyncio.Event()

    def _new_door(self, environments: Mapping[str, Environment]) -> SignInFlow:
        return SignInFlow(
            self._look,
            self._verb,
            environments,
            self._identity,
            self.tasks,
            self._rescue,
            self._profiles,
            ImportRoutes(PostmanExports(), self._profiles, self._clock),
            with_training=self._policy.allows_training,
        )

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
        deed = Deed(AuditAction.SIGNED_IN, self._identity.operator, after={"environment": session.environment.id})
        self.tasks.start(self._note(deed), name="note sign-in", critical=True)
        desk = await self._open_desk(session.environment, session.book)
        self._begin(desk, session)
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
            self._begin(desk, session)
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
            limit=self._policy.limit,
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
            self._voice,
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

    def _begin(self, desk: Desk, session: Session) -> None:
        """Let people work, and tell them what came with an update."""
        desk.open(self._verbs(session, desk))
        kind = session.environment.kind
        NewsFlow(self._look, desk.window, desk.page, kind, self.tasks, self._whats_new).begin()

    def _verbs(self, session: Session, desk: Desk) -> Verbs:
        self._support.enter(session.environment, session.journal)
        follow = FollowStatus(session, desk.line_changed, lambda: self._jitter(*POLL_JITTER), own_addresses)
        create = CreateLink(
            session, lambda reference: tr("Payment for {reference}", reference=reference), self._policy.limit
        )
        probe = HttpLineProbe(has_proxy=lambda: self._way_out.known.proxy is not None)
        relay = RelayDoor(relay_client(self._way_out, USER_AGENT))
        pair_relay = PairRelay(session.environment, session.identity, relay, self._keychain, session.clock)
        return Verbs.of(session, create, follow, self._profiles, probe, pair_relay, self._policy)

    def _about(self) -> About:
        folders = Folders(*(str(path) for path in (self._paths.config, self._paths.journal_folder, self._paths.logs)))
        return About(__version__, folders, self._policy, past_releases, self._updates)

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
        await self._note_start()
        with suppress(AppError):
            await self._transport.prepare()
        await asyncio.to_thread(_load_libraries, self._rules)
        instance.listen(self.come_to_front)
        if self._updates is not None:
            self.tasks.start(self._updates.watch(), name="newer versions")

    async def _note_start(self) -> None:
        """By which files this till works, and which of them are not as they were at the start before."""
        now = await asyncio.to_thread(fingerprints, self._paths, self._policy)
        before: Mapping[str, str] = {}
        with suppress(JournalProblem):
            before = await asyncio.to_thread(self._audit.newest, AuditAction.STARTED)
        changed = {name: before[name] for name, is_now in now.items() if before.get(name, is_now) != is_now}
        await self._note(Deed(AuditAction.STARTED, before=changed, after={"version": __version__} | now))

    async def _note(self, deed: Deed) -> None:
        """Nobody is kept from working by an audit that cannot be written; the support file says what is so."""
        try:
            await self._audit.note(deed)
        except JournalProblem as problem:
            log.warning("%s was not noted in the audit: %s", deed.action, problem)

    def _report(self, error: BaseException) -> None:
        note_unexpected(error)
        if self.desk is not None:
            self.desk.show_trouble(
                tr("Something unexpected happened."),
                tr("Nothing was sent twice. Check the newest links before you go on."),
            )
        else:
            self._door.show_problem(tr("Something unexpected happened. Nothing was sent. Try again"))


def _voice_of_this_computer(paths: AppPaths) -> Voice:
    sounds = Sounds(FilePlayer(resource("sounds")), Preferences(paths.preferences_file))
    return Voice(sounds, desktop_notifier())


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
