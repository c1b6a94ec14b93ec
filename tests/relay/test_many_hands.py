"""Several processes change what all relays share, one between two requests of another, or end between two writes."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import nats as nats_py
import pytest

from optty_desktop.relay.command import erase, revoke
from optty_desktop.relay.jetstream import office as office_module
from optty_desktop.relay.problems import RelayProblem, StoreUnavailable
from tests.relay.conftest import Running
from tests.relay.nats_server import NatsServer, settings_of
from tests.relay.room import PairedTill, TurnedClock, limits, running
from tests.relay.staged_line import StagedLine
from tests.relay.test_epochs import again, status_at
from tests.relay.test_jetstream import eventually, polled, posted, put_back

Staged = Callable[[str, Callable[[], Coroutine[Any, Any, object]]], None]


@pytest.fixture
def office_before(monkeypatch: pytest.MonkeyPatch) -> Staged:
    """Let something happen in the loop of the test before an office makes its next request of a name."""

    def stage(request: str, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        loop = asyncio.get_running_loop()
        staged: list[Callable[[], Awaitable[object]]] = [
            lambda: asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work(), loop))
        ]

        class OfficeLine(StagedLine):
            async def _reach(self, name: str) -> None:
                if name == request and staged:
                    await staged.pop()()

        monkeypatch.setattr(office_module, "Link", OfficeLine)

    return stage


async def test_revoking_a_till_does_not_shut_out_the_one_that_took_its_name_meanwhile(
    cluster: Running, office_before: Staged
) -> None:
    async with cluster() as room:
        old, paired = await room.pair(), list[PairedTill]()

        async def pair_another() -> None:
            paired.append(await room.pair())

        office_before("remove", pair_another)
        with pytest.raises(RelayProblem, match=r"^There is no till"):
            await asyncio.to_thread(revoke, room.config, old.facts["till"])
        statuses = [(await till.ask("GET", "head")).status_code for till in (old, *paired)]
        assert statuses == [401, 200]


async def test_a_till_whose_token_is_renewed_meanwhile_is_shut_out(cluster: Running, office_before: Staged) -> None:
    async with cluster() as room:
        till = await room.pair()
        office_before("remove", lambda: till.ask("POST", "renew"))
        await asyncio.to_thread(revoke, room.config, till.facts["till"])
        assert (await till.ask("GET", "head")).status_code == 401


async def test_of_two_codes_that_are_made_at_once_for_a_till_the_later_one_is_good(
    cluster: Running, office_before: Staged
) -> None:
    async with cluster() as room:
        made: list[str] = []

        async def make_another() -> None:
            made.append(await room.code())

        for request in ("put", "put"):
            made.clear()
            office_before(request, make_another)
            made.append(await room.code())
            answers = [(await room.http.post("/v1/pair", json={"code": code})).status_code for code in made]
            assert sorted(answers) == [200, 403]


async def test_of_two_relays_that_sweep_at_once_the_later_end_of_a_shop_is_kept(
    cluster: Running, lines: list[StagedLine]
) -> None:
    """Their clocks differ a little, so that one lets go of a hint that the other still counts as kept."""
    slow, fast = TurnedClock(), TurnedClock()
    async with cluster(clock=slow) as one, cluster(clock=fast) as other:
        till = await one.pair()
        await one.notify("TILL1-1")
        slow.turn(seconds=10)
        await one.notify("TILL1-2")
        head = (await till.ask("GET", "head")).json()["head"]
        slow.turn(days=14, seconds=-5)
        fast.turn(days=14, seconds=15)
        lines[0].before("next_from", lambda: other.service.store.sweep(14))
        assert await one.service.store.sweep(14) == 1
    async with cluster() as third:
        assert await status_at(again(third, till), head) == 200
        assert await third.figure("new_epochs_total") == 0


async def test_an_erasure_that_ended_halfway_tells_no_hint_twice_and_can_be_made_again(
    cluster: Running, office_before: Staged
) -> None:
    async with cluster() as room:
        till = await room.pair()
        for number in (1, 2, 3):
            await room.notify(f"TILL1-{number}")

        async def fail() -> None:
            raise StoreUnavailable("The relay cannot reach its store.")

        office_before("delete", fail)
        with pytest.raises(StoreUnavailable):
            await asyncio.to_thread(erase, room.config, "TILL1-2")
    async with cluster() as room:
        till = again(room, till)
        assert [hint.seq for hint in await till.everything(till.facts["head"])] == [1, 2, 3]
        assert await asyncio.to_thread(erase, room.config, "TILL1-2") == 1
        assert [hint.seq for hint in await till.everything(till.facts["head"])] == [1, 2, 3]
        assert await asyncio.to_thread(erase, room.config, "TILL1-2") == 0


async def test_two_who_erase_the_same_link_at_once_erase_it_once(cluster: Running, office_before: Staged) -> None:
    async with cluster() as room:
        till = await room.pair()
        for number in (1, 2):
            await room.notify(f"TILL1-{number}")
        counts: list[int] = []

        async def erase_too() -> None:
            counts.append(await asyncio.to_thread(erase, room.config, "TILL1-1"))

        office_before("delete", erase_too)
        counts.append(await asyncio.to_thread(erase, room.config, "TILL1-1"))
        assert counts == [1, 0]
        assert [hint.seq for hint in await till.everything(till.facts["head"])] == [1, 2]


async def test_a_sweep_after_an_erasure_that_ended_halfway_counts_a_body_once(
    cluster: Running, office_before: Staged
) -> None:
    async with cluster() as room:
        await room.notify("TILL1-1")

        async def fail() -> None:
            raise StoreUnavailable("The relay cannot reach its store.")

        office_before("delete", fail)
        with pytest.raises(StoreUnavailable):
            await asyncio.to_thread(erase, room.config, "TILL1-1")
        room.clock.turn(days=15)
        assert await room.service.store.sweep(14) == 1
        assert await room.service.store.sweep(14) == 0


async def test_many_tills_that_prove_at_once_that_a_store_was_put_back_begin_one_epoch(
    tmp_path: Path, server: NatsServer
) -> None:
    """Each has the mirror read anew, and what a relay follows with is not to grow with that."""
    settings, copy = settings_of(server), tmp_path / "copy"
    async with running(tmp_path, jetstream=settings) as room:
        till = await room.pair()
        server.stop()
        shutil.copytree(server.store, copy)
        server.start()
        await eventually(lambda: posted(room, "TILL1-1"), 200)
        seen = (await till.ask("GET", "head")).json()["head"]
    put_back(server, copy)
    async with running(tmp_path, jetstream=settings, limits=limits(streams_per_till=100)) as room:
        till = again(room, till)
        answers = await asyncio.gather(*(polled(till, seen) for _ in range(30)))
        assert set(answers) == {410}
        assert await room.figure("new_epochs_total") == 1
        assert await followers_of(server) <= 4, "of hints and facts, and those let go of, which servers forget later"


async def followers_of(server: NatsServer) -> int:
    client = await nats_py.connect(server.url)
    try:
        return sum(info.state.consumer_count for info in await client.jsm().streams_info())
    finally:
        await client.close()
