"""A file over HTTP: handed on as it comes, never more than it should have, and whole or an error."""

from __future__ import annotations

import asyncio

import pytest

from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.errors import NotSent, OutcomeUnknown, Trouble
from tests.api.raw_server import RawServer, Request, always, reply, stalling, then_close

MOST = 300_000
ENDLESS = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"


async def fetch(transport: HttpTransport, url: str, *, deadline: float = 5.0) -> tuple[int, bytes]:
    """Download; return status and what was taken, which is never more than was allowed."""
    taken = bytearray()
    try:
        status = await transport.download(
            f"{url}/a.deb", template="/update-package", most=MOST, take=taken.extend, deadline=deadline
        )
    finally:
        await transport.close()
        assert len(taken) <= MOST
    return status, bytes(taken)


async def test_a_file_comes_whole(transport: HttpTransport) -> None:
    content = bytes(range(256)) * 1000
    async with RawServer(always(reply(200, content, "application/octet-stream"))) as server:
        assert await fetch(transport, server.url) == (200, content)
    assert server.targets == ["GET /a.deb"]
    assert [(call.host, call.path, call.status) for call in transport.calls] == [("127.0.0.1", "/update-package", 200)]


async def test_the_page_of_an_error_is_not_the_file(transport: HttpTransport) -> None:
    async with RawServer(always(reply(404, b"<html>not here</html>", "text/html"))) as server:
        assert await fetch(transport, server.url) == (404, b"")


async def test_a_file_without_end_is_let_go_of(transport: HttpTransport) -> None:
    async def endless(_request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(ENDLESS)
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()

    async with RawServer(endless) as server:
        with pytest.raises(OutcomeUnknown) as caught:
            await fetch(transport, server.url)
    assert caught.value.trouble is Trouble.TOO_LARGE


async def test_a_file_that_is_cut_is_an_error(transport: HttpTransport) -> None:
    whole = reply(200, b"x" * 1000, "application/octet-stream")
    async with RawServer(then_close(whole[:-1])) as server:
        with pytest.raises(OutcomeUnknown) as caught:
            await fetch(transport, server.url)
    assert caught.value.trouble is Trouble.CUT


async def test_a_server_that_stops_talking_is_left_at_the_deadline(transport: HttpTransport) -> None:
    async with RawServer(stalling(ENDLESS + b"x")) as server:
        with pytest.raises(OutcomeUnknown) as caught:
            await fetch(transport, server.url, deadline=0.3)
    assert caught.value.trouble is Trouble.TIMEOUT


async def test_where_nobody_listens_nothing_is_taken(transport: HttpTransport) -> None:
    async with RawServer(always(reply())) as server:
        url = server.url
    with pytest.raises(NotSent):
        await fetch(transport, url)
