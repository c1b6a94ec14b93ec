"""Promise Y8: both engines behave alike. One random day, played on each, gives the same answers.

The tests that ask for ``relay`` say what a relay does, and run on both; this one looks where nobody thought of looking.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from optty_desktop.relay.command import office_of
from tests.promises import Promise, Scaled
from tests.relay.conftest import Running, running_in
from tests.relay.nats_server import NatsServer, empty, settings_of
from tests.relay.room import MAIN, SIDE, PairedTill, Room, TurnedClock, body_of, limits
from tests.relay.test_epochs import again
from tests.relay.test_jetstream import eventually, status_of
from tests.relay.test_stream import service_pair

TILLS = ((MAIN, "Till 1"), (MAIN, "Till 2"), (SIDE, "Till 3"))
NUMBERS = [f"TILL{till}-{link}" for till in (1, 3, 9) for link in range(5)]
RUNS = 3
"""A day goes on after the relay was stopped and started."""

Answer = object


class Day:
    """One engine's day. Every step draws the same from ``chance``, whatever its answer is."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311
        self.clock = TurnedClock()
        self.tills: list[PairedTill] = []
        self.places: list[list[str]] = []
        self.answers: list[tuple[str, Answer]] = []

    async def play(self, relay: Running, steps: int) -> list[tuple[str, Answer]]:
        """Play it; return the name and the answer of each step."""
        ways = [self.notice] * 6 + [self.poll] * 5 + [self.head, self.lease, self.give_back, self.audit] * 2
        ways += [self.report] * 2
        ways += [self.turn, self.turn, self.sweep, self.renew, self.pair, self.revoke, self.erase]
        for _ in range(RUNS):
            async with relay(clock=self.clock, limits=limits(notices_per_second=100_000)) as room:
                await self.sweep(room)  # a relay sweeps when it starts, and serves meanwhile: how far it is, is chance
                self.tills = [again(room, till) for till in self.tills]
                while len(self.tills) < len(TILLS):
                    await self.seat(room, len(self.tills))
                for _ in range(steps // RUNS):
                    way: Callable[[Room], Awaitable[Answer]] = self.chance.choice(ways)
                    self.answers.append((way.__name__, await way(room)))
            self.clock.turn(minutes=11)  # a relay that was started anew need not know repeats of quarantine
        return self.answers

    async def seat(self, room: Room, index: int) -> None:
        till = await service_pair(room, TILLS[index][1], TILLS[index][0])
        self.tills[index : index + 1] = [till]
        self.places[index : index + 1] = [[till.facts["head"]]]

    def anybody(self) -> tuple[int, PairedTill]:
        index = self.chance.randrange(len(self.tills))
        return index, self.tills[index]

    async def notice(self, room: Room) -> Answer:
        """Only a few are different, so that repeats come."""
        body = body_of(self.chance.choice(NUMBERS), self.chance.choice(("SUCCESSFUL", "DECLINED")))
        return (await room.post(body)).status_code

    async def poll(self, room: Room) -> Answer:
        index, till = self.anybody()
        place = self.chance.choice(self.places[index][-8:])
        answer = await till.ask("GET", "events", params={"after": place, "wait": "0"})
        document = answer.json()
        if answer.status_code == 410:
            return 410, document["seq"], document["floor"]
        if answer.status_code != 200:
            return answer.status_code
        hints = [till.opened(event) for event in document["events"]]
        self.places[index].append(document["after"])
        return [(hint.seq, hint.prev, hint.invoice) for hint in hints]

    async def report(self, room: Room) -> Answer:
        index, till = self.anybody()
        seq = int(self.chance.choice(self.places[index][-8:]).split(".")[1])
        answer = await till.ask("GET", f"events/{seq}")
        return answer.status_code, json.loads(answer.json()["body"]) if answer.status_code == 200 else None

    async def head(self, room: Room) -> Answer:
        index, till = self.anybody()
        answer = await till.ask("GET", "head")
        if answer.status_code != 200:
            return answer.status_code
        document = answer.json()
        self.places[index].append(document["head"])
        return [document[name] for name in ("seq", "floor", "renew", "now", "shop")]

    async def lease(self, room: Room) -> Answer:
        _, till = self.anybody()
        answer = await till.ask("PUT", f"lease/{self.chance.choice(NUMBERS[:3])}")
        return answer.status_code, answer.json()

    async def give_back(self, room: Room) -> Answer:
        _, till = self.anybody()
        return (await till.ask("DELETE", f"lease/{self.chance.choice(NUMBERS[:3])}")).status_code

    async def audit(self, room: Room) -> Answer:
        _, till = self.anybody()
        head = {"position": len(self.answers) // 20 + self.chance.randrange(3), "digest": self.chance.choice("ab") * 64}
        return (await till.ask("POST", "heads", json=head)).status_code

    async def turn(self, room: Room) -> Answer:
        spans: list[dict[str, float]] = [{"seconds": 50}, {"minutes": 4}, {"minutes": 11}, {"hours": 9}, {"days": 3}]
        self.clock.turn(**self.chance.choice(spans))
        return None

    async def sweep(self, room: Room) -> Answer:
        return await room.service.store.sweep(14)

    async def renew(self, room: Room) -> Answer:
        index, till = self.anybody()
        answer = await till.ask("POST", "renew")
        is_used = self.chance.random() < 0.7  # else the answer is lost on its way
        if answer.status_code == 200 and is_used:
            self.tills[index] = PairedTill(room.http, answer.json()["token"], till.facts, till.key)
        return answer.status_code

    async def pair(self, room: Room) -> Answer:
        index, _ = self.anybody()
        await self.seat(room, index)
        return None

    async def revoke(self, room: Room) -> Answer:
        _, till = self.anybody()
        if self.chance.random() < 0.6:
            return None
        revoked = await asyncio.to_thread(office_of(room.config).revoke, till.facts["till"])
        if revoked:
            await eventually(lambda: status_of(till), 401, limit=5)  # at once, or as soon as the relay has heard of it
        return revoked and (revoked.shop, revoked.name)

    async def erase(self, room: Room) -> Answer:
        count = await asyncio.to_thread(office_of(room.config).erase, self.chance.choice(NUMBERS))
        self.clock.turn(minutes=11)  # whether a body is known again that was erased is each engine's own
        return count


@pytest.mark.limit(1800)
async def test_Y8_both_engines_give_the_same_answers(
    tmp_path: Path, nats: NatsServer, promise: Promise, scaled: Scaled
) -> None:
    steps, wrong, begun = scaled(400, 6000), list[Any](), time.monotonic()
    for seed in range(scaled(1, 3)):
        folder = tmp_path / str(seed)
        sqlite = await Day(seed).play(running_in(folder), steps)
        jetstream = await Day(seed).play(running_in(folder, jetstream=settings_of(nats)), steps)
        for number, (one, other) in enumerate(zip(sqlite, jetstream, strict=True)):
            if one != other:
                wrong.append(f"seed {seed}, step {number}: {one} and {other}")
                break  # what follows from it says nothing more
        await asyncio.to_thread(empty, nats)
    promise("Y8", steps * scaled(1, 3), wrong, time.monotonic() - begun)
