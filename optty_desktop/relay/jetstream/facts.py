"""What all relays of one JetStream share, mirrored in memory: the key of the seals, the epoch, tills, kept places."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

from optty_desktop.relay.jetstream.bucket import Bucket, Entry
from optty_desktop.relay.jetstream.follower import Follower
from optty_desktop.relay.jetstream.link import Conflict, Kept, Link
from optty_desktop.relay.jetstream.tail import Place, Thin
from optty_desktop.relay.problems import StoreUnavailable
from optty_desktop.relay.seals import KEY_BYTES, Seals

_KEY: Final = "key"
_EPOCH: Final = "epoch"
_END: Final = "end."
_ERASED: Final = "erased."
_NOTHING: Final = Entry(None, 0)

Changed = Callable[[str], None]


class Facts:
    """The mirror. What is written here is in it at once, what others write moments later: see ``catch_up``."""

    def __init__(self, link: Link, bucket: Bucket, changed: Changed) -> None:
        """``changed`` hears the key of every fact that has become another."""
        self.bucket = bucket
        self.follower = Follower(link, bucket.stream, self._apply)
        self._entries: dict[str, Entry] = {}
        self._changed = changed

    async def begin_anew(self) -> None:
        """Forget the mirror and follow from the beginning: the bucket may be older than what came from it."""
        self._entries.clear()
        await self.follower.start()

    async def catch_up(self) -> None:
        """Wait until everything that the leader has now is in the mirror. Raises StoreUnavailable."""
        if not await self.follower.reached(await self.bucket.newest()):
            raise StoreUnavailable("The relay cannot read its store.")

    def value(self, key: str) -> dict[str, Any] | None:
        """Return a fact of the mirror."""
        entry = self._entries.get(key)
        return entry.value if entry else None

    def under(self, beginning: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the facts whose keys begin so, with the rest of the key."""
        for key, entry in list(self._entries.items()):
            if key.startswith(beginning) and entry.value is not None:
                yield key.removeprefix(beginning), entry.value

    async def read(self, key: str) -> Entry:
        """Return a fact as the leader has it."""
        return self._keep(key, await self.bucket.read(key))

    async def write(self, key: str, value: dict[str, Any], last: int | None = None) -> None:
        """Write a fact, with ``last`` only over that revision of it. Raises Conflict."""
        self._keep(key, await self.bucket.write(key, value, last))

    async def remove(self, key: str, last: int | None = None) -> None:
        """Remove a fact. Raises Conflict."""
        self._keep(key, await self.bucket.remove(key, last))

    # The key and the epoch: whoever comes first decides, for all relays.

    async def seals(self) -> Seals:
        """Return the seals of all relays."""
        while (entry := await self.read(_KEY)).value is None:
            try:
                await self.write(_KEY, {"key": secrets.token_hex(KEY_BYTES)}, entry.revision)
            except Conflict:
                continue
        return Seals(bytes.fromhex(entry.value["key"]))

    async def epoch(self, begun: str) -> tuple[str, bool]:
        """Return the epoch of the hints that were begun then, and whether earlier ones are lost with that."""
        while (entry := await self.read(_EPOCH)).value is None or entry.value["begun"] != begun:
            try:
                await self.write(_EPOCH, {"epoch": secrets.token_hex(8), "begun": begun}, entry.revision)
            except Conflict:
                continue
            return str((self.value(_EPOCH) or {})["epoch"]), entry.value is not None
        return str(entry.value["epoch"]), False

    async def end_epoch(self, old: str) -> bool:
        """Begin another epoch unless somebody did; say whether it was begun here."""
        entry = await self.read(_EPOCH)
        if entry.value is None or entry.value["epoch"] != old:
            return False
        try:
            await self.write(_EPOCH, {**entry.value, "epoch": secrets.token_hex(8)}, entry.revision)
        except Conflict:
            return False
        return True

    # Places that outlive their hints, and hints that outlive their bodies. Their numbers are of one epoch: in the next,
    # other hints may have them.

    def end_of(self, shop: str) -> Place | None:
        """Return the newest place of a shop whose hints are all gone."""
        value = self.value(_end_key(shop))
        return Place(value["seq"], bytes.fromhex(value["tag"])) if value and self._is_of_now(value) else None

    async def keep_end(self, shop: str, place: Place) -> None:
        """Keep the newest place of a shop, unless somebody kept a newer one."""
        value = {"epoch": self._epoch, "seq": place.seq, "tag": place.tag.hex()}
        while True:
            entry = await self.read(_end_key(shop))
            if entry.value is not None and self._is_of_now(entry.value) and entry.value["seq"] >= place.seq:
                return
            with suppress(Conflict):
                await self.write(_end_key(shop), value, entry.revision)

    def erased(self, shop: str) -> list[Thin]:
        """Return the hints of a shop whose bodies were erased before their time, the oldest first."""
        ours = ((seq, value) for seq, value in self.under(_ERASED) if value["shop"] == shop and self._is_of_now(value))
        return sorted((Thin.of(int(seq), value) for seq, value in ours), key=lambda hint: hint.seq)

    async def keep_erased(self, shop: str, hint: Thin) -> None:
        """Keep a hint whose body is about to be erased."""
        await self.write(f"{_ERASED}{hint.seq}", {"epoch": self._epoch, "shop": shop, **hint.document()})

    def erased_before(self, stamp: int) -> list[tuple[str, Thin]]:
        """Return the erased hints that came in before a stamp, each with its shop."""
        ours = ((seq, value) for seq, value in self.under(_ERASED) if self._is_of_now(value))
        found = [(str(value["shop"]), Thin.of(int(seq), value)) for seq, value in ours]
        return [(shop, hint) for shop, hint in found if hint.received_at <= stamp]

    async def drop_erased(self, hint: Thin) -> None:
        """Let go of an erased hint."""
        await self.remove(f"{_ERASED}{hint.seq}")

    async def drop_earlier(self) -> None:
        """Let go of places and erased hints of earlier epochs."""
        for beginning in (_END, _ERASED):
            for rest, value in self.under(beginning):
                if not self._is_of_now(value):
                    with suppress(Conflict):  # written anew meanwhile
                        await self.remove(beginning + rest, self._entries[beginning + rest].revision)

    @property
    def _epoch(self) -> str:
        return str((self.value(_EPOCH) or {}).get("epoch", ""))

    def _is_of_now(self, value: dict[str, Any]) -> bool:
        return bool(value["epoch"] == self._epoch)

    def _apply(self, kept: Kept) -> None:
        self._keep(*self.bucket.opened(kept))

    def _keep(self, key: str, entry: Entry) -> Entry:
        known = self._entries.get(key, _NOTHING)  # what never was is not remembered: anybody may ask for that
        if known.revision >= entry.revision:
            return known  # an answer may be older than what came meanwhile
        self._entries[key] = entry
        if known.value != entry.value:
            self._changed(key)
        return entry


def _end_key(shop: str) -> str:
    return _END + shop.replace("/", ".")
