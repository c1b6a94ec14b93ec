"""The administrator's work on what all relays share; each notices at once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from optty_desktop.relay.config import RelayConfig
from optty_desktop.relay.engine import Aside, Paired
from optty_desktop.relay.jetstream.desk import TILL, Desk, till_of
from optty_desktop.relay.jetstream.facts import Facts
from optty_desktop.relay.jetstream.layout import QUARANTINE, Layout
from optty_desktop.relay.jetstream.link import Link
from optty_desktop.relay.jetstream.reading import aside_in, messages
from optty_desktop.relay.jetstream.sweeping import erase
from optty_desktop.relay.problems import StoreUnavailable
from optty_desktop.relay.tills import Till

T = TypeVar("T")


class JetStreamOffice:
    """The office of all relays on one JetStream. Raises RelayProblem from every method."""

    def __init__(self, config: RelayConfig) -> None:
        self._config = config

    def new_code(self, shop: str, name: str, now: int) -> str:
        """Return a code with which a till of that name can be paired once."""
        return self._done(lambda room: room.desk.new_code(shop, name, now))

    def tills(self) -> list[Paired]:
        """Return the paired tills by shop and name."""

        async def look(room: _Room) -> list[Paired]:
            found = [till_of(record) for _, record in room.facts.under(TILL)]
            found.sort(key=lambda till: (till.shop, till.name))
            return [Paired(till, await room.desk.last_head(till.id)) for till in found]

        return self._done(look)

    def quarantine(self) -> list[Aside]:
        """Return what was set aside, the oldest first."""

        async def look(room: _Room) -> list[Aside]:
            found = []
            async for kept in messages(room.link, QUARANTINE, "quarantine.>", is_thin=False):
                if (facts := aside_in(kept)) is None:
                    continue
                merchant = kept.subject.removeprefix("quarantine.")
                found.append(Aside(facts["received_at"], merchant, facts["reason"], kept.data))
            return found

        return self._done(look)

    def revoke(self, till_id: str) -> Till | None:
        """Shut a till out and free what it holds; return it, or None where there is none of this id."""
        return self._done(lambda room: room.desk.revoke(till_id))

    def erase(self, invoice: str) -> int:
        """Erase every stored body about a link; return how many. Its hints keep their numbers."""
        return self._done(lambda room: erase(room.link, room.facts, invoice))

    def _done(self, work: "Callable[[_Room], Awaitable[T]]") -> T:
        return asyncio.run(self._worked(work))

    async def _worked(self, work: "Callable[[_Room], Awaitable[T]]") -> T:
        if self._config.jetstream is None:
            raise StoreUnavailable("The relay's file names no NATS servers.")
        link = await Link.open(self._config.jetstream)
        try:
            return await work(await _Room.open(link, self._config))
        finally:
            await link.close()


class _Room:
    """What the work needs, with the facts as they are now."""

    def __init__(self, link: Link, layout: Layout) -> None:
        self.link = link
        self.facts = Facts(link, layout.facts, lambda _: None)
        self.desk = Desk(link, layout, self.facts)

    @classmethod
    async def open(cls, link: Link, config: RelayConfig) -> "_Room":
        room = cls(link, await Layout.open(link, config))
        await room.facts.follower.start()
        await room.facts.catch_up()
        return room
