"""The audit of a till: one small SQLite file that only grows. It is opened for each entry and closed again.

Commands write to it while a window runs, so SQLite's own lock orders them; an entry is on the disk before its deed is
done.
"""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from optty_desktop.core.audit_chain import AuditAction, AuditFacts, AuditRow, Deed, Moment, first_broken, next_row
from optty_desktop.core.errors import JournalDamaged, JournalProblem
from optty_desktop.journal.private_files import make_private_file, make_private_folder
from optty_desktop.journal.problems import problem_of

_WAIT_SECONDS: Final = 5.0
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS entries (sequence INTEGER PRIMARY KEY, text TEXT NOT NULL, hash TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS entries_never_change BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are only added'); END;
CREATE TRIGGER IF NOT EXISTS entries_never_go BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are only added'); END;
"""
_LAST: Final = "SELECT sequence, text, hash FROM entries ORDER BY sequence DESC LIMIT 1"
_ALL: Final = "SELECT sequence, text, hash FROM entries ORDER BY sequence"


class AuditFile:
    """Fills ``core.audit_chain.Audit``. ``moment`` tells when it is, for each entry."""

    def __init__(self, file: Path, moment: Callable[[], Moment]) -> None:
        self._file, self._moment = file, moment

    async def note(self, deed: Deed) -> None:
        """Write it down; it is on the disk when this returns. Raises JournalProblem."""
        await asyncio.to_thread(self.add, deed)

    def add(self, deed: Deed) -> None:
        """``note`` for whoever has no event loop. Raises JournalProblem."""
        with _told():
            make_private_folder(self._file.parent)
            make_private_file(self._file)
            with closing(self._connect("rw")) as connection:
                connection.execute("PRAGMA synchronous = FULL")
                connection.executescript(_TABLES)
                connection.execute("BEGIN IMMEDIATE")
                found = connection.execute(_LAST).fetchone()
                row = next_row(None if found is None else _row(*found), deed, self._moment())
                connection.execute("INSERT INTO entries VALUES (?, ?, ?)", row)
                connection.execute("COMMIT")

    def rows(self) -> list[AuditRow]:
        """Return all entries, oldest first; none where there is no file yet. Raises JournalProblem."""
        with _told():
            if not self._file.exists() or not self._file.stat().st_size:
                return []
            try:
                return self._all("ro")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_READONLY_ROLLBACK:
                    raise
                # A write was cut off, as by a power cut: only whoever may write can take its half back.
                return self._all("rw")

    def newest(self, action: AuditAction) -> Mapping[str, str]:
        """Return what was so after the newest deed of this kind; nothing where there is none. Raises JournalProblem."""
        found = (_after(row, action) for row in reversed(self.rows()))
        return next((after for after in found if after is not None), {})

    def facts(self) -> AuditFacts:
        """Return what support may know. Nothing is raised: what cannot be read is said."""
        try:
            rows = self.rows()
        except JournalProblem as problem:
            return AuditFacts(0, problem=type(problem).__name__)
        return AuditFacts(len(rows), first_broken(rows))

    def _all(self, mode: str) -> list[AuditRow]:
        with closing(self._connect(mode)) as connection:
            return [_row(*row) for row in connection.execute(_ALL)]

    def _connect(self, mode: str) -> sqlite3.Connection:
        address = f"{self._file.absolute().as_uri()}?mode={mode}"
        connection = sqlite3.connect(address, uri=True, timeout=_WAIT_SECONDS, isolation_level=None)
        # Whatever somebody has put there by hand is read, and then found not to be as it was written.
        connection.text_factory = lambda content: content.decode("utf-8", "surrogateescape")
        return connection


def _row(sequence: int, text: object, own_hash: object) -> AuditRow:
    return AuditRow(sequence, str(text), str(own_hash))


def _after(row: AuditRow, action: AuditAction) -> Mapping[str, str] | None:
    """What was so after the deed in this row; None where it is of another kind, or no entry of this program."""
    try:
        entry = json.loads(row.text)
    except (ValueError, RecursionError):
        return None
    after = entry.get("after") if isinstance(entry, dict) and entry.get("action") == action else None
    is_words = isinstance(after, dict) and all(isinstance(word, str) for word in after.values())
    return after if is_words else None


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OverflowError as error:
        raise JournalDamaged("no place is left after the last entry") from error
    except (sqlite3.Error, OSError) as error:
        raise problem_of(error) from error
