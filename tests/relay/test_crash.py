"""Promise Y1: 200 means stored. kill -9 at every point of taking a notice in, and power cuts below the store."""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from optty_desktop.relay.inbox import Arrival, add_hint, set_aside
from optty_desktop.relay.schema import FILE_NAME, open_store
from optty_desktop.relay.store_thread import StoreThread
from tests.faults.disk_below import connecting_on
from tests.faults.power_cut import Drive, Left, LoggingDisk, put_down
from tests.journal.places import new_folder
from tests.promises import Promise, Scaled
from tests.relay import nats_server
from tests.relay.child import HASTY, JETSTREAM_POINTS, MARKED, POINTS
from tests.relay.nats_server import NatsServer, settings_of
from tests.relay.room import SECRET, body_of, running
from tests.relay.test_epochs import again
from tests.source_tree import ROOT

NOTHING_SENT = ("request in", "body in", "before insert", "before commit", "before sending")


async def post(port: int, number: str, query: str = "") -> bool:
    """Post one notice on a connection of its own; say whether 200 came back."""
    body = body_of(number)
    head = f"POST /h/corner-store/{SECRET}?{query} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n"
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head.encode() + body)
        first = await reader.readline()
        writer.close()
    except OSError:
        return False
    return b" 200 " in first


def start(folder: Path, point: str, *servers: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.relay.child", str(folder), point, *servers]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


async def crash(folder: Path, point: str, chance: random.Random, *servers: str) -> tuple[set[str], str]:
    """Let a relay die at the point under load; return what it answered 200, and the number it died at."""
    with start(folder, point, *servers) as child:
        assert child.stdout is not None
        port = int(await asyncio.to_thread(child.stdout.readline))
        answered: set[str] = set()
        for count in range(chance.randint(1, 5)):
            if await post(port, number := f"TILL1-a{count}"):
                answered.add(number)
        burst = [f"TILL1-b{count}" for count in range(3)]
        marked = asyncio.ensure_future(post(port, "TILL1-marked", MARKED))
        for number, is_in in zip(burst, await asyncio.gather(*(post(port, one) for one in burst)), strict=True):
            answered |= {number} if is_in else set()
        answered |= {"TILL1-marked"} if await marked else set()
        assert await asyncio.to_thread(child.wait, 10) == -signal.SIGKILL, point
    return answered, "TILL1-marked"


def stored_in(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [invoice for (invoice,) in connection.execute("SELECT invoice FROM hints ORDER BY seq")]


async def wrong_after_crash(folder: Path, point: str, chance: random.Random) -> list[str]:
    """Crash, come back, send again what was not answered; return what is wrong then."""
    answered, marked = await crash(folder, point, chance)
    stored = stored_in(folder)
    wrong = [f"{point}: answered and lost: {number}" for number in sorted(answered - set(stored))]
    if point in NOTHING_SENT and marked in answered:
        wrong.append(f"{point}: answered although it was killed before")
    async with running(folder) as room:
        till = await room.pair()
        assert till.facts["epoch"]
        if await room.figure("new_epochs_total"):
            wrong.append(f"{point}: a kill was taken for a store put back")
        await room.notify("TILL1-after")
    return wrong if stored_in(folder)[-1] == "TILL1-after" else [*wrong, f"{point}: it does not go on"]


@pytest.mark.limit(900)
async def test_Y1_what_was_answered_survives_kill_9(tmp_path: Path, promise: Promise, scaled: Scaled) -> None:
    times, chance = scaled(1, 50), random.Random(1)  # noqa: S311
    wrong: list[str] = []
    worst = 0.0
    for count in range(times):
        for point in POINTS:
            begun = time.monotonic()
            wrong += await wrong_after_crash(tmp_path / f"{count}-{point.replace(' ', '-')}", point, chance)
            worst = max(worst, time.monotonic() - begun)
    promise("Y1", times * len(POINTS), wrong, worst)


@pytest.mark.limit(900)
async def test_Y1_what_was_answered_from_jetstream_survives_kill_9(
    tmp_path: Path, nats: NatsServer, promise: Promise, scaled: Scaled
) -> None:
    times, chance = scaled(1, 50), random.Random(1)  # noqa: S311
    wrong: list[str] = []
    worst = 0.0
    for _ in range(times):
        for point in JETSTREAM_POINTS:
            begun = time.monotonic()
            async with running(tmp_path, jetstream=settings_of(nats)) as room:
                till = await room.pair()
            answered, marked = await crash(tmp_path, point, chance, nats.url)
            if point in NOTHING_SENT and marked in answered:
                wrong.append(f"{point}: answered although it was killed before")
            async with running(tmp_path, jetstream=settings_of(nats)) as room:
                told = {hint.invoice for hint in await again(room, till).everything(till.facts["head"])}
                wrong += [f"{point}: answered and lost: {number}" for number in sorted(answered - told)]
                if await room.figure("new_epochs_total"):
                    wrong.append(f"{point}: a kill was taken for a store put back")
                await room.notify("TILL1-after")
            await asyncio.to_thread(nats_server.empty, nats)
            worst = max(worst, time.monotonic() - begun)
    promise("Y1", times * len(JETSTREAM_POINTS), wrong, worst)


async def test_Y1_control_a_relay_that_answers_first_loses(tmp_path: Path) -> None:
    answered, marked = await crash(tmp_path, HASTY, random.Random(1))  # noqa: S311
    assert marked in answered - set(stored_in(tmp_path))


NORMAL = {"PRAGMA synchronous = FULL": "PRAGMA synchronous = NORMAL"}


async def a_day(disk: LoggingDisk, folder: Path, replaced: dict[str, str], notices: int) -> None:
    """Take notices in on a disk that keeps a log of its calls and of what was acknowledged."""
    with connecting_on(disk, replaced) as connect:

        def exclusively(path: Path) -> sqlite3.Connection:
            connection = connect(path)
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # this disk has no shared memory
            return connection

        connection = await asyncio.to_thread(open_store, folder, 2**30, exclusively)
        thread = StoreThread(connection, folder / f"{FILE_NAME}-wal", lambda _: None)

        async def take(number: int) -> None:
            arrival = Arrival("corner-store", f"{number} {'x' * (number % 7) * 300}".encode(), number)
            if number % 5:
                await thread.run(lambda opened: add_hint(opened, arrival, "shop", f"TILL1-{number}", ""))
            else:
                await thread.run(lambda opened: set_aside(opened, arrival, "not JSON"))
            disk.acknowledge(arrival.body.decode())

        for start in range(0, notices, 4):
            await asyncio.gather(*(take(number) for number in range(start, start + 4)))
        await thread.close()


def lost_after_cuts(disk: LoggingDisk, store: Path, cuts: int, chance: random.Random) -> list[list[str]]:
    """Cut the power at chance places; return for each what was acknowledged and is not there."""
    drive, done, ends = Drive([str(store)]), 0, []
    for number, place in enumerate(sorted(chance.randint(1, len(disk.log)) for _ in range(cuts))):
        drive.go_on(disk.log[done:place])
        done = place
        acknowledged = set(drive.acknowledged)
        with new_folder() as folder:
            put_down(drive.after_cut(list(Left)[number % len(Left)], chance), folder)
            with closing(open_store(folder, 2**30)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                bodies = connection.execute("SELECT body FROM hints UNION ALL SELECT body FROM quarantine").fetchall()
        ends.append(sorted(acknowledged - {body.decode() for (body,) in bodies}))
    return ends


@pytest.mark.limit(300)
async def test_Y1_what_was_answered_survives_a_power_cut(promise: Promise, scaled: Scaled) -> None:
    chance, disk = random.Random(5), LoggingDisk()  # noqa: S311
    begun = time.monotonic()
    with new_folder() as folder:
        await a_day(disk, folder, {}, 80)
        ends = lost_after_cuts(disk, folder / FILE_NAME, scaled(25, 100), chance)
    promise("Y1", len(ends), [lost for lost in ends if lost], time.monotonic() - begun)


async def test_Y1_control_without_a_flush_at_each_commit_notices_are_lost() -> None:
    chance, disk = random.Random(6), LoggingDisk()  # noqa: S311
    with new_folder() as folder:
        await a_day(disk, folder, NORMAL, 80)
        ends = lost_after_cuts(disk, folder / FILE_NAME, 20, chance)
    assert sum(bool(lost) for lost in ends) > 10
