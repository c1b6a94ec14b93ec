"""Promise Y4: gaps, old places and a store that was put back force a reconcile; nothing else does."""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from optty_desktop.relay.mark import FILE_NAME as MARK
from optty_desktop.relay.schema import FILE_NAME
from tests.promises import Promise, Scaled
from tests.relay.conftest import Running
from tests.relay.room import PairedTill, Room, TurnedClock, running


def back_up(folder: Path, place: Path) -> None:
    """Copy the store as an administrator does, while it is in use."""
    place.mkdir()
    with (
        closing(sqlite3.connect(folder / FILE_NAME)) as source,
        closing(sqlite3.connect(place / FILE_NAME)) as target,
    ):
        source.backup(target)
    shutil.copy(folder / MARK, place / MARK)


def put_back(place: Path, folder: Path, *names: str) -> None:
    """Put files of a backup in the place of those that are there."""
    for name in names:
        shutil.copy(place / name, folder / name)


def again(room: Room, till: PairedTill) -> PairedTill:
    """The same till, after the relay was started anew."""
    return PairedTill(room.http, till.token, till.facts, till.key)


async def status_at(till: PairedTill, place: str) -> int:
    """Ask by long-poll and for a stream; both answer alike."""
    polled = await till.ask("GET", "events", params={"after": place, "wait": "0"})
    headers = {**till.bearer, "last-event-id": place}
    async with till.http.stream("GET", "/v1/stream", headers=headers) as streamed:
        assert streamed.status_code == polled.status_code
    if polled.status_code == 410:
        head = (await till.ask("GET", "head")).json()
        told = {name: polled.json()[name] for name in ("epoch", "seq", "head", "floor")}
        assert told == {name: head[name] for name in told}, "where to go on from is said with it"
    return polled.status_code


async def one_restored(folder: Path, chance: random.Random, names: tuple[str, ...]) -> list[str]:
    """Put an older store back and go on; return what is wrong. The till has seen hints that the store lacks."""
    before, lost, after = (chance.randint(0, 4) for _ in range(3))
    wrong: list[str] = []
    async with running(folder / "relay") as room:
        till = await room.pair()
        for number in range(before):
            await room.notify(f"TILL1-a{number}")
        back_up(folder / "relay", folder / "copy")
        for number in range(lost + 1):
            await room.notify(f"TILL1-b{number}")
        head = (await till.ask("GET", "head")).json()
    put_back(folder / "copy", folder / "relay", *names)
    async with running(folder / "relay") as room:
        till = again(room, till)
        for number in range(after):
            await room.notify(f"TILL1-c{number}")
        if await status_at(till, head["head"]) != 410:
            wrong.append(f"{names}, {before}, {lost}, {after}: the old place is taken")
        new = (await till.ask("GET", "head")).json()
        if new["epoch"] == head["epoch"]:
            wrong.append(f"{names}, {before}, {lost}, {after}: the old epoch goes on")
        await room.notify("TILL1-d")
        if [hint.invoice for hint in await till.everything(new["head"])] != ["TILL1-d"]:
            wrong.append("the new head is no place to go on from")
    return wrong


@pytest.mark.limit(300)
async def test_Y4_a_store_that_was_put_back_forces_a_reconcile(
    tmp_path: Path, promise: Promise, scaled: Scaled
) -> None:
    cases, chance = scaled(12, 100), random.Random(4)  # noqa: S311
    wrong: list[str] = []
    worst = 0.0
    for case in range(cases):
        folder = tmp_path / str(case)
        folder.mkdir()
        begun = time.monotonic()
        names = [(FILE_NAME,), (FILE_NAME, MARK)][case % 2]
        wrong += await one_restored(folder, chance, names)
        worst = max(worst, time.monotonic() - begun)
    promise("Y4", cases, wrong, worst)


async def test_Y4_a_till_that_saw_nothing_of_the_lost_time_learns_of_it_from_the_mark(tmp_path: Path) -> None:
    async with running(tmp_path / "relay") as room:
        till = await room.pair()
        back_up(tmp_path / "relay", tmp_path / "copy")
        await room.notify("TILL1-1")
    put_back(tmp_path / "copy", tmp_path / "relay", FILE_NAME)
    async with running(tmp_path / "relay") as room:
        assert await status_at(again(room, till), till.facts["head"]) == 410


async def test_Y4_every_shop_learns_of_it_when_one_till_has_the_proof(tmp_path: Path) -> None:
    async with running(tmp_path / "relay") as room:
        seer, other = await room.pair(), await room.pair("corner-store/side-street")
        back_up(tmp_path / "relay", tmp_path / "copy")
        await room.notify("TILL1-1")
        seen = (await seer.ask("GET", "head")).json()["head"]
    put_back(tmp_path / "copy", tmp_path / "relay", FILE_NAME, MARK)
    async with running(tmp_path / "relay") as room:
        seer, other = again(room, seer), again(room, other)
        assert await status_at(other, other.facts["head"]) == 200, "nobody can know yet"
        async with other.stream(other.facts["head"]) as hints:
            assert await status_at(seer, seen) == 410
            assert [hint async for hint in hints] == [], "the stream ends, so that the till asks again"
        assert await status_at(other, other.facts["head"]) == 410
        assert await room.figure("new_epochs_total") == 1


async def test_Y4_a_place_that_is_older_than_what_is_kept_is_gone(relay: Running, promise: Promise) -> None:
    wrong: list[str] = []
    async with relay() as room:
        till = await room.pair()
        await room.notify("TILL1-old")
        _, read_once = await till.events(till.facts["head"])
        room.clock.turn(days=8)
        await room.notify("TILL1-middle")
        _, read_twice = await till.events(read_once)
        room.clock.turn(days=8)
        await room.service.store.sweep(14)
        for name, place, expected in (
            ("before everything", till.facts["head"], 410),
            ("after the hint that went", read_once, 410),
            ("at the head", read_twice, 200),
        ):
            status = await status_at(till, place)
            wrong += [] if status == expected else [f"{name}: {status}"]
        head = (await till.ask("GET", "head")).json()
        assert (head["floor"], head["seq"], head["epoch"]) == (2, 2, till.facts["epoch"])
        room.clock.turn(days=8)
        await room.service.store.sweep(14)
        assert await status_at(till, read_twice) == 200, "who has read everything has missed nothing"
        head = (await till.ask("GET", "head")).json()
        assert (head["floor"], head["seq"]) == (3, 2)
    promise("Y4", 3, wrong, 0.0)


@pytest.mark.parametrize(
    "change",
    [
        lambda place: "1",
        lambda place: "x" * 500,
        lambda place: place[:-1],
        lambda place: place[:-1] + ("0" if place[-1] != "0" else "1"),
        lambda place: place.replace(".1.", ".2."),
        lambda place: ".".join(["0" * 16, *place.split(".")[1:]]),
        lambda place: place.upper() + "X",
    ],
)
async def test_a_place_that_the_relay_never_wrote_is_gone_and_proves_nothing(relay: Running, change: object) -> None:
    assert callable(change)
    async with relay() as room:
        till = await room.pair()
        await room.notify("TILL1-1")
        place = (await till.ask("GET", "head")).json()["head"]
        assert await status_at(till, change(place)) == 410
        assert (await till.ask("GET", "head")).json()["epoch"] == till.facts["epoch"]


async def test_a_restart_is_no_new_epoch(relay: Running) -> None:
    clock = TurnedClock()
    async with relay(clock=clock) as room:
        till = await room.pair()
        await room.notify("TILL1-1")
        _, place = await till.events(till.facts["head"])
    async with relay(clock=clock) as room:
        till = again(room, till)
        await room.notify("TILL1-1")
        await room.notify("TILL1-2")
        assert [hint.invoice for hint in await till.everything(place)] == ["TILL1-2"]
        assert await room.figure("new_epochs_total") == 0


async def test_a_store_made_anew_forces_a_reconcile(tmp_path: Path) -> None:
    async with running(tmp_path) as room:
        till = await room.pair()
        await room.notify("TILL1-1")
    (tmp_path / FILE_NAME).unlink()
    async with running(tmp_path) as room:
        assert (await again(room, till).ask("GET", "head")).status_code == 401, "its tills are gone with it"
        new = await room.pair()
        assert await status_at(new, till.facts["head"]) == 410
        assert await room.figure("new_epochs_total") == 1


@pytest.mark.parametrize("content", ["", "x", "0 0", "nothing that can be read\n" * 9])
async def test_a_mark_that_cannot_be_read_forces_a_reconcile(tmp_path: Path, content: str) -> None:
    async with running(tmp_path) as room:
        till = await room.pair()
        await room.notify("TILL1-1")
    (tmp_path / MARK).write_text(content)
    async with running(tmp_path) as room:
        till = again(room, till)
        assert await status_at(till, till.facts["head"]) == 410
        await room.notify("TILL1-2")
    async with running(tmp_path) as room:
        assert await room.figure("new_epochs_total") == 0
