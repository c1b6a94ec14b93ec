"""The till's end of a relay's stream: a desk with a memory, and streams that lead to it over real HTTP."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import httpx

from optty_desktop.core.errors import JournalProblem
from optty_desktop.core.hint_way import HintWay
from optty_desktop.core.hints import Hint, HintSource, Taken
from optty_desktop.core.pairing import RelayPairing
from optty_desktop.hints.relay_events import Place
from optty_desktop.hints.relay_stream import Patience, RelayStream

QUICK = Patience(
    first_line=1.0,
    silence=1.0,
    answer=5.0,
    long_poll=1.0,
    stream_again=30.0,
    shortest_pause=0.01,
    longest_pause=0.05,
    unpaired=0.05,
    steady=1.0,
)
"""For a relay that breaks its silence each 0.2 seconds."""


FACTS = {
    "shop": "main-street",
    "till": "0011",
    "name": "Till 1",
    "token": "pretend-token",
    "signing_key": "whsec_" + base64.b64encode(bytes(32)).decode(),
}
"""Of a till that no relay knows."""


def pairing_of(facts: Mapping[str, Any], url: str) -> RelayPairing:
    """Return what a till keeps of its pairing."""
    return RelayPairing(
        "training", url, facts["shop"], facts["till"], facts["name"], facts["token"], facts["signing_key"]
    )


class FakeDesk:
    """Takes hints as the till does: all of a call, or none of it while ``is_full``.

    It wants to know the notices of ``open`` links.
    """

    def __init__(self) -> None:
        self.hints: list[Hint] = []
        self.place: str | None = None
        self.reconciles = 0
        self.is_full = False
        self.open: set[str] = set()
        self.reported: list[str] = []

    @property
    def invoices(self) -> list[str]:
        return [hint.invoice_number or "" for hint in self.hints]

    async def cursor(self, source: HintSource) -> str | None:
        assert source is HintSource.RELAY
        return self.place

    async def take(self, hints: Sequence[Hint], *, source: HintSource, cursor: str | None = None) -> Taken:
        await asyncio.sleep(0)
        if self.is_full:
            raise JournalProblem("disk full")
        self.hints += hints
        self.place = cursor or self.place
        return Taken(len(hints), 0, tuple(hint for hint in hints if hint.invoice_number in self.open))

    async def report(self, hint: Hint) -> None:
        await asyncio.sleep(0)
        if self.is_full:
            raise JournalProblem("disk full")
        self.reported.append(hint.invoice_number or "")

    def missed(self) -> None:
        self.reconciles += 1


class FakePairings:
    """Keeps pairings in memory; ``problem`` keeps it from storing one."""

    def __init__(self, *pairings: RelayPairing) -> None:
        self.items = {pairing.environment_id: pairing for pairing in pairings}
        self.problem: Exception | None = None

    async def load_pairing(self, environment_id: str) -> RelayPairing | None:
        return self.items.get(environment_id)

    async def store_pairing(self, pairing: RelayPairing) -> None:
        if self.problem is not None:
            raise self.problem
        self.items[pairing.environment_id] = pairing

    async def renew_pairing(self, before: RelayPairing, renewed: RelayPairing) -> bool:
        if self.problem is not None:
            raise self.problem
        kept = self.items.get(before.environment_id)
        if kept is None or kept.token != before.token:
            return False
        self.items[before.environment_id] = renewed
        return True

    async def erase_pairing(self, environment_id: str) -> None:
        self.items.pop(environment_id, None)


async def open_client() -> httpx.AsyncClient:
    """Return a client without TLS, which loads no certificates."""
    no_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return httpx.AsyncClient(trust_env=False, verify=no_tls, timeout=httpx.Timeout(None, connect=5.0))


class TillEnd:
    """One till's stream; ``news`` is what it says of itself, each change once."""

    def __init__(self, pairing: RelayPairing, desk: FakeDesk | None = None, patience: Patience = QUICK) -> None:
        self.desk = desk or FakeDesk()
        self.pairings = FakePairings(pairing)
        self.news: list[HintWay] = []
        self.pauses: list[tuple[float, float]] = []
        self._pairing, self._patience = pairing, patience

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        stream = RelayStream(
            self._pairing,
            self.desk,
            open_client,
            self.pairings.renew_pairing,
            self._hear,
            self._draw,
            self._patience,
        )
        run = asyncio.ensure_future(stream.run())
        try:
            yield
        finally:
            run.cancel()
            with suppress(asyncio.CancelledError):
                await run

    def has_heard(self, count: int) -> bool:
        return len(self.desk.hints) >= count

    def stands_at(self, seq: int) -> bool:
        place = Place.of(self.desk.place or "")
        return place is not None and place.seq == seq

    def with_token(self, token: str) -> TillEnd:
        return TillEnd(replace(self._pairing, token=token), self.desk, self._patience)

    def _hear(self, news: HintWay) -> None:
        if self.news[-1:] != [news]:
            self.news.append(news)

    def _draw(self, shortest: float, longest: float) -> float:
        self.pauses.append((shortest, longest))
        return (shortest + longest) / 2
