"""How a till gets into the shop's relay and stays in: pair with a code, ask where the stream ends, renew the token."""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import Trouble
from optty_desktop.core.pairing import TOKEN, RelayHead, RelayPairing, serves
from optty_desktop.core.pairing_text import host_of, read_address, read_code
from optty_desktop.core.relay_failures import (
    CodeRefused,
    NoRelayAnswer,
    NotARelay,
    NotPaired,
    OtherEnvironment,
    RelayFailure,
    TooManyCodes,
)

if TYPE_CHECKING:
    import httpx

OpenClient = Callable[[], Awaitable["httpx.AsyncClient"]]
"""Makes a client with the shop's way out: its proxy, its certificates. httpx is loaded when it has returned."""

DOOR_SECONDS: Final = 12.0
"""Deadline of each call, with all that belongs to it."""

_LONGEST_NAME: Final = 100
_LONGEST_CURSOR: Final = 500
_SIGNING_KEY: Final = re.compile(r"whsec_[A-Za-z0-9+/=]{20,200}")
_SERVER_ERRORS: Final = 500


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
            facts = _granted(*await self._call("POST", url, "pair", body=body))
            # A relay older than this program does not look at the environment itself.
            served = _text(facts, "environment")
            if not serves(served, environment):
                raise OtherEnvironment(served)
            return _pairing(environment.id, url, facts), _text(facts, "head", _LONGEST_CURSOR)

    async def head(self, pairing: RelayPairing) -> RelayHead:
        """Return where the stream of the till's shop ends. Raises a RelayFailure."""
        with _naming(pairing.url):
            facts = _granted(*await self._call("GET", pairing.url, "head", token=pairing.token))
            is_due = facts.get("renew")
            if not isinstance(is_due, bool) or facts.get("till") != pairing.till:
                raise NotARelay("another shape")
            return RelayHead(_text(facts, "head", _LONGEST_CURSOR), is_due)

    async def renew(self, pairing: RelayPairing) -> RelayPairing:
        """Return the pairing with a new token. Raises a RelayFailure; the old token then still works."""
        with _naming(pairing.url):
            facts = _granted(*await self._call("POST", pairing.url, "renew", token=pairing.token))
            return replace(pairing, token=_matching(facts, "token", TOKEN))

    async def _call(
        self, method: str, url: str, path: str, *, token: str = "", body: object = None
    ) -> tuple[int, Mapping[str, Any]]:
        async with await self._open_client() as client:
            from optty_desktop.hints.relay_call import call

            return await call(client, method, f"{url}/v1/{path}", seconds=self._seconds, token=token, body=body)


@contextmanager
def _naming(url: str) -> Iterator[None]:
    """Put the relay's host into whatever fails."""
    try:
        yield
    except RelayFailure as failure:
        failure.details["host"] = host_of(url)
        raise


def _granted(status: int, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the facts of a yes. Raises the failure that a no stands for."""
    if status == 200 and facts:
        return facts
    if status >= _SERVER_ERRORS:
        raise NoRelayAnswer(Trouble.SERVER)
    # Gateways and sign-in pages say no as well, but not in the words of a relay.
    if not isinstance(facts.get("error"), str):
        raise NotARelay(f"status {status}")
    match status:
        case 401:
            raise NotPaired
        case 403:
            raise CodeRefused
        case 409:
            raise OtherEnvironment(_text(facts, "environment"))
        case 429:
            raise TooManyCodes
    raise NotARelay(f"status {status}")


def _pairing(environment_id: str, url: str, facts: Mapping[str, Any]) -> RelayPairing:
    return RelayPairing(
        environment_id=environment_id,
        url=url,
        shop=_text(facts, "shop"),
        till=_text(facts, "till"),
        name=_text(facts, "name"),
        token=_matching(facts, "token", TOKEN),
        signing_key=_matching(facts, "signing_key", _SIGNING_KEY),
    )


def _text(facts: Mapping[str, Any], key: str, longest: int = _LONGEST_NAME) -> str:
    value = facts.get(key)
    if not isinstance(value, str) or not 1 <= len(value) <= longest or not value.isprintable():
        raise NotARelay("another shape")
    return value


def _matching(facts: Mapping[str, Any], key: str, pattern: re.Pattern[str]) -> str:
    value = facts.get(key)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise NotARelay("another shape")
    return value
