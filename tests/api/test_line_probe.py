"""The test of the connection: each step of the way broken in turn, and never a call that moves money."""

from __future__ import annotations

import json
import logging
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from optty_desktop.api.environments import training_environment
from optty_desktop.api.gateway import HttpGateway
from optty_desktop.api.line_probe import HttpLineProbe
from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.environments import Credentials, Environment
from optty_desktop.core.errors import OutcomeUnknown, RouteMissing, ScopeRefused, SignInRefused, Trouble
from optty_desktop.core.probes import ProbeLine, ProbeSign, ProbeStep
from optty_desktop.training.server import TrainingServer
from tests.api.conftest import CERTIFICATES
from tests.api.pretend_optty import PretendOptty
from tests.api.raw_server import RawServer, always, reply, stalling, then_close
from tests.api.test_proxies import at
from tests.api.test_transport import serving, trusting
from tests.fakes import FakeClock

SECRET = Credentials("merchant-1", "s3cret-of-merchant")
NEAR = (ProbeStep.NAME, ProbeStep.CONNECTION, ProbeStep.CREDENTIALS, ProbeStep.READING)
FAR = (*NEAR[:2], ProbeStep.TLS, *NEAR[2:])
THROUGH_PROXY = (ProbeStep.PROXY, *FAR[2:])
GIVEN = reply(200, json.dumps({"access_token": "t0ken", "expires_in": 300}).encode())


def profile(token_url: str, api_url: str = "") -> Environment:
    return replace(training_environment(api_url or token_url), token_url=f"{token_url}/token")


async def probe(
    environment: Environment,
    transport: HttpTransport,
    *,
    seconds: float = 5.0,
    credentials: Credentials = SECRET,
    has_proxy: bool = False,
) -> tuple[ProbeLine, ...]:
    gateway = HttpGateway(environment, credentials, transport, FakeClock())
    lines = await HttpLineProbe(has_proxy=lambda: has_proxy, seconds=seconds)(gateway)
    await transport.close()
    return lines


def failed(lines: tuple[ProbeLine, ...], steps: tuple[ProbeStep, ...]) -> ProbeLine:
    """The line that failed; those before it held, those after it were not reached."""
    assert tuple(line.step for line in lines) == steps
    bad = [line for line in lines if line.sign is ProbeSign.FAILED]
    assert len(bad) == 1
    place = lines.index(bad[0])
    assert all(line.sign is ProbeSign.HELD for line in lines[:place])
    assert all(line.sign is ProbeSign.NOT_REACHED for line in lines[place + 1 :])
    return bad[0]


@pytest.fixture
def server() -> Iterator[TrainingServer]:
    """Return a running training server."""
    with TrainingServer() as running:
        yield running


async def test_all_steps_hold_against_a_working_service(server: TrainingServer, transport: HttpTransport) -> None:
    right = Credentials(server.client_id, server.client_secret)
    lines = await probe(training_environment(server.url), transport, credentials=right)
    assert lines == tuple(ProbeLine(step, ProbeSign.HELD) for step in NEAR)


async def test_wrong_credentials(server: TrainingServer, transport: HttpTransport) -> None:
    wrong = Credentials(server.client_id, "wrong")
    line = failed(await probe(training_environment(server.url), transport, credentials=wrong), NEAR)
    assert line.step is ProbeStep.CREDENTIALS
    assert isinstance(line.error, SignInRefused)


async def test_only_tokens_and_one_read_are_asked_for(
    transport: HttpTransport, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with PretendOptty() as service:
        service.will_answer({"message": "Order not found"}, 404)
        lines = await probe(service.environment, transport)
        assert [call["scope"] for call in service.token_calls] == ["merchant", "api-user"]
        assert [(call.method, call.target) for call in service.calls] == [("GET", "/orders/connection-test")]
    assert all(line.sign is ProbeSign.HELD for line in lines)
    assert "s3cret" not in caplog.text
    assert not any(token in caplog.text for token in service.tokens_given)


async def test_an_account_that_may_not_read_orders(transport: HttpTransport) -> None:
    async with PretendOptty() as service:
        service.will_answer({"statusCode": 403, "message": "Forbidden"}, 403)
        line = failed(await probe(service.environment, transport), NEAR)
    assert line.step is ProbeStep.READING
    assert isinstance(line.error, ScopeRefused)


async def test_a_scope_refused_with_the_token(transport: HttpTransport) -> None:
    async with PretendOptty() as service:
        service.will_give("t0ken")
        service.token_answers.append(reply(400, b'{"message":"invalid scope"}'))
        line = failed(await probe(service.environment, transport), NEAR)
    assert line.step is ProbeStep.READING
    assert isinstance(line.error, ScopeRefused)


async def test_an_address_that_knows_no_orders(transport: HttpTransport) -> None:
    async with PretendOptty() as service:
        service.will_answer({"statusCode": 404, "message": "Cannot GET /orders/connection-test"}, 404)
        line = failed(await probe(service.environment, transport), NEAR)
    assert line.step is ProbeStep.READING
    assert isinstance(line.error, RouteMissing)


async def test_a_name_that_is_not_known(transport: HttpTransport, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_more: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    line = failed(await probe(profile("https://auth.optty.example"), transport), FAR)
    assert (line.step, line.host) == (ProbeStep.NAME, "auth.optty.example")


async def test_nobody_listens(transport: HttpTransport) -> None:
    line = failed(await probe(profile(closed_port()), transport), NEAR)
    assert (line.step, line.host) == (ProbeStep.CONNECTION, "127.0.0.1")


async def test_the_sign_in_answers_and_the_service_does_not(transport: HttpTransport) -> None:
    async with RawServer(always(GIVEN)) as door:
        lines = await probe(profile(door.url, closed_port()), transport)
    signs = {line.step: line.sign for line in lines}
    assert signs == {
        ProbeStep.NAME: ProbeSign.HELD,
        ProbeStep.CONNECTION: ProbeSign.FAILED,
        ProbeStep.CREDENTIALS: ProbeSign.HELD,
        ProbeStep.READING: ProbeSign.NOT_REACHED,
    }


@pytest.mark.parametrize("certificate", ["expired.pem", "other_host.pem", "self_signed.pem"])
async def test_a_certificate_nobody_should_trust(certificate: str) -> None:
    async with RawServer(always(GIVEN), serving(certificate)) as server:
        line = failed(await probe(profile(server.url), trusting(CERTIFICATES / "authority.pem")), FAR)
    assert line.step is ProbeStep.TLS
    assert server.requests == []


async def test_a_proxy_that_refuses(certificates: ssl.SSLContext) -> None:
    async with RawServer(then_close(reply(403, b"no"))) as proxy:
        transport = HttpTransport("t", proxy=at(proxy.url), ssl_context=lambda: certificates)
        line = failed(await probe(profile("https://auth.optty.example"), transport, has_proxy=True), THROUGH_PROXY)
    assert line.step is ProbeStep.PROXY


async def test_a_silent_service_is_given_up_in_time(transport: HttpTransport) -> None:
    begun = time.monotonic()
    async with RawServer(stalling()) as server:
        line = failed(await probe(profile(server.url), transport, seconds=0.3), NEAR)
    assert line.step is ProbeStep.CREDENTIALS
    assert isinstance(line.error, OutcomeUnknown)
    assert line.error.trouble is Trouble.TIMEOUT
    assert time.monotonic() - begun < 2


async def test_a_second_token_that_never_comes_belongs_to_reading(transport: HttpTransport) -> None:
    async with PretendOptty() as service:
        service.will_give("t0ken")
        service.token_answers.append(reply(200, b"<html>Sign in to this network</html>", "text/html"))
        line = failed(await probe(service.environment, transport), NEAR)
    assert line.step is ProbeStep.READING


def closed_port() -> str:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{bound.getsockname()[1]}"
