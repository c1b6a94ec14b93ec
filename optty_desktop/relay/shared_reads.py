"""Reads that are asked for at one moment, as by a thousand tills when a hint comes, as a few jobs of the store."""

import asyncio
import sqlite3
from collections.abc import Callable
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
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, what: A) -> T:
        """Return what is read. Raises as the read does, and as the store does."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._asked.append((what, future))
        if len(self._asked) == 1:
            task = asyncio.ensure_future(self._answer())  # begins after all that are ready now have asked
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await future

    async def _answer(self) -> None:
        asked, self._asked = self._asked, []
        for start in range(0, len(asked), _MOST_TOGETHER):
            part = asked[start : start + _MOST_TOGETHER]
            answers = await self._read_all([what for what, _ in part])
            for (_, future), answer in zip(part, answers, strict=True):
                if future.done():
                    continue
                if isinstance(answer, Exception):
                    future.set_exception(answer)
                else:
                    future.set_result(answer)

    async def _read_all(self, asked: list[A]) -> list[T | Exception]:
        try:
            return await self._thread.run(lambda connection: [self._attempt(connection, what) for what in asked])
        except RelayProblem as problem:
            return [problem] * len(asked)

    def _attempt(self, connection: sqlite3.Connection, what: A) -> T | Exception:
        try:
            return self._read(connection, what)
        except sqlite3.Error:
            raise
        except Exception as error:  # noqa: BLE001  it goes to who asked
            return error
