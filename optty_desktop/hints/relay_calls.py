"""The relay's addresses as a till asks them. Whatever is not its answer, word for word, counts as nobody there."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any, Final

import httpx

from optty_desktop.core.pairing import RelayPairing
from optty_desktop.hints.event_stream import Message, messages
from optty_desktop.hints.relay_events import (
    Head,
    NotTheRelay,
    Place,
    RelayEvent,
    key_of,
    read_event,
    read_head,
    read_json_object,
    read_place,
    read_token,
)

MOST_BYTES: Final = 256 * 1024
"""Of a whole answer: a hundred hints take some sixty thousand."""

_OF_A_PLACE: Final = frozenset({"/v1/events", "/v1/stream"})
"""Calls that name a place, which alone can be told that it is gone."""

_JSON: Final = "application/json"
_EVENTS: Final = "text/event-stream"


class Unpaired(Exception):
    """The token of this till opens nothing any more."""


class PlaceGone(Exception):
    """The place is not in the stream any more: hints are missing. ``head`` is where to go on."""

    def __init__(self, head: Head) -> None:
        super().__init__("place gone")
        self.head = head


class RelayAway(Exception):
    """No answer, or none for now; ``wait`` are the seconds the relay has asked for."""

    def __init__(self, text: str, wait: float = 0.0) -> None:
        super().__init__(text)
        self.wait = wait


class RelayCalls:
    """One till at its relay. Every call raises RelayAway, Unpaired and NotTheRelay.

    ``answer_seconds`` is the deadline of a short call.
    """

    def __init__(self, client: httpx.AsyncClient, pairing: RelayPairing, answer_seconds: float) -> None:
        self._client, self._url, self._answer_seconds = client, pairing.url.rstrip("/"), answer_seconds
        self._key = key_of(pairing.signing_key)
        self.token = pairing.token

    async def head(self) -> Head:
        """Ask where the stream ends."""
        return read_head(await self._answer("GET", "/v1/head"))

    async def renewed(self) -> str:
        """Ask for a new token. The one in use stays good until the new one is used."""
        return read_token(await self._answer("POST", "/v1/renew"))

    async def events(self, after: Place, wait: float) -> tuple[list[RelayEvent], str]:
        """Ask for the hints behind ``after``, at once or within ``wait`` seconds; and for the place behind them.

        Raises PlaceGone.
        """
        query = {"after": after.text, "wait": f"{wait:g}"}
        document = await self._answer("GET", "/v1/events", params=query, late=wait)
        events = document.get("events")
        if not isinstance(events, list):
            raise NotTheRelay("events")
        return [read_event(one, self._key) for one in events], read_place(document, "after")

    @asynccontextmanager
    async def stream(self, after: Place) -> AsyncIterator[AsyncGenerator[Message, None]]:
        """Open the stream behind ``after``; yields what it says for as long as it lives. Raises PlaceGone."""
        headers = {"last-event-id": after.text, "accept": _EVENTS}
        async with self._sent("GET", "/v1/stream", _EVENTS, headers=headers) as response:
            try:
                async with aclosing(messages(response.aiter_raw())) as lines:
                    yield lines
            except (httpx.HTTPError, httpx.StreamError) as error:
                raise RelayAway(type(error).__name__) from error

    def opened(self, message: Message) -> RelayEvent:
        """Return the hint of an event of the stream."""
        return read_event(read_json_object(message.data), self._key)

    async def _answer(self, method: str, path: str, *, late: float = 0.0, **request: Any) -> dict[str, object]:
        request["timeout"] = self._answer_seconds + late
        async with self._sent(method, path, _JSON, **request) as response:
            return read_json_object(await _whole(response))

    @asynccontextmanager
    async def _sent(self, method: str, path: str, kind: str, **request: Any) -> AsyncIterator[httpx.Response]:
        """Send a call and look at the head of its answer."""
        request["headers"] = {"authorization": f"Bearer {self.token}", **request.get("headers", {})}
        try:
            async with self._client.stream(method, self._url + path, **request) as response:
                await _check(response, path, kind)
                yield response
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise RelayAway(type(error).__name__) from error


async def _check(response: httpx.Response, path: str, kind: str) -> None:
    """Raise what a status says; 200 in another form is a page of somebody between, such as a network's sign-in."""
    given = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_encoded = response.headers.get("content-encoding", "identity").lower() != "identity"
    status = response.status_code
    if given != (kind if status == 200 else _JSON) or is_encoded:
        raise NotTheRelay(f"{status} {given[:40]}")
    if status == 200:
        return
    document = read_json_object(await _whole(response))
    if status == 401:
        raise Unpaired
    if status == 410 and path in _OF_A_PLACE:
        raise PlaceGone(read_head(document))
    raise RelayAway(f"status {status}", _seconds(response.headers.get("retry-after", "")))


async def _whole(response: httpx.Response) -> bytes:
    body = b""
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MOST_BYTES:
            raise NotTheRelay("too large")
    return body


def _seconds(text: str) -> float:
    return min(float(text), 3600.0) if text.isascii() and text.isdigit() else 0.0
