"""Whom the till talks to: TLS always checked, no way around it, no redirect, and one token however many ask."""

from __future__ import annotations

import asyncio
import socket
import ssl
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import pytest

from optty_desktop.api.environments import training_environment
from optty_desktop.api.exchange import CallKind
from optty_desktop.api.gateway import HttpGateway
from optty_desktop.api.transport import HttpTransport, trusted_by_certifi
from optty_desktop.core.environments import Credentials
from optty_desktop.core.errors import AppError, NotSent, OutcomeUnknown, Trouble
from optty_desktop.core.network import Proxy, Trust
from optty_desktop.core.ports import LinkOrder
from optty_desktop.system.keychain import OsKeychain
from optty_desktop.system.network_settings import NetworkSettings
from optty_desktop.training.server import TrainingServer
from optty_desktop.way_out import WayOut
from tests.api.conftest import CERTIFICATES
from tests.api.pretend_optty import PretendOptty
from tests.api.raw_server import RawServer, always, reply, then_close
from tests.api.test_transport import serving, trusting
from tests.api.test_wire import DRAFT
from tests.fakes import FakeClock
from tests.faults.cases import Cases
from tests.promises import Promise
from tests.training.shop import TurnedClock
from tests.waiting import until

SECRET = "s3cret-of-merchant"
TOKEN = "t0ken-of-merchant"
AUTHORITIES = (CERTIFICATES / "authority.pem", CERTIFICATES / "second_authority.pem")


# H1 TLS is always checked


@dataclass(frozen=True, slots=True)
class Stranger:
    """A server that must not get a byte. ``context`` is None for one without TLS."""

    name: str
    context: Callable[[], ssl.SSLContext] | None
    authorities: tuple[Path, ...] = AUTHORITIES


def old_tls() -> ssl.SSLContext:
    context = serving("loopback.pem")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def without_certificate() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("aNULL:@SECLEVEL=0")
    return context


STRANGERS = [
    Stranger("self-signed", lambda: serving("self_signed.pem")),
    Stranger("expired", lambda: serving("expired.pem")),
    Stranger("not yet valid", lambda: serving("not_yet.pem")),
    Stranger("of another host", lambda: serving("other_host.pem")),
    Stranger("host in the common name only", lambda: serving("name_only.pem")),
    Stranger("made for clients", lambda: serving("for_clients.pem")),
    Stranger("signed by one who may not sign", lambda: serving("under_no_authority.pem")),
    Stranger("authority taken off the list", lambda: serving("loopback.pem"), AUTHORITIES[1:]),
    Stranger("TLS 1.1", old_tls),
    Stranger("no certificate at all", without_certificate),
    Stranger("no TLS", None),
]


class Sink:
    """Takes connections, keeps every byte it can read of them, and hangs up."""

    def __init__(self, context: ssl.SSLContext | None) -> None:
        self._context = context
        self.received = bytearray()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context)
        self.url = f"https://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.received += await reader.read(65536)
        writer.close()


async def errors_at(url: str, transport: HttpTransport) -> list[AppError]:
    """Sign in there, then make a call with a token as if signed in; return what came of both."""
    gateway = HttpGateway(training_environment(url), Credentials("merchant-1", SECRET), transport, FakeClock())
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    calls = (
        gateway.sign_in(),
        transport.send("POST", url, template="/", headers=bearer, kind=CallKind.MONEY, deadline=5, content=b"{}"),
    )
    found = []
    for call in calls:
        with pytest.raises((NotSent, OutcomeUnknown)) as caught:
            await call
        found.append(caught.value)
    await transport.close()
    return found


async def test_H1_tls_is_always_checked(promise: Promise) -> None:
    cases = Cases()
    for stranger in STRANGERS:
        with cases.trying(stranger.name):
            async with Sink(stranger.context() if stranger.context else None) as sink:
                errors = await errors_at(sink.url, trusting(*stranger.authorities))
            for error in errors:
                assert isinstance(error, NotSent), error
                assert error.trouble in (Trouble.TLS, Trouble.UNTRUSTED), error
            if stranger.context:
                assert sink.received == b"", "it could read something"
            assert SECRET.encode() not in sink.received
            assert TOKEN.encode() not in sink.received
    cases.report(promise, "H1")


@pytest.mark.parametrize("certificate", ["loopback.pem", "sound_too.pem"])
async def test_the_sink_hears_whatever_is_said_to_it(certificate: str) -> None:
    async with Sink(serving(certificate)) as sink:
        errors = await errors_at(sink.url, trusting(*AUTHORITIES))
    assert [type(error) for error in errors] == [OutcomeUnknown, OutcomeUnknown]
    assert SECRET.encode() in sink.received
    assert TOKEN.encode() in sink.received


# H2 The environment of the process


VARIABLES = ("HTTPS_PROXY", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "NETRC", "SSLKEYLOGFILE")


async def test_H2_the_environment_cannot_redirect_or_unlock_the_client(
    monkeypatch: pytest.MonkeyPatch, home: Path, promise: Promise
) -> None:
    cases, keys = Cases(), home / "keys.log"
    home.joinpath(".netrc").write_text("machine 127.0.0.1 login evil password evil", encoding="ascii")
    async with RawServer(always(reply())) as stranger, RawServer(always(reply())) as plain:
        values = {
            "HTTPS_PROXY": stranger.url,
            "ALL_PROXY": stranger.url,
            "SSL_CERT_FILE": str(CERTIFICATES / "authority.pem"),
            "SSL_CERT_DIR": str(CERTIFICATES),
            "NETRC": str(home / ".netrc"),
            "SSLKEYLOGFILE": str(keys),
        }
        for name in VARIABLES:
            with cases.trying(name), monkeypatch.context() as patch:
                patch.setenv(name, values[name])
                patch.setenv(name.lower(), values[name])
                await undisturbed(plain)
                await through_the_set_proxy_alone()
                await unproxied(patch)
                assert stranger.connections == 0, "went through the stranger"
                assert not keys.exists(), "keys were written down"
        await heard_by_another_client(monkeypatch, stranger)
    cases.report(promise, "H2")


async def undisturbed(plain: RawServer) -> None:
    """What is trusted by the environment alone is refused, directly; what is trusted anyway is spoken to."""
    async with RawServer(always(reply()), serving("loopback.pem")) as server:
        errors = await errors_at(server.url, HttpTransport("t", ssl_context=trusted_by_certifi))
        assert all(isinstance(error, NotSent) and error.trouble is Trouble.UNTRUSTED for error in errors), errors
        for transport, url in ((trusting(*AUTHORITIES), server.url), (trusting(*AUTHORITIES), plain.url)):
            answer = await transport.send(
                "GET", url, template="/", headers={}, kind=CallKind.MONEY, deadline=5, content=None
            )
            assert answer.status == 200
            await transport.close()
    assert all("authorization" not in request.headers for request in plain.requests), "a password of .netrc left"


async def through_the_set_proxy_alone() -> None:
    """With a proxy and this computer's own authorities set, calls go to that proxy and believe nobody else."""
    async with RawServer(then_close(reply(403))) as proxy:
        settings = NetworkSettings(proxy=Proxy(proxy.url), trust=Trust.SYSTEM)
        way = WayOut(settings, OsKeychain(()), lambda: None)
        errors = await errors_at(
            "https://api.optty.example", HttpTransport("t", proxy=way.proxy, ssl_context=way.ssl_context)
        )
        assert all(isinstance(error, NotSent) and error.trouble is Trouble.PROXY for error in errors), errors
        assert proxy.targets == ["CONNECT api.optty.example:443"] * 2
    async with RawServer(always(reply()), serving("loopback.pem")) as server:
        errors = await errors_at(server.url, HttpTransport("t", ssl_context=way.ssl_context))
        assert all(isinstance(error, NotSent) and error.trouble is Trouble.UNTRUSTED for error in errors), errors


async def unproxied(patch: pytest.MonkeyPatch) -> None:
    """A name is looked up by this computer, not handed to a proxy."""

    def unknown(*_args: object, **_more: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    patch.setattr(socket, "getaddrinfo", unknown)
    errors = await errors_at("https://api.optty.example", trusting(*AUTHORITIES))
    assert all(isinstance(error, NotSent) and error.trouble is Trouble.NAME_LOOKUP for error in errors), errors


async def heard_by_another_client(monkeypatch: pytest.MonkeyPatch, stranger: RawServer) -> None:
    """The control: a client that obeys the environment does go to the stranger."""
    monkeypatch.setenv("ALL_PROXY", stranger.url)
    async with httpx.AsyncClient() as obedient:
        await obedient.get("http://api.optty.example/")
    monkeypatch.delenv("ALL_PROXY")
    assert stranger.targets == ["GET http://api.optty.example/"]


# H3 Redirects


async def test_H3_no_redirect_is_followed_and_no_token_goes_elsewhere(
    transport: HttpTransport, clock: FakeClock, promise: Promise
) -> None:
    cases = Cases()
    async with RawServer(always(reply())) as other, PretendOptty() as optty:
        gateway = HttpGateway(optty.environment, Credentials("merchant-1", SECRET), transport, clock)
        places = (
            *(f"{optty.environment.api_url}/elsewhere", "/elsewhere", f"http://localhost:{other.port}/"),
            *("https://evil.example/", "//evil.example/", "http://[", "\\"),
        )
        for status in (300, 301, 302, 303, 305, 307, 308):
            for place in places:
                with cases.trying((status, place)):
                    before = len(optty.calls)
                    for call in (gateway.create_link(b"{}"), gateway.read_order("HPP-1")):
                        optty.answers.append(reply(status, location=place))
                        with pytest.raises(OutcomeUnknown) as caught:
                            await call
                        assert caught.value.trouble is Trouble.REDIRECT
                    assert len(optty.calls) == before + 2, "followed"
                    assert other.connections == 0, "went elsewhere"
        await transport.close()
        async with httpx.AsyncClient(follow_redirects=True, trust_env=False) as obedient:
            optty.answers.append(reply(307, location=f"http://127.0.0.1:{other.port}/"))
            await obedient.post(f"{optty.environment.api_url}/custom/hpp", content=b"{}")
        assert len(other.requests) == 1, "the control goes elsewhere"
    cases.report(promise, "H3")


# H11 One token


CALLS = 100


async def test_H11_a_hundred_calls_with_an_expired_token_fetch_one_and_double_nothing(
    transport: HttpTransport, promise: Promise
) -> None:
    """The service's clock runs ahead of the till's, so that each call meets the 401 in mid-flow."""
    cases, turned = Cases(), TurnedClock()
    with TrainingServer(clock=turned) as server:
        keys = Credentials(server.client_id, server.client_secret)
        gateway = HttpGateway(training_environment(server.url), keys, transport, FakeClock())
        await gateway.sign_in()
        turned.turn(server.switches.token_seconds + 1)
        draft = replace(DRAFT, due_at=turned.time + timedelta(days=1))
        orders = [LinkOrder(f"C-{number:05d}", draft, "Order 1", "Phone order") for number in range(CALLS)]
        made = await asyncio.gather(*(gateway.create_link(gateway.create_body(order)) for order in orders))
        await transport.close()
        received = server.ledger.received()
    tokens = [one for one in received if one.path == "/token"]
    taken = Counter(one.body for one in received if one.path == "/custom/hpp" and one.outcome == "200")
    tries = Counter(one.body for one in received if one.path == "/custom/hpp")
    for order, link in zip(orders, made, strict=True):
        body = gateway.create_body(order).decode()
        with cases.trying(order.invoice_number):
            assert link.url
            assert taken[body] == 1
            assert tries[body] <= 2
            assert len(tokens) == 2, "the first, and one for all hundred"
    assert sum(tries.values()) > CALLS, "somebody met the old token"
    cases.report(promise, "H11")


async def test_H11_a_hundred_reads_share_one_new_token(
    transport: HttpTransport, clock: FakeClock, promise: Promise
) -> None:
    cases = Cases()
    async with PretendOptty() as optty:
        gateway = HttpGateway(optty.environment, Credentials("merchant-1", SECRET), transport, clock)
        optty.refused.add("token-1")
        for _ in range(CALLS):
            optty.will_answer({"status": "PENDING"})
        readings = await asyncio.gather(*(gateway.read_order("HPP-1") for _ in range(CALLS)))
        await until(lambda: len(optty.token_calls) >= 2)
        for reading in readings:
            cases.add(reading.raw_word, "" if len(optty.token_calls) == 2 else f"{len(optty.token_calls)} token calls")
        await transport.close()
    cases.report(promise, "H11")
