"""The one thread that owns the connection: work goes in through a queue, results come back to the event loop."""

import asyncio
import itertools
import queue
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final, TypeVar

from optty_desktop.core.errors import DiskFull, JournalDamaged, JournalProblem
from optty_desktop.journal.ballast import Ballast
from optty_desktop.journal.copies import check_whole
from optty_desktop.journal.opening import JournalFile, close_file, move_log, open_file
from optty_desktop.journal.problems import problem_of
from optty_desktop.journal.suspicion import suspect
from optty_desktop.journal.transactions import WRITES, Job, Outcome, Way, Work, attempt, settle, write_together

T = TypeVar("T")
LongWork = Callable[[sqlite3.Connection, Callable[[], None]], T]

_MOST_AT_ONCE: Final = 256


class Database:
    """An open journal file. All methods belong to the event loop that opened it; none of them blocks it.

    A job that was handed in is done even if the task that waits for it is cancelled.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, file: JournalFile) -> None:
        self.file = file
        self._loop = loop
        self._ballast = Ballast(file.ballast_path)
        self._queue: queue.SimpleQueue[Job[Any] | None] = queue.SimpleQueue()
        self._long: deque[Job[Any]] = deque()
        self._closed: asyncio.Future[None] = loop.create_future()
        self._is_closing = False
        self._is_at_end = False
        self._damage: JournalDamaged | None = None

    @classmethod
    async def open(cls, file: JournalFile) -> "Database":
        """Open the file in a new thread. Raises JournalProblem subclasses."""
        loop = asyncio.get_running_loop()
        database = cls(loop, file)
        opened: asyncio.Future[None] = loop.create_future()
        threading.Thread(target=database._live, args=(opened,), name="journal", daemon=True).start()
        try:
            await opened
        except BaseException:
            database._end()
            raise
        return database

    async def read(self, work: Work[T]) -> T:
        """Return what ``work`` finds. Raises JournalProblem subclasses."""
        return await self._hand_in(work, Way.READ)

    async def read_long(self, work: LongWork[T]) -> T:
        """Return what ``work`` finds; whenever it calls its second argument, the work that waits is done in between.

        Raises JournalProblem subclasses, also when the journal is closed before the end.
        """
        return await self._hand_in(lambda connection: work(connection, partial(self._step_aside, connection)), _LONG)

    async def write(self, work: Work[T], way: Way = Way.WRITE) -> T:
        """Return the result of ``work`` once it is durable; nothing of it stays if it raises.

        Writes that wait together share one transaction, each in its own savepoint. Raises JournalProblem subclasses
        and OperationOpen; once damage has been seen, JournalDamaged without touching the file.
        """
        return await self._hand_in(work, way)

    async def check(self) -> None:
        """Read the whole file. Raises JournalDamaged; from then on nothing is written."""
        await self.read(self._check)

    async def close(self) -> None:
        """Finish all that was handed in, then close the file. Long reads are broken off."""
        self._end()
        await asyncio.shield(self._closed)

    async def _hand_in(self, work: Work[T], way: Way) -> T:
        if self._is_closing:
            raise JournalProblem("the journal is closed")
        future: asyncio.Future[T] = self._loop.create_future()
        self._queue.put(Job(work, future, way))
        return await future

    def _end(self) -> None:
        if not self._is_closing:
            self._is_closing = True
            self._queue.put(None)

    # From here on: in the thread.

    def _live(self, opened: "asyncio.Future[None]") -> None:
        try:
            connection = open_file(self.file)
        except Exception as error:  # noqa: BLE001  every failure goes to the caller, who awaits it
            self._hand_back([Outcome(opened, error=problem_of(error)), Outcome(self._closed)])
            return
        self._hand_back([Outcome(opened)])
        with suppress(OSError):  # then it is taken before the first intent, or that is refused
            self._ballast.take()
        self._serve(connection)
        close_file(connection, self.file)
        self._hand_back([Outcome(self._closed)])

    def _serve(self, connection: sqlite3.Connection) -> None:
        while not self._is_at_end:
            self._do(connection, [self._queue.get(), *self._waiting()])
            while self._long:
                job = self._long.popleft()
                self._hand_back(self._judged([attempt(connection, job)]))

    def _waiting(self) -> list[Job[Any] | None]:
        waiting: list[Job[Any] | None] = []
        with suppress(queue.Empty):
            while len(waiting) < _MOST_AT_ONCE:
                waiting.append(self._queue.get_nowait())
        return waiting

    def _do(self, connection: sqlite3.Connection, waiting: Sequence[Job[Any] | None]) -> None:
        jobs = [job for job in waiting if job is not None]
        self._is_at_end = self._is_at_end or len(jobs) < len(waiting)
        self._long += [job for job in jobs if job.way is _LONG]
        short = (job for job in jobs if job.way is not _LONG)
        for is_write, group in itertools.groupby(short, key=lambda job: job.way in WRITES):
            run = self._write if is_write else _read_each
            self._hand_back(self._judged(run(connection, list(group))))
            if is_write:
                self._move_log(connection)

    def _step_aside(self, connection: sqlite3.Connection) -> None:
        self._do(connection, self._waiting())
        if self._is_at_end:
            raise JournalProblem("the journal was closed before this ended")

    def _write(self, connection: sqlite3.Connection, jobs: Sequence[Job[Any]]) -> list[Outcome]:
        if self._damage is not None:
            return [Outcome(job.future, error=self._damage) for job in jobs]
        refusal = self._no_room_for_an_answer() if any(job.way is Way.WRITE_INTENT for job in jobs) else None
        held = [job for job in jobs if refusal is not None and job.way is Way.WRITE_INTENT]
        ready = jobs if not held else [job for job in jobs if job.way is not Way.WRITE_INTENT]
        refused = [Outcome(job.future, error=refusal) for job in held]
        return refused + self._write_with_ballast(connection, ready)

    def _write_with_ballast(self, connection: sqlite3.Connection, jobs: Sequence[Job[Any]]) -> list[Outcome]:
        outcomes = write_together(connection, jobs)
        ends = list(zip(jobs, outcomes, strict=True))
        again = [job for job, outcome in ends if _needs_ballast(job, outcome)]
        if not again or not self._ballast.free():
            return outcomes
        kept = [outcome for job, outcome in ends if not _needs_ballast(job, outcome)]
        return kept + write_together(connection, again)

    def _move_log(self, connection: sqlite3.Connection) -> None:
        """Done when those who waited have been told: what they wrote is durable in the log."""
        try:
            move_log(connection, self.file)
        except (sqlite3.Error, OSError) as error:
            problem = problem_of(error)
            if isinstance(problem, JournalDamaged):
                self._found(problem)

    def _no_room_for_an_answer(self) -> Exception | None:
        try:
            self._ballast.take()
        except OSError as error:
            return problem_of(error)
        return None

    def _check(self, connection: sqlite3.Connection) -> None:
        try:
            check_whole(connection)
        except JournalDamaged as damage:
            self._found(damage)
            raise

    def _judged(self, outcomes: list[Outcome]) -> list[Outcome]:
        """Put errors into the journal's words, and remember damage."""
        for outcome in outcomes:
            if outcome.error is not None:
                is_of_sqlite = isinstance(outcome.error, sqlite3.Error)
                outcome.error = problem_of(outcome.error)
                if is_of_sqlite and isinstance(outcome.error, JournalDamaged):
                    self._found(outcome.error)
        return outcomes

    def _found(self, damage: JournalDamaged) -> None:
        self._damage = damage
        with suppress(OSError):  # then the next opening has to find it again
            suspect(self.file.path)

    def _hand_back(self, outcomes: list[Outcome]) -> None:
        # The loop is closed when the program has gone on without waiting; then nobody is left to tell.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(settle, outcomes)


_LONG: Final = Way.LONG_READ


def _read_each(connection: sqlite3.Connection, jobs: Sequence[Job[Any]]) -> list[Outcome]:
    return [attempt(connection, job) for job in jobs]


def _needs_ballast(job: Job[Any], outcome: Outcome) -> bool:
    error = outcome.error
    return job.way is Way.WRITE_RESULT and error is not None and isinstance(problem_of(error), DiskFull)
