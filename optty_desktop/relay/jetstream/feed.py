"""Reading a shop's hints: the newest from memory, older ones from the servers, by every engine's rule of places."""

import asyncio
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Final

from optty_desktop.relay.bell import Bell
from optty_desktop.relay.feed import MOST_AT_ONCE, Ends, Hint, check_place
from optty_desktop.relay.jetstream.facts import Facts
from optty_desktop.relay.jetstream.follower import Follower
from optty_desktop.relay.jetstream.layout import BARRIER, HINTS, shop_of, subject_of
from optty_desktop.relay.jetstream.link import Kept, Link
from optty_desktop.relay.jetstream.reading import hint_in, messages, thin_of
from optty_desktop.relay.jetstream.recent import SAME_SECONDS, Recent
from optty_desktop.relay.jetstream.tail import Place, Tail, Thin
from optty_desktop.relay.problems import StoreUnavailable
from optty_desktop.relay.seals import NO_TAG, Cursor

_LOOKS: Final = 20
_LOOK_SECONDS: Final = 0.1


class Feed:
    """The hints of all shops, as far as anybody asks for them."""

    def __init__(self, link: Link, facts: Facts, recent: Recent, bell: Bell) -> None:
        self.epoch = ""
        self.follower = Follower(link, HINTS, self._apply, subject="hint.>", is_thin=True)
        self._link = link
        self._facts = facts
        self._recent = recent
        self._bell = bell
        self._tails: dict[str, Tail] = {}
        self._seen: dict[str, Place] = {}
        """The newest place of each shop that came since this relay follows. A new leader may not have it yet."""
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._early: dict[str, list[Thin]] = {}
        """Hints that come while the tail of their shop is being read."""

    async def begin_epoch(self, epoch: str) -> None:
        """Forget what is in memory, and follow what comes, and what came while a repeat of it is still known."""
        self.epoch = epoch
        self._tails.clear()
        self._seen.clear()
        self._recent.forget()
        await self.follower.start(datetime.now(UTC) - timedelta(seconds=SAME_SECONDS))

    def drop_before(self, seq: int) -> None:
        """Forget hints that are not kept any more."""
        for tail in self._tails.values():
            tail.drop_before(seq)

    async def head(self, shop: str) -> Place:
        """Return the newest place of a shop."""
        return (await self._tail(shop)).head

    async def newest(self, shop: str) -> int:
        """Wait until the newest hint that the servers have of a shop is known here; return its number, 0 for none."""
        await self._tail(shop)
        kept = await self._link.newest(HINTS, subject_of(shop))
        if kept and not await self.follower.reached(kept.seq):
            raise StoreUnavailable("The relay cannot read its store.")
        return kept.seq if kept else 0

    async def settle(self) -> int:
        """Wait until the leader has everything that was ever acknowledged; return a number behind all of it.

        A server that has just become the leader may know less for a moment, and one that was cut off for longer.
        """
        ack = await self._link.put(BARRIER, b"", {})
        for _ in range(_LOOKS):
            if await self._link.at(HINTS, ack.seq) is not None:
                return ack.seq
            await asyncio.sleep(_LOOK_SECONDS)
        raise StoreUnavailable("The relay cannot be sure of what is stored.")

    async def ends(self, shop: str) -> Ends:
        """Return the kept range; with nothing kept, the floor is behind the head."""
        return self._ends(await self.head(shop), await self._oldest(shop))

    async def after(self, shop: str, cursor: Cursor) -> list[Hint]:
        """Return the next hints of a shop, a hundred at the most. Raises PlaceGone, StoreRestored."""
        place, tail = Place(cursor.seq, cursor.tag), await self._tail(shop)
        found = tail.after(place) if cursor.epoch == self.epoch else None
        if found is None:
            if cursor.seq > tail.head.seq:
                await self.newest(shop)  # another relay may have told of it before it came here
            found = (await self._tail(shop)).after(place) if cursor.epoch == self.epoch else None
        if found is None:
            found = await self._older(shop, cursor)
        return [hint.hint(self.epoch) for hint in found]

    async def body(self, shop: str, seq: int) -> bytes:
        """Return what was stored with a hint of the shop, b"" where there is none or it was erased."""
        kept = await self._link.at(HINTS, seq)
        return kept.data if kept and kept.subject == subject_of(shop) else b""

    async def _older(self, shop: str, cursor: Cursor) -> list[Thin]:
        kept = await self._link.at(HINTS, cursor.seq) if cursor.seq else None
        named = hint_in(kept) if kept and kept.subject == subject_of(shop) else None
        found, last = await self._hints_from(shop, cursor.seq + 1)
        oldest = await self._oldest(shop)  # last, so that what is erased by now and was not read above is known
        erased = self._facts.erased(shop)
        is_kept = any(hint and hint.place == Place(cursor.seq, cursor.tag) for hint in (named, *erased))
        is_whole = oldest is not None and oldest.prev == 0
        check_place(cursor, self._ends(await self.head(shop), oldest), is_kept=is_kept, is_whole=is_whole)
        found += [one for one in erased if cursor.seq < one.seq and (last is None or one.seq < last)]
        once = {hint.seq: hint for hint in found}  # an erasure that was cut short left a hint in both
        return [once[seq] for seq in sorted(once)][:MOST_AT_ONCE]

    async def _hints_from(self, shop: str, first: int) -> tuple[list[Thin], int | None]:
        """Some hints of a shop from a number on, and the last number that was looked at; None for the end.

        What no relay wrote is passed over, however much of it comes in a row.
        """
        while True:
            page = await self._link.page(HINTS, subject_of(shop), first, MOST_AT_ONCE, is_thin=True)
            found = [hint for one in page if (hint := hint_in(one))]
            if len(page) < MOST_AT_ONCE:
                return found, None
            if found:
                return found, page[-1].seq
            first = page[-1].seq + 1

    def _ends(self, head: Place, oldest: Thin | None) -> Ends:
        return Ends(Cursor(self.epoch, head.seq, head.tag), oldest.seq if oldest else head.seq + 1)

    async def _oldest(self, shop: str) -> Thin | None:
        kept = await self._link.next_from(HINTS, subject_of(shop), 1)
        while kept and hint_in(kept) is None:
            kept = await self._link.next_from(HINTS, subject_of(shop), kept.seq + 1)
        await self._facts.catch_up()
        found = [*self._facts.erased(shop)[:1], hint_in(kept)]
        return min((hint for hint in found if hint), key=lambda hint: hint.seq, default=None)

    async def _tail(self, shop: str) -> Tail:
        """Return the tail of a shop, which begins where the shop ends when it is asked for first."""
        if (tail := self._tails.get(shop)) is not None:
            return tail
        async with self._turns[shop]:
            if (tail := self._tails.get(shop)) is None:
                epoch, early = self.epoch, list[Thin]()
                self._early[shop] = early
                try:
                    tail = Tail(await self._newest_place(shop))
                finally:
                    del self._early[shop]
                for hint in early:
                    tail.add(hint)
                if epoch == self.epoch:  # else it is of a stream that is no more
                    self._tails[shop] = tail
            return tail

    async def _newest_place(self, shop: str) -> Place:
        newest = await self._newest_kept(shop)
        await self._facts.catch_up()  # whoever let a hint go had kept its place before
        places = [self._facts.end_of(shop), self._seen.get(shop), newest.place if newest else None]
        places += [hint.place for hint in self._facts.erased(shop)[-1:]]
        return max((place for place in places if place), key=lambda place: place.seq, default=Place(0, NO_TAG))

    async def _newest_kept(self, shop: str) -> Thin | None:
        kept = await self._link.newest(HINTS, subject_of(shop))
        hint = hint_in(kept)
        if kept and hint is None:  # somebody wrote there by hand, and no server reads backwards
            async for one in messages(self._link, HINTS, subject_of(shop)):
                hint = hint_in(one) or hint
        return hint

    def _apply(self, kept: Kept) -> None:
        shop, hint = shop_of(kept.subject), thin_of(kept)
        self._seen[shop] = hint.place
        self._recent.note_message(kept, hint.received_at)
        if shop in self._early:
            self._early[shop].append(hint)
        if shop in self._tails:
            self._tails[shop].add(hint)
            self._bell.ring(shop)
