"""The relay's store as the rest of the relay uses it: opened, checked for being an older copy, swept and watched."""

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from optty_desktop.relay import audit_heads, event_log, feed, leases, tills
from optty_desktop.relay.bell import Bell
from optty_desktop.relay.config import RelayConfig
from optty_desktop.relay.engine import Batch
from optty_desktop.relay.feed import Ends, Hint, PlaceGone, StoreRestored
from optty_desktop.relay.figures import Figures
from optty_desktop.relay.inbox import Arrival, Taken, add_hint, set_aside
from optty_desktop.relay.mark import Mark
from optty_desktop.relay.moments import Clock, stamp
from optty_desktop.relay.problems import NotPaired
from optty_desktop.relay.retention import drop_old, overwrite_log
from optty_desktop.relay.schema import FILE_NAME, Connect, begin_epoch, connect, meta, open_store, set_meta
from optty_desktop.relay.seals import Cursor, Seals
from optty_desktop.relay.shared_reads import SharedReads
from optty_desktop.relay.store_thread import StoreThread, Work, problem_of
from optty_desktop.relay.tills import Till

T = TypeVar("T")


class Store:
    """The engine with a file of its own. Raises StoreUnavailable from every method that touches the file."""

    def __init__(self, thread: StoreThread, seals: Seals, bell: Bell, figures: Figures, clock: Clock) -> None:
        self.seals = seals
        self._thread = thread
        self._batches = SharedReads(thread, self._batch)
        self._bell = bell
        self._figures = figures
        self._clock = clock
        self._foreign_changes = 0
        self._is_erasure_open = False

    @classmethod
    async def open(
        cls, config: RelayConfig, bell: Bell, figures: Figures, clock: Clock, connect: Connect = connect
    ) -> "Store":
        """Open the file, and begin a new epoch where it is an older copy. Raises StoreUnavailable."""
        mark = Mark(config.data)

        def prepared() -> tuple[sqlite3.Connection, Seals, bool]:
            connection = open_store(config.data, config.limits.stored_bytes, connect)
            return connection, Seals(meta(connection, "key")), mark.begin_epoch_if_restored(connection)

        try:
            connection, seals, is_restored = await asyncio.to_thread(prepared)
        except (sqlite3.Error, OSError) as error:
            raise problem_of(error) from error
        if is_restored:
            figures.new_epochs += 1
            event_log.alarm("new epoch", reason="the store was put back or made anew")
        thread = StoreThread(connection, config.data / f"{FILE_NAME}-wal", mark.keep_up)
        return cls(thread, seals, bell, figures, clock)

    def now(self) -> datetime:
        """The relay's own time."""
        return self._clock()

    async def run(self, work: Work[T]) -> T:
        """Run work in a transaction; the result is durable. Raises as the work does."""
        return await self._thread.run(work)

    async def take_in(self, arrival: Arrival, shop: str, invoice: str, order: str) -> Taken:
        """Store a notice for a shop and tell its tills."""
        taken = await self.run(lambda connection: add_hint(connection, arrival, shop, invoice, order))
        if taken.is_new:
            self._bell.ring(shop)
        return taken

    async def set_aside(self, arrival: Arrival, reason: str) -> Taken:
        """Store a body that no till can use."""
        return await self.run(lambda connection: set_aside(connection, arrival, reason))

    async def pair(self, typed: str, check: Callable[[str], None]) -> tuple[Till, str] | None:
        """Use a code up; return the till and its token, or None for a wrong code. ``check`` may refuse a shop."""
        now = stamp(self._clock())
        return await self.run(lambda connection: tills.pair(connection, typed, now, check))

    async def admitted(self, token: str) -> Till:
        """Return the till of this token. Raises NotPaired."""
        return await self.as_till(token, lambda _, till: till)

    async def renew(self, token: str) -> str:
        """Return a new token for the till; the old one works until the new one is used. Raises NotPaired."""
        return await self.as_till(token, tills.renew)

    async def as_till(self, token: str, work: Callable[[sqlite3.Connection, Till], T]) -> T:
        """Run work of a till, which is admitted in the same transaction. Raises NotPaired and as the work does."""
        now = stamp(self._clock())
        try:
            return await self.run(lambda connection: work(connection, tills.admitted(connection, token, now)))
        except NotPaired:
            self._figures.tills_refused += 1
            raise

    async def ends(self, shop: str) -> Ends:
        """Return the kept range of a shop."""
        return await self.run(lambda connection: feed.ends(connection, shop))

    async def batch(self, token: str, cursor: Cursor) -> Batch:
        """Return the next hints for the till of this token. Raises NotPaired, PlaceGone."""
        try:
            till, hints = await self._batches.ask((token, cursor))
        except NotPaired:
            self._figures.tills_refused += 1
            raise
        except StoreRestored as restored:
            await self._begin_epoch(cursor.epoch)
            raise PlaceGone from restored
        return Batch(till, hints, hints[-1].cursor if hints else cursor)

    async def body(self, token: str, seq: int) -> bytes:
        """Return the notice behind a hint of the till's shop; b"" where none is kept (any more). Raises NotPaired."""
        return await self.as_till(token, lambda connection, till: feed.body_of(connection, till.shop, seq))

    async def take_lease(self, token: str, invoice: str) -> int:
        """Give the till a link of its shop; return the seconds. Raises NotPaired, LeaseHeld."""
        now = stamp(self._clock())
        return await self.as_till(token, lambda connection, till: leases.take(connection, till, invoice, now))

    async def give_lease_back(self, token: str, invoice: str) -> None:
        """End the till's own lease. Raises NotPaired."""
        await self.as_till(token, lambda connection, till: leases.give_back(connection, till, invoice))

    async def add_head(self, token: str, position: int, digest: str) -> None:
        """Keep the end of the till's audit record. Raises NotPaired, HeadContradicted."""
        now = stamp(self._clock())
        await self.as_till(
            token, lambda connection, till: audit_heads.add_head(connection, till, position, digest, now)
        )

    async def check(self) -> None:
        """Write something: whether that works is whether a notice could be stored now."""
        looked_at = str(stamp(self._clock())).encode()
        await self.run(lambda connection: set_meta(connection, "looked_at", looked_at))

    async def sweep(self, days: int) -> int:
        """Let go of what was kept long enough, down to the bytes; return how many bodies went."""
        now = stamp(self._clock())
        dropped = await self.run(lambda connection: drop_old(connection, now, days))
        if dropped or self._is_erasure_open:
            self._is_erasure_open = True
            is_done = await self._thread.run_apart(overwrite_log)
            self._is_erasure_open = not is_done  # somebody was reading the file: the next sweep tries again
        return dropped

    async def look_for_changes(self) -> None:
        """Wake all tills when another process, such as an administrator's command, has changed the store."""
        changes = await self.run(lambda connection: int(connection.execute("PRAGMA data_version").fetchone()[0]))
        if changes != self._foreign_changes:
            self._foreign_changes = changes
            self._bell.ring_all()

    async def close(self) -> None:
        """Finish all that was handed in, then close the file."""
        await self._thread.close()

    def _batch(self, connection: sqlite3.Connection, asked: tuple[str, Cursor]) -> tuple[Till, list[Hint]]:
        token, cursor = asked
        till = tills.admitted(connection, token, stamp(self._clock()))
        return till, feed.hints_after(connection, till.shop, cursor)

    async def _begin_epoch(self, old: str) -> None:
        def begin(connection: sqlite3.Connection) -> bool:
            is_first = meta(connection, "epoch") == old.encode()
            if is_first:
                begin_epoch(connection)
            return is_first

        if await self.run(begin):
            self._figures.new_epochs += 1
            event_log.alarm("new epoch", reason="a till has seen a hint that the store lacks")
            self._bell.ring_all()
