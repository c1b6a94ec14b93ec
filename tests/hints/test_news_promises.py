"""News on their whole way: posted to a relay in another process, kept, streamed, read, shown."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import AsyncExitStack, suppress
from functools import partial
from pathlib import Path

import httpx
import pytest

from optty_desktop.core.hint_way import HintWay
from optty_desktop.core.links import LinkState
from tests.fakes import FakeOptty
from tests.hints.hurried_loop import FACTOR, HurriedLoop
from tests.hints.live_till import LiveTill, RelayProcess, paired
from tests.hints.till_end import open_client, pairing_of
from tests.hints.wire import Wire
from tests.promises import Promise, Scaled
from tests.relay.room import SECRET, body_of
from tests.waiting import until


async def post(client: httpx.AsyncClient, url: str, body: bytes) -> None:
    """Post as Optty does: again until somebody answers 2xx."""
    while True:
        with suppress(httpx.HTTPError):
            answer = await client.post(f"{url}/h/corner-store/{SECRET}", content=body)
            if answer.is_success:
                return
        await asyncio.sleep(0.05)


@pytest.mark.limit(300)
async def test_S5_a_payment_is_on_the_screen_within_two_seconds_of_its_notice(
    tmp_path: Path, promise: Promise, scaled: Scaled
) -> None:
    tills, each = scaled(3, 8), scaled(4, 63)
    draw = random.Random(5)  # noqa: S311  pauses
    facts = await paired(tmp_path / "relay", tills)
    relay = RelayProcess(tmp_path / "relay")
    await relay.start()
    took: list[float] = []
    async with AsyncExitStack() as stack:
        stack.push_async_callback(relay.kill)
        wire = await stack.enter_async_context(Wire(relay.port))
        client = await stack.enter_async_context(await open_client())

        async def serve(till: LiveTill) -> None:
            numbers = [await till.make() for _ in range(each)]
            await asyncio.sleep(draw.uniform(0, 2))
            for one in numbers:
                till.gateway.pay(one)
                begun = till.clock.monotonic()
                await post(client, wire.url, body_of(one, merchantReference=f"HPP-{one}"))
                await until(partial(till.paid_at.get, one), 30)
                took.append(till.paid_at[one] - begun)
                await asyncio.sleep(draw.uniform(2.2, 3.0))

        live = [LiveTill(tmp_path / one["till"], pairing_of(one, wire.url), FakeOptty(), draw.uniform) for one in facts]
        for till in live:
            till.folder.mkdir()
            await stack.enter_async_context(till.open())
        await until(lambda: all(till.news is HintWay.LIVE for till in live), 30)
        async with asyncio.TaskGroup() as group:
            for till in live:
                group.create_task(serve(till))
    took.sort()
    p95, p99 = took[int(len(took) * 0.95)], took[min(len(took) - 1, int(len(took) * 0.99))]
    print(f"S5: hint to screen p50 {took[len(took) // 2]:.3f} s, p95 {p95:.3f} s, p99 {p99:.3f} s")  # noqa: T201
    promise("S5", len(took), (p95 > 2) + (p99 > 5), took[-1])


class Rough:
    """A day on which everything goes wrong: hints are lost, doubled and swapped, relay and till are killed."""

    def __init__(self, folder: Path, seed: int, hints: int, wire: Wire, relay: RelayProcess, till: LiveTill) -> None:
        self.draw = random.Random(seed)  # noqa: S311  the same day for the same seed
        self.hints, self.wire, self.relay, self.till = hints, wire, relay, till
        self.held: bytes | None = None

    async def live(self) -> list[str]:
        """Live through it; return what is wrong at the end."""
        gateway = self.till.gateway
        async with await open_client() as client:
            async with self.till.open():
                numbers = [await self.till.make(knows_order=count % 3 > 0) for count in range(18)]
            told = 0
            while told < self.hints:
                async with self.till.open():
                    for _ in range(self.draw.randint(20, 60)):
                        told += 1
                        await self.one(client, self.draw.choice(numbers))
            async with self.till.open():
                # A link whose order nobody has named cannot be read: the last word on it must arrive.
                unread = [one for one in numbers if (await self.till.session.find(one)).order_reference is None]
                for number in unread:
                    await post(client, self.wire.url, body_of(number, "LAST", merchantReference=f"HPP-{number}"))
                right = {number: gateway.accounts[number].state for number in numbers}
                with suppress(AssertionError):
                    await until(lambda: all(self.till.state(one) in (None, right[one]) for one in numbers), 180)
                ends = {number: (await self.till.session.find(number)).state for number in numbers}
                return [number for number in numbers if ends[number] is not right[number]]

    async def one(self, client: httpx.AsyncClient, number: str) -> None:
        account = self.till.gateway.accounts[number]
        if account.state is not LinkState.PAID:
            what = self.draw.choice(["start", "decline", "start", "decline", "pay"])
            gateway = self.till.gateway
            {"start": gateway.start_paying, "decline": gateway.decline, "pay": gateway.pay}[what](number)
        body = body_of(number, account.state.upper(), merchantReference=f"HPP-{number}", n=self.draw.random())
        chance = self.draw.random()
        if chance < 0.05:
            return
        if chance < 0.25 and self.held is None:
            self.held = body
            return
        for again in (body, *([self.held] if self.held else []), *([body] if chance > 0.9 else [])):
            await post(client, self.wire.url, again)
        self.held = None
        if chance > 0.98:
            await self.relay.kill()
            await self.relay.start()
            self.wire.target = self.relay.port
        if self.draw.random() < 0.05:
            await self.wire.break_all()


async def rough_day(folder: Path, seed: int, hints: int) -> list[str]:
    (facts,) = await paired(folder / "relay", 1)
    relay = RelayProcess(folder / "relay")
    await relay.start()
    try:
        async with Wire(relay.port) as wire:
            draw = random.Random(seed).uniform  # noqa: S311  pauses
            till = LiveTill(folder / "till", pairing_of(facts, wire.url), FakeOptty(), draw)
            till.folder.mkdir()
            return await Rough(folder, seed, hints, wire, relay, till).live()
    finally:
        await relay.kill()


def test_S11_lost_doubled_and_swapped_hints_and_kills_end_right(
    tmp_path: Path, promise: Promise, scaled: Scaled
) -> None:
    wrong: list[str] = []
    seeds, hints = scaled(1, 20), scaled(120, 500)
    worst = 0.0
    for seed in range(seeds):
        folder = tmp_path / str(seed)
        folder.mkdir()
        begun = time.perf_counter()
        with asyncio.Runner(loop_factory=HurriedLoop) as runner:
            wrong += runner.run(rough_day(folder, seed, hints))
        worst = max(worst, (time.perf_counter() - begun) * FACTOR)
    promise("S11", seeds * hints, wrong, worst)
