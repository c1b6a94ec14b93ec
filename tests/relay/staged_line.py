"""A line to NATS at which a test lets things happen late, or between two requests of a relay."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import PubAck

from optty_desktop.relay.jetstream.link import Kept, Link

T = TypeVar("T")

FACTS = "$KV.optty-relay."
WAIT_SECONDS = 0.3
"""How long work gets to go wrong before the mirror goes on."""

Between = Callable[[], Awaitable[object]]


class StagedLine(Link):
    """The real line. Hold it, and what the relay is to follow of the shared facts comes later."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._is_held = False
        self._late: list[tuple[Callable[[Msg], Awaitable[None]], Msg]] = []
        self._before: dict[str, Between] = {}

    def hold(self) -> None:
        """Hold back what others write from now on."""
        self._is_held = True

    async def let_go(self) -> None:
        """Hand on what was held back."""
        self._is_held = False
        late, self._late = self._late, []
        for hear, message in late:
            await hear(message)

    def before(self, request: str, work: Between) -> None:
        """Let something happen once, just before the next request of this name."""
        self._before[request] = work

    async def meanwhile(self, work: Coroutine[Any, Any, T]) -> T:
        """Do work that the mirror is late for: it can go wrong at once, or wait until the mirror has caught up."""
        doing = asyncio.ensure_future(work)
        await asyncio.wait({doing}, timeout=WAIT_SECONDS)
        await self.let_go()
        return await doing

    async def listen(self, hear: Callable[[Msg], Awaitable[None]]) -> tuple[str, Callable[[], Awaitable[None]]]:
        async def hear_late(message: Msg) -> None:
            if self._is_held and message.subject.startswith(FACTS):
                self._late.append((hear, message))
            else:
                await hear(message)

        return await super().listen(hear_late)

    async def next_from(self, stream: str, subject: str, seq: int) -> Kept | None:
        await self._reach("next_from")
        return await super().next_from(stream, subject, seq)

    async def put(self, subject: str, data: bytes, headers: dict[str, str], last: int | None = None) -> PubAck:
        await self._reach("remove" if headers.get("KV-Operation") == "DEL" else "put")
        return await super().put(subject, data, headers, last)

    async def delete(self, stream: str, seq: int) -> bool:
        await self._reach("delete")
        return await super().delete(stream, seq)

    async def _reach(self, request: str) -> None:
        if (work := self._before.pop(request, None)) is not None:
            await work()
