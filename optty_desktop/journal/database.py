"""The one thread that owns the connection: work goes in through a queue, results come back to the event loop."""

import asyncio
import itertools
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from optty_desktop.core.errors import JournalDamaged, JournalProblem
from optty_desktop.journal.opening import JournalFile, check_whole, open_file
from optty_desktop.journal.problems import problem_of

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

_MOST_AT_ONCE: Final = 256


@dataclass(slots=True)
class _Job(Generic[T]):
    """Work and who waits for it. Work may be run twice, so all it does is in the database."""

    work: Work[T]
    future: "asyncio.Future[T]"
    is_write: bool


@dataclass(slots=True)
class _Outcome:
    future: "asyncio.Future[Any]"
    result: object = None
    error: Exception | None = None


class Database:
    """An open journal file. All methods belong to the event loop that opened it; none of them blocks it.

    A job that was handed in is done even if the task that waits for it is cancelled.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._queue: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._closed: asyncio.Future[None] = loop.create_future()
        self._is_closing = False
        self._damage: JournalDamaged | None = None

    @classmethod
    async def open(cls, file: JournalFile) -> "Database":
        """Open the file in a new thread. Raises JournalProblem subclasses."""
        loop = asyncio.get_running_loop()
        database = cls(loop)
        opened: asyncio.Future[None] = loop.create_future()
        threading.Thread(target=database._live, args=(file, opened), name="journal", daemon=True).start()
        try:
            await opened
        except BaseException:
            database._end()
            raise
        return database

    async def read(self, work: Work[T]) -> T:
        """Return what ``work`` finds. Raises JournalProblem subclasses."""
        return await self._hand_in(work, is_write=False)

    async def write(self, work: Work[T]) -> T:
        """Return the result of ``work`` once it is durable; nothing of it stays if it raises.

        Writes that wait together share one transaction, each in its own savepoint. Raises JournalProblem subclasses
        and OperationOpen; once damage has been seen, JournalDamaged without touching the file.
        """
        return await self._hand_in(work, is_write=True)

    async def check(self) -> None:
        """Read the whole file. Raises JournalDamaged; from then on nothing is written."""
        await self.read(self._check)

    async def close(self) -> None:
        """Finish all that was handed in, then close the file."""
        self._end()
        await asyncio.shield(self._closed)

    async def _hand_in(self, work: Work[T], *, is_write: bool) -> T:
        if self._is_closing:
            raise JournalProblem("the journal is closed")
        future: asyncio.Future[T] = self._loop.create_future()
        self._queue.put(_Job(work, future, is_write))
        return await future

    def _end(self) -> None:
        if not self._is_closing:
            self._is_closing = True
            self._queue.put(None)

    # From here on: in the thread.

    def _live(self, file: JournalFile, opened: "asyncio.Future[None]") -> None:
        try:
            connection = open_file(file)
        except Exception as error:  # noqa: BLE001  every failure goes to the caller, who awaits it
            self._hand_back([_Outcome(opened, error=problem_of(error)), _Outcome(self._closed)])
            return
        self._hand_back([_Outcome(opened)])
        self._serve(connection)
        connection.close()
        self._hand_back([_Outcome(self._closed)])

    def _serve(self, connection: sqlite3.Connection) -> None:
        is_open = True
        while is_open:
            waiting = self._waiting()
            jobs = [job for job in waiting if job is not None]
            is_open = len(jobs) == len(waiting)
            for is_write, group in itertools.groupby(jobs, key=lambda job: job.is_write):
                run = self._write if is_write else _read_each
                self._hand_back(self._judged(run(connection, list(group))))

    def _waiting(self) -> list[_Job[Any] | None]:
        waiting = [self._queue.get()]
        with suppress(queue.Empty):
            while len(waiting) < _MOST_AT_ONCE:
                waiting.append(self._queue.get_nowait())
        return waiting

    def _write(self, connection: sqlite3.Connection, jobs: Sequence[_Job[Any]]) -> list[_Outcome]:
        if self._damage is not None:
            return [_Outcome(job.future, error=self._damage) for job in jobs]
        return _write_together(connection, jobs)

    def _check(self, connection: sqlite3.Connection) -> None:
        try:
            check_whole(connection)
        except JournalDamaged as damage:
            self._damage = damage
            raise

    def _judged(self, outcomes: list[_Outcome]) -> list[_Outcome]:
        """Put errors into the journal's words, and remember damage."""
        for outcome in outcomes:
            if outcome.error is not None:
                is_of_sqlite = isinstance(outcome.error, sqlite3.Error)
                outcome.error = problem_of(outcome.error)
                if is_of_sqlite and isinstance(outcome.error, JournalDamaged):
                    self._damage = outcome.error
        return outcomes

    def _hand_back(self, outcomes: list[_Outcome]) -> None:
        # The loop is closed when the program has gone on without waiting; then nobody is left to tell.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(_settle, outcomes)


def _settle(outcomes: list[_Outcome]) -> None:
    for outcome in outcomes:
        if outcome.future.done():
            continue
        if outcome.error is not None:
            outcome.future.set_exception(outcome.error)
        else:
            outcome.future.set_result(outcome.result)


def _read_each(connection: sqlite3.Connection, jobs: Sequence[_Job[Any]]) -> list[_Outcome]:
    return [_attempt(connection, job) for job in jobs]


def _attempt(connection: sqlite3.Connection, job: _Job[Any]) -> _Outcome:
    try:
        return _Outcome(job.future, job.work(connection))
    except Exception as error:  # noqa: BLE001  every failure goes to the caller, who awaits it
        return _Outcome(job.future, error=error)


def _write_together(connection: sqlite3.Connection, jobs: Sequence[_Job[Any]]) -> list[_Outcome]:
    """Run the jobs in one transaction; if it cannot be kept, each in its own, so that each has its own end."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        outcomes = [_in_savepoint(connection, job) for job in jobs]
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if len(jobs) == 1:
            return [_Outcome(jobs[0].future, error=error)]
        return [outcome for job in jobs for outcome in _write_together(connection, [job])]
    return outcomes


def _in_savepoint(connection: sqlite3.Connection, job: _Job[Any]) -> _Outcome:
    connection.execute("SAVEPOINT one")
    outcome = _attempt(connection, job)
    if outcome.error is not None:
        if isinstance(outcome.error, sqlite3.Error) and not connection.in_transaction:
            # On a broken disk SQLite rolls back everything, not only this job.
            raise outcome.error
        connection.execute("ROLLBACK TO one")
    connection.execute("RELEASE one")
    return outcome
