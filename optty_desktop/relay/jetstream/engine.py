"""The engine on JetStream: what it holds is shared by all relays, and each keeps in memory what its tills ask for."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

from nats.js.api import StreamInfo

from optty_desktop.relay import event_log
from optty_desktop.relay.bell import Bell
from optty_desktop.relay.config import RelayConfig
from optty_desktop.relay.engine import Batch
from optty_desktop.relay.feed import Ends, Hint, PlaceGone, StoreRestored
from optty_desktop.relay.figures import Figures
from optty_desktop.relay.inbox import Arrival, Taken
from optty_desktop.relay.jetstream.desk import TILL, Desk
from optty_desktop.relay.jetstream.facts import Facts
from optty_desktop.relay.jetstream.feed import Feed
from optty_desktop.relay.jetstream.inbox import Inbox
from optty_desktop.relay.jetstream.layout import HINTS, Layout, begun
from optty_desktop.relay.jetstream.link import Link
from optty_desktop.relay.jetstream.recent import Recent
from optty_desktop.relay.jetstream.sweeping import drop_old
from optty_desktop.relay.moments import DAY, Clock, stamp
from optty_desktop.relay.problems import NotPaired, StoreUnavailable
from optty_desktop.relay.seals import Cursor, Seals
from optty_desktop.relay.tills import Till

_LOOK_SECONDS: Final = 3.0
"""For one look at the store, of which there is one a second: a till that was shut out is out within five."""

_PATIENCE_SECONDS: Final = 5.0
"""With a server that cannot reach the others. They choose a new leader in about that time."""


class JetStreamEngine:
    """One of any number of relays. Raises StoreUnavailable from every method that asks a server."""

    seals: Seals

    def __init__(self, link: Link, layout: Layout, bell: Bell, figures: Figures, clock: Clock) -> None:
        self._link = link
        self._bell = bell
        self._figures = figures
        self._clock = clock
        self._begun = layout.begun
        self._cut_off_at: float | None = None
        self._ending = asyncio.Lock()
        recent = Recent()
        self._facts = Facts(link, layout.facts, self._hear_change)
        self._feed = Feed(link, self._facts, recent, bell)
        self._inbox = Inbox(link, self._feed, recent)
        self._desk = Desk(link, layout, self._facts)

    @classmethod
    async def open(cls, config: RelayConfig, bell: Bell, figures: Figures, clock: Clock) -> "JetStreamEngine":
        """Connect and read what the relays share. Raises StoreUnavailable."""
        if config.jetstream is None:
            raise StoreUnavailable("The relay's file names no NATS servers.")
        link = await Link.open(config.jetstream)
        try:
            engine = cls(link, await Layout.open(link, config), bell, figures, clock)
            await engine._start()
        except BaseException:
            await link.close()
            raise
        return engine

    async def _start(self) -> None:
        await self._facts.follower.start()
        self.seals = await self._facts.seals()
        await self._learn_epoch()

    def now(self) -> datetime:
        """The relay's own time."""
        return self._clock()

    async def take_in(self, arrival: Arrival, shop: str, invoice: str, order: str) -> Taken:
        """Store a notice for a shop and tell its tills."""
        return await self._inbox.take_in(arrival, shop, invoice, order)

    async def set_aside(self, arrival: Arrival, reason: str) -> Taken:
        """Store a body that no till can use."""
        return await self._inbox.set_aside(arrival, reason)

    async def pair(self, typed: str, check: Callable[[str], None]) -> tuple[Till, str] | None:
        """Use a code up; return the till and its token, or None for a wrong code. ``check`` may refuse a shop."""
        return await self._desk.pair(typed, stamp(self._clock()), check)

    async def admitted(self, token: str) -> Till:
        """Return the till of this token. Raises NotPaired."""
        if self._cut_off_at is not None or not self._link.is_up:  # whoever was shut out meanwhile is not known here
            raise StoreUnavailable("The relay cannot reach its store.")
        try:
            return await self._desk.admitted(token, stamp(self._clock()))
        except NotPaired:
            self._figures.tills_refused += 1
            raise

    async def renew(self, token: str) -> str:
        """Return a new token for the till; the old one works until the new one is used. Raises NotPaired."""
        await self.admitted(token)
        return await self._desk.renew(token, stamp(self._clock()))

    async def ends(self, shop: str) -> Ends:
        """Return the kept range of a shop."""
        return await self._feed.ends(shop)

    async def batch(self, token: str, cursor: Cursor) -> Batch:
        """Return the next hints for the till of this token. Raises NotPaired, PlaceGone."""
        till = await self.admitted(token)
        if cursor.epoch != self._feed.epoch:  # another relay may have begun it
            await self._learn_epoch()
        try:
            hints = await self._hints_after(till.shop, cursor)
        except StoreRestored as restored:
            await self._end_epoch(cursor.epoch, "a till has seen a hint that the store lacks")
            raise PlaceGone from restored
        return Batch(till, hints, hints[-1].cursor if hints else cursor)

    async def body(self, token: str, seq: int) -> bytes:
        """Return the notice behind a hint of the till's shop; b"" where none is kept (any more). Raises NotPaired."""
        till = await self.admitted(token)
        return await self._feed.body(till.shop, seq)

    async def take_lease(self, token: str, invoice: str) -> int:
        """Give the till a link of its shop; return the seconds. Raises NotPaired, LeaseHeld."""
        return await self._desk.take_lease(await self.admitted(token), invoice, stamp(self._clock()))

    async def give_lease_back(self, token: str, invoice: str) -> None:
        """End the till's own lease. Raises NotPaired."""
        await self._desk.give_lease_back(await self.admitted(token), invoice)

    async def add_head(self, token: str, position: int, digest: str) -> None:
        """Keep the end of the till's audit record. Raises NotPaired, HeadContradicted."""
        await self._desk.add_head(await self.admitted(token), position, digest, stamp(self._clock()))

    async def check(self) -> None:
        """Write something: whether that works is whether a notice could be stored now."""
        await self._facts.write("looked_at", {"at": stamp(self._clock())})

    async def sweep(self, days: int) -> int:
        """Let go of what was kept long enough; return how many bodies went."""
        dropped = await drop_old(self._link, self._facts, stamp(self._clock()) - days * DAY)
        self._feed.drop_before((await self._link.info(HINTS)).state.first_seq)
        return dropped

    async def look_for_changes(self) -> None:
        """Follow on where a line was lost, and see whether the store is still the one it was."""
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                await self._look()
        except (StoreUnavailable, TimeoutError) as problem:
            await self._bear_being_cut_off()
            raise StoreUnavailable("The relay cannot reach its store.") from problem
        self._cut_off_at = None

    async def close(self) -> None:
        """Follow no longer, and end the line."""
        await self._facts.follower.close()
        await self._feed.follower.close()
        await self._link.close()

    async def _look(self) -> None:
        known, before = self._feed.follower.seq, self._begun
        info = await self._learn_epoch()
        if self._begun == before and info.state.last_seq < known and await self._feed.settle() <= known:
            await self._end_epoch(self._feed.epoch, "the servers have lost hints")
        self._feed.drop_before(info.state.first_seq)
        await self._facts.follower.tend()
        await self._feed.follower.tend()
        await self._facts.catch_up()

    async def _learn_epoch(self) -> StreamInfo:
        """Look which stream there is, and take on its epoch; return what is known of it."""
        info = await self._link.info(HINTS)
        self._begun = begun(info)
        epoch, is_new = await self._facts.epoch(self._begun)
        if is_new:
            self._alarm("the stream was made anew")
        if epoch != self._feed.epoch:
            self._inbox.forget()
            await self._feed.begin_epoch(epoch)
            self._bell.ring_all()
        return info

    async def _hints_after(self, shop: str, cursor: Cursor) -> list[Hint]:
        try:
            return await self._feed.after(shop, cursor)
        except StoreRestored:
            await self._feed.settle()
            return await self._feed.after(shop, cursor)

    async def _end_epoch(self, old: str, reason: str) -> None:
        async with self._ending:
            if self._feed.epoch != old:
                return  # a thousand tills have the proof at once
            await self._facts.begin_anew()
            if await self._facts.end_epoch(old):
                self._alarm(reason)
            await self._learn_epoch()

    def _alarm(self, reason: str) -> None:
        self._figures.new_epochs += 1
        event_log.alarm("new epoch", reason=reason)

    async def _bear_being_cut_off(self) -> None:
        """End the streams, since a till must not take this for silence; go to another server when it lasts."""
        now = asyncio.get_running_loop().time()
        if self._cut_off_at is None:
            self._cut_off_at = now
            self._bell.ring_all()
        elif self._link.is_up and now - self._cut_off_at > _PATIENCE_SECONDS:
            self._cut_off_at = now
            await self._link.try_another()

    def _hear_change(self, key: str) -> None:
        """Let streams look at their tokens again: the till of one may have been shut out."""
        if key.startswith(TILL):
            self._bell.ring_all()
