"""A record that took the place of a damaged one says so, until somebody has compared it with the service."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final

from optty_desktop.core.errors import JournalDamaged, RebuildUnconfirmed
from optty_desktop.core.operations import Operation, OperationKind, Stage
from optty_desktop.journal.private_files import make_private_file, sync_file, sync_folder

COPY_AWAITED: Final = "copy_awaited"
"""The reason on a mark while a copy is on its way to the place of a journal that was set aside."""

_PUT: Final = "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
_BLOCKED: Final = "refunds_blocked"
_CONFIRMED: Final = "rebuild_confirmed"


def block_reason(connection: sqlite3.Connection) -> str | None:
    """Return why cancels and refunds wait, or None."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (_BLOCKED,)).fetchone()
    return None if row is None else str(row[0])


def block(connection: sqlite3.Connection, reason: str) -> None:
    """Let cancels and refunds wait."""
    connection.execute(_PUT, (_BLOCKED, reason))


def confirm(connection: sqlite3.Connection, actor: str) -> None:
    """Open cancels and refunds again, and keep who did so; the caller holds the transaction."""
    reason = block_reason(connection)
    if reason is not None:
        connection.execute(_PUT, (_CONFIRMED, f"{reason}, by {actor}"))
        connection.execute("DELETE FROM meta WHERE name = ?", (_BLOCKED,))


def refuse_while_blocked(connection: sqlite3.Connection, operations: Iterable[Operation]) -> None:
    """Raise RebuildUnconfirmed when one of ``operations`` begins a cancel or refund and the record is not confirmed."""
    begins = any(one.stage is Stage.INTENT and one.kind is not OperationKind.CREATE for one in operations)
    if begins and (reason := block_reason(connection)) is not None:
        raise RebuildUnconfirmed(details={"reason": reason})


# A mark beside the journal lasts from the moment a file is set aside until its successor holds the reason itself.


def mark(journal: Path, reason: str) -> None:
    """Let the next journal at this path be blocked from its first moment. Raises OSError."""
    path = mark_of(journal)
    make_private_file(path)
    path.write_text(reason, encoding="utf-8")
    sync_file(path)


def refuse_while_awaited(journal: Path) -> None:
    """Raise JournalDamaged where a journal was set aside for a copy that has not come: none begins empty by itself.

    Raises OSError.
    """
    path = mark_of(journal)
    if path.exists() and not journal.exists() and _reason_in(path) == COPY_AWAITED:
        raise JournalDamaged("the journal was set aside, and its copy has not come")


def take_over_mark(connection: sqlite3.Connection, journal: Path) -> None:
    """Move the reason of a mark into the journal that has just been opened. Raises OSError, sqlite3.Error."""
    path = mark_of(journal)
    if not path.exists():
        return
    if block_reason(connection) is None:
        block(connection, _reason_in(path) or "started_anew")
    remove_mark(journal)


def remove_mark(journal: Path) -> None:
    """Forget the mark, once the journal holds the reason. Raises OSError."""
    mark_of(journal).unlink(missing_ok=True)
    sync_folder(journal.parent)


def _reason_in(mark: Path) -> str:
    # The disk that damaged the journal may have damaged this too.
    return mark.read_text(encoding="utf-8", errors="replace")


def mark_of(journal: Path) -> Path:
    """Return where the mark lies."""
    return journal.with_suffix(".set-aside")


def block_file(path: Path, reason: str) -> None:
    """Let cancels and refunds wait in a journal that nobody has open. Raises sqlite3.Error."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        block(connection, reason)
