"""A loop whose time jumps to the next thing that is due, and a clock that shows it: hours pass in milliseconds."""

from __future__ import annotations

import asyncio
import selectors
from datetime import datetime, timedelta

from tests.fakes import START, FakeClock


class _NeverWaits(selectors.SelectSelector):
    """Lets the time pass that others would wait."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("nothing will ever happen again")
        self.now += max(0.0, timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """The loop. Nothing outside this process can happen in it."""

    def __init__(self) -> None:
        self._never_waits = _NeverWaits()
        super().__init__(self._never_waits)
        self._clock_resolution = 1e-6

    def time(self) -> float:
        return self._never_waits.now


class VirtualClock(FakeClock):
    """True time in such a loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._loop = loop

    def now(self) -> datetime:
        return START + timedelta(seconds=self._loop.time())

    def monotonic(self) -> float:
        return 1000.0 + self._loop.time()

    def advance(self, seconds: float) -> None:
        raise NotImplementedError("time passes by itself here")
