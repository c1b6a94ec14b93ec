"""A session follows the relay that is stored for its environment, and begins anew when that changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.errors import KeychainProblem
from optty_desktop.core.hint_way import HintWay
from optty_desktop.core.pairing import RelayPairing
from optty_desktop.live_news import LiveNews
from tests.hints.till_end import FakeDesk, FakePairings, pairing_of
from tests.relay.room import running
from tests.waiting import until


class Following:
    """A desk and what it is told."""

    def __init__(self, pairings: FakePairings) -> None:
        self.desk, self.heard = FakeDesk(), list[HintWay]()
        self.transport = HttpTransport("test")
        self.news = LiveNews(pairings, self.transport, lambda shortest, longest: 0.01)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        run = asyncio.ensure_future(self.news.follow("training", self.desk, self.heard.append))
        try:
            yield
        finally:
            run.cancel()
            with suppress(asyncio.CancelledError):
                await run
            await self.transport.close()


async def test_a_till_that_is_paired_later_follows_from_then_on_and_no_longer_than_it_is(tmp_path: Path) -> None:
    pairings = FakePairings()
    one = Following(pairings)
    async with running(tmp_path) as room, one.running():
        await asyncio.sleep(0)
        assert one.heard == []
        pairings.items["training"] = pairing_of((await room.pair()).facts, f"http://127.0.0.1:{room.port}")
        one.news.pairing_changed()
        await until(lambda: one.heard[-1:] == [HintWay.LIVE])
        await room.notify("TILL1-1")
        await until(lambda: one.desk.invoices == ["TILL1-1"])
        await pairings.erase_pairing("training")
        one.news.pairing_changed()
        await until(lambda: one.heard[-1] is HintWay.ASKED)
        assert one.heard == [HintWay.LIVE, HintWay.ASKED], "each change is told once"
        await until(lambda: not room.service.figures.streams)


async def test_a_till_that_was_shut_out_and_is_paired_again_needs_no_new_start(tmp_path: Path) -> None:
    async with running(tmp_path) as room:
        good = pairing_of((await room.pair()).facts, f"http://127.0.0.1:{room.port}")
        pairings = FakePairings(replace(good, token="pretend-token"))
        one = Following(pairings)
        async with one.running():
            await until(lambda: one.heard == [HintWay.UNPAIRED])
            pairings.items["training"] = good
            one.news.pairing_changed()
            await until(lambda: one.heard[-1] is HintWay.LIVE)


class Overtaken(FakePairings):
    """Another process ends the pairing, or pairs anew, while the relay's answer with a new token is on its way."""

    def __init__(self, before: RelayPairing, instead: RelayPairing | None) -> None:
        super().__init__(before)
        self.loads, self._instead = 0, instead

    async def load_pairing(self, environment_id: str) -> RelayPairing | None:
        self.loads += 1
        return await super().load_pairing(environment_id)

    async def renew_pairing(self, before: RelayPairing, renewed: RelayPairing) -> bool:
        self.items.pop("training")
        if self._instead is not None:
            self.items["training"] = self._instead
        return await super().renew_pairing(before, renewed)


async def test_a_renewed_token_brings_no_pairing_back_that_was_ended_meanwhile(tmp_path: Path) -> None:
    async with running(tmp_path) as room:
        pairings = Overtaken(pairing_of((await room.pair()).facts, f"http://127.0.0.1:{room.port}"), None)
        room.clock.turn(days=31)
        one = Following(pairings)
        async with one.running():
            await until(lambda: pairings.loads == 2)
            await until(lambda: not room.service.figures.streams)
            assert pairings.items == {}
            assert one.heard == []


async def test_a_renewed_token_leaves_a_newer_pairing_alone_and_the_till_goes_on_with_that(tmp_path: Path) -> None:
    async with running(tmp_path) as room:
        old, new = [
            pairing_of((await room.pair(name=name)).facts, f"http://127.0.0.1:{room.port}")
            for name in ("Till 1", "Till 2")
        ]
        room.clock.turn(days=31)
        pairings = Overtaken(old, new)
        one = Following(pairings)
        async with one.running():
            await until(lambda: pairings.loads == 2)
            assert pairings.items == {"training": new}


class LockedPairings(FakePairings):
    async def load_pairing(self, environment_id: str) -> RelayPairing | None:
        raise KeychainProblem


async def test_a_keychain_that_cannot_be_read_leaves_the_till_asking() -> None:
    pairings = LockedPairings()
    one = Following(pairings)
    async with one.running():
        one.news.pairing_changed()
        await asyncio.sleep(0.02)
        assert one.heard == []
