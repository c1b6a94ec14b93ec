"""Relays share facts, and each has a mirror of them. What one has done, another knows in time for what it decides."""

from __future__ import annotations

import asyncio
import time

import pytest

from optty_desktop.relay.command import erase, revoke
from optty_desktop.relay.jetstream import engine as engine_module
from optty_desktop.relay.jetstream import feed as feed_module
from tests.relay.conftest import Running
from tests.relay.room import PairedTill
from tests.relay.staged_line import StagedLine
from tests.relay.test_epochs import again, status_at


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let relays start as if all that is stored had come long ago: they have none of it in memory."""
    monkeypatch.setattr(feed_module, "SAME_SECONDS", 0)


async def floor_of(till: PairedTill) -> tuple[int, int]:
    document = (await till.ask("GET", "head")).json()
    return document["seq"], document["floor"]


async def test_a_sweep_counts_and_drops_what_another_process_erased_a_moment_ago(
    cluster: Running, lines: list[StagedLine]
) -> None:
    async with cluster() as room:
        till = await room.pair()
        await room.notify("TILL1-1")
        room.clock.turn(days=10)
        await room.notify("TILL1-2")
        room.clock.turn(days=5)
        lines[0].hold()
        assert await asyncio.to_thread(erase, room.config, "TILL1-1") == 1
        assert await lines[0].meanwhile(room.service.store.sweep(14)) == 1
        assert await floor_of(till) == (2, 2)


async def test_the_floor_is_that_of_a_hint_that_another_process_erased_a_moment_ago(
    cluster: Running, lines: list[StagedLine]
) -> None:
    async with cluster() as room:
        till = await room.pair()
        for number in (1, 2):
            await room.notify(f"TILL1-{number}")
        lines[0].hold()
        assert await asyncio.to_thread(erase, room.config, "TILL1-1") == 1
        assert await lines[0].meanwhile(floor_of(till)) == (2, 1)


@pytest.mark.usefixtures("forgetful")
async def test_the_end_of_a_shop_outlives_its_hints_at_a_relay_that_never_saw_one(
    cluster: Running, lines: list[StagedLine]
) -> None:
    async with cluster() as one:
        till = await one.pair()
        for number in (1, 2):
            await one.notify(f"TILL1-{number}")
        head = (await till.ask("GET", "head")).json()["head"]
        one.clock.turn(days=15)
        async with cluster() as other:
            lines[1].hold()
            assert await one.service.store.sweep(14) == 2
            assert await lines[1].meanwhile(floor_of(again(other, till))) == (2, 3)
            assert await status_at(again(other, till), head) == 200
            assert await other.figure("new_epochs_total") == 0


@pytest.mark.usefixtures("forgetful")
async def test_a_place_at_a_hint_that_another_process_erased_a_moment_ago_is_good_and_the_hint_is_told(
    cluster: Running, lines: list[StagedLine]
) -> None:
    async with cluster() as one:
        till, places = await one.pair(), list[str]()
        for number in (1, 2, 3):
            await one.notify(f"TILL1-{number}")
            places.append((await till.ask("GET", "head")).json()["head"])
        for erased, place, told in (("TILL1-2", places[0], [2, 3]), ("TILL1-1", places[0], [2, 3])):
            async with cluster() as other:
                lines[-1].hold()
                assert await asyncio.to_thread(erase, one.config, erased) == 1
                hints = await lines[-1].meanwhile(again(other, till).everything(place))
                assert [hint.seq for hint in hints] == told
                assert await other.figure("new_epochs_total") == 0


async def test_a_revoked_till_is_out_within_five_seconds_at_a_relay_that_hears_of_nothing(
    cluster: Running, lines: list[StagedLine]
) -> None:
    """Its mirror may be fed by a server that is behind: then no till is told anything until it is not."""
    async with cluster() as one, cluster() as other:
        till, friend = await one.pair(), await one.pair(name="Till 2")
        there = again(other, till)
        async with there.stream() as hints:
            await anext(hints)
            lines[1].hold()
            begun = time.monotonic()
            await asyncio.to_thread(revoke, one.config, till.facts["till"])
            assert [hint async for hint in hints] == []
            assert time.monotonic() - begun < 5
            for method, path in (("GET", "head"), ("GET", "events"), ("PUT", "lease/TILL1-1"), ("POST", "renew")):
                assert (await there.ask(method, path, params={"wait": "0"})).status_code in (401, 503)
        await lines[1].let_go()
        await eventually_let_in(again(other, friend))
        assert (await there.ask("GET", "head")).status_code == 401


async def test_a_sweep_that_takes_long_holds_up_no_look_at_what_others_did(
    cluster: Running, lines: list[StagedLine], monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = asyncio.Event()

    async def long_sweep(*_: object) -> int:
        await go_on.wait()
        return 0

    monkeypatch.setattr(engine_module, "drop_old", long_sweep)
    async with cluster() as room:
        till = await room.pair()
        try:
            async with till.stream() as hints:
                await anext(hints)
                lines[0].hold()
                begun = time.monotonic()
                await asyncio.to_thread(revoke, room.config, till.facts["till"])
                assert [hint async for hint in hints] == []
                assert time.monotonic() - begun < 5
        finally:
            go_on.set()


async def eventually_let_in(till: PairedTill, limit: float = 10) -> None:
    end = time.monotonic() + limit
    while (answer := await till.ask("GET", "events", params={"wait": "0"})).status_code != 200:
        assert time.monotonic() < end, answer.text
        await asyncio.sleep(0.05)
