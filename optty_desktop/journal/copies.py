"""Copies of a journal, and whether a file is whole."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from optty_desktop.core.errors import JournalDamaged
from optty_desktop.journal.private_files import make_private_file, sync_file, sync_folder

PAGES_A_STEP: Final = 64
"""Pages of 4 KiB copied before other work may come in between: about a millisecond."""


def check_whole(connection: sqlite3.Connection) -> None:
    """Read the whole file; raises JournalDamaged or sqlite3.Error when it is damaged."""
    answer = connection.execute("PRAGMA quick_check(1)").fetchone()
    if answer != ("ok",):
        raise JournalDamaged("the file does not pass its check")


def copy_file(connection: sqlite3.Connection, path: Path) -> None:
    """Copy the open journal to ``path``, in a folder that is there; the copy is whole or does not come to be.

    Raises sqlite3.Error, OSError.
    """
    copy_pages(connection, partial_of(path), pages=-1)
    keep_copy(path)


def copy_pages(
    connection: sqlite3.Connection, path: Path, *, pages: int = PAGES_A_STEP, between: Callable[[], None] | None = None
) -> None:
    """Copy into a new private file, calling ``between`` after each ``pages`` pages.

    What ``between`` commits through this same connection is in the copy too. The copy is one file, not yet flushed to
    the disk. When this raises, whatever it was, nothing is left at ``path``.
    """
    path.unlink(missing_ok=True)
    make_private_file(path)
    progress = None if between is None else lambda *_numbers: between()
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as copy:
            # Flushed once, by whoever keeps the copy, and not in the thread that commits wait for.
            copy.execute("PRAGMA synchronous = OFF")
            copy.execute("PRAGMA cache_size = 200")
            connection.backup(copy, pages=pages, progress=progress)
            # A copy is one file: no write-ahead log beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def keep_copy(path: Path) -> None:
    """Give the flushed copy beside ``path`` that name, in place of an older one. Raises OSError."""
    partial = partial_of(path)
    try:
        sync_file(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    sync_folder(path.parent)


def partial_of(path: Path) -> Path:
    """Return where the copy for ``path`` grows until it is whole."""
    return path.with_name(path.name + ".partial")


def check_copy(path: Path, environment_id: str) -> None:
    """Open a copy for reading and read all of it.

    Raises JournalDamaged or sqlite3.Error when it is not the whole journal of this environment.
    """
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        check_whole(connection)
        owner = connection.execute("SELECT value FROM meta WHERE name = 'environment'").fetchone()
    if owner != (environment_id,):
        raise JournalDamaged("the copy is not of this environment")
