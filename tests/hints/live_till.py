"""A whole till behind a relay, without its window: record on disk, follower, hints; and a relay in another process."""

from __future__ import annotations

import asyncio
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from optty_desktop.core.hint_way import HintWay
from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.core.pairing import RelayPairing
from optty_desktop.hints.relay_stream import Patience, RelayStream
from optty_desktop.journal.journal import SqliteJournal
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.follow_status import FollowStatus
from optty_desktop.till.session import Session, TillIdentity
from optty_desktop.till.take_hints import TakeHints
from tests.fakes import START, FakeClock, FakeOptty, draft
from tests.hints.till_end import FakePairings, open_client
from tests.relay.room import TurnedClock, running
from tests.source_tree import ROOT

IDENTITY = TillIdentity("Corner Store", "Till 1", "TILL1", "Cashier 1")


async def paired(folder: Path, count: int) -> list[dict[str, str]]:
    """Pair tills with a relay that keeps what it has in ``folder``."""
    clock = TurnedClock()
    clock.time = datetime.now(UTC)
    async with running(folder, clock) as room:
        facts = []
        for number in range(count):
            facts.append((await room.pair(name=f"Till {number}")).facts)
            if count > CODES_PER_SECOND:
                await asyncio.sleep(1 / CODES_PER_SECOND)
        return facts


CODES_PER_SECOND = 5
"""More pairing codes a relay does not look at."""


class LoopClock(FakeClock):
    """The time of the loop, however fast it runs."""

    def __init__(self) -> None:
        super().__init__()
        self._begun = asyncio.get_running_loop().time()

    def now(self) -> datetime:
        return START + timedelta(seconds=self.monotonic() - self._begun)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


class LiveTill:
    """A till that can be stopped at any moment and started again. ``paid_at`` is when a link was shown as paid."""

    def __init__(self, folder: Path, pairing: RelayPairing, gateway: FakeOptty, draw: Callable[[float, float], float]):
        self.folder, self.pairing, self.gateway, self.draw = folder, pairing, gateway, draw
        self.clock = LoopClock()
        self.news = HintWay.ASKED
        self.paid_at: dict[str, float] = {}

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Begin where the record stands; the end comes as abruptly as a loop can make it."""
        journal = await SqliteJournal.open(self.folder, "training")
        self.session = Session(self.gateway, journal, IDENTITY, self.clock, secrets.token_bytes)
        self.session.book.listen(self)
        self.follow = FollowStatus(self.session, lambda line: None, lambda: self.draw(0.8, 1.2))
        hints = TakeHints(self.session, self.follow)
        await self.follow.take_up()
        renew = FakePairings(self.pairing).renew_pairing
        stream = RelayStream(self.pairing, hints, open_client, renew, self._hear, self.draw, Patience())
        tasks = [asyncio.ensure_future(one) for one in (self.follow.run(), stream.run())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task
            await journal.close()

    async def make(self, *, knows_order: bool = True) -> str:
        self.gateway.names_order = knows_order
        return (await CreateLink(self.session, str).create(draft())).invoice_number

    def state(self, number: str) -> LinkState | None:
        """What the table shows; None for a link that is not on it, since it was settled before the start."""
        link = self.session.book.find(number)
        return link.state if link is not None else None

    def links_added(self, first: int, count: int) -> None: ...

    def link_changed(self, position: int, before: PaymentLink) -> None:
        link = self.session.book[position]
        if link.state is LinkState.PAID:
            self.paid_at.setdefault(link.invoice_number, self.clock.monotonic())

    def _hear(self, news: HintWay) -> None:
        self.news = news
        self.follow.set_news(news)


class RelayProcess:
    """A relay that can be killed; it keeps its folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = 0

    async def start(self) -> None:
        command = [sys.executable, "-m", "tests.relay.child", str(self._folder), "never"]
        self._child = await asyncio.to_thread(subprocess.Popen, command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._child.stdout is not None
        self.port = int(await asyncio.to_thread(self._child.stdout.readline))

    async def kill(self) -> None:
        self._child.kill()
        await asyncio.to_thread(self._child.wait)
        assert self._child.stdout is not None
        self._child.stdout.close()
