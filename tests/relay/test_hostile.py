"""Clients that mean no good, clocks that jump, and people who write where only relays should: nothing stops for it."""

from __future__ import annotations

import asyncio
import io
import json
import socket
from contextlib import AsyncExitStack

import httpx
import pytest

from optty_desktop.relay import server as relay_server
from optty_desktop.relay.command import revoke
from tests.relay.conftest import Running
from tests.relay.room import SECRET, body_of, limits
from tests.waiting import until


async def test_whoever_never_reads_an_answer_is_dropped(relay: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a token: answers pile up on a connection whose other end takes none of them."""
    monkeypatch.setattr(relay_server, "STALL_SECONDS", 0.3)
    async with relay() as room:
        with socket.socket() as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            deaf.connect(("127.0.0.1", room.port))
            deaf.setblocking(False)
            asked = b"GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n" * 100
            for _ in range(10_000):
                if not sent(deaf, asked):
                    break
                await asyncio.sleep(0)
            await until(lambda: not room.server.server_state.connections, limit=10)
        await room.notify("TILL1-1")


def sent(deaf: socket.socket, text: bytes) -> bool:
    """Send, and say whether anybody took it."""
    try:
        return deaf.send(text) > 0
    except BlockingIOError:
        return False


async def test_streams_that_are_opened_at_once_are_counted_before_they_begin(relay: Running) -> None:
    async with relay(limits=limits(streams_per_till=2)) as room:
        till = await room.pair()
        async with AsyncExitStack() as stack:

            async def status() -> int:
                asked = room.http.stream("GET", "/v1/stream", headers=till.bearer)
                answer = await stack.enter_async_context(asked)
                return answer.status_code

            assert sorted(await asyncio.gather(*(status() for _ in range(12)))) == [200] * 2 + [429] * 10
        await until(lambda: room.service.figures.streams == 0)
        assert (await till.ask("GET", "events", params={"wait": "0"})).status_code == 200


@pytest.mark.parametrize("path", ["stream", "events?wait=30"])
async def test_whoever_asks_for_a_head_only_does_not_wait_for_hints(relay: Running, path: str) -> None:
    async with relay() as room:
        till = await room.pair()
        answer = await asyncio.wait_for(till.ask("HEAD", path), 3)
        assert (answer.status_code, answer.content) == (405, b"")
        assert room.service.figures.streams == 0


async def test_a_request_of_methods_is_answered(relay: Running) -> None:
    async with relay() as room:
        for path in ("/v1/head", "/v1/stream", f"/h/corner-store/{SECRET}", "/healthz"):
            answer = await room.http.request("OPTIONS", path)
            assert answer.status_code == 405
            assert SECRET not in answer.text + str(answer.headers)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * 100,
        b"[" * 65_000,
        b'{"a":' * 13_000,
        b'{"a": ' + b"9" * 60_000 + b"}",
        b'{"a": 1e999999}',
        b'{"data": {"metadata": {"invoiceNumber": "\\ud800"}}}',
        b'{"data": {"metadata": {"invoiceNumber": "TILL1-\\u0000\\n\\rid: x"}}}',
        b'{"data": {"metadata": {"invoiceNumber": "TILL1-' + b"x" * 60_000 + b'"}}}',
        b"\xff\xfe{\x00}\x00",
        "\ufeff{}".encode(),
    ],
)
async def test_no_body_brings_the_relay_down(relay: Running, body: bytes) -> None:
    async with relay() as room:
        till = await room.pair()
        assert (await room.post(body)).status_code == 200
        assert await room.kept("quarantine") == 1
        await room.notify("TILL1-1")
        assert [hint.invoice for hint in await till.everything(till.facts["head"])] == ["TILL1-1"]


@pytest.mark.parametrize("code", ["\ud800" * 12, "ABCD\ud800FGHJKM", "ABCD-ÄÖÜß-éééé", "\x00" * 12, "ABCD.*>..FGHJ"])
async def test_a_code_of_strange_characters_is_no_failure_of_the_relay(relay: Running, code: str) -> None:
    async with relay() as room:
        answer = await room.http.post("/v1/pair", content=json.dumps({"code": code}))
        assert answer.status_code in (400, 403)


@pytest.mark.parametrize("invoice", ["%00", "%0d%0aid:%20x", "%ed%a0%80", "a%2Fb", "x" * 300, "%20", "*", "a.b.>"])
async def test_a_link_of_strange_characters_is_no_failure_of_the_relay(relay: Running, invoice: str) -> None:
    async with relay() as room:
        till = await room.pair()
        for method in ("PUT", "DELETE"):
            assert (await till.ask(method, f"lease/{invoice}")).status_code in (200, 400, 404)


async def test_requests_in_one_breath_are_answered_in_turn(relay: Running) -> None:
    async with relay() as room:
        bodies = [body_of(f"TILL1-{count}") for count in range(20)]
        head = f"POST /h/corner-store/{SECRET} HTTP/1.1\r\nhost: x\r\ncontent-length: "
        reader, writer = await asyncio.open_connection("127.0.0.1", room.port)
        writer.write(b"".join(f"{head}{len(body)}\r\n\r\n".encode() + body for body in bodies))
        for _ in bodies:
            answer = await reader.readuntil(b'{"received":true}')
            assert answer.startswith(b"HTTP/1.1 200 ")
        writer.close()
        assert await room.kept("hints") == 20


async def test_a_stream_that_fails_for_a_reason_nobody_expected_says_so_in_the_log(
    relay: Running, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with relay() as room:
        till = await room.pair()
        async with till.stream() as hints:
            await anext(hints)

            async def break_down(*_: object) -> None:
                raise RuntimeError("TILL1-1")

            monkeypatch.setattr(room.service.store, "batch", break_down)
            await room.notify("TILL1-1")
            with pytest.raises((httpx.TransportError, StopAsyncIteration)):
                await anext(hints)
        await until(lambda: room.service.figures.streams == 0)
    lines = [json.loads(line) for line in log.getvalue().splitlines() if line.startswith("{")]
    assert [line["error"].split(" at ")[0] for line in lines if line["event"] == "unexpected"] == ["RuntimeError"]
    assert "TILL1-1" not in log.getvalue()


async def test_a_lease_of_a_clock_that_was_set_back_holds_nobody_up(relay: Running) -> None:
    async with relay() as room:
        first, second = await room.pair(), await room.pair(name="Till 2")
        assert (await first.ask("PUT", "lease/TILL1-1")).status_code == 200
        room.clock.turn(days=-1)
        assert (await second.ask("PUT", "lease/TILL1-1")).status_code == 200
        assert (await first.ask("PUT", "lease/TILL1-1")).status_code == 409
        room.clock.turn(seconds=-60)
        assert (await first.ask("PUT", "lease/TILL1-1")).status_code == 409, "clocks are put right by seconds"


async def test_what_keeps_the_relay_in_order_goes_on_after_a_failure_nobody_expected(
    relay: Running, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with relay() as room:
        till = await room.pair()

        async def break_down() -> None:
            raise RuntimeError("TILL1-1")

        with monkeypatch.context() as broken:
            broken.setattr(room.service.store, "look_for_changes", break_down)
            await until(lambda: "RuntimeError" in log.getvalue())
        async with till.stream() as hints:
            await anext(hints)
            await asyncio.to_thread(revoke, room.config, till.facts["till"])
            assert [hint async for hint in hints] == []


async def test_a_till_whose_waits_were_cut_may_wait_again_at_once(relay: Running) -> None:
    """On a bad line a till asks again and again; what it asked before is not to count against it."""
    async with relay(limits=limits(streams_per_till=2)) as room:
        till = await room.pair()
        asked = f"GET /v1/events?wait=60 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {till.token}\r\n\r\n"
        for _ in range(3):
            lines = [await asyncio.open_connection("127.0.0.1", room.port) for _ in range(2)]
            for _, writer in lines:
                writer.write(asked.encode())
            await until(lambda: room.service.figures.streams == 2)
            for _, writer in lines:
                writer.close()
            await until(lambda: room.service.figures.streams == 0)
        assert (await till.ask("GET", "events", params={"wait": "0"})).status_code == 200
