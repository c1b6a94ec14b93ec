"""Promise D9: every backup opens, whole, with all that was acknowledged before, though commits go on meanwhile."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from optty_desktop.journal.backup import backups
from optty_desktop.journal.journal import SqliteJournal
from tests.journal.places import file_in, new_folder, opened
from tests.journal.samples import a_link, an_event
from tests.promises import Promise, Scaled

FIRST = date(2026, 3, 1)
WORKERS = 4


class Load:
    """Commits without pause; knows what was acknowledged and how long the slowest commit took."""

    def __init__(self, journal: SqliteJournal) -> None:
        self._journal = journal
        self._numbers = (f"INV-{count}" for count in itertools.count())
        self._is_over = False
        self.acknowledged: set[str] = set()
        self.slowest = 0.0

    async def run(self) -> None:
        while not self._is_over:
            number = next(self._numbers)
            begun = time.perf_counter()
            await self._journal.commit(a_link(number), an_event(number))
            self.slowest = max(self.slowest, time.perf_counter() - begun)
            self.acknowledged.add(number)

    @asynccontextmanager
    async def around(self) -> AsyncIterator[None]:
        workers = asyncio.gather(*(self.run() for _ in range(WORKERS)))
        yield
        self._is_over = True
        await workers


def missing_in(copy: Path, acknowledged: set[str]) -> list[str]:
    """Return why a copy is no backup."""
    with closing(sqlite3.connect(f"{copy.as_uri()}?immutable=1", uri=True)) as connection:
        try:
            if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                return [f"{copy.name}: not whole"]
            links = {number for (number,) in connection.execute("SELECT invoice_number FROM links")}
            events = [number for (number,) in connection.execute("SELECT invoice_number FROM events")]
        except sqlite3.Error as error:
            return [f"{copy.name}: {error}"]
    lost = acknowledged - links
    return [f"{copy.name}: {len(lost)} lost"] if lost else [] if sorted(events) == sorted(links - OLD) else ["half"]


OLD = {f"OLD-{number}" for number in range(2000)}


async def wrong_copies(
    count: int, copy: Callable[[SqliteJournal, Path, int], Awaitable[Path]]
) -> tuple[list[str], float]:
    """Return what is wrong with so many copies made under load, and how long the slowest commit took."""
    wrong = []
    with new_folder() as folder:
        async with opened(folder) as journal:
            await journal.commit(*(a_link(number, description="x" * 500) for number in OLD))
            load = Load(journal)
            async with load.around():
                for number in range(count):
                    before = set(load.acknowledged)
                    path = await copy(journal, folder, number)
                    wrong += await asyncio.to_thread(missing_in, path, before | OLD)
        assert len(load.acknowledged) > count
    return wrong, load.slowest


@pytest.mark.limit(120)
async def test_D9_backups_made_under_load_are_whole(promise: Promise, scaled: Scaled) -> None:
    async def back_up(journal: SqliteJournal, folder: Path, number: int) -> Path:
        path = await journal.back_up_day(FIRST + timedelta(days=number))
        assert path is not None
        assert len(backups(folder, "training")) == min(number + 1, 7)
        return path

    count = scaled(5, 50)
    wrong, slowest = await wrong_copies(count, back_up)
    promise("D9", count, wrong, slowest)


async def test_D9_control_a_copy_of_the_live_file_is_no_backup(tmp_path: Path) -> None:
    async def copy_live(_journal: SqliteJournal, folder: Path, number: int) -> Path:
        path = tmp_path / f"copy-{number}"
        # Another process: closing the file here would drop the locks that SQLite holds.
        process = await asyncio.create_subprocess_exec("cp", str(file_in(folder)), str(path))
        await process.wait()
        return path

    wrong, _ = await wrong_copies(3, copy_live)
    assert wrong
