"""The newest hints of one shop in memory, so that a thousand tills cost the servers no more than one."""

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from optty_desktop.relay.feed import MOST_AT_ONCE, Hint
from optty_desktop.relay.seals import Cursor

MOST_KEPT: Final = 2 * MOST_AT_ONCE


@dataclass(frozen=True, slots=True)
class Place:
    """After which hint of a shop; 0 before the first."""

    seq: int
    tag: bytes


@dataclass(frozen=True, slots=True)
class Thin:
    """A hint as it is stored: what a till is told of a body, and the tag of its place."""

    seq: int
    tag: bytes
    prev: int
    invoice: str
    order: str
    received_at: int

    @property
    def place(self) -> Place:
        """The place behind it."""
        return Place(self.seq, self.tag)

    def hint(self, epoch: str) -> Hint:
        """Return what a till is told."""
        return Hint(Cursor(epoch, self.seq, self.tag), self.prev, self.invoice, self.order, self.received_at)

    def document(self) -> dict[str, Any]:
        """Return what is stored, but for the number, which the store gives."""
        facts = asdict(self)
        del facts["seq"]
        return facts | {"tag": self.tag.hex()}

    @classmethod
    def of(cls, seq: int, document: Mapping[str, Any]) -> "Thin":
        """Return the hint of a stored document."""
        names = ("prev", "invoice", "order", "received_at")
        return cls(seq, bytes.fromhex(document["tag"]), *(document[name] for name in names))


class Tail:
    """All hints of a shop after the place where the tail begins."""

    def __init__(self, begins: Place) -> None:
        self._begins = begins
        self._hints: deque[Thin] = deque()

    @property
    def head(self) -> Place:
        """The newest place of the shop."""
        return self._hints[-1].place if self._hints else self._begins

    def add(self, hint: Thin) -> None:
        """Add the next hint; one that is known already changes nothing."""
        if hint.seq <= self.head.seq:
            return
        self._hints.append(hint)
        if len(self._hints) > MOST_KEPT:
            self._begins = self._hints.popleft().place

    def drop_before(self, seq: int) -> None:
        """Forget hints that are not kept any more: the tail begins at a place that is kept, or is the newest."""
        while self._begins.seq < seq and self._hints:
            self._begins = self._hints.popleft().place

    def after(self, place: Place) -> list[Thin] | None:
        """Return the next hundred hints after a place, or None for a place that is not in the tail."""
        found: list[Thin] = []
        for hint in reversed(self._hints):
            if hint.seq <= place.seq:
                return found[::-1][:MOST_AT_ONCE] if hint.place == place else None
            found.append(hint)
        return found[::-1][:MOST_AT_ONCE] if self._begins == place else None
