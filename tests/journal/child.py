"""Programs that tests start as processes of their own: to kill them, to race them, to take rights from them."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from optty_desktop.core.errors import JournalProblem
from optty_desktop.core.events import EventKind
from optty_desktop.journal.database import Database
from optty_desktop.journal.journal import SqliteJournal
from optty_desktop.journal.migrations import MIGRATIONS, Migration
from optty_desktop.journal.opening import JournalFile
from tests.journal.samples import a_link, an_event

NOBODY = 65534
WORKERS = 8


def say(text: str) -> None:
    """Write a line at once, so that it is not lost when the process is killed."""
    os.write(1, (text + "\n").encode())


async def load(folder: Path, *, is_hasty: bool) -> None:
    """Commit links without end, telling the number of each as soon as it is acknowledged; or, in haste, before."""
    journal = await SqliteJournal.open(folder, "training")
    numbers = itertools.count()

    async def work() -> None:
        while True:
            number = f"{os.getpid()}-{next(numbers)}"
            if is_hasty:
                say(number)
            await journal.commit(a_link(number), an_event(number), an_event(number, EventKind.EMAILED))
            if not is_hasty:
                say(number)

    await asyncio.gather(*(work() for _ in range(WORKERS)))


async def race(folder: Path) -> None:
    """For each environment id that comes in: open its journal, tell how it went, close at the next line."""
    say("ready")
    while line := await asyncio.to_thread(sys.stdin.readline):
        try:
            journal = await SqliteJournal.open(folder, line.strip())
        except JournalProblem as problem:
            say(type(problem).__name__)
            await asyncio.to_thread(sys.stdin.readline)
        else:
            say("open")
            await asyncio.to_thread(sys.stdin.readline)
            await journal.close()
        say("done")


async def race_without_lock(folder: Path) -> None:
    """Take part in a race as a program that does not ask whether the file is somebody's."""
    say("ready")
    while line := await asyncio.to_thread(sys.stdin.readline):
        with closing(sqlite3.connect(folder / line.strip())) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            say("open")
            await asyncio.to_thread(sys.stdin.readline)
        say("done")


async def open_without_rights(folder: Path) -> None:
    """Open the journal as a person whom the folder does not belong to."""
    if os.getuid() == 0:
        os.setuid(NOBODY)
    try:
        journal = await SqliteJournal.open(folder, "training")
    except JournalProblem as problem:
        say(type(problem).__name__)
    else:
        await journal.close()
        say("open")


async def leave_open(folder: Path) -> None:
    """Commit and end without closing."""
    journal = await SqliteJournal.open(folder, "training")
    await journal.commit(a_link("INV-1"))
    asyncio.get_running_loop().create_task(journal.commit(a_link("INV-2")))
    await asyncio.sleep(0)


class Deadly:
    """Statements of a schema step; the process kills itself before the statement of that place."""

    def __init__(self, statements: tuple[str, ...], place: int) -> None:
        self._statements = statements
        self._place = place

    def __iter__(self) -> Iterator[str]:
        for place, statement in enumerate((*self._statements, "")):
            if place == self._place:
                os.kill(os.getpid(), signal.SIGKILL)
            yield statement


async def die_in_migration(folder: Path, version: int, place: int) -> None:
    """Begin the step to that version, which may be one after the last, and be killed in it."""
    steps = [*MIGRATIONS, Migration(len(MIGRATIONS) + 1, NEXT_STATEMENTS)][:version]
    steps[-1] = Migration(version, Deadly(tuple(steps[-1].statements), place))
    await Database.open(JournalFile(folder / "training.journal", "training", steps))


async def die_without_transaction(folder: Path, place: int) -> None:
    """Be killed in the next step as a program that takes it statement by statement."""
    with closing(sqlite3.connect(folder / "training.journal", isolation_level=None)) as connection:
        for statement in Deadly(NEXT_STATEMENTS, place):
            connection.execute(statement)


NEXT_STATEMENTS = (
    "ALTER TABLE links ADD COLUMN branch TEXT NOT NULL DEFAULT ''",
    "UPDATE links SET branch = 'Main Street'",
    "CREATE INDEX links_by_branch ON links (branch)",
)


def main() -> None:
    """Run the program that the first argument names."""
    name, folder, *rest = sys.argv[1:]
    match name:
        case "load":
            asyncio.run(load(Path(folder), is_hasty=False))
        case "load_in_haste":
            asyncio.run(load(Path(folder), is_hasty=True))
        case "race":
            asyncio.run(race(Path(folder)))
        case "race_without_lock":
            asyncio.run(race_without_lock(Path(folder)))
        case "open_without_rights":
            asyncio.run(open_without_rights(Path(folder)))
        case "leave_open":
            asyncio.run(leave_open(Path(folder)))
        case "die_in_migration":
            asyncio.run(die_in_migration(Path(folder), int(rest[0]), int(rest[1])))
        case "die_without_transaction":
            asyncio.run(die_without_transaction(Path(folder), int(rest[0])))


if __name__ == "__main__":
    main()
