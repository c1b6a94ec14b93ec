"""Named facts that several relays change at once: a change names the revision that it was made from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from optty_desktop.relay.jetstream.link import Kept, Link

_DELETED: Final = {"KV-Operation": "DEL"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact, None where there is none (any more), and the revision that a change of it must name."""

    value: dict[str, Any] | None
    revision: int


class Bucket:
    """One bucket. Raises StoreUnavailable from every method."""

    def __init__(self, link: Link, name: str) -> None:
        self.stream = f"KV_{name}"
        self._link = link
        self._begin = f"$KV.{name}."

    async def newest(self) -> int:
        """Return the number of the newest change of any fact as the leader has it, 0 for none."""
        kept = await self._link.newest(self.stream, ">")
        return kept.seq if kept else 0

    async def read(self, key: str) -> Entry:
        """Return a fact as the leader has it."""
        kept = await self._link.newest(self.stream, self._begin + key)
        return self.opened(kept)[1] if kept else Entry(None, 0)

    async def write(self, key: str, value: Mapping[str, Any], last: int | None = None) -> Entry:
        """Write a fact, with ``last`` only over that revision of it. Raises Conflict."""
        data = json.dumps(value).encode()
        ack = await self._link.put(self._begin + key, data, {}, last)
        return Entry(dict(value), ack.seq)

    async def remove(self, key: str, last: int | None = None) -> Entry:
        """Remove a fact, with ``last`` only that revision of it. Raises Conflict."""
        ack = await self._link.put(self._begin + key, b"", _DELETED, last)
        return Entry(None, ack.seq)

    def opened(self, kept: Kept) -> tuple[str, Entry]:
        """Return the key and the fact of a stored message."""
        is_there = "KV-Operation" not in kept.headers
        return kept.subject.removeprefix(self._begin), Entry(json.loads(kept.data) if is_there else None, kept.seq)
