"""Following a stream of JetStream: every message once and in order, whatever becomes of lines and servers."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, Final

from nats.aio.msg import Msg

from optty_desktop.relay import event_log
from optty_desktop.relay.jetstream.link import REQUEST_SECONDS, Kept, Link
from optty_desktop.relay.problems import StoreUnavailable

_HEARTBEAT_SECONDS: Final = 1
_SILENCE_SECONDS: Final = 3.5
_ALL: Final = {"deliver_policy": "all"}
_NANOSECONDS: Final = 1_000_000_000
_FORGOTTEN_SECONDS: Final = 10
"""After which a server forgets a follower that is not there any more."""


class Follower:
    """Applies the messages of one stream. ``seq`` is the number of the last one."""

    def __init__(
        self, link: Link, stream: str, apply: Callable[[Kept], None], *, subject: str = ">", is_thin: bool = False
    ) -> None:
        """With ``is_thin`` messages come without their data."""
        self.seq = 0
        self._link = link
        self._stream = stream
        self._apply = apply
        self._subject = subject
        self._is_thin = is_thin
        self._line = _Line()
        self._turning = asyncio.Lock()
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        link.reconnected.append(self._doubt)

    async def start(self, since: datetime | None = None) -> None:
        """Follow from the beginning, or from a time on, once all that is there is applied. Raises StoreUnavailable.

        Whatever was applied before counts no more: the stream may have been made anew.
        """
        begin = {"deliver_policy": "by_start_time", "opt_start_time": since.isoformat()} if since else _ALL
        async with self._turning:
            self.seq = 0
            waiting = await self._subscribe(begin)
            come = self._line.come(waiting)
        if not await _in_time(come, REQUEST_SECONDS):
            raise StoreUnavailable("The relay cannot read its store.")

    async def reached(self, seq: int, seconds: float = REQUEST_SECONDS) -> bool:
        """Wait until the message of this number is applied, and say whether that came in time."""
        if self.seq < seq:
            future = asyncio.get_running_loop().create_future()
            self._waiting.append((seq, future))
            await _in_time(future, seconds)
        return self.seq >= seq

    async def tend(self) -> None:
        """Subscribe anew when the stream has fallen silent or a message is missing; to be called every second."""
        async with self._turning:
            silence = asyncio.get_running_loop().time() - self._line.heard_at
            if self._line.is_doubtful or silence > _SILENCE_SECONDS:
                await self._subscribe({"deliver_policy": "by_start_sequence", "opt_start_seq": self.seq + 1})

    async def close(self) -> None:
        """Follow no longer."""
        await self._line.end()

    async def _subscribe(self, begin: dict[str, Any]) -> int:
        """Follow on a new line only, and return how many messages wait on it; one such turn at a time."""
        await self._line.end()
        line = self._line = _Line()
        inbox, line.end = await self._link.listen(partial(self._hear, line))
        waiting, before = await self._link.consume(
            self._stream,
            {
                **begin,
                "deliver_subject": inbox,
                "ack_policy": "none",
                "replay_policy": "instant",
                "filter_subject": self._subject,
                "headers_only": self._is_thin,
                "idle_heartbeat": _HEARTBEAT_SECONDS * _NANOSECONDS,
                "inactive_threshold": _FORGOTTEN_SECONDS * _NANOSECONDS,
                "mem_storage": True,
                "num_replicas": 1,
            },
        )
        self.seq = max(self.seq, before)
        return waiting

    async def _hear(self, line: "_Line", message: Msg) -> None:
        headers = message.headers or {}
        line.heard_at = asyncio.get_running_loop().time()
        if "Status" in headers:
            line.is_doubtful |= headers.get("Nats-Last-Consumer", "0") != str(line.delivered)
            return
        number = message.metadata.sequence
        if line is not self._line or number.consumer != line.delivered + 1:
            line.is_doubtful = True
            return
        if number.stream > self.seq:
            self._apply_safely(Kept(number.stream, message.subject, headers, message.data))
            self.seq = number.stream
        line.delivered += 1
        line.wake()
        self._wake()

    def _apply_safely(self, kept: Kept) -> None:
        """Apply a message; one that no relay wrote must not keep the others from following."""
        try:
            self._apply(kept)
        except (LookupError, TypeError, ValueError) as error:
            event_log.alarm("strange message", seq=kept.seq, error=event_log.places(error))

    def _wake(self) -> None:
        if self._waiting:
            for seq, future in self._waiting:
                if seq <= self.seq and not future.done():
                    future.set_result(None)
            self._waiting = [(seq, future) for seq, future in self._waiting if not future.done()]

    def _doubt(self) -> None:
        self._line.is_doubtful = True


class _Line:
    """One subscription: how many messages it has brought, and whether one may be missing."""

    def __init__(self) -> None:
        self.delivered = 0
        self.is_doubtful = False
        self.heard_at = asyncio.get_running_loop().time()
        self.end: Callable[[], Awaitable[None]] = _nothing
        self._wanted: float = math.inf
        self._has_come: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def come(self, count: int) -> asyncio.Future[None]:
        """Return what is done when so many messages have come, which may be now."""
        self._wanted = count
        self.wake()
        return self._has_come

    def wake(self) -> None:
        """Look whether enough messages have come."""
        if self._wanted <= self.delivered and not self._has_come.done():
            self._has_come.set_result(None)


async def _nothing() -> None:
    """End of a subscription that never began."""


async def _in_time(future: asyncio.Future[None], seconds: float) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await future
            return True
    return False
