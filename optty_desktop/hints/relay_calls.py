"""Calls to the relay: each sent once and within bounds.

Whatever is not the relay's answer, word for word, counts as nobody there. Imports httpx, which takes a while: whoever
imports this has loaded it in a worker thread before.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any, Final

import httpx

from optty_desktop.core.errors import Trouble
from optty_desktop.core.pairing import RelayPairing
from optty_desktop.core.relay_failures import (
    CodeRefused,
    NoRelayAnswer,
    NotARelay,
    NotPaired,
    OtherEnvironment,
    RelayFailure,
    TooManyCodes,
)
from optty_desktop.hints.event_stream import Message, messages
from optty_desktop.hints.relay_events import (
    Head,
    Place,
    RelayEvent,
    key_of,
    read_event,
    read_head,
    read_json_object,
    read_token,
    read_word,
    says_paid,
)
from optty_desktop.hints.relay_troubles import in_our_words

LARGEST_ANSWER: Final = 16 * 1024
"""Bytes. A relay's answers have some hundred."""

LARGEST_BATCH: Final = 256 * 1024
"""Bytes of several hints at once: a hundred of them take some sixty thousand."""

_OF_A_PLACE: Final = frozenset({"/v1/events", "/v1/stream"})
"""Calls that name a place, which alone can be told that it is gone."""

_JSON: Final = "application/json"
_EVENTS: Final = "text/event-stream"
_SERVER_ERRORS: Final = 500
_LONGEST_WAIT: Final = 3600.0


class PlaceGone(NotARelay):
    """The place is not in the stream any more: hints are missing. ``head`` is where to go on.

    To whoever has asked for no place, no relay says that.
    """

    def __init__(self, head: Head) -> None:
        super().__init__("place gone")
        self.head = head


class NothingThere(NotARelay):
    """A relay has not what was asked for: it is older than this program, or does not keep it any more."""


async def ask(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    seconds: float,
    token: str = "",
    most: int = LARGEST_ANSWER,
    **request: Any,
) -> dict[str, object]:
    """Send once and return the facts of a yes. Raises a RelayFailure, which is also what a no stands for.

    ``seconds`` is the deadline of all of it, ``most`` the bytes of an answer; ``request`` goes on to httpx.
    """
    with in_our_words():
        async with asyncio.timeout(seconds):
            response = await _sent(client, method, url, _JSON, token, **request)
            try:
                return read_json_object(await _whole(response, most))
            finally:
                await response.aclose()


class RelayCalls:
    """One till at its relay. Every call raises a RelayFailure.

    ``answer_seconds`` is the deadline of a short call.
    """

    def __init__(self, client: httpx.AsyncClient, pairing: RelayPairing, answer_seconds: float) -> None:
        self._client, self._url, self._answer_seconds = client, pairing.url.rstrip("/"), answer_seconds
        self._key = key_of(pairing.signing_key)
        self.token = pairing.token

    async def head(self) -> Head:
        """Ask where the stream ends."""
        return read_head(await self._ask("GET", "/v1/head"))

    async def renewed(self) -> str:
        """Ask for a new token. The one in use stays good until the new one is used."""
        return read_token(await self._ask("POST", "/v1/renew"))

    async def events(self, after: Place, wait: float) -> tuple[list[RelayEvent], str]:
        """Ask for the hints behind ``after``, at once or within ``wait`` seconds; and for the place behind them.

        Raises PlaceGone.
        """
        query = {"after": after.text, "wait": f"{wait:g}"}
        document = await self._ask("GET", "/v1/events", late=wait, most=LARGEST_BATCH, params=query)
        events = document.get("events")
        if not isinstance(events, list):
            raise NotARelay("events")
        return [read_event(one, self._key) for one in events], read_word(document, "after")

    async def says_paid(self, event: RelayEvent) -> bool:
        """Ask whether the notice behind a hint calls its link paid; False where it is not kept, or nobody can tell."""
        try:
            document = await self._ask("GET", f"/v1/events/{event.seq}")
        except NothingThere:
            return False
        return says_paid(document, self._key, event)

    @asynccontextmanager
    async def stream(self, after: Place) -> AsyncIterator[AsyncGenerator[Message, None]]:
        """Open the stream behind ``after``; yields what it says for as long as it lives. Raises PlaceGone."""
        url, headers = f"{self._url}/v1/stream", {"last-event-id": after.text}
        with in_our_words():
            response = await _sent(self._client, "GET", url, _EVENTS, self.token, headers=headers)
        try:
            async with aclosing(messages(_chunks(response))) as lines:
                yield lines
        finally:
            await response.aclose()

    def opened(self, message: Message) -> RelayEvent:
        """Return the hint of an event of the stream."""
        return read_event(read_json_object(message.data), self._key)

    async def _ask(self, method: str, path: str, *, late: float = 0.0, **request: Any) -> dict[str, object]:
        seconds = self._answer_seconds + late
        return await ask(self._client, method, self._url + path, seconds=seconds, token=self.token, **request)


async def _sent(
    client: httpx.AsyncClient, method: str, url: str, kind: str, token: str, **request: Any
) -> httpx.Response:
    """Send a call and look at the head of its answer; whoever takes a yes closes it."""
    headers = {"accept": kind, "accept-encoding": "identity", **request.pop("headers", {})}
    if token:
        headers["authorization"] = f"Bearer {token}"
    asking = client.build_request(method, url, headers=headers, **request)
    response = await client.send(asking, stream=True, follow_redirects=False)
    try:
        await _check(response, asking.url.path, kind)
    except BaseException:
        await response.aclose()
        raise
    return response


async def _check(response: httpx.Response, path: str, kind: str) -> None:
    """Raise what a status says; 200 in another form is a page of somebody between, such as a network's sign-in."""
    status = response.status_code
    given = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_encoded = response.headers.get("content-encoding", "identity").lower() != "identity"
    is_our_form = given == (kind if status == 200 else _JSON) and not is_encoded
    if status == 200 and is_our_form:
        return
    failure: RelayFailure = NotARelay(f"{status} {given[:40]}")
    if status >= _SERVER_ERRORS:
        failure = NoRelayAnswer(Trouble.SERVER)
    elif is_our_form:
        failure = _refusal(status, path, read_json_object(await _whole(response, LARGEST_ANSWER)))
    failure.wait = _seconds(response.headers.get("retry-after", "")) if is_our_form else 0.0
    raise failure


def _refusal(status: int, path: str, facts: dict[str, object]) -> RelayFailure:
    """Return what a no stands for."""
    if status == 410 and path in _OF_A_PLACE:
        return PlaceGone(read_head(facts))
    # Gateways and sign-in pages say no as well, but not in the words of a relay.
    if isinstance(facts.get("error"), str):
        match status:
            case 401:
                return NotPaired()
            case 404:
                return NothingThere("nothing there")
            case 403:
                return CodeRefused()
            case 409:
                return OtherEnvironment(read_word(facts, "environment"))
            case 429:
                return TooManyCodes()
    return NotARelay(f"status {status}")


async def _whole(response: httpx.Response, most: int) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > most:
            raise NotARelay("answer too large")
    return bytes(body)


async def _chunks(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    with in_our_words():
        async for chunk in response.aiter_raw():
            yield chunk


def _seconds(text: str) -> float:
    return min(float(text), _LONGEST_WAIT) if text.isascii() and text.isdigit() else 0.0
