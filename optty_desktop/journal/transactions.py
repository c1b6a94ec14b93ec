"""Work for the journal's thread, and writes that share a transaction while each keeps its own end."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


class Way(Enum):
    """How a job is to be run."""

    READ = auto()
    LONG_READ = auto()
    """Takes so long that other jobs run in between; it calls for that itself."""
    WRITE = auto()
    WRITE_INTENT = auto()
    """Announces a call to the outside: only while there is room to store the answer as well."""
    WRITE_RESULT = auto()
    """Stores what came of such a call: may use the room that is set aside."""


WRITES = frozenset({Way.WRITE, Way.WRITE_INTENT, Way.WRITE_RESULT})


@dataclass(slots=True)
class Job(Generic[T]):
    """Work and who waits for it. A write may be run twice, so all it does is in the database."""

    work: Work[T]
    future: "asyncio.Future[T]"
    way: Way


@dataclass(slots=True)
class Outcome:
    """How a job ended."""

    future: "asyncio.Future[Any]"
    result: object = None
    error: Exception | None = None


def attempt(connection: sqlite3.Connection, job: Job[Any]) -> Outcome:
    """Run one job."""
    try:
        return Outcome(job.future, job.work(connection))
    except Exception as error:  # noqa: BLE001  every failure goes to the caller, who awaits it
        return Outcome(job.future, error=error)


def write_together(connection: sqlite3.Connection, jobs: Sequence[Job[Any]]) -> list[Outcome]:
    """Run the jobs in one transaction; if it cannot be kept, each in its own, so that each has its own end."""
    if not jobs:
        return []
    try:
        connection.execute("BEGIN IMMEDIATE")
        outcomes = [_in_savepoint(connection, job) for job in jobs]
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        _roll_back(connection)
        if len(jobs) == 1:
            return [Outcome(jobs[0].future, error=error)]
        return [outcome for job in jobs for outcome in write_together(connection, [job])]
    return outcomes


def _in_savepoint(connection: sqlite3.Connection, job: Job[Any]) -> Outcome:
    connection.execute("SAVEPOINT one")
    outcome = attempt(connection, job)
    if outcome.error is not None:
        if isinstance(outcome.error, sqlite3.Error) and not connection.in_transaction:
            # On a broken disk SQLite rolls back everything, not only this job.
            raise outcome.error
        connection.execute("ROLLBACK TO one")
    connection.execute("RELEASE one")
    return outcome


def _roll_back(connection: sqlite3.Connection) -> None:
    # On a broken disk the statement may fail although SQLite has left the transaction.
    with suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def settle(outcomes: Sequence[Outcome]) -> None:
    """Tell those who wait; belongs to their event loop."""
    for outcome in outcomes:
        if outcome.future.done():
            continue
        if outcome.error is not None:
            outcome.future.set_exception(outcome.error)
        else:
            outcome.future.set_result(outcome.result)
