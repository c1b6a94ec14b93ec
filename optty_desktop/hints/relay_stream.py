"""Follow the shop's relay: take each hint once, notice every gap, and say honestly whether news arrive by themselves.

A place moves only together with the hints before it. Whatever goes wrong here costs time and nothing else: the till
goes on reading.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace

import httpx

from optty_desktop.core.errors import AppError, KeychainProblem, Trouble
from optty_desktop.core.hint_way import HintWay
from optty_desktop.core.hints import HintSource
from optty_desktop.core.pairing import RelayPairing
from optty_desktop.core.ports import HintDesk
from optty_desktop.core.relay_failures import NoRelayAnswer, NotPaired, RelayFailure
from optty_desktop.hints.event_stream import Message
from optty_desktop.hints.relay_calls import PlaceGone, RelayCalls
from optty_desktop.hints.relay_events import Head, Place, RelayEvent
from optty_desktop.hints.relay_reports import RelayReports

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. ``silence`` is well above the fifteen after which a relay says something, and below the 45 of a dead
    one: by then it is known whether the relay or the way to it is silent.
    """

    first_line: float = 8.0
    silence: float = 25.0
    answer: float = 10.0
    long_poll: float = 25.0
    stream_again: float = 300.0
    shortest_pause: float = 0.5
    longest_pause: float = 30.0
    unpaired: float = 60.0
    steady: float = 10.0
    """A connection that lived so long was a good one: the next pause is short again."""


OpenClient = Callable[[], Awaitable[httpx.AsyncClient]]
RenewPairing = Callable[[RelayPairing, RelayPairing], Awaitable[bool]]
"""Keeps the second pairing in place of the first; False where the first is not the one that is kept."""


class RelayStream:
    """One long task, ``run``. ``open_client`` makes a client by the way out of now; ``renew`` keeps a new token.

    ``jitter`` draws a number between two, so that the tills of a chain do not come back at the same moment.
    What the till wants to know beside its hints is asked for in a task of its own, which ends with ``run``.
    """

    def __init__(
        self,
        pairing: RelayPairing,
        desk: HintDesk,
        open_client: OpenClient,
        renew: RenewPairing,
        on_news: Callable[[HintWay], None],
        jitter: Callable[[float, float], float],
        patience: Patience = Patience(),
    ) -> None:
        self._pairing, self._desk = pairing, desk
        self._open_client, self._renew, self._on_news, self._jitter = open_client, renew, on_news, jitter
        self._patience = patience
        self._reports = RelayReports(desk, self._calls, self._pause)
        self._failures = 0
        self._is_held_back = False

    async def run(self) -> None:
        """Follow until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._reports.run(), name="relay reports")
            await self._keep_following()

    async def _keep_following(self) -> None:
        while True:
            begun = asyncio.get_running_loop().time()
            pause = 0.0
            try:
                await self._connect()
            except NotPaired:
                self._on_news(HintWay.UNPAIRED)
                pause = self._patience.unpaired
            except AppError as error:
                log.info("relay: %s %s", type(error).__name__, error)
                self._on_news(HintWay.AWAY)
                pause = error.wait if isinstance(error, RelayFailure) else 0.0
            lived = asyncio.get_running_loop().time() - begun
            self._failures = 1 if lived >= self._patience.steady else self._failures + 1
            await asyncio.sleep(max(pause, self._pause(self._failures)))

    def _pause(self, failures: int) -> float:
        """Full jitter: the pauses of many tills have nothing in common."""
        longest = min(self._patience.longest_pause, 2.0 * self._patience.shortest_pause * 2.0 ** min(failures, 10))
        return self._jitter(self._patience.shortest_pause, longest)

    @asynccontextmanager
    async def _calls(self) -> AsyncIterator[RelayCalls]:
        async with await self._open_client() as client:
            yield RelayCalls(client, self._pairing, self._patience.answer)

    async def _connect(self) -> None:
        async with self._calls() as calls:
            head = await calls.head()
            await self._renew_if_due(calls, head)
            try:
                await self._follow(calls, head)
            except PlaceGone as gone:
                await self._begin_anew(gone.head.place)

    async def _follow(self, calls: RelayCalls, head: Head) -> None:
        """Follow the stream; where something on the way holds it back, ask for a while instead."""
        if not self._is_held_back:
            await self._stream(calls, await self._place(head))
            head = await calls.head()  # whoever answers this has a stream, and something on the way keeps it
            log.info("relay: its stream is held back on the way")
        self._is_held_back = True
        self._on_news(HintWay.HELD_BACK)
        await self._ask(calls, await self._place(head))
        self._is_held_back = False

    async def _place(self, head: Head) -> Place:
        """Return the place where this till has stopped; a till without one begins at the end of the stream."""
        kept = await self._desk.cursor(HintSource.RELAY)
        place = Place.of(kept) if kept is not None else None
        return place or await self._begin_anew(head.place)

    async def _begin_anew(self, place: Place) -> Place:
        """Go on from there. Hints before it may be missing, and reads make up for them."""
        await self._desk.take((), source=HintSource.RELAY, cursor=place.kept())
        self._desk.missed()
        return place

    async def _stream(self, calls: RelayCalls, place: Place) -> None:
        """Take hints from the stream until it falls silent. Raises NoRelayAnswer when it ends."""
        loop = asyncio.get_running_loop()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience.first_line) as deadline, calls.stream(place) as lines:
                async for message in lines:
                    deadline.reschedule(loop.time() + self._patience.silence)
                    self._on_news(HintWay.LIVE)
                    place = await self._take_message(calls, message, place)
            raise NoRelayAnswer(Trouble.CUT)
        self._on_news(HintWay.AWAY)

    async def _take_message(self, calls: RelayCalls, message: Message, place: Place) -> Place:
        if not message.data or message.event != "message":
            return place
        event = calls.opened(message)
        return await self._take([event], Place(event.epoch, event.seq, message.id), place)

    async def _ask(self, calls: RelayCalls, place: Place) -> None:
        """Ask for hints again and again, until it is time to try the stream once more."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self._patience.stream_again
        while loop.time() < end:
            events, after = await calls.events(place, self._patience.long_poll)
            if events:
                place = await self._take(events, Place(events[-1].epoch, events[-1].seq, after), place)
            else:
                await asyncio.sleep(self._patience.shortest_pause)

    async def _take(self, events: list[RelayEvent], after: Place, place: Place) -> Place:
        """Take hints in together with the place behind them; what does not join on to ``place`` is a gap."""
        is_whole = True
        epoch, seq = place.epoch, place.seq
        for event in events:
            is_whole = is_whole and (event.epoch, event.prev) == (epoch, seq)
            epoch, seq = event.epoch, event.seq
        taken = await self._desk.take([event.hint for event in events], source=HintSource.RELAY, cursor=after.kept())
        if not is_whole:
            log.info("relay: hints are missing before %s", seq)
            self._desk.missed()
        self._reports.want(event for event in events if event.hint in taken.report_on)
        return after

    async def _renew_if_due(self, calls: RelayCalls, head: Head) -> None:
        """Take a new token when the relay asks for that, and use it only once it is stored."""
        if not head.is_renewal_due:
            return
        renewed = replace(self._pairing, token=await calls.renewed())
        try:
            is_kept = await self._renew(self._pairing, renewed)
        except KeychainProblem as problem:
            log.warning("relay: the new token could not be kept: %s", problem)
            return
        if is_kept:
            log.info("relay: the token was renewed")
            self._pairing, calls.token = renewed, renewed.token
