"""A till that takes hints and follows, in virtual time: what the tests of hints look at."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from optty_desktop.core.errors import AppError
from optty_desktop.core.hints import Hint, HintSource, Taken
from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.follow_status import FollowStatus
from optty_desktop.till.line import Line, LineState
from optty_desktop.till.session import Session
from optty_desktop.till.take_hints import TakeHints
from tests.fakes import IDENTITY, START, FakeOptty, MemoryJournal, counted_bytes, draft
from tests.faults.virtual_time import VirtualClock, VirtualLoop


def in_no_time(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run a coroutine test on a loop whose time jumps."""

    @functools.wraps(test)
    def run(*args: object, **kwargs: object) -> None:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(test(*args, **kwargs))

    return run


def hint(number: str | None = None, order: str | None = None, source: HintSource = HintSource.RELAY) -> Hint:
    return Hint(source, number, order, START)


class Till:
    """A till that follows, in virtual time. ``reads`` are the orders asked for and when; they meet ``trouble``."""

    def __init__(self, journal: MemoryJournal | None = None, gateway: FakeOptty | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        self.clock = VirtualClock(self.loop)
        self.gateway = gateway or FakeOptty()
        self.gateway.names_reads = True
        self.gateway.before = self._before
        self.journal = journal or MemoryJournal()
        self.session = Session(self.gateway, self.journal, IDENTITY, self.clock, counted_bytes())
        self.line = Line(LineState.ONLINE, None)
        self.follow = FollowStatus(self.session, self._on_line, lambda: 1.0)
        self.hints = TakeHints(self.session, self.follow)
        self.reads: list[tuple[str, float]] = []
        self.trouble: AppError | None = None
        self.answered_at = self.clock.monotonic()

    async def _before(self, call: str) -> None:
        await asyncio.sleep(0.1)
        if call.startswith("read "):
            self.reads.append((call.removeprefix("read "), self.loop.time()))
            if self.trouble is not None:
                raise self.trouble
            self.answered_at = self.clock.monotonic()

    def _on_line(self, line: Line) -> None:
        self.line = line

    async def make(self, *, knows_order: bool = True) -> str:
        self.gateway.names_order = knows_order
        return (await CreateLink(self.session, str).create(draft())).invoice_number

    async def take(self, *hints: Hint, cursor: str | None = None) -> Taken:
        return await self.hints.take(hints, source=HintSource.RELAY, cursor=cursor)

    def shown(self, number: str) -> PaymentLink:
        found = self.session.book.find(number)
        assert found is not None
        return found

    def shows(self, number: str, state: LinkState) -> bool:
        return self.shown(number).state is state

    def is_busy(self) -> bool:
        return self.line.state is LineState.BUSY

    def is_offline(self) -> bool:
        return self.line.state is LineState.OFFLINE

    def may_not_read(self) -> bool:
        return self.line.state is LineState.UNREADABLE

    def asked_for(self, order: str) -> int:
        return sum(one == order for one, _ in self.reads)

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        await self.follow.take_up()
        run = asyncio.ensure_future(self.follow.run())
        try:
            yield
        finally:
            run.cancel()
            with suppress(asyncio.CancelledError):
                await run
