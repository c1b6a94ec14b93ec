"""Reads that are asked for at one moment, as by a thousand tills when a hint comes, as a few jobs of the store."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, Generic, TypeVar

from optty_desktop.relay.problems import RelayProblem
from optty_desktop.relay.store_thread import StoreThread

A = TypeVar("A")
T = TypeVar("T")

_MOST_TOGETHER: Final = 100
"""Notices get their turn between two such jobs."""


class SharedReads(Generic[A, T]):
    """Belongs to one event loop. A read may raise what it likes; that is its own asker's alone."""

    def __init__(self, thread: StoreThread, read: Callable[[sqlite3.Connection, A], T]) -> None:
        self._thread = thread
        self._read = read
        self._asked: list[tuple[A, asyncio.Future[T]]] = []

    async def ask(self, what: A) -> T:
        """Return what is read. Raises as the read does, and as the store does."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        if not self._asked:
            loop.call_soon(self._hand_in)  # after all that are ready now have asked
        self._asked.append((what, future))
        return await future

    def _hand_in(self) -> None:
        asked, self._asked = self._asked, []
        for start in range(0, len(asked), _MOST_TOGETHER):
            part = asked[start : start + _MOST_TOGETHER]
            try:
                job = self._thread.begin(partial(self._read_all, [what for what, _ in part]))
            except RelayProblem as problem:
                _settle(part, [problem] * len(part))
            else:
                job.add_done_callback(partial(self._hand_out, part))

    def _hand_out(self, part: "list[tuple[A, asyncio.Future[T]]]", job: "asyncio.Future[list[T | Exception]]") -> None:
        problem = job.exception()
        _settle(part, [problem] * len(part) if isinstance(problem, Exception) else job.result())

    def _read_all(self, asked: list[A], connection: sqlite3.Connection) -> list[T | Exception]:
        return [self._attempt(connection, what) for what in asked]

    def _attempt(self, connection: sqlite3.Connection, what: A) -> T | Exception:
        try:
            return self._read(connection, what)
        except sqlite3.Error:
            raise
        except Exception as error:  # noqa: BLE001  it goes to who asked
            return error


def _settle(part: "list[tuple[A, asyncio.Future[T]]]", answers: "Sequence[T | Exception]") -> None:
    for (_, future), answer in zip(part, answers, strict=True):
        if future.done():
            continue
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)
