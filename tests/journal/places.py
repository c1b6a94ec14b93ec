"""Journals in folders of their own, opened and closed around a block."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import TypeVar

from optty_desktop.journal.database import Database
from optty_desktop.journal.journal import SqliteJournal
from optty_desktop.journal.migrations import MIGRATIONS, Migration
from optty_desktop.journal.opening import JournalFile
from optty_desktop.journal.seal import seal_of

T = TypeVar("T")


@asynccontextmanager
async def opened(folder: Path, environment_id: str = "training") -> AsyncIterator[SqliteJournal]:
    """Open a journal as the program does."""
    journal = await SqliteJournal.open(folder, environment_id)
    try:
        yield journal
    finally:
        await journal.close()


@asynccontextmanager
async def database_in(folder: Path, migrations: Sequence[Migration] = MIGRATIONS) -> AsyncIterator[Database]:
    """Open the file below a journal, to set limits on it or to give it other schema steps."""
    database = await Database.open(JournalFile(file_in(folder), "training", migrations))
    try:
        yield database
    finally:
        await database.close()


def file_in(folder: Path) -> Path:
    """Return where the training journal lies."""
    return folder / "training.journal"


@contextmanager
def new_folder() -> Iterator[Path]:
    """Make a folder for one of many examples."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def by_hand(folder: Path, work: Callable[[sqlite3.Connection], T]) -> T:
    """Change a closed journal with other means than the program, and take its seal off."""
    seal_of(file_in(folder)).unlink(missing_ok=True)
    with closing(sqlite3.connect(file_in(folder), isolation_level=None)) as connection:
        return work(connection)


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files of the folder, whole, but for the ballast, which has no content."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.suffix != ".ballast"}
