"""Taking notices in: 200 is answered when a majority of the servers has the body, and each hint names the one before.

The notices of one shop are stored one after the other, each only behind the hint it names as the one before. Where
another relay was faster, its hint is read first.
"""

import asyncio
import json
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from nats.js.api import PubAck

from optty_desktop.relay.inbox import Arrival, Taken
from optty_desktop.relay.jetstream.feed import Feed
from optty_desktop.relay.jetstream.layout import subject_of
from optty_desktop.relay.jetstream.link import REQUEST_SECONDS, Conflict, Link
from optty_desktop.relay.jetstream.reading import ASIDE, THIN
from optty_desktop.relay.jetstream.recent import MESSAGE_ID, Recent, message_id
from optty_desktop.relay.jetstream.tail import Place, Thin
from optty_desktop.relay.problems import StoreBusy, StoreUnavailable
from optty_desktop.relay.seals import TAG_BYTES
from optty_desktop.relay.store_thread import MOST_WAITING

_TRIES: Final = 20
_TOLD_SECONDS: Final = 1.0


@dataclass(slots=True)
class _End:
    """Where a shop's next hint goes: behind ``place``, and behind the message ``last`` of its subject."""

    place: Place
    last: int


class Inbox:
    """Writes hints and quarantine."""

    def __init__(self, link: Link, feed: Feed, recent: Recent) -> None:
        self._link = link
        self._feed = feed
        self._recent = recent
        self._aside = Recent()
        self._ends: dict[str, _End] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._waiting = 0

    async def take_in(self, arrival: Arrival, shop: str, invoice: str, order: str) -> Taken:
        """Store a notice for a shop, unless the same came within ten minutes."""
        if self._waiting >= MOST_WAITING:
            raise StoreBusy("The relay has too much to do.")
        self._waiting += 1
        try:
            async with self._turn(shop):
                taken = await self._stored(arrival, shop, invoice, order)
        finally:
            self._waiting -= 1
        if taken.is_new and taken.seq is not None:
            await self._feed.follower.reached(taken.seq, _TOLD_SECONDS)  # so that whoever asks now is told
        return taken

    async def set_aside(self, arrival: Arrival, reason: str) -> Taken:
        """Store a body that no till can use; beyond the limit the oldest goes."""
        if self._aside.number_of(arrival) is not None:
            return Taken(None, is_new=False)
        facts = json.dumps({"reason": reason, "received_at": arrival.received_at})
        headers = {MESSAGE_ID: message_id(arrival), ASIDE: facts}
        ack = await self._link.put(f"quarantine.{arrival.merchant}", arrival.body, headers)
        self._aside.note(arrival.digest, ack.seq, arrival.received_at)
        return Taken(None, is_new=not ack.duplicate)

    def forget(self) -> None:
        """Forget where shops end: the store is not the one that was written to."""
        self._ends.clear()

    @asynccontextmanager
    async def _turn(self, shop: str) -> AsyncIterator[None]:
        """Have the shop alone; behind servers that stand still, nobody waits for all who wait before."""
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                await self._turns[shop].acquire()
        except TimeoutError as late:
            raise StoreBusy("The relay has too much to do.") from late
        try:
            yield
        finally:
            self._turns[shop].release()

    async def _stored(self, arrival: Arrival, shop: str, invoice: str, order: str) -> Taken:
        for _ in range(_TRIES):
            if (known := self._recent.number_of(arrival)) is not None:
                return Taken(known, is_new=False)
            end = self._ends.get(shop) or await self._end_of(shop)
            hint = Thin(0, secrets.token_bytes(TAG_BYTES), end.place.seq, invoice, order, arrival.received_at)
            headers = {MESSAGE_ID: message_id(arrival), THIN: json.dumps(hint.document())}
            self._ends.pop(shop, None)  # known again once the answer is there
            try:
                ack = await self._link.put(subject_of(shop), arrival.body, headers, end.last)
            except Conflict:
                continue
            return await self._acknowledged(arrival, shop, ack, hint)
        raise StoreBusy("Too many relays store notices of one shop at once.")

    async def _acknowledged(self, arrival: Arrival, shop: str, ack: PubAck, hint: Thin) -> Taken:
        if ack.duplicate:
            # The servers say so before a majority has the first one. That it comes back proves that they have it.
            if not await self._feed.follower.reached(ack.seq):
                raise StoreUnavailable("The relay cannot be sure of what it stored.")
            return Taken(ack.seq, is_new=False)
        self._ends[shop] = _End(Place(ack.seq, hint.tag), ack.seq)
        self._recent.note(arrival.digest, ack.seq, arrival.received_at)
        return Taken(ack.seq, is_new=True)

    async def _end_of(self, shop: str) -> _End:
        last = await self._feed.newest(shop)
        return _End(await self._feed.head(shop), last)
