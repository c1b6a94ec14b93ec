"""The one thread that owns the connection to the store: work goes in through a queue, results come back to the loop."""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from optty_desktop.relay.problems import RelayProblem, StoreBusy, StoreUnavailable

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]
Notified = Callable[[sqlite3.Connection], None]

MOST_WAITING: Final = 512
"""Jobs; with bodies of 64 KiB they take 32 MiB."""

_MOST_AT_ONCE: Final = 128
_LOG_LIMIT: Final = 4 * 2**20


@dataclass(slots=True)
class _Job(Generic[T]):
    work: Work[T]
    future: "asyncio.Future[T]"
    is_apart: bool = False


@dataclass(slots=True)
class _Outcome:
    future: "asyncio.Future[Any]"
    result: object = None
    error: Exception | None = None


class StoreThread:
    """Runs work in transactions that are durable before its caller hears of it.

    Jobs that wait together share one transaction, each in its own savepoint. A job may be run twice, so all it does
    is in the database; it is done even if the task that waits for it is cancelled.
    """

    def __init__(self, connection: sqlite3.Connection, log: Path, after_commit: Notified) -> None:
        self._connection = connection
        self._log = log
        self._after_commit = after_commit
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._is_closing = False
        self._thread = threading.Thread(target=self._serve, name="relay-store", daemon=True)
        self._thread.start()

    async def run(self, work: Work[T]) -> T:
        """Return the result of ``work`` once it is durable; nothing of it stays if it raises.

        Raises RelayProblem as the work does, StoreUnavailable when the store cannot be used, StoreBusy when too
        much is waiting.
        """
        return await self.begin(work)

    def begin(self, work: Work[T]) -> "asyncio.Future[T]":
        """Hand work in, and return what will hold its result. Raises as ``run`` does."""
        return self._hand_in(work, is_apart=False)

    async def run_apart(self, work: Work[T]) -> T:
        """Return the result of ``work``, which is run outside any transaction. Raises as ``run`` does."""
        return await self._hand_in(work, is_apart=True)

    async def close(self) -> None:
        """Finish all that was handed in, then close the file."""
        if not self._is_closing:
            self._is_closing = True
            self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _hand_in(self, work: Work[T], *, is_apart: bool) -> "asyncio.Future[T]":
        if self._is_closing:
            raise StoreUnavailable("The relay is stopping.")
        if self._queue.qsize() >= MOST_WAITING:
            raise StoreBusy("The relay has too much to do.")
        future: asyncio.Future[T] = self._loop.create_future()
        self._queue.put(_Job(work, future, is_apart))
        return future

    # From here on: in the thread.

    def _serve(self) -> None:
        is_at_end = False
        while not is_at_end:
            jobs, is_at_end = self._next_jobs()
            together = [job for job in jobs if not job.is_apart]
            if together:
                self._hand_back(self._together(together))
                self._tidy()
            self._hand_back([_attempt(self._connection, job) for job in jobs if job.is_apart])
        with suppress(sqlite3.Error):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self._connection.close()

    def _next_jobs(self) -> tuple[list[_Job[Any]], bool]:
        waiting = [self._queue.get()]
        with suppress(queue.Empty):
            while len(waiting) < _MOST_AT_ONCE:
                waiting.append(self._queue.get_nowait())
        return [job for job in waiting if job is not None], None in waiting

    def _together(self, jobs: list[_Job[Any]]) -> list[_Outcome]:
        """Run the jobs in one transaction; if it cannot be kept, each in its own, so that each has its own end."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            outcomes = [self._in_savepoint(job) for job in jobs]
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            if len(jobs) == 1:
                return [_Outcome(jobs[0].future, error=error)]
            return [outcome for job in jobs for outcome in self._together([job])]
        return outcomes

    def _in_savepoint(self, job: _Job[Any]) -> _Outcome:
        self._connection.execute("SAVEPOINT one")
        outcome = _attempt(self._connection, job)
        if outcome.error is not None:
            if isinstance(outcome.error, sqlite3.Error) and not self._connection.in_transaction:
                raise outcome.error  # on a full or broken disk SQLite rolls back everything, not only this job
            self._connection.execute("ROLLBACK TO one")
        self._connection.execute("RELEASE one")
        return outcome

    def _roll_back(self) -> None:
        with suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _tidy(self) -> None:
        """Done when those who waited have been told: what they wrote is durable in the log."""
        with suppress(sqlite3.Error, OSError):
            self._after_commit(self._connection)
            if self._log.stat().st_size > _LOG_LIMIT:
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def _hand_back(self, outcomes: list[_Outcome]) -> None:
        # The loop is closed when the program has gone on without waiting; then nobody is left to tell.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(_settle, outcomes)


def _attempt(connection: sqlite3.Connection, job: _Job[Any]) -> _Outcome:
    try:
        return _Outcome(job.future, job.work(connection))
    except Exception as error:  # noqa: BLE001  every failure goes to the caller, who awaits it
        return _Outcome(job.future, error=error)


def _settle(outcomes: list[_Outcome]) -> None:
    for outcome in outcomes:
        if outcome.future.done():
            continue
        if outcome.error is None:
            outcome.future.set_result(outcome.result)
        else:
            outcome.future.set_exception(problem_of(outcome.error))


def problem_of(error: Exception) -> Exception:
    """Put an error of SQLite or of the disk into the relay's words; others stay what they are."""
    if isinstance(error, sqlite3.Error | OSError) and not isinstance(error, RelayProblem):
        problem = StoreUnavailable("The relay cannot write its store.")
        problem.__cause__ = error
        return problem
    return error
