"""A relay and a keychain for it, in memory: they keep the rules of the real ones and can be told to fail."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import KeychainProblem
from optty_desktop.core.pairing import RelayHead, RelayPairing
from optty_desktop.core.relay_failures import CodeRefused, NotPaired, OtherEnvironment, RelayFailure

URL = "https://relay.example.com"
CODE = "ABCD-EF01-JKM9"
SHOP = "corner-store/main-street"


class FakeRelayDesk:
    """Knows codes by environment, and tills by their token. ``before`` is awaited in every call and may raise."""

    def __init__(self) -> None:
        self.codes = {CODE: "live"}
        self.tills: dict[str, str] = {}
        self.calls: list[str] = []
        self.failure: RelayFailure | None = None
        self.before: Callable[[], Awaitable[object]] | None = None

    async def pair(self, url: str, code: str, environment: Environment) -> tuple[RelayPairing, str]:
        await self._begin(f"pair {url}")
        served = self.codes.get(code)
        if served is None:
            raise CodeRefused
        if served not in (environment.id, environment.kind):
            raise OtherEnvironment(served)
        del self.codes[code]
        token, till = f"canary-token-{len(self.tills)}", f"till-{len(self.tills)}"
        self.tills[token] = till
        return RelayPairing(environment.id, url, SHOP, till, "Till 1", token, "whsec_canary"), "place-0"

    async def head(self, pairing: RelayPairing) -> RelayHead:
        await self._begin("head")
        self._admit(pairing)
        return RelayHead("place-1")

    def revoke_all(self) -> None:
        """Shut every till out."""
        self.tills.clear()

    async def _begin(self, call: str) -> None:
        self.calls.append(call)
        await asyncio.sleep(0)
        if self.before is not None:
            await self.before()
        if self.failure is not None:
            raise self.failure

    def _admit(self, pairing: RelayPairing) -> None:
        if self.tills.get(pairing.token) != pairing.till:
            raise NotPaired


class FakePairings:
    """A keychain that can be locked, and one that can be read but not written."""

    def __init__(self) -> None:
        self.items: dict[str, RelayPairing] = {}
        self.is_locked = False
        self.is_read_only = False

    async def load_pairing(self, environment_id: str) -> RelayPairing | None:
        await self._begin(writes=False)
        return self.items.get(environment_id)

    async def store_pairing(self, pairing: RelayPairing) -> None:
        await self._begin(writes=True)
        self.items[pairing.environment_id] = pairing

    async def erase_pairing(self, environment_id: str) -> None:
        await self._begin(writes=True)
        self.items.pop(environment_id, None)

    async def _begin(self, *, writes: bool) -> None:
        await asyncio.sleep(0)
        if self.is_locked or (writes and self.is_read_only):
            raise KeychainProblem("locked")
