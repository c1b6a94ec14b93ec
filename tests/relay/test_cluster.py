"""Promise Y10: with one of three servers killed, standing still or cut off, no acknowledged hint is lost."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import httpx
import nats
import nats.errors
import pytest

from optty_desktop.relay.jetstream.layout import HINTS
from optty_desktop.relay.problems import StoreUnavailable
from tests.promises import Promise, Scaled
from tests.relay import nats_server
from tests.relay.nats_cluster import Cluster, cluster_in
from tests.relay.nats_server import settings_of
from tests.relay.room import Hint, PairedTill, Room, body_of, limits, running

pytestmark = pytest.mark.skipif(nats_server.program() is None, reason=nats_server.MISSING)

AGAIN_SECONDS = 0.2
"""How long this Optty waits before it sends again what was not answered with 200."""

LANES = 4


@dataclass
class Optty:
    """Sends notices to all relays in turn, and sends again what was not answered with 200."""

    rooms: list[Room]
    answered: set[str] = field(default_factory=set)
    _count: int = 0
    _is_ending: bool = False

    async def send(self) -> None:
        """Send until told to end, and until the last one is answered."""
        await asyncio.gather(*(self._lane() for _ in range(LANES)))
        self._is_ending = False

    def end(self) -> None:
        """Begin no new notice."""
        self._is_ending = True

    async def _lane(self) -> None:
        while not self._is_ending:
            self._count += 1
            number, turn = f"TILL1-{self._count}", self._count
            while not await self._post(self.rooms[turn % len(self.rooms)], number):
                turn += 1
                await asyncio.sleep(AGAIN_SECONDS)
            self.answered.add(number)

    async def _post(self, room: Room, number: str) -> bool:
        try:
            return (await room.post(body_of(number))).status_code == 200
        except httpx.TransportError:
            return False


@asynccontextmanager
async def relays(cluster: Cluster, folder: Path, count: int, replicas: int) -> AsyncIterator[list[Room]]:
    """Run some relays on the cluster, once it is there."""
    settings = settings_of(*cluster.servers.values(), replicas=replicas)
    async with AsyncExitStack() as stack:
        rooms: list[Room] = []
        end = time.monotonic() + 60
        while len(rooms) < count:
            try:
                relay = running(folder, jetstream=settings, limits=limits(notices_per_second=100_000))
                rooms.append(await stack.enter_async_context(relay))
            except StoreUnavailable:
                assert time.monotonic() < end, "the cluster does not come up"
                await asyncio.sleep(AGAIN_SECONDS)
        yield rooms


async def leader_of(cluster: Cluster) -> str:
    """Return the name of the server that leads the hints."""
    client = await nats.connect([server.url for server in cluster.servers.values()])
    end = time.monotonic() + 60
    try:
        while True:
            with suppress(nats.errors.Error):
                info = (await client.jsm().stream_info(HINTS)).cluster
                if info and info.leader:
                    return info.leader
            assert time.monotonic() < end, "the servers choose no leader"
            await asyncio.sleep(AGAIN_SECONDS)
    finally:
        await client.close()


async def kill(cluster: Cluster, name: str) -> Callable[[], Awaitable[None]]:
    """Kill a server; return what starts it again."""
    await asyncio.to_thread(cluster.servers[name].kill)
    return lambda: cluster.start(name)


async def pause(cluster: Cluster, name: str) -> Callable[[], Awaitable[None]]:
    """Let a server stand still; return what lets it go on."""
    cluster.servers[name].pause()

    async def go_on() -> None:
        cluster.servers[name].go_on()

    return go_on


async def cut_off(cluster: Cluster, name: str) -> Callable[[], Awaitable[None]]:
    """Cut a server off from the others, not from its relays; return what mends that."""
    cluster.cut_off(name)

    async def mend() -> None:
        cluster.mend()

    return mend


FAULTS = (kill, cut_off, pause)


async def answered_through(optty: Optty, seconds: float, least: int) -> None:
    """Wait that long, and until so many more are answered."""
    before, begun = len(optty.answered), time.monotonic()
    while time.monotonic() - begun < seconds or len(optty.answered) < before + least:
        assert time.monotonic() - begun < 90, "with one server less, the others do not go on"
        await asyncio.sleep(0.05)


async def everything(room: Room, till: PairedTill) -> list[str]:
    """Read a shop's whole stream at a relay, as often as it asks for; every hint must name the one before."""
    here = PairedTill(room.http, till.token, till.facts, till.key)
    hints, place, end = list[Hint](), till.facts["head"], time.monotonic() + 60
    while True:
        answer = await here.ask("GET", "events", params={"after": place, "wait": "0"})
        if answer.status_code == 503:
            assert time.monotonic() < end, "a relay does not find the servers again"
            await asyncio.sleep(AGAIN_SECONDS)
            continue
        assert answer.status_code == 200, answer.text
        place = answer.json()["after"]
        if not (batch := [here.opened(event) for event in answer.json()["events"]]):
            break
        hints += batch
    gaps = [late.seq for early, late in pairwise(hints) if late.prev != early.seq]
    assert not gaps, f"gaps before {gaps}"
    return [hint.invoice for hint in hints]


# WORKAROUND: nats-py drops a connection that a paused server took and never greeted, without closing it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.limit(3600)
async def test_Y10_with_one_server_less_no_acknowledged_hint_is_lost(
    tmp_path: Path, promise: Promise, scaled: Scaled
) -> None:
    runs, chance = scaled(1, 50), random.Random(10)  # noqa: S311
    wrong: list[str] = []
    worst = 0.0
    async with cluster_in(tmp_path) as cluster, relays(cluster, tmp_path, 2, replicas=3) as rooms:
        till, optty = await rooms[0].pair(), Optty(rooms)
        for run in range(runs):
            fault = FAULTS[run % len(FAULTS)]
            name = await leader_of(cluster) if run % 2 == 0 else chance.choice(list(cluster.servers))
            begun, sending = time.monotonic(), asyncio.ensure_future(optty.send())
            await answered_through(optty, 0.2, 20)
            heal = await fault(cluster, name)
            await answered_through(optty, chance.uniform(0.5, 3), 20)
            await heal()
            await answered_through(optty, 0.2, 20)
            optty.end()
            await sending
            worst = max(worst, time.monotonic() - begun)
        async with relays(cluster, tmp_path, 1, replicas=3) as fresh:
            for room in (*rooms, *fresh):
                told = await everything(room, till)
                wrong += [f"lost {number}" for number in sorted(optty.answered - set(told))]
                wrong += ["told twice"] if len(set(told)) < len(told) else []
    promise("Y10", runs, wrong, worst)


@pytest.mark.limit(300)
async def test_Y10_control_on_one_server_of_three_hints_are_lost_with_it(tmp_path: Path) -> None:
    async with cluster_in(tmp_path) as cluster, relays(cluster, tmp_path, 1, replicas=1) as rooms:
        optty = Optty(rooms)
        sending = asyncio.ensure_future(optty.send())
        await answered_through(optty, 0, 20)
        optty.end()
        await sending
        name = await leader_of(cluster)
        await asyncio.to_thread(cluster.servers[name].kill)
        cluster.servers[name].lose_disk()
        await cluster.start(name)
        async with relays(cluster, tmp_path, 1, replicas=1) as fresh:
            kept = await fresh[0].kept("hints")
        assert kept < len(optty.answered)
