"""The connection itself: answering, dripping, cutting and dropping, as a weak network would."""

import asyncio
from collections.abc import Callable
from typing import cast

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from optty_desktop.training.exchange import Answer

_COMMON_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


class SeverableProtocol(H11Protocol):
    """uvicorn's HTTP protocol, with two ways to end the connection in ``scope["state"]``."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Give every request the transport's ``abort`` (at once) and ``close`` (after flushing)."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "abort": transport.abort, "close": transport.close}


class Connection:
    """The answering side of one request."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send

    async def answer(self, answer: Answer) -> None:
        """Send the whole answer."""
        await self._head(answer)
        await self._send({"type": "http.response.body", "body": answer.content})

    async def drip(self, answer: Answer, seconds: float) -> None:
        """Send the body byte by byte with a pause before each."""
        await self._head(answer)
        for byte in answer.content:
            await asyncio.sleep(seconds)
            await self._send({"type": "http.response.body", "body": bytes([byte]), "more_body": True})
        await self._send({"type": "http.response.body", "body": b""})

    async def cut(self, answer: Answer) -> None:
        """Send a sound head and the first half of the body, then close."""
        await self._head(answer)
        half = answer.content[: len(answer.content) // 2]
        await self._send({"type": "http.response.body", "body": half, "more_body": True})
        await self._end("close")

    async def drop(self) -> None:
        """Close the connection without a word."""
        await self._end("abort")

    async def _head(self, answer: Answer) -> None:
        headers = {
            "content-type": answer.media_type,
            "content-length": str(len(answer.content)),
            **_COMMON_HEADERS,
            **answer.headers,
        }
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": answer.status, "headers": raw})

    async def _end(self, way: str) -> None:
        cast(Callable[[], None], self._scope["state"][way])()
        await self._receive()  # the request is read to its end, so this returns once the connection is gone
