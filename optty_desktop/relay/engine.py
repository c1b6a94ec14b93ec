"""What the doors and the administrator need of whatever keeps the relay's notices: a file of its own, or a cluster.

Both keep the same promises: what is returned is durable, a method that cannot be sure of that raises
StoreUnavailable, and a till that is not paired (any more) meets NotPaired.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from optty_desktop.relay.feed import Ends, Hint
from optty_desktop.relay.inbox import Arrival, Taken
from optty_desktop.relay.problems import CursorGone
from optty_desktop.relay.seals import Cursor, Seals
from optty_desktop.relay.tills import Till


@dataclass(frozen=True, slots=True)
class Batch:
    """What a till has not seen yet; ``after`` is its place behind the last of it."""

    till: Till
    hints: list[Hint]
    after: Cursor


class Engine(Protocol):
    """Everything durable of a running relay. Belongs to the event loop that opened it."""

    @property
    def seals(self) -> Seals:
        """What only this relay can write; all processes of one relay have the same."""
        ...

    def now(self) -> datetime:
        """The relay's own time."""
        ...

    async def take_in(self, arrival: Arrival, shop: str, invoice: str, order: str) -> Taken:
        """Store a notice for a shop and tell its tills."""
        ...

    async def set_aside(self, arrival: Arrival, reason: str) -> Taken:
        """Store a body that no till can use."""
        ...

    async def pair(self, typed: str, check: Callable[[str], None]) -> tuple[Till, str] | None:
        """Use a code up; return the till and its token, or None for a wrong code.

        ``check`` is told the shop of a right code before that is used, and may raise: then it stays good.
        """
        ...

    async def admitted(self, token: str) -> Till:
        """Return the till of this token. Raises NotPaired."""
        ...

    async def renew(self, token: str) -> str:
        """Return a new token for the till; the old one works until the new one is used. Raises NotPaired."""
        ...

    async def ends(self, shop: str) -> Ends:
        """Return the kept range of a shop."""
        ...

    async def batch(self, token: str, cursor: Cursor) -> Batch:
        """Return the next hints for the till of this token. Raises NotPaired, PlaceGone."""
        ...

    async def body(self, token: str, seq: int) -> bytes:
        """Return the notice behind a hint of the till's shop; b"" where none is kept (any more). Raises NotPaired."""
        ...

    async def take_lease(self, token: str, invoice: str) -> int:
        """Give the till a link of its shop; return the seconds. Raises NotPaired, LeaseHeld."""
        ...

    async def give_lease_back(self, token: str, invoice: str) -> None:
        """End the till's own lease. Raises NotPaired."""
        ...

    async def add_head(self, token: str, position: int, digest: str) -> None:
        """Keep the end of the till's audit record. Raises NotPaired, HeadContradicted."""
        ...

    async def check(self) -> None:
        """Write something: whether that works is whether a notice could be stored now."""
        ...

    async def sweep(self, days: int) -> int:
        """Let go of what was kept long enough; return how many bodies went."""
        ...

    async def look_for_changes(self) -> None:
        """Notice what other processes did, and wake the tills that it is about."""
        ...

    async def close(self) -> None:
        """Finish all that was handed in, then let go."""
        ...


@dataclass(frozen=True, slots=True)
class Paired:
    """A till as its administrator sees it; ``head`` is place and digest of its newest audit head."""

    till: Till
    head: tuple[int, str] | None


@dataclass(frozen=True, slots=True)
class Aside:
    """A body that no till could use. ``received_at`` is a stamp."""

    received_at: int
    merchant: str
    reason: str
    body: bytes


class Office(Protocol):
    """What an administrator does beside a relay, whether or not one runs. Raises RelayProblem from every method."""

    def new_code(self, shop: str, name: str, now: int) -> str:
        """Return a code with which a till of that name can be paired once."""
        ...

    def tills(self) -> list[Paired]:
        """Return the paired tills by shop and name."""
        ...

    def quarantine(self) -> list[Aside]:
        """Return what was set aside, the oldest first."""
        ...

    def revoke(self, till_id: str) -> Till | None:
        """Shut a till out and free what it holds; return it, or None where there is none of this id."""
        ...

    def erase(self, invoice: str) -> int:
        """Erase every stored body about a link; return how many. Its hints keep their numbers."""
        ...


def place(engine: Engine, shop: str, ends: Ends) -> dict[str, str | int]:
    """Return the kept range in words for a till."""
    head = engine.seals.cursor_text(shop, ends.head)
    return {"epoch": ends.head.epoch, "seq": ends.head.seq, "head": head, "floor": ends.floor}


async def gone(engine: Engine, shop: str) -> CursorGone:
    """Return what to raise for a till whose place is not there any more."""
    return CursorGone(place(engine, shop, await engine.ends(shop)))
