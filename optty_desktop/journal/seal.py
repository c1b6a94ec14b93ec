"""A digest of the file as it was closed: the check of SQLite sees a broken structure, not a changed amount.

The seal lies beside the journal while it is closed, and is broken before the first change.
"""

import hashlib
import sqlite3
from contextlib import suppress
from pathlib import Path

from optty_desktop.core.errors import JournalDamaged
from optty_desktop.journal.copies import keep_copy, partial_of
from optty_desktop.journal.private_files import make_private_file, sync_folder


def refuse_emptied(journal: Path) -> None:
    """Raise JournalDamaged for an empty file that was closed with content: SQLite would take it for a new one."""
    if seal_of(journal).exists() and journal.stat().st_size == 0:
        raise JournalDamaged("the file is empty and was not when it was closed")


def check_seal(connection: sqlite3.Connection, journal: Path) -> None:
    """Raise JournalDamaged when the file is not as it was closed. Without a seal there is nothing to say."""
    path = seal_of(journal)
    if _log_of(journal) or not path.exists():
        return  # what is in the log was written after the seal
    if path.read_text(encoding="ascii", errors="replace") != _digest(connection):
        raise JournalDamaged("the file is not as it was closed")


def break_seal(journal: Path) -> None:
    """Have no seal, durably: from here on the file may change. Raises OSError."""
    path = seal_of(journal)
    if path.exists():
        path.unlink()
        sync_folder(path.parent)


def put_seal(connection: sqlite3.Connection, journal: Path, up_to: int) -> None:
    """Seal the open journal, of which nothing may change any more; does nothing for one above ``up_to`` bytes.

    Raises sqlite3.Error, OSError; there is no seal then.
    """
    is_busy, _in_log, _moved = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy or journal.stat().st_size > up_to:
        return
    partial = partial_of(seal_of(journal))
    partial.unlink(missing_ok=True)
    make_private_file(partial)
    try:
        partial.write_text(_digest(connection), encoding="ascii")
        keep_copy(seal_of(journal))
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def seal_of(journal: Path) -> Path:
    """Return where the seal lies."""
    return journal.with_suffix(".seal")


def _digest(connection: sqlite3.Connection) -> str:
    return hashlib.blake2b(connection.serialize(), digest_size=32).hexdigest()


def _log_of(journal: Path) -> int:
    """Return how many bytes of the write-ahead log there are."""
    log = Path(f"{journal}-wal")
    return log.stat().st_size if log.exists() else 0
