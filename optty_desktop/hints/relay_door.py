"""How a till gets into the shop's relay and knows that it still is: pair with a code, ask where the stream ends."""

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from optty_desktop.core.environments import Environment
from optty_desktop.core.pairing import TOKEN, RelayHead, RelayPairing, serves
from optty_desktop.core.pairing_text import host_of, read_address, read_code
from optty_desktop.core.relay_failures import NotARelay, OtherEnvironment, RelayFailure
from optty_desktop.hints.relay_events import read_word

if TYPE_CHECKING:
    import httpx

OpenClient = Callable[[], Awaitable["httpx.AsyncClient"]]
"""Makes a client with the shop's way out: its proxy, its certificates. httpx is loaded when it has returned."""

DOOR_SECONDS: Final = 12.0
"""Deadline of each call, with all that belongs to it."""

_LONGEST_NAME: Final = 100
_SIGNING_KEY: Final = re.compile(r"whsec_[A-Za-z0-9+/=]{20,200}")


class RelayDoor:
    """Fills ``core.ports.RelayDesk``. Nothing is sent twice, no redirect is followed, no answer is taken on trust."""

    def __init__(self, open_client: OpenClient, *, seconds: float = DOOR_SECONDS) -> None:
        self._open_client = open_client
        self._seconds = seconds

    async def pair(self, url: str, code: str, environment: Environment) -> tuple[RelayPairing, str]:
        """Use a code up; return the pairing and where the stream begins.

        Raises a RelayFailure, RuleBroken for an address that may not be spoken to, and NoCode.
        """
        url = read_address(url)
        body = {"code": read_code(code), "environment": [environment.id, str(environment.kind)]}
        with _naming(url):
            facts = await self._ask("POST", url, "pair", json=body)
            # A relay older than this program does not look at the environment itself.
            served = read_word(facts, "environment", _LONGEST_NAME)
            if not serves(served, environment):
                raise OtherEnvironment(served)
            return _pairing(environment.id, url, facts), read_word(facts, "head")

    async def head(self, pairing: RelayPairing) -> RelayHead:
        """Return where the stream of the till's shop ends. Raises a RelayFailure."""
        with _naming(pairing.url):
            facts = await self._ask("GET", pairing.url, "head", token=pairing.token)
            if facts.get("till") != pairing.till:
                raise NotARelay("another shape")
            return RelayHead(read_word(facts, "head"))

    async def _ask(self, method: str, url: str, path: str, **request: Any) -> dict[str, object]:
        async with await self._open_client() as client:
            from optty_desktop.hints.relay_calls import ask

            return await ask(client, method, f"{url}/v1/{path}", seconds=self._seconds, **request)


@contextmanager
def _naming(url: str) -> Iterator[None]:
    """Put the relay's host into whatever fails."""
    try:
        yield
    except RelayFailure as failure:
        failure.details["host"] = host_of(url)
        raise


def _pairing(environment_id: str, url: str, facts: dict[str, object]) -> RelayPairing:
    return RelayPairing(
        environment_id=environment_id,
        url=url,
        shop=read_word(facts, "shop", _LONGEST_NAME),
        till=read_word(facts, "till", _LONGEST_NAME),
        name=read_word(facts, "name", _LONGEST_NAME),
        token=_matching(facts, "token", TOKEN),
        signing_key=_matching(facts, "signing_key", _SIGNING_KEY),
    )


def _matching(facts: dict[str, object], key: str, pattern: re.Pattern[str]) -> str:
    value = facts.get(key)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise NotARelay("another shape")
    return value
