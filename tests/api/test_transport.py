"""One HTTP call: bounded in time and size, and clear about whether it can have left."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import logging
import socket
import ssl
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import pytest

from optty_desktop.api.bounded_body import LARGEST_BODY
from optty_desktop.api.exchange import Answer, CallKind
from optty_desktop.api.http_failures import sorted_failure
from optty_desktop.api.transport import HttpTransport, new_exchange_id, trusted_by_certifi
from optty_desktop.core.errors import NotSent, OutcomeUnknown, Trouble
from optty_desktop.core.network import Proxy
from tests.api.conftest import CERTIFICATES
from tests.api.raw_server import RawServer, Request, always, reply, stalling, then_close
from tests.waiting import until

SLACK = 0.5
"""Seconds a call may take beyond its deadline."""


async def call(
    transport: HttpTransport, url: str, *, kind: CallKind = CallKind.MONEY, deadline: float = 5.0, body: bytes = b"{}"
) -> Answer:
    headers = {"Authorization": "Bearer t0ken-of-merchant", "Content-Type": "application/json"}
    return await transport.send(
        "POST", url, template="/custom/hpp", headers=headers, content=body, kind=kind, deadline=deadline
    )


async def trouble_of(transport: HttpTransport, url: str, *, deadline: float = 5.0) -> tuple[type, Trouble]:
    """Make a call that must fail; return how."""
    with pytest.raises((NotSent, OutcomeUnknown)) as caught:
        await call(transport, url, deadline=deadline)
    await transport.close()
    error = caught.value
    assert isinstance(error, NotSent | OutcomeUnknown)
    assert error.details["host"]
    assert error.details["path"] == "/custom/hpp"
    assert error.details["elapsed_ms"]
    assert "t0ken" not in f"{error} {error.details}"
    return type(error), error.trouble


def trusting(*authorities: Path, proxy: Callable[[], Awaitable[Proxy | None]] | None = None) -> HttpTransport:
    def context() -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        for authority in authorities:
            made.load_verify_locations(authority)
        return made

    return HttpTransport("optty-desktop/test", proxy=proxy, ssl_context=context)


def serving(certificate: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / certificate, CERTIFICATES / "test_only.key")
    return context


async def test_a_whole_answer_comes_back(transport: HttpTransport) -> None:
    async with RawServer(always(reply(201, b'{"link":"x"}', x_odd="Yes"))) as server:
        answer = await call(transport, f"{server.url}/custom/hpp", body=b'{"a":1}')
        await transport.close()
    assert (answer.status, answer.body, answer.headers["x-odd"]) == (201, b'{"link":"x"}', "Yes")
    assert answer.elapsed > 0
    assert answer.details["status"] == "201"
    assert len(answer.details["exchange"]) == 9
    request = server.requests[0]
    assert request.body == b'{"a":1}'
    assert request.headers["accept-encoding"] == "identity"
    assert request.headers["user-agent"] == "optty-desktop/test"
    assert "cookie" not in request.headers


async def test_reads_keep_their_connection_and_money_never_does(transport: HttpTransport) -> None:
    async with RawServer(always(reply())) as server:
        for _ in range(3):
            await call(transport, server.url, kind=CallKind.READ)
        assert server.connections == 1
        for number in range(2, 5):
            await call(transport, server.url, kind=CallKind.MONEY)
            assert server.connections == number
        await call(transport, server.url, kind=CallKind.TOKEN)
        assert server.connections == 5
        await transport.close()


async def test_cookies_are_forgotten(transport: HttpTransport) -> None:
    async with RawServer(always(reply(set_cookie="a=b; Path=/"))) as server:
        for _ in range(2):
            await call(transport, server.url, kind=CallKind.READ)
        await transport.close()
    assert "cookie" not in server.requests[1].headers


async def test_a_closed_transport_opens_again(transport: HttpTransport) -> None:
    async with RawServer(always(reply())) as server:
        await transport.close()
        await call(transport, server.url)
        await transport.close()
        assert (await call(transport, server.url)).status == 200
        await transport.close()


# Errors by whether bytes can have left


async def test_nobody_listens(transport: HttpTransport) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        assert await trouble_of(transport, f"http://127.0.0.1:{port}") == (NotSent, Trouble.CONNECT)


async def test_an_unknown_name(transport: HttpTransport, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_more: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert await trouble_of(transport, "https://api.optty.example") == (NotSent, Trouble.NAME_LOOKUP)


async def test_a_name_that_is_never_answered(transport: HttpTransport, monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: release.wait(10) or [])
    await transport.prepare()
    begun = time.monotonic()
    try:
        _, trouble = await trouble_of(transport, "https://api.optty.example", deadline=0.3)
    finally:
        release.set()
    assert trouble is Trouble.TIMEOUT
    assert time.monotonic() - begun < 0.3 + SLACK


async def test_a_connection_that_is_not_taken_in_time_was_not_sent(
    transport: HttpTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    await transport.prepare()
    monkeypatch.setattr("optty_desktop.api.http_clients.CONNECT_SECONDS", 0.2)
    other = HttpTransport("optty-desktop/test", ssl_context=ssl.create_default_context)
    async with RawServer(stalling()) as server:  # speaks no TLS and never will
        assert await trouble_of(other, f"https://127.0.0.1:{server.port}") == (NotSent, Trouble.TIMEOUT)
    assert server.requests == []
    await transport.close()


# Two ways to one name


def known_as(patch: pytest.MonkeyPatch, port: int, *addresses: str) -> None:
    """Let every name lead to these addresses, in this order."""
    found = [
        (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses
    ]
    patch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)


@pytest.mark.parametrize("order", [("::1", "127.0.0.1"), ("127.0.0.1", "::1")])
async def test_a_dead_way_over_ipv6_does_not_matter_where_another_one_works(
    transport: HttpTransport, monkeypatch: pytest.MonkeyPatch, order: tuple[str, str]
) -> None:
    async with RawServer(always(reply())) as server:  # listens on 127.0.0.1 alone: ::1 refuses
        known_as(monkeypatch, server.port, *order)
        answer = await call(transport, f"http://two-ways.example:{server.port}")
        await transport.close()
    assert answer.status == 200
    assert answer.elapsed < 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux lets a full queue swallow connections")
async def test_a_way_over_ipv6_that_swallows_everything_costs_a_quarter_of_a_second(
    transport: HttpTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with RawServer(always(reply())) as server:
        with swallowing(server.port):
            known_as(monkeypatch, server.port, "::1", "127.0.0.1")
            answer = await call(transport, f"http://two-ways.example:{server.port}")
            await transport.close()
    assert answer.status == 200
    assert 0.2 < answer.elapsed < 1


@contextlib.contextmanager
def swallowing(port: int) -> Iterator[None]:
    """Have ::1 take no connection at that port and refuse none, as a path does that drops all packets."""
    with contextlib.ExitStack() as held:
        listener = held.enter_context(socket.socket(socket.AF_INET6))
        listener.bind(("::1", port))
        listener.listen(0)
        for _ in range(4):
            filler = held.enter_context(socket.socket(socket.AF_INET6))
            filler.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                filler.connect(("::1", port))
        yield


@pytest.mark.parametrize("url", ["http://[::1", "ftp://127.0.0.1/", "http://a\nb/"])
async def test_an_address_that_is_none(transport: HttpTransport, url: str) -> None:
    with pytest.raises(NotSent):
        await call(transport, url)
    await transport.close()


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\x00b"])
async def test_a_header_cannot_be_broken_open(transport: HttpTransport, value: str) -> None:
    async with RawServer(always(reply())) as server:
        with pytest.raises(NotSent):
            await transport.send(
                "GET", server.url, template="/", headers={"X-Value": value}, kind=CallKind.MONEY, deadline=5
            )
        await transport.close()
    assert server.requests == []


WHOLE = reply(200, b'{"link":"https://pay.optty.com/abc"}')


@pytest.mark.parametrize("length", range(0, len(WHOLE), 15))
async def test_an_answer_cut_at_any_place_is_no_answer(transport: HttpTransport, length: int) -> None:
    async with RawServer(then_close(WHOLE[:length])) as server:
        assert await trouble_of(transport, server.url) == (OutcomeUnknown, Trouble.CUT)


async def test_a_reset_after_the_request(transport: HttpTransport) -> None:
    async def reset(_request: Request, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async with RawServer(reset) as server:
        assert await trouble_of(transport, server.url) == (OutcomeUnknown, Trouble.CUT)


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}",
        b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"a" * 300_000,
    ],
    ids=["not http", "status", "length", "two lengths", "chunk", "header", "endless header"],
)
async def test_an_answer_that_is_not_http(transport: HttpTransport, data: bytes) -> None:
    async with RawServer(then_close(data)) as server:
        assert await trouble_of(transport, server.url) == (OutcomeUnknown, Trouble.CUT)


async def test_cancelling_goes_through(transport: HttpTransport) -> None:
    async with RawServer(stalling()) as server:
        task = asyncio.create_task(call(transport, server.url))
        await until(lambda: server.requests)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await transport.close()


def test_a_failure_among_several_attempts_is_found() -> None:
    error = httpx.ConnectError("All connection attempts failed")
    error.__cause__ = ExceptionGroup("attempts", [OSError(), socket.gaierror(socket.EAI_NONAME, "unknown")])
    error.__context__ = error.__cause__
    failure = sorted_failure(error, details={})
    assert isinstance(failure, NotSent)
    assert failure.trouble is Trouble.NAME_LOOKUP


# Size


async def test_a_body_at_the_limit_and_one_byte_more(transport: HttpTransport) -> None:
    async with RawServer(always(reply(body=b" " * LARGEST_BODY))) as server:
        assert len((await call(transport, server.url)).body) == LARGEST_BODY
    async with RawServer(always(reply(body=b" " * (LARGEST_BODY + 1)))) as server:
        assert await trouble_of(transport, server.url) == (OutcomeUnknown, Trouble.TOO_LARGE)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [("gzip", gzip.compress(b'{"a":1}', mtime=0)), ("deflate", zlib.compress(b'{"a":1}')), ("Identity", b'{"a":1}')],
)
async def test_a_gateway_that_packs_unasked_is_understood(
    transport: HttpTransport, encoding: str, packed: bytes
) -> None:
    async with RawServer(always(reply(body=packed, content_encoding=encoding))) as server:
        assert (await call(transport, server.url)).body == b'{"a":1}'
        await transport.close()


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("br", b"\x0b\x03\x80{}\x03"),
        ("zstd", b"(\xb5/\xfd"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"{}", mtime=0), mtime=0)),
        ("gzip", b"{}"),
        ("gzip", gzip.compress(b"{}", mtime=0)[:-4]),
        ("gzip", gzip.compress(b"{}", mtime=0) + b"more"),
    ],
)
async def test_a_body_packed_otherwise_is_no_answer(transport: HttpTransport, encoding: str, packed: bytes) -> None:
    async with RawServer(always(reply(body=packed, content_encoding=encoding))) as server:
        assert await trouble_of(transport, server.url) == (OutcomeUnknown, Trouble.BAD_ANSWER)


# TLS


async def test_a_sound_certificate_is_accepted() -> None:
    transport = trusting(CERTIFICATES / "authority.pem")
    async with RawServer(always(reply()), serving("loopback.pem")) as server:
        assert (await call(transport, server.url)).status == 200
        await transport.close()


def test_the_public_certificates_are_checked_strictly() -> None:
    context = trusted_by_certifi()
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.keylog_filename is None


# What is loaded where, and what is told


async def test_the_network_stack_is_loaded_by_another_thread(certificates: ssl.SSLContext) -> None:
    threads: list[int] = []

    def context() -> ssl.SSLContext:
        threads.append(threading.get_ident())
        return certificates

    transport = HttpTransport("t", ssl_context=context)
    await asyncio.gather(*(transport.prepare() for _ in range(10)))
    await transport.close()
    assert len(threads) == 1
    assert threads[0] != threading.get_ident()


def test_importing_this_room_does_not_import_httpx() -> None:
    program = (
        "import sys, optty_desktop.api.gateway\n"
        "raise SystemExit(bool({'httpx', 'httpcore', 'anyio', 'certifi'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0


async def test_the_log_names_the_exchange_and_no_secret(
    transport: HttpTransport, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with RawServer(always(reply(body=b'{"email":"person@example.com"}'))) as server:
        answer = await call(transport, f"{server.url}/custom/hpp?secret=1", body=b'{"email":"person@example.com"}')
    with pytest.raises(NotSent):
        await call(transport, f"{server.url}/custom/hpp?secret=1")
    await transport.close()
    told = [record.getMessage() for record in caplog.records if record.name.startswith("optty_desktop")]
    assert len(told) == 2
    assert answer.details["exchange"] in told[0]
    assert "status 200" in told[0]
    assert "not sent: connect" in told[1]
    for word in ("secret", "t0ken", "person@example.com", "email", "?"):
        assert word not in "".join(record.getMessage() for record in caplog.records if record.levelno > logging.DEBUG)
    assert not [record for record in caplog.records if record.name.startswith(("httpx", "httpcore"))]


def test_exchange_names_differ() -> None:
    assert len({new_exchange_id() for _ in range(1000)}) > 990
