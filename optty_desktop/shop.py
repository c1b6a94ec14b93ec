"""One day of the till: sign in, work, leave, sign in again, until the window closes. Composes all rooms."""

import asyncio
import sys
from collections.abc import Callable

from optty_desktop.api.environments import training_environment
from optty_desktop.core.audit_chain import AuditAction, Deed
from optty_desktop.core.environments import Credentials, Environment, EnvironmentKind
from optty_desktop.core.errors import AppError, JournalDamaged, NotSent, Trouble
from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.ports import Clock
from optty_desktop.core.theme_choice import ThemeChoice
from optty_desktop.equipment import Equipment
from optty_desktop.hints.webhook_site import HOST
from optty_desktop.live_news import LivePairings
from optty_desktop.shop_files import ShopFiles, read_shop_files
from optty_desktop.system.logs import note_unexpected
from optty_desktop.system.paths import AppPaths, private_folder
from optty_desktop.system.single_instance import SingleInstance
from optty_desktop.till.session import Session
from optty_desktop.training.practice import PracticeServer, PracticeUnavailable
from optty_desktop.ui.computer_colors import ComputerColors
from optty_desktop.ui.desk import Desk
from optty_desktop.ui.entrance import TRAINING_ID, Entrance
from optty_desktop.ui.error_words import Doing, Words, sentence
from optty_desktop.ui.leaving_flow import Ending
from optty_desktop.ui.main_window import come_to_front
from optty_desktop.ui.news_flow import NewsFlow
from optty_desktop.ui.panes import build_panes
from optty_desktop.ui.payments_page import PaymentsPage
from optty_desktop.ui.rescue_flow import RescueFlow
from optty_desktop.ui.shop_front import ShopFront
from optty_desktop.ui.sign_in_flow import SignInFlow, WayIn
from optty_desktop.ui.support_flow import SupportFlow
from optty_desktop.ui.tasks import TaskRunner
from optty_desktop.ui.theme import Look
from optty_desktop.ui.verbs import Verbs
from optty_desktop.ui.voice import Voice
from optty_desktop.ui.wardrobe import Wardrobe
from optty_desktop.ui.words import tr


def own_command() -> list[str]:
    """How this program starts itself again: the frozen program, or the interpreter with this package."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "optty_desktop"]


class Shop:
    """Opens the day with what the till has, and closes it in order."""

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
        theme: ThemeChoice | None = None,
        customer_by_hand: bool = False,
        voice: Voice | None = None,
        pairings: LivePairings | None = None,
        webhook_site: str = HOST,
    ) -> None:
        """Work by ``files``, or read them here, which raises ProfileProblem.

        ``first`` is the window that is there already: the day begins with it, and in training where it is a shop
        front. ``theme`` is what somebody chose in an earlier run. ``customer_by_hand``: nobody pays practice links by
        itself. ``voice`` speaks up instead of this computer. ``pairings`` are those with the shop's relay, in place of
        those in the keychain. ``webhook_site``: where that service stands.
        """
        self._look, self._customer_by_hand = look, customer_by_hand
        self._entrance = first if isinstance(first, Entrance) else None
        self._front = first if isinstance(first, ShopFront) else None
        equipment = self._equipment = Equipment(
            paths, files or read_shop_files(paths), clock, random_bytes, jitter, voice, pairings, webhook_site
        )
        self._wardrobe = Wardrobe(look, theme, equipment.theme_memory, ComputerColors())
        self._identity = equipment.identity
        self.tasks = TaskRunner(self._report)
        self._rescue = RescueFlow(look, equipment.rescue_record, self.tasks)
        self._door = SignInFlow(
            look,
            equipment.sign_in,
            equipment.environments,
            equipment.identity,
            self.tasks,
            self._rescue,
            equipment.profiles,
            equipment.import_routes,
            with_training=equipment.policy.allows_training,
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
            await self._equipment.close()
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
            way_in = await self._ask_in(environment_id, entrance)
        while way_in is not None:
            if isinstance(way_in, Session):
                ending = await self._work(way_in)
            else:
                ending = await self._practise()
            if ending is Ending.CLOSE:
                return
            way_in = await self._ask_in(environment_id)

    async def _ask_in(self, environment_id: str | None, entrance: Entrance | None = None) -> WayIn:
        """At the sign-in window, which begins with the environment asked for, or else with the one used last."""
        if environment_id is None and entrance is None:
            environment_id = await self._equipment.last_environment.id()
        # Whoever stops the program meanwhile could close no window yet.
        return None if self._is_stopping else await self._door.ask(environment_id, entrance)

    async def _work(self, session: Session) -> Ending:
        """At the till, signed in to Sandbox or Live."""
        deed = Deed(AuditAction.SIGNED_IN, self._identity.operator, after={"environment": session.environment.id})
        self.tasks.start(self._equipment.note(deed), name="note sign-in", critical=True)
        keeping = self._equipment.last_environment.keep(session.environment.id)
        self.tasks.start(keeping, name="keep environment", critical=True)
        desk = await self._open_desk(session.environment, session.book)
        self._begin(desk, session)
        try:
            ending = await desk.ended()
        finally:
            await self._leave(desk, session)
        if ending is Ending.SIGN_OUT:
            await self._equipment.sign_in.forget(session.environment.id)
        return ending

    async def _practise(self) -> Ending:
        """At the till, in Training. The window is there at once; the pretend Optty starts behind it."""
        book = LinkBook()
        desk = await self._open_desk(training_environment("http://127.0.0.1:1"), book)
        server = PracticeServer(
            [*own_command(), "training-server"],
            self._equipment.paths.data / "training.ledger",
            self._identity.shop,
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
        private_folder(self._equipment.paths.data)
        address = await server.start()
        environment = training_environment(address.url)
        credentials = Credentials(address.client_id, address.client_secret)
        while True:
            try:
                return await self._equipment.sign_in.sign_in(environment, credentials, self._identity, book=book)
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
            self._equipment.clock,
            self._equipment.rules,
            self._equipment.settings.currencies,
            shop=self._identity.shop,
            warn_above=self._equipment.settings.warn_above,
            limit=self._equipment.policy.limit,
        )
        page = PaymentsPage(self._look, panes)
        await asyncio.sleep(0)
        window = front.window
        desk = self.desk = Desk(
            self._look,
            environment,
            book,
            self._equipment.clock,
            self._identity,
            self.tasks,
            window,
            page,
            self._equipment.about(),
            self._equipment.voice,
            self._wardrobe,
            lambda: self._equipment.way_out.known,
        )
        SupportFlow(self._look, window, environment.kind, self.tasks, self._equipment.support, self._equipment.clock)
        front.hand_over()
        self._has_window.set()
        if self._is_stopping:
            desk.end(Ending.CLOSE)
        return desk

    def _new_front(self, kind: EnvironmentKind) -> ShopFront:
        names = self._identity
        return ShopFront(self._look, kind, shop=names.shop, till=names.till, operator=names.operator)

    def _begin(self, desk: Desk, session: Session) -> None:
        """Let people work and hints in, and tell what came with an update."""
        self._equipment.support.enter(session.environment, session.journal)
        verbs = self._equipment.verbs(session, desk.line_changed)
        desk.open(verbs)
        self._follow_hints(desk, verbs)
        kind = session.environment.kind
        NewsFlow(self._look, desk.window, desk.page, kind, self.tasks, self._equipment.whats_new).begin()

    def _follow_hints(self, desk: Desk, verbs: Verbs) -> None:
        """Those of the relay of this till and of the address of a sandbox, as long as the desk is there."""
        if verbs.session.environment.kind is EnvironmentKind.TRAINING:
            return  # it has no relay, and its keychain is asked for nothing
        feed = self._equipment.webhook_feed(verbs, desk.webhook_site_stopped)
        if feed is not None:
            self.tasks.start(feed.run(), owner=desk, name="webhook.site")
        follow, relay, live = verbs.follow_status, verbs.pair_relay, self._equipment.live_news
        relay.when_changed(lambda _pairing, _place: live.pairing_changed())
        following = live.follow(verbs.session.environment, verbs.take_hints, follow.set_news)
        self.tasks.start(following, owner=desk, name="relay")

    async def _leave(self, desk: Desk, session: Session | None) -> None:
        """Every answer is stored before the record is closed."""
        await desk.settle()
        self.desk = None
        self._equipment.support.leave()
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
        await self._equipment.prepare()
        instance.listen(self.come_to_front)
        if self._equipment.updates is not None:
            self.tasks.start(self._equipment.updates.watch(), name="newer versions")

    def _report(self, error: BaseException) -> None:
        note_unexpected(error)
        if self.desk is not None:
            self.desk.show_trouble(
                tr("Something unexpected happened."),
                tr("Nothing was sent twice. Check the newest links before you go on."),
            )
        else:
            self._door.show_problem(tr("Something unexpected happened. Nothing was sent. Try again"))
