"""What bounds the engine on JetStream: its memory, its patience with servers, and what others write beside it."""

from __future__ import annotations

import asyncio
import gc
import secrets
import time
from pathlib import Path

import httpx
import nats as nats_py
import pytest

from optty_desktop.relay.command import erase, quarantine
from optty_desktop.relay.feed import MOST_AT_ONCE
from optty_desktop.relay.inbox import Arrival
from optty_desktop.relay.jetstream import inbox as inbox_module
from optty_desktop.relay.jetstream import link as link_module
from optty_desktop.relay.jetstream.bucket import Entry
from optty_desktop.relay.jetstream.recent import Recent
from optty_desktop.relay.moments import DAY, SECOND
from tests.relay.conftest import Running
from tests.relay.nats_server import NatsServer, settings_of
from tests.relay.room import body_of, running
from tests.relay.test_epochs import again


async def write_by_hand(server: NatsServer, *subjects: str) -> None:
    """Publish what no relay wrote, as somebody does who tries whether the servers work."""
    client = await nats_py.connect(server.url)
    try:
        for subject in subjects:
            await client.jetstream().publish(subject, b"hello")
    finally:
        await client.close()


async def test_what_somebody_wrote_into_the_streams_by_hand_is_passed_over(cluster: Running, nats: NatsServer) -> None:
    shop = "hint.corner-store.main-street"
    async with cluster() as room:
        till = await room.pair()
        await write_by_hand(nats, shop, shop, "quarantine.corner-store")
        await room.notify("TILL1-1")
        await room.post(b"no JSON")
        await write_by_hand(nats, shop)
    async with cluster() as room:  # which has nothing of it in memory
        till = again(room, till)
        await room.notify("TILL1-2")
        hints = await till.everything(till.facts["head"])
        assert [hint.invoice for hint in hints] == ["TILL1-1", "TILL1-2"]
        assert [hint.prev for hint in hints] == [0, hints[0].seq]
        assert (await till.ask("GET", "head")).json()["floor"] == hints[0].seq
        assert len(await asyncio.to_thread(quarantine, room.config)) == 1
        assert await asyncio.to_thread(erase, room.config, "TILL1-1") == 1
        await write_by_hand(nats, shop, "quarantine.corner-store")
        room.clock.turn(days=15)
        assert await room.service.store.sweep(14) == 3
        head = (await till.ask("GET", "head")).json()
        assert (head["seq"], head["floor"]) == (hints[-1].seq, hints[-1].seq + 1)
        await room.notify("TILL1-3")
        assert [hint.invoice for hint in await till.everything(head["head"])] == ["TILL1-3"]


async def test_more_by_hand_than_is_read_at_once_hides_nothing_behind_it(cluster: Running, nats: NatsServer) -> None:
    shop = "hint.corner-store.main-street"
    async with cluster() as room:
        till = await room.pair()
        await write_by_hand(nats, *[shop] * (2 * MOST_AT_ONCE + 1))
        await room.notify("TILL1-1")
    async with cluster() as room:
        hints, _ = await again(room, till).events(till.facts["head"])
        assert [hint.invoice for hint in hints] == ["TILL1-1"]


async def test_tokens_of_tills_that_never_were_take_no_memory(cluster: Running) -> None:
    async with cluster() as room:

        async def guess() -> int:
            token = secrets.token_hex(8) + secrets.token_urlsafe(32)
            answer = await room.http.get("/v1/head", headers={"authorization": f"Bearer {token}"})
            return answer.status_code

        before = entries()
        assert {await guess() for _ in range(100)} == {401}
        assert entries() - before < 20


def entries() -> int:
    gc.collect()
    return sum(isinstance(one, Entry) for one in gc.get_objects())


def test_a_clock_that_was_ahead_for_a_moment_keeps_no_body_in_memory_for_longer() -> None:
    recent, now = Recent(), 100 * DAY
    recent.note(b"ahead", 1, now + DAY)
    for second in range(1200):
        recent.note(b"%d" % second, 2 + second, now + second * SECOND)
    assert len(recent) <= 600
    arrival = Arrival("corner-store", b"", now + 1200 * SECOND)
    recent.note(arrival.digest, 5000, now + 1199 * SECOND)
    assert recent.number_of(arrival) == 5000


async def test_notices_that_wait_for_each_other_at_a_server_that_stands_still_are_answered_within_seconds(
    tmp_path: Path, server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each would wait as long as a request may take, one after the other."""
    for module in (link_module, inbox_module):
        monkeypatch.setattr(module, "REQUEST_SECONDS", 0.5)
    monkeypatch.setattr(link_module, "_PING_SECONDS", 60)  # the line stays up, as to a server without a leader
    async with running(tmp_path, jetstream=settings_of(server)) as room:
        await room.notify("TILL1-0")
        server.pause()
        begun = time.monotonic()
        posts = (room.post(body_of(f"TILL1-{number}")) for number in range(1, 21))
        assert {answer.status_code for answer in await asyncio.gather(*posts)} == {503}
        assert time.monotonic() - begun < 6
        server.go_on()


@pytest.mark.parametrize("trouble", ["stands still", "is gone"])
async def test_a_relay_ends_within_seconds_whatever_becomes_of_its_server(
    tmp_path: Path, server: NatsServer, trouble: str
) -> None:
    async with running(tmp_path, jetstream=settings_of(server)) as room:
        till = await room.pair()
        async with till.stream() as hints:
            await anext(hints)
            if trouble == "is gone":
                server.stop()
            else:
                server.pause()
            room.server.stop()
            with pytest.raises((StopAsyncIteration, httpx.TransportError)):
                await anext(hints)
        begun = time.monotonic()
    assert time.monotonic() - begun < 15
