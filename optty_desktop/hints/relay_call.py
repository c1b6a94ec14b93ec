"""One call to the relay: sent once, within bounds, and every failure in our own words.

Imports httpx, which takes a while: whoever imports this has loaded it in a worker thread before.
"""

import asyncio
import json
import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import Any, Final

import httpx

from optty_desktop.core.errors import Trouble
from optty_desktop.core.relay_failures import NoRelayAnswer, NotARelay, NotReached, RelayFailure

LARGEST_ANSWER: Final = 16 * 1024
"""Bytes. A relay's answers have some hundred."""

_UNKNOWN_AUTHORITY: Final = frozenset({18, 19, 20, 21})
"""OpenSSL's codes (X509_V_ERR_…) for a chain that ends at nobody this computer knows."""

_NOT_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
    httpx.LocalProtocolError,
    httpx.ProxyError,
)

Answer = tuple[int, Mapping[str, Any]]
"""Status, and the JSON object; an empty one where the body is none."""


async def call(
    client: httpx.AsyncClient, method: str, url: str, *, seconds: float, token: str = "", body: object = None
) -> Answer:
    """Send once and return what came back, whatever its status. Raises NotReached, NoRelayAnswer and NotARelay."""
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        async with asyncio.timeout(seconds):
            request = client.build_request(method, url, headers=headers, json=body)
            return await _exchange(client, request)
    except RelayFailure:
        raise
    except Exception as error:  # noqa: BLE001  httpx and the sockets below it raise of many kinds
        # Without its cause: that holds the request, and with it code or token.
        raise _failure(error) from None


async def _exchange(client: httpx.AsyncClient, request: httpx.Request) -> Answer:
    response = await client.send(request, stream=True, follow_redirects=False)
    try:
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise NotARelay("packed answer")
        content = bytearray()
        async for chunk in response.aiter_raw():
            content += chunk
            if len(content) > LARGEST_ANSWER:
                raise NotARelay("answer too large")
    finally:
        await response.aclose()
    return response.status_code, _object(bytes(content))


def _object(content: bytes) -> Mapping[str, Any]:
    """Return the JSON object of an answer; of one that could be read in two ways, nothing."""
    try:
        document = json.loads(content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


def _failure(error: Exception) -> RelayFailure:
    if isinstance(error, _NOT_SENT):
        return NotReached(_before_sending(error))
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return NoRelayAnswer(Trouble.TIMEOUT)
    return NoRelayAnswer(Trouble.CUT)


def _before_sending(error: Exception) -> Trouble:
    if isinstance(error, httpx.ProxyError):
        return Trouble.PROXY_PASSWORD if str(error).startswith("407") else Trouble.PROXY
    if isinstance(error, httpx.TimeoutException):
        return Trouble.TIMEOUT
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        is_stranger = any(getattr(cause, "verify_code", 0) in _UNKNOWN_AUTHORITY for cause in causes)
        return Trouble.UNTRUSTED if is_stranger else Trouble.TLS
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return Trouble.NAME_LOOKUP
    return Trouble.CONNECT


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what led to it, also where several lines were tried at once."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        cause = waiting.pop()
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__]
        if isinstance(cause, BaseExceptionGroup):
            waiting += cause.exceptions
