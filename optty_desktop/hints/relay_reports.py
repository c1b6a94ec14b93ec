"""Ask the relay what notices say, beside its stream: no hint waits for that, and nothing that fails here ends it."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from typing import Final

from optty_desktop.core.ports import HintDesk
from optty_desktop.core.relay_failures import RelayFailure
from optty_desktop.hints.relay_calls import RelayCalls
from optty_desktop.hints.relay_events import RelayEvent

log = logging.getLogger(__name__)

MOST_WAITING: Final = 100
"""Notices that are asked for at most; the oldest are given up for newer ones."""

MOST_TRIES: Final = 5
"""Of one notice, before it is let go."""

OpenCalls = Callable[[], AbstractAsyncContextManager[RelayCalls]]


@dataclass(slots=True, eq=False)
class _Question:
    """What does the notice behind this hint say? ``due`` is when to ask, in seconds of the loop."""

    event: RelayEvent
    due: float = 0.0
    failures: int = 0


class RelayReports:
    """One long task, ``run``; the till hears only of notices that call their link paid.

    ``open_calls`` reaches the relay by the way out and with the token of now; ``pause`` gives the seconds to wait after
    so many failures.
    """

    def __init__(self, desk: HintDesk, open_calls: OpenCalls, pause: Callable[[int], float]) -> None:
        self._desk, self._open_calls, self._pause = desk, open_calls, pause
        self._questions: deque[_Question] = deque(maxlen=MOST_WAITING)
        self._is_wanted = asyncio.Event()

    def want(self, events: Iterable[RelayEvent]) -> None:
        """Have the relay asked for the notices behind these."""
        self._questions += map(_Question, events)
        self._is_wanted.set()

    async def run(self) -> None:
        """Ask for one after the other, until cancelled. Raises nothing."""
        while True:
            self._is_wanted.clear()
            question = min(self._questions, key=lambda one: one.due, default=None)
            if question is not None and question.due <= asyncio.get_running_loop().time():
                await self._ask(question)
            else:
                await self._rest(question)

    async def _rest(self, until: _Question | None) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until.due if until is not None else None):
                await self._is_wanted.wait()

    async def _ask(self, question: _Question) -> None:
        """Ask once. A question stays until it is answered or let go, or a newer one needs its place."""
        event = question.event
        try:
            async with self._open_calls() as calls:
                is_paid = await calls.says_paid(event)
            if is_paid:
                await self._desk.report(event.hint)
        except Exception as error:  # noqa: BLE001  whatever it is, it concerns this notice and no news
            question.failures += 1
            if question.failures < MOST_TRIES:
                self._put_off(question, error)
                return
            log.info("relay: nobody could say what notice %s says: %s", event.seq, type(error).__name__)
        with suppress(ValueError):
            self._questions.remove(question)

    def _put_off(self, question: _Question, error: Exception) -> None:
        asked_for = error.wait if isinstance(error, RelayFailure) else 0.0
        question.due = asyncio.get_running_loop().time() + max(asked_for, self._pause(question.failures))
