"""A server on this computer that answers with exactly the bytes a test wants, also wrong ones."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came over the wire; header names in small letters."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    raw: bytes


Script = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


class RawServer:
    """Serves ``script`` for each request and keeps what was asked; ``connections`` counts those that were accepted."""

    def __init__(self, script: Script, context: ssl.SSLContext | None = None) -> None:
        self._script = script
        self._context = context
        self._handlers: set[asyncio.Task[None]] = set()
        self.requests: list[Request] = []
        self.connections = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context, limit=2**20)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.close()
        for handler in self._handlers:
            handler.cancel()
        await asyncio.gather(*self._handlers, return_exceptions=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{'https' if self._context else 'http'}://127.0.0.1:{self.port}"

    @property
    def targets(self) -> list[str]:
        """Method and target of each request."""
        return [f"{request.method} {request.target}" for request in self.requests]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._handlers.add(task)
        self.connections += 1
        quiet = (asyncio.CancelledError, asyncio.IncompleteReadError, ConnectionError)
        with contextlib.suppress(*quiet):
            while not writer.is_closing():
                request = await read_request(reader)
                self.requests.append(request)
                await self._script(request, writer)
        writer.transport.abort()


async def read_request(reader: asyncio.StreamReader) -> Request:
    """Read one request with its body."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, target, headers, body, head + body)


def reply(
    status: int = 200, body: bytes = b"{}", content_type: str | None = "application/json", **headers: str
) -> bytes:
    """Return a whole answer; ``_`` in a header's name stands for a dash."""
    lines = [f"HTTP/1.1 {status} Some Reason", f"content-length: {len(body)}"]
    if content_type is not None:
        lines.append(f"content-type: {content_type}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def always(*chunks: bytes) -> Script:
    """Return a script that writes these bytes to every request and keeps the connection."""

    async def script(_request: Request, writer: asyncio.StreamWriter) -> None:
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()

    return script


def then_close(*chunks: bytes) -> Script:
    """Return a script that writes these bytes and cuts the connection in order."""

    async def script(_request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"".join(chunks))
        await writer.drain()
        writer.close()

    return script


def dripping(data: bytes, pause: float) -> Script:
    """Return a script that writes one byte at a time, for ever once ``data`` is through."""

    async def script(_request: Request, writer: asyncio.StreamWriter) -> None:
        for byte in data:
            writer.write(bytes((byte,)))
            await writer.drain()
            await asyncio.sleep(pause)
        await asyncio.Event().wait()

    return script


def stalling(data: bytes = b"") -> Script:
    """Return a script that writes ``data`` and then nothing more, without closing."""

    async def script(_request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        await asyncio.Event().wait()

    return script
