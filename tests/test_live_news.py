"""A session follows the relay that is stored for its environment, and begins anew when that changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.errors import KeychainProblem
from optty_desktop.core.hint_way import HintWay
from optty_desktop.core.hints import Hint, HintSource, Taken
from optty_desktop.core.pairing import RelayPairing
from optty_desktop.live_news import SHORTEST_PAUSE, LiveNews
from tests.fakes import TRAINING
from tests.hints.till_end import FACTS, FakeDesk, FakePairings, pairing_of
from tests.relay.room import running
from tests.waiting import until


class Following:
    """A desk and what it is told."""

    def __init__(self, pairings: FakePairings, desk: FakeDesk | None = None, pause: float = 0.01) -> None:
        self.desk, self.heard = desk or FakeDesk(), list[HintWay]()
        self.pauses: list[tuple[float, float]] = []
        self.transport, self._pause = HttpTransport("test"), pause
        self.news = LiveNews(pairings, self.transport, self._draw)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        run = asyncio.ensure_future(self.news.follow(TRAINING, self.desk, self.heard.append))
        try:
            yield
        finally:
            run.cancel()
            with suppress(asyncio.CancelledError):
                await run
            await self.transport.close()

    def _draw(self, shortest: float, longest: float) -> float:
        """Keep the pauses of the session; the shorter ones are those of a stream."""
        if shortest >= SHORTEST_PAUSE:
            self.pauses.append((shortest, longest))
        return self._pause


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
            # The newer one may have been renewed in its turn by now.
            assert pairings.items["training"].till == new.till


class LockedPairings(FakePairings):
    """A keychain that opens when it has been asked ``times``."""

    def __init__(self, times: float, *pairings: RelayPairing) -> None:
        super().__init__(*pairings)
        self.times, self.loads = times, 0

    async def load_pairing(self, environment_id: str) -> RelayPairing | None:
        self.loads += 1
        if self.loads <= self.times:
            raise KeychainProblem
        return await super().load_pairing(environment_id)


async def test_a_keychain_that_was_locked_for_a_while_costs_no_more_than_that_while(tmp_path: Path) -> None:
    async with running(tmp_path) as room:
        pairing = pairing_of((await room.pair()).facts, f"http://127.0.0.1:{room.port}")
        one = Following(LockedPairings(3, pairing))
        async with one.running():
            await until(lambda: one.heard == [HintWay.LOCKED])
            await until(lambda: one.heard == [HintWay.LOCKED, HintWay.LIVE])
    assert one.pauses == [(30.0, 60.0), (30.0, 120.0), (30.0, 240.0)]


async def test_a_keychain_that_stays_locked_is_asked_rarely_and_at_once_when_the_pairing_changes() -> None:
    pairings = LockedPairings(6)
    one = Following(pairings)
    async with one.running():
        await until(lambda: one.heard[-1:] == [HintWay.ASKED])
    assert one.pauses[-2:] == [(30.0, 300.0)] * 2
    patient = LockedPairings(1)
    other = Following(patient, pause=3600.0)
    async with other.running():
        await until(lambda: other.heard == [HintWay.LOCKED])
        other.news.pairing_changed()
        await until(lambda: other.heard == [HintWay.LOCKED, HintWay.ASKED])


class FaultyDesk(FakeDesk):
    """Has an error that nobody expected, for a while."""

    is_faulty = False

    async def take(self, hints: Sequence[Hint], *, source: HintSource, cursor: str | None = None) -> Taken:
        if self.is_faulty:
            raise ZeroDivisionError("canary-text")
        return await super().take(hints, source=source, cursor=cursor)


async def test_what_nobody_expected_is_said_and_the_relay_is_followed_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(tmp_path) as room:
        pairing = pairing_of((await room.pair()).facts, f"http://127.0.0.1:{room.port}")
        desk = FaultyDesk()
        one = Following(FakePairings(pairing), desk)
        async with one.running():
            await until(lambda: one.heard == [HintWay.LIVE])
            desk.is_faulty = True
            await room.notify("TILL1-1")
            await until(lambda: one.heard[-1] is HintWay.AWAY)
            desk.is_faulty = False
            await until(lambda: one.heard[-1] is HintWay.LIVE)
            await until(lambda: desk.invoices == ["TILL1-1"])
    assert "ZeroDivisionError" in caplog.text
    assert "canary" not in caplog.text


async def test_a_token_that_was_stored_broken_ends_nothing() -> None:
    pairings = FakePairings(replace(pairing_of(FACTS, "http://127.0.0.1:9"), token="tökèn"))
    one = Following(pairings)
    async with one.running():
        await until(lambda: one.heard == [HintWay.AWAY])
        pairings.items.clear()
        one.news.pairing_changed()
        await until(lambda: one.heard == [HintWay.AWAY, HintWay.ASKED])
