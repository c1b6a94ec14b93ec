"""A proxy between the till and the service: what reaches it, what it may know, and what it can break."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.errors import NotSent, OutcomeUnknown, Trouble
from optty_desktop.core.network import Proxy
from tests.api.conftest import CERTIFICATES
from tests.api.raw_server import RawServer, Request, Script, always, reply, stalling, then_close
from tests.api.test_transport import SLACK, WHOLE, call, serving, trouble_of, trusting


def at(address: str, user: str = "", password: str = "") -> Callable[[], Awaitable[Proxy | None]]:
    """What finds this proxy."""

    async def find() -> Proxy | None:
        return Proxy(address, user, password)

    return find


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (reply(403, b"no"), Trouble.PROXY),
        (reply(502, b"no such host"), Trouble.PROXY),
        (reply(407, b"who", proxy_authenticate="Basic"), Trouble.PROXY_PASSWORD),
        (b"", Trouble.PROXY),
        (b"HTTP/1.1 200 Conn", Trouble.PROXY),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", Trouble.PROXY),
    ],
    ids=["forbids", "cannot", "asks who", "hangs up", "breaks off", "is none"],
)
async def test_a_proxy_that_opens_no_tunnel_got_nothing(
    certificates: ssl.SSLContext, answer: bytes, trouble: Trouble
) -> None:
    async with RawServer(then_close(answer)) as proxy:
        transport = HttpTransport("t", proxy=at(proxy.url), ssl_context=lambda: certificates)
        assert await trouble_of(transport, "https://api.optty.example") == (NotSent, trouble)
    assert proxy.targets == ["CONNECT api.optty.example:443"]
    assert b"t0ken" not in proxy.requests[0].raw


async def test_a_proxy_that_never_answers_got_nothing(certificates: ssl.SSLContext) -> None:
    async with RawServer(stalling()) as proxy:
        transport = HttpTransport("t", proxy=at(proxy.url), ssl_context=lambda: certificates)
        begun = time.monotonic()
        found = await trouble_of(transport, "https://api.optty.example", deadline=0.3)
    assert found == (NotSent, Trouble.PROXY_ABSENT)
    assert time.monotonic() - begun < 0.3 + SLACK


async def test_a_proxy_that_is_not_there(certificates: ssl.SSLContext) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{bound.getsockname()[1]}"
        transport = HttpTransport("t", proxy=at(proxy), ssl_context=lambda: certificates)
        assert await trouble_of(transport, "https://api.optty.example") == (NotSent, Trouble.PROXY_ABSENT)


async def test_a_proxy_whose_name_nobody_knows(certificates: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_more: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    transport = HttpTransport("t", proxy=at("http://proxy.example:3128"), ssl_context=lambda: certificates)
    with pytest.raises(NotSent) as caught:
        await call(transport, "https://api.optty.example")
    assert caught.value.trouble is Trouble.PROXY_ABSENT
    assert caught.value.details["proxy"] == "proxy.example:3128"
    await transport.close()


def tunnel_to(port: int) -> Script:
    """A proxy that opens a tunnel to a server of this computer, whatever it is asked for."""

    async def tunnel(_request: Request, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        near = writer.transport.get_protocol()._stream_reader  # type: ignore[attr-defined]
        await asyncio.gather(pump(near, far_writer), pump(far_reader, writer))

    return tunnel


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    finally:
        writer.close()


async def test_through_a_proxy_the_password_goes_to_the_proxy_alone() -> None:
    async with (
        RawServer(always(reply()), serving("other_host.pem")) as server,
        RawServer(tunnel_to(server.port)) as proxy,
    ):
        transport = trusting(CERTIFICATES / "authority.pem", proxy=at(proxy.url, "till", "pr0xy-password"))
        answer = await call(transport, "https://other.example")
        await transport.close()
    assert answer.status == 200
    assert proxy.requests[0].headers["proxy-authorization"] == "Basic " + b64encode(b"till:pr0xy-password").decode()
    assert b"t0ken" not in proxy.requests[0].raw
    assert "proxy-authorization" not in server.requests[0].headers


@pytest.mark.parametrize("data", [b"", WHOLE[:20]])
async def test_what_went_through_the_tunnel_may_have_left(data: bytes) -> None:
    async with (
        RawServer(then_close(data), serving("other_host.pem")) as server,
        RawServer(tunnel_to(server.port)) as proxy,
    ):
        transport = trusting(CERTIFICATES / "authority.pem", proxy=at(proxy.url))
        found = await trouble_of(transport, "https://other.example")
    assert found == (OutcomeUnknown, Trouble.CUT)


async def test_a_proxy_is_looked_for_again_when_a_call_did_not_get_out(certificates: ssl.SSLContext) -> None:
    known: list[Proxy | None] = [None]

    async def find() -> Proxy | None:
        return known[-1]

    async with RawServer(then_close(reply(403))) as first, RawServer(then_close(reply(403))) as second:
        transport = HttpTransport("t", proxy=find, ssl_context=lambda: certificates)
        known.append(Proxy(first.url))
        with pytest.raises(NotSent):
            await call(transport, "https://api.optty.example")
        known.append(Proxy(second.url))
        with pytest.raises(NotSent):
            await call(transport, "https://api.optty.example")
        await transport.close()
    assert (len(first.requests), len(second.requests)) == (1, 1)


async def test_certificates_that_have_gone_are_told_and_nothing_is_sent(tmp_path: Path) -> None:
    def gone() -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(tmp_path / "gone.pem")
        return context

    async with RawServer(always(reply())) as server:
        transport = HttpTransport("t", ssl_context=gone)
        assert await trouble_of(transport, server.url) == (NotSent, Trouble.TLS)
        with pytest.raises(NotSent):
            await transport.prepare()
    assert server.connections == 0


async def test_a_proxy_that_takes_too_long_to_find_ends_by_the_deadline() -> None:
    async def never() -> Proxy | None:
        await asyncio.Event().wait()
        return None

    transport = HttpTransport("t", proxy=never)
    begun = time.monotonic()
    assert await trouble_of(transport, "https://api.optty.example", deadline=0.2) == (NotSent, Trouble.TIMEOUT)
    assert time.monotonic() - begun < 0.2 + SLACK


async def test_a_proxy_that_opens_the_tls_itself_is_found_out(certificates: ssl.SSLContext) -> None:
    async def tunnel(_request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await writer.drain()
        await writer.start_tls(serving("loopback.pem"))

    async with RawServer(tunnel) as proxy:
        transport = HttpTransport("t", proxy=at(proxy.url), ssl_context=lambda: certificates)
        assert await trouble_of(transport, "https://api.optty.example") == (NotSent, Trouble.UNTRUSTED)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
async def test_this_computer_is_never_reached_through_the_proxy(certificates: ssl.SSLContext, host: str) -> None:
    async with RawServer(always(reply())) as proxy:
        transport = HttpTransport("t", proxy=at(proxy.url), ssl_context=lambda: certificates)
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            found = await trouble_of(transport, f"http://{host}:{bound.getsockname()[1]}")
        assert found == (NotSent, Trouble.CONNECT)
        async with RawServer(always(reply())) as server:
            assert (await call(transport, server.url)).status == 200
        await transport.close()
    assert proxy.requests == []


async def test_a_proxy_with_tls_must_be_sound_too(certificates: ssl.SSLContext) -> None:
    async with RawServer(always(reply()), serving("self_signed.pem")) as proxy:
        transport = HttpTransport("t", proxy=at(proxy.url), ssl_context=lambda: certificates)
        assert await trouble_of(transport, "https://api.optty.example") == (NotSent, Trouble.UNTRUSTED)
