"""A till at the relay's door: paired by a real relay, and told in our own words of all that can stand in the way."""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from optty_desktop.api.http_clients import fresh_client
from optty_desktop.core.errors import Trouble
from optty_desktop.core.pairing import RelayHead, RelayPairing
from optty_desktop.core.pairing_text import NoCode
from optty_desktop.core.profile_rules import RuleBroken
from optty_desktop.core.relay_failures import (
    CodeRefused,
    NoRelayAnswer,
    NotARelay,
    NotPaired,
    NotReached,
    OtherEnvironment,
    RelayFailure,
    TooManyCodes,
)
from optty_desktop.hints.relay_calls import LARGEST_ANSWER
from optty_desktop.hints.relay_door import RelayDoor
from tests.api.conftest import CERTIFICATES
from tests.api.raw_server import RawServer, Request, Script, always, reply, stalling, then_close
from tests.fakes import LIVE, TRAINING
from tests.flows.service import free_port
from tests.journal.places import new_folder
from tests.relay.room import MARKET, Room, running

SANDBOX = replace(TRAINING, id="sandbox")
CODE = "ABCD-EF01-JKM9"
TOKEN = "canary-token-0123456789abcdef0123456789"
KEY = "whsec_Y2FuYXJ5LWtleS0wMTIzNDU2Nzg5"
PAIRING = RelayPairing("live", "http://127.0.0.1:1", "corner-store/main-street", "ab" * 8, "Till 1", TOKEN, KEY)
FACTS: dict[str, Any] = {
    "token": TOKEN, "signing_key": KEY, "name": "Till 1", "till": "ab" * 8, "shop": "corner-store/main-street",
    "environment": "live", "epoch": "e", "seq": 0, "head": "e.0.s", "floor": 1, "renew": False, "now": "2026",
}  # fmt: skip


def door(seconds: float = 10.0, context: ssl.SSLContext | None = None) -> RelayDoor:
    """A door with the client that the program uses."""

    async def open_client() -> httpx.AsyncClient:
        return fresh_client(context or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), None, "optty-desktop/test")

    return RelayDoor(open_client, seconds=seconds)


@pytest.fixture
def relay() -> Callable[[], Any]:
    """Run a relay: ``async with relay() as (room, url)``."""

    @asynccontextmanager
    async def run() -> AsyncIterator[tuple[Room, str]]:
        with new_folder() as folder:
            async with running(Path(folder)) as room:
                yield room, f"http://127.0.0.1:{room.port}"

    return run


Relay = Callable[[], Any]


# With a real relay


async def test_a_till_is_paired_and_known_from_then_on(relay: Relay) -> None:
    async with relay() as (room, url):
        pairing, cursor = await door().pair(f"{url}/", (await room.code()).lower().replace("-", " "), LIVE)
        assert (pairing.environment_id, pairing.url) == ("live", url)
        assert (pairing.shop, pairing.name) == ("corner-store/main-street", "Till 1")
        assert await door().head(pairing) == RelayHead(cursor)
        await room.notify("TILL1-1")
        assert (await door().head(pairing)).cursor != cursor


async def test_wrong_used_and_old_codes_are_refused_alike(relay: Relay) -> None:
    async with relay() as (room, url):
        code = await room.code()
        with pytest.raises(CodeRefused):
            await door().pair(url, code[:-1] + ("0" if code[-1] != "0" else "1"), LIVE)
        await door().pair(url, code, LIVE)
        old = await room.code(name="Till 2")
        room.clock.turn(minutes=10)
        for refused in (code, old):
            with pytest.raises(CodeRefused):
                await door().pair(url, refused, LIVE)


async def test_after_five_wrong_tries_the_right_code_is_refused(relay: Relay) -> None:
    async with relay() as (room, url):
        code = await room.code()
        wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
        for tried in [*[wrong] * 5, code]:
            with pytest.raises(CodeRefused):
                await door().pair(url, tried, LIVE)
            await asyncio.sleep(0.21)  # five codes a second are looked at


async def test_too_many_codes_at_once_are_said_to_be_that(relay: Relay) -> None:
    async with relay() as (_, url):

        async def kind() -> type[RelayFailure]:
            with pytest.raises(RelayFailure) as caught:
                await door().pair(url, CODE, LIVE)
            return type(caught.value)

        kinds = await asyncio.gather(*(kind() for _ in range(20)))
        assert set(kinds) == {CodeRefused, TooManyCodes}
        assert kinds.count(CodeRefused) >= 5


async def test_a_code_of_another_environment_is_refused_and_stays_good(relay: Relay) -> None:
    async with relay() as (room, url):
        live, sandbox = await room.code(), await room.code(MARKET, "Stall")
        for code, environment, other in ((live, SANDBOX, "live"), (sandbox, LIVE, "sandbox")):
            with pytest.raises(OtherEnvironment) as caught:
                await door().pair(url, code, environment)
            assert caught.value.environment == other
        assert (await door().pair(url, live, LIVE))[0].name == "Till 1"
        assert (await door().pair(url, sandbox, SANDBOX))[0].shop == MARKET


async def test_a_second_shop_of_the_same_kind_is_paired_by_its_kind(relay: Relay) -> None:
    async with relay() as (room, url):
        pairing, _ = await door().pair(url, await room.code(), replace(LIVE, id="second-shop"))
        assert pairing.environment_id == "second-shop"


async def test_a_till_that_was_shut_out_is_told_so(relay: Relay) -> None:
    async with relay() as (room, url):
        pairing, _ = await door().pair(url, await room.code(), LIVE)
        await room.pair()  # another computer under the same name
        with pytest.raises(NotPaired):
            await door().head(pairing)


# With something else at the address


async def refused(script: Script, seconds: float = 10.0) -> RelayFailure:
    """Return how pairing fails there; nothing may be asked twice, or elsewhere."""
    async with RawServer(script) as server:
        with pytest.raises(RelayFailure) as caught:
            await door(seconds).pair(server.url, CODE, LIVE)
        assert server.targets == ["POST /v1/pair"]
    assert caught.value.details == {"host": "127.0.0.1"}
    return caught.value


def answering(**changes: Any) -> bytes:
    return reply(body=json.dumps({**FACTS, **changes}).encode())


PORTAL = b"<html><form action=/login>Sign in to the Wi-Fi</form></html>"

NO_RELAY = {
    "captive page": reply(body=PORTAL, content_type="text/html"),
    "redirect": reply(302, b"", location="https://login.example/"),
    "redirect of no sense": reply(307, b"", location="http://[:"),
    "not found": reply(404, b'{"error":"There is nothing here."}'),
    "a gateway's no": reply(403, PORTAL, content_type="text/html"),
    "our no in another form": reply(401, b'{"error":"Sign in."}', content_type="text/html"),
    "a place nobody asked for": reply(410, b'{"error":"Gone.","epoch":"e","seq":1,"head":"e.1.s"}'),
    "our yes in another form": reply(body=json.dumps(FACTS).encode(), content_type="text/html"),
    "a list": reply(body=b"[]"),
    "two meanings": reply(body=b'{"token": "a", "token": "b"}'),
    "no numbers": reply(body=b'{"seq": NaN}'),
    "too large": reply(body=b'{"token": "' + b"a" * LARGEST_ANSWER + b'"}'),
    "packed": reply(body=b"\x1f\x8b", content_encoding="gzip"),
    "no token": answering(token=None),
    "a token that breaks a header": answering(token=TOKEN + "\r\nx: y"),
    "another kind of key": answering(signing_key="v1a," + KEY),
    "a name that turns the text": answering(name="Till\u202e 1"),
    "an endless name": answering(name="T" * 101),
    "no place": answering(head=7),
}


@pytest.mark.parametrize("data", NO_RELAY.values(), ids=NO_RELAY.keys())
async def test_what_does_not_speak_as_a_relay_is_none(data: bytes) -> None:
    assert isinstance(await refused(always(data)), NotARelay)


@pytest.mark.parametrize(
    ("script", "trouble"),
    [
        (always(reply(500, b'{"error":"The relay failed."}')), Trouble.SERVER),
        (always(reply(502, PORTAL)), Trouble.SERVER),
        (always(reply(503, b'{"error":"The relay cannot write its store."}')), Trouble.SERVER),
        (then_close(), Trouble.CUT),
        (then_close(reply(body=json.dumps(FACTS).encode())[:-20]), Trouble.CUT),
        (then_close(b"\x15\x03\x01"), Trouble.CUT),
    ],
)
async def test_an_answer_that_does_not_come_is_said_to_be_that(script: Script, trouble: Trouble) -> None:
    failure = await refused(script)
    assert isinstance(failure, NoRelayAnswer)
    assert failure.trouble is trouble


@pytest.mark.parametrize(
    ("asked", "wait"),
    [("7", 7.0), ("86400", 3600.0), ("-7", 0.0), ("soon", 0.0)],
)
async def test_how_long_a_busy_relay_asks_to_be_left_alone_is_told_within_reason(asked: str, wait: float) -> None:
    busy = b'{"error":"The relay is full."}'
    assert (await refused(always(reply(503, busy, retry_after=asked)))).wait == wait
    assert (await refused(always(reply(503, PORTAL, content_type="text/html", retry_after=asked)))).wait == 0.0


async def test_a_silent_relay_is_waited_for_until_the_deadline() -> None:
    failure = await refused(stalling(), seconds=0.3)
    assert isinstance(failure, NoRelayAnswer)
    assert failure.trouble is Trouble.TIMEOUT


async def test_a_relay_that_does_not_know_environments_is_not_taken_on_trust() -> None:
    failure = await refused(always(answering(environment="sandbox")))
    assert isinstance(failure, OtherEnvironment)
    assert failure.environment == "sandbox"


async def test_an_answer_about_another_till_is_none() -> None:
    async with RawServer(always(answering(till="cd" * 8))) as server:
        with pytest.raises(NotARelay):
            await door().head(replace(PAIRING, url=server.url))


async def test_where_nobody_listens_nothing_was_sent() -> None:
    with pytest.raises(NotReached) as caught:
        await door().pair(f"http://127.0.0.1:{free_port()}", CODE, LIVE)
    assert caught.value.trouble is Trouble.CONNECT


@pytest.mark.parametrize(
    ("certificate", "trouble"),
    [("expired", Trouble.TLS), ("other_host", Trouble.TLS), ("self_signed", Trouble.UNTRUSTED)],
)
async def test_a_wrong_certificate_is_refused_before_the_code_is_sent(certificate: str, trouble: Trouble) -> None:
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(CERTIFICATES / f"{certificate}.pem", CERTIFICATES / "test_only.key")
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.load_verify_locations(CERTIFICATES / "authority.pem")
    async with RawServer(always(answering()), serving) as server:
        with pytest.raises(NotReached) as caught:
            await door(context=trusting).pair(server.url, CODE, LIVE)
        assert server.requests == []
    assert caught.value.trouble is trouble


async def test_over_tls_that_is_believed_a_till_is_paired() -> None:
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(CERTIFICATES / "loopback.pem", CERTIFICATES / "test_only.key")
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.load_verify_locations(CERTIFICATES / "authority.pem")
    async with RawServer(always(answering()), serving) as server:
        pairing, cursor = await door(context=trusting).pair(server.url, CODE, LIVE)
    assert (pairing.token, cursor) == (TOKEN, "e.0.s")


@pytest.mark.parametrize("url", ["http://relay.example.com", "ftp://relay.example.com", "https://relay.example.com/x"])
async def test_an_address_that_may_not_be_spoken_to_is_never_called(url: str) -> None:
    with pytest.raises(RuleBroken):
        await door().pair(url, CODE, LIVE)


async def test_what_is_no_code_is_never_sent() -> None:
    async with RawServer(always(answering())) as server:
        with pytest.raises(NoCode):
            await door().pair(server.url, "ABCD", LIVE)
        assert server.connections == 0


# Secrets


async def test_neither_codes_nor_tokens_are_in_addresses_logs_or_tracebacks(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="optty_desktop")
    caplog.set_level(logging.INFO, logger="asyncio")
    said = []
    scripts: list[Script] = [always(answering(environment="sandbox")), then_close(), always(answering(till="x"))]
    for script in scripts:
        async with RawServer(script) as server:
            for call in (
                door().pair(server.url, CODE, LIVE),
                door().head(replace(PAIRING, url=server.url)),
            ):
                try:
                    said.append(repr(await call))
                except RelayFailure as failure:
                    said.append("".join(traceback.format_exception(failure)))
            assert all(request.target in ("/v1/pair", "/v1/head") for request in server.requests)
            assert [_bearer(request) for request in server.requests[1:]] == [f"Bearer {TOKEN}"]
    text = caplog.text + "".join(said)
    assert said
    for secret in (CODE, TOKEN, KEY, CODE.replace("-", "")):
        assert secret not in text


def _bearer(request: Request) -> str:
    return request.headers.get("authorization", "")
