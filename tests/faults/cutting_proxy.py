"""A line between a client and a server of this computer that is cut after a given byte."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import struct
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from typing import Self

_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)\r\n", re.IGNORECASE)
_LINGER_NOT = struct.pack("ii", 1, 0)
_CHUNK = 65536


class Way(Enum):
    """Which bytes are counted: the client's or the server's."""

    UP = "client to server"
    DOWN = "server to client"


class End(Enum):
    """How both ends learn of the cut: an orderly close, or a reset."""

    FIN = "closed"
    RST = "reset"


@dataclass(frozen=True, slots=True)
class Cut:
    """Let ``after`` bytes through in one direction, then end the connection on both sides."""

    way: Way
    after: int
    end: End


@dataclass(slots=True)
class Passage:
    """One connection: what went through in each direction."""

    up: bytearray = field(default_factory=bytearray)
    down: bytearray = field(default_factory=bytearray)

    @property
    def has_whole_request(self) -> bool:
        """Whether the server was given a complete request."""
        return is_whole(bytes(self.up))

    @property
    def has_whole_answer(self) -> bool:
        """Whether the client was given a complete answer."""
        return is_whole(bytes(self.down))


def is_whole(message: bytes) -> bool:
    """Tell whether an HTTP message is complete; without a Content-Length its body is empty."""
    head, blank, body = message.partition(b"\r\n\r\n")
    length = _LENGTH.search(head + b"\r\n")
    return bool(blank) and len(body) >= (int(length[1]) if length else 0)


class CuttingProxy:
    """Passes everything on to ``port``. ``cut`` is for the next connection alone, which uses it up.

    In the Host line the proxy's port becomes the server's, which has as many digits: a server may insist on its name.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._links: set[asyncio.Task[None]] = set()
        self.cut: Cut | None = None
        self.passages: list[Passage] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        assert len(str(self.port)) == len(str(self._target)), "the bytes would not keep their places"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.close()
        for link in self._links:
            link.cancel()
        await asyncio.gather(*self._links, return_exceptions=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._links.add(task)
        task.add_done_callback(self._links.discard)
        cut, self.cut = self.cut, None
        passage = Passage()
        self.passages.append(passage)
        end = cut.end if cut else End.FIN
        with contextlib.suppress(asyncio.CancelledError):
            try:
                await self._pass_on(reader, writer, passage, cut)
            finally:
                close(writer, end)

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, passage: Passage, cut: Cut | None
    ) -> None:
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._target)
        up = cut if cut and cut.way is Way.UP else None
        down = cut if cut and cut.way is Way.DOWN else None
        pumps = [
            asyncio.ensure_future(self._pump(reader, server_writer, passage.up, up)),
            asyncio.ensure_future(self._pump(server_reader, writer, passage.down, down)),
        ]
        try:
            # Either side that ends takes the other along, as a broken line does.
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            close(server_writer, cut.end if cut else End.FIN)
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, through: bytearray, cut: Cut | None
    ) -> None:
        with contextlib.suppress(ConnectionError):
            while chunk := await reader.read(_CHUNK):
                passed = self._renamed(chunk)[: cut.after - len(through) if cut else None]
                through += passed
                writer.write(passed)
                await writer.drain()
                if cut and len(through) >= cut.after:
                    return

    def _renamed(self, chunk: bytes) -> bytes:
        return chunk.replace(b"127.0.0.1:%d" % self.port, b"127.0.0.1:%d" % self._target)


def close(writer: asyncio.StreamWriter, end: End) -> None:
    """End one side of a connection."""
    if end is End.FIN:
        writer.close()
        return
    own: socket.socket | None = writer.get_extra_info("socket")
    if own is not None and own.fileno() >= 0:
        with contextlib.suppress(OSError):
            own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
    writer.transport.abort()
