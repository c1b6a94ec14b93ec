"""A line between a till and a relay that cuts off, or holds back what is not a whole answer, as some proxies do."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable
from types import TracebackType
from typing import Self

_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)\r\n", re.IGNORECASE)
_CHUNK = 65536
_BUFFER = 64 * 1024


class Wire:
    """Passes everything on to ``port``.

    ``cut_after`` draws for each connection after how many bytes from the relay it is cut; None lets it live.
    ``hold_seconds``: so long it keeps a stream back, or until 64 KiB have come.
    """

    def __init__(self, port: int) -> None:
        self.target = port
        self.cut_after: Callable[[], int | None] = lambda: None
        self.hold_seconds = 0.0
        self.cuts = 0
        self._links: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.close()
        await self.break_all()

    async def break_all(self) -> None:
        """Cut every connection there is."""
        links = tuple(self._links)
        for link in links:
            link.cancel()
        await asyncio.gather(*links, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._links.add(task)
        task.add_done_callback(self._links.discard)
        far_writer: asyncio.StreamWriter | None = None
        try:
            far, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
            up = asyncio.ensure_future(_pass(reader, far_writer))
            try:
                await self._down(far, writer)
            finally:
                up.cancel()
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            for one in (writer, far_writer):
                if one is not None:
                    one.transport.abort()

    async def _down(self, far: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        left = self.cut_after()
        held = b""
        while True:
            data = b""
            try:
                async with asyncio.timeout(self.hold_seconds if held else None):
                    data = await far.read(_CHUNK)
                    is_end = not data
                    held += data
                    if not is_end and self.hold_seconds and not _is_whole(held) and len(held) < _BUFFER:
                        continue
            except TimeoutError:
                is_end = False
            if left is not None and len(held) >= left:
                self.cuts += 1
                writer.write(held[:left])
                with contextlib.suppress(OSError):
                    await writer.drain()
                return
            left = None if left is None else left - len(held)
            writer.write(held)
            await writer.drain()
            held = b""
            if is_end:
                return


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()


def _is_whole(answer: bytes) -> bool:
    head, blank, body = answer.partition(b"\r\n\r\n")
    length = _LENGTH.search(head + b"\r\n")
    return bool(blank and length) and len(body) >= int(length[1]) if length else False
