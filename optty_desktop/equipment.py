"""What a till works with as long as the program runs: way out, keychain, records. It shows nothing itself."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from optty_desktop import __version__
from optty_desktop.api.environments import LIVE
from optty_desktop.api.gateway import opener
from optty_desktop.api.line_probe import HttpLineProbe
from optty_desktop.api.outside_reads import OutsideReads
from optty_desktop.api.postman_exports import PostmanExports
from optty_desktop.api.profile_store import FileProfiles
from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.audit_chain import AuditAction, Deed, Moment
from optty_desktop.core.errors import AppError, JournalProblem
from optty_desktop.core.hints import FeedTrouble
from optty_desktop.core.policy import Policy
from optty_desktop.core.ports import Clock
from optty_desktop.desktop_proxy import desktop_proxy
from optty_desktop.hints.pasted import PastedNotices
from optty_desktop.hints.relay_door import RelayDoor
from optty_desktop.hints.webhook_site import HOST, WebhookSite
from optty_desktop.journal.audit import AuditFile
from optty_desktop.journal.journal import open_journal
from optty_desktop.journal.rescue import JournalRescuer
from optty_desktop.live_news import LiveNews, LivePairings
from optty_desktop.newer_version import past_releases, update_notice, whats_new
from optty_desktop.relay_client import relay_client
from optty_desktop.shop_files import ShopFiles
from optty_desktop.support_file import SupportFile
from optty_desktop.system.contact_rules import ContactRules
from optty_desktop.system.desktop_notes import desktop_notifier
from optty_desktop.system.fingerprints import fingerprints
from optty_desktop.system.keychain import OsKeychain
from optty_desktop.system.logs import start_log
from optty_desktop.system.paths import AppPaths, private_folder
from optty_desktop.system.preferences import Preferences
from optty_desktop.system.sound_player import FilePlayer
from optty_desktop.till.audited_profiles import AuditedProfiles
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.follow_status import FollowStatus
from optty_desktop.till.import_routes import ImportRoutes
from optty_desktop.till.last_environment import LastEnvironment
from optty_desktop.till.line import Line
from optty_desktop.till.pair_relay import PairRelay
from optty_desktop.till.rescue_record import RescueRecord
from optty_desktop.till.session import Session, TillIdentity
from optty_desktop.till.sign_in import SignIn
from optty_desktop.till.sounds import Sounds
from optty_desktop.ui.about import About, Folders
from optty_desktop.ui.assets import resource
from optty_desktop.ui.display import display_of_window
from optty_desktop.ui.own_addresses import own_addresses
from optty_desktop.ui.verbs import Verbs
from optty_desktop.ui.voice import Voice
from optty_desktop.ui.words import tr
from optty_desktop.way_out import WayOut

log = logging.getLogger(__name__)

USER_AGENT = f"optty-desktop/{__version__}"
POLL_JITTER = (0.8, 1.2)
_KEYCHAIN_REST_SECONDS = 1.0


class Equipment:
    """Everything is made here and touches nothing until it is used."""

    def __init__(
        self,
        paths: AppPaths,
        files: ShopFiles,
        clock: Clock,
        random_bytes: Callable[[int], bytes],
        jitter: Callable[[float, float], float],
        voice: Voice | None = None,
        pairings: LivePairings | None = None,
        webhook_site: str = HOST,
    ) -> None:
        """``voice`` speaks up instead of this computer, and ``pairings`` takes the place of its keychain.

        ``webhook_site`` is where that service stands.
        """
        self.paths, self.clock, self._jitter, self._webhook_site = paths, clock, jitter, webhook_site
        self.settings, self.policy = files.till, files.policy or Policy()
        self.identity = TillIdentity(self.settings.shop, self.settings.name, self.settings.name, self.settings.operator)
        self.environments = {environment.id: environment for environment in files.environments}
        self._keychain = OsKeychain()
        live = self.environments.get(LIVE.id, LIVE)
        self.way_out = WayOut(files.network, self._keychain, partial(desktop_proxy, live.api_url))
        self._transport = HttpTransport(
            USER_AGENT, proxy=self.way_out.proxy, ssl_context=self.way_out.ssl_context, now=clock.now
        )
        self._pairings = pairings or self._keychain
        self.live_news = LiveNews(self._pairings, self._transport, jitter)
        self.support = SupportFile(
            paths, self._transport, clock, display_of_window, lambda: self.way_out.known, self.policy
        )
        run = random_bytes(8).hex()
        self._audit = AuditFile(paths.audit_file, lambda: Moment(clock.now(), clock.monotonic(), run))
        stored = FileProfiles(paths.environments_file, private_folder, self.policy)
        self.profiles = AuditedProfiles(stored, self._audit, self.identity.operator)
        self.import_routes = ImportRoutes(PostmanExports(), self.profiles, clock)
        self.whats_new = whats_new(paths)
        self.updates = update_notice(paths, self.settings.updates, self._transport, clock)
        self.rules = ContactRules()
        preferences = self.theme_memory = Preferences(paths.preferences_file)
        self.voice = voice or _voice_of_this_computer(preferences)
        self.last_environment = LastEnvironment(preferences)
        self.sign_in = SignIn(
            opener(self._transport, clock), open_journal(paths.journal_folder), self._keychain, clock, random_bytes
        )
        self.rescue_record = RescueRecord(JournalRescuer(paths.journal_folder), clock)

    def about(self) -> About:
        """What the program knows of itself."""
        folders = Folders(*(str(path) for path in (self.paths.config, self.paths.journal_folder, self.paths.logs)))
        return About(__version__, folders, self.policy, past_releases, self.updates)

    def verbs(self, session: Session, on_line: Callable[[Line], None]) -> Verbs:
        """What can be done in this session; ``on_line`` hears of its connection."""
        follow = FollowStatus(session, on_line, lambda: self._jitter(*POLL_JITTER), own_addresses)
        create = CreateLink(
            session, lambda reference: tr("Payment for {reference}", reference=reference), self.policy.limit
        )
        probe = HttpLineProbe(has_proxy=lambda: self.way_out.known.proxy is not None)
        relay = RelayDoor(relay_client(self.way_out, USER_AGENT))
        pair_relay = PairRelay(session.environment, session.identity, relay, self._pairings, self._audit, session.clock)
        return Verbs.of(session, create, follow, self.profiles, probe, pair_relay, PastedNotices(), self.policy)

    def webhook_feed(self, verbs: Verbs, on_trouble: Callable[[FeedTrouble], None]) -> WebhookSite | None:
        """What a sandbox's address has caught; None where the environment has none."""
        environment = verbs.session.environment
        if environment.webhook_site is None:
            return None
        read, jitter = OutsideReads(self._transport, self.clock), partial(self._jitter, *POLL_JITTER)
        return WebhookSite(environment, verbs.take_hints, read, jitter, on_trouble, host=self._webhook_site)

    async def prepare(self) -> None:
        """Load what no press should wait for, in worker threads, and note the start."""
        await asyncio.to_thread(start_log, self.paths.logs)
        await self._note_start()
        with suppress(AppError):
            await self._transport.prepare()
        await asyncio.to_thread(_load_libraries, self.rules)

    async def note(self, deed: Deed) -> None:
        """Nobody is kept from working by an audit that cannot be written; the support file says what is so."""
        try:
            await self._audit.note(deed)
        except JournalProblem as problem:
            log.warning("%s was not noted in the audit: %s", deed.action, problem)

    async def close(self) -> None:
        """Close what is open, and let the keychain come to rest."""
        await self._transport.close()
        await self._keychain.rest(_KEYCHAIN_REST_SECONDS)

    async def _note_start(self) -> None:
        """By which files this till works, and which of them are not as they were at the start before.

        Where that start cannot be read, "unknown" stands for what they were.
        """
        now = await asyncio.to_thread(fingerprints, self.paths, self.policy)
        try:
            before = await asyncio.to_thread(self._audit.newest, AuditAction.STARTED)
        except JournalProblem as problem:
            log.warning("the start before cannot be read in the audit: %s", problem)
            before = dict.fromkeys(now, "unknown")
        changed = {name: before[name] for name, is_now in now.items() if before.get(name, is_now) != is_now}
        await self.note(Deed(AuditAction.STARTED, before=changed, after={"version": __version__} | now))


def _voice_of_this_computer(preferences: Preferences) -> Voice:
    sounds = Sounds(FilePlayer(resource("sounds")), preferences)
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
