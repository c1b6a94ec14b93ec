"""Many tills after an outage: they do not all come back at once, and none hammers a service that is away."""

from __future__ import annotations

import asyncio
import random
from collections import Counter as Counts
from collections.abc import Coroutine
from typing import Any

import pytest

from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.follow_status import FollowStatus
from optty_desktop.till.session import Session
from tests.fakes import IDENTITY, MemoryJournal, counted_bytes, draft
from tests.faults.virtual_time import VirtualClock, VirtualLoop
from tests.faults.world import Fate, Line, Service
from tests.promises import Promise, Scaled

OUTAGE, AFTER = 600.0, 120.0
MOST_A_SECOND = 4.0
"""Calls a second of a hundred tills, on average over ten seconds: one open link each is read every 30 seconds or so."""


class Street:
    """Shops that all see the service go away at the same moment and come back at the same moment."""

    def __init__(self, loop: asyncio.AbstractEventLoop, tills: int) -> None:
        self._loop, self._tills = loop, tills
        self._pick = random.Random(20260321)  # noqa: S311  the same street each time
        self._service = Service(VirtualClock(loop))
        self._bytes = counted_bytes()
        self._is_away = False
        self.calls: list[float] = []

    async def live(self) -> None:
        """Open, lose the service, get it back."""
        runs = [asyncio.ensure_future(await self._open()) for _ in range(self._tills)]
        await asyncio.sleep(60)
        self._is_away = True
        await asyncio.sleep(OUTAGE)
        self._is_away = False
        await asyncio.sleep(AFTER)
        for run in runs:
            run.cancel()
        await asyncio.gather(*runs, return_exceptions=True)

    async def _open(self) -> Coroutine[Any, Any, None]:
        line = Line(self._service, self._step, fate=self._fate)
        till = Session(line, MemoryJournal(), IDENTITY, VirtualClock(self._loop), self._bytes)
        await CreateLink(till, str).create(draft())
        return FollowStatus(till, lambda _line: None, lambda: self._pick.uniform(0.8, 1.2)).run()

    async def _step(self, name: str) -> None:
        if name.endswith("leaves"):
            self.calls.append(self._loop.time())

    def _fate(self, _call: str) -> Fate:
        return Fate.NOT_SENT if self._is_away else Fate.THROUGH


@pytest.mark.limit(120)
def test_L6_tills_come_back_spread_out(promise: Promise, scaled: Scaled) -> None:
    tills = scaled(40, 200)
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        street = Street(runner.get_loop(), tills)
        runner.run(street.live())
    back = 60 + OUTAGE
    tens = Counts(int((at - back) // 10) for at in street.calls if back <= at < back + AFTER)
    rates = {ten: calls / 10 * 100 / tills for ten, calls in tens.items()}
    away = sum(60 <= at < back for at in street.calls) / tills
    promise(
        "L6", tills, [f"{rate:.1f} a second" for rate in rates.values() if rate > MOST_A_SECOND], max(rates.values())
    )
    assert away <= 35, "a till knocks every 30 seconds or so, not more"
