"""What support may know about a record: how large it is, how much of what it holds, and nothing of its content."""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final

from optty_desktop.core.diagnosis import JournalFacts
from optty_desktop.core.errors import JournalDamaged, JournalNewer
from optty_desktop.core.links import LinkState
from optty_desktop.core.operations import OPEN_STAGES, OperationKind, Stage
from optty_desktop.journal.backup import backups
from optty_desktop.journal.opening import ENVIRONMENT_ID, JournalFile, leave_as_it_is
from optty_desktop.journal.problems import problem_of
from optty_desktop.journal.rebuilding import block_reason

OTHER: Final = "other"
"""Stands for a state, kind or stage this program does not know: its word may be anything."""

_LINKS: Final = "SELECT state, count(*) FROM links WHERE is_withdrawn = 0 GROUP BY state"
_OPERATIONS: Final = "SELECT kind, stage, count(*) FROM operations GROUP BY kind, stage"
_REASON: Final = re.compile(r"(?:started_anew|restored)(?: [0-9T:.+-]{10,32})?", re.ASCII)


def facts_of(connection: sqlite3.Connection, file: JournalFile) -> JournalFacts:
    """Return the facts of an open record. Raises sqlite3.Error, OSError."""
    operations = connection.execute(_OPERATIONS).fetchall()
    return JournalFacts(
        file.environment_id,
        size_of(file.path),
        _newest_backup(file),
        schema=int(connection.execute("PRAGMA user_version").fetchone()[0]),
        links=_added((_known(state, LinkState), count) for state, count in connection.execute(_LINKS)),
        operations=_added((_name(kind, stage), count) for kind, stage, count in operations),
        open_operations=sum(count for _kind, stage, count in operations if _is_open(stage)),
        block=_reason(block_reason(connection)),
    )


def unknown_facts(file: JournalFile, problem: Exception) -> JournalFacts:
    """Return what can be said of a record whose content cannot be read. Opens no file."""
    return JournalFacts(file.environment_id, size_of(file.path), _newest_backup(file), type(problem).__name__)


def inspect_journals(folder: Path) -> list[JournalFacts]:
    """Return the facts of every record in ``folder``, in the order of their names; a record in use says so.

    Not for a process that has one of them open: it would find that in use by itself.
    """
    files = [JournalFile(path, path.stem) for path in sorted(folder.glob("*.journal"))]
    return [_inspect(file) for file in files if ENVIRONMENT_ID.fullmatch(file.environment_id)]


def size_of(path: Path) -> int:
    """Return the bytes of the file and of the log beside it."""
    return sum(one.stat().st_size for one in (path, Path(f"{path}-wal")) if one.exists())


def _inspect(file: JournalFile) -> JournalFacts:
    try:
        with _held(file.path) as connection:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if version > file.version:
                return unknown_facts(file, JournalNewer())
            if version <= 0:
                return unknown_facts(file, JournalDamaged())
            return facts_of(connection, file)
    except (sqlite3.Error, OSError) as error:
        return unknown_facts(file, problem_of(error))


@contextmanager
def _held(path: Path) -> Iterator[sqlite3.Connection]:
    """Hold a record for the moment it is read, which a window that has it open does not let happen.

    Nothing is written but what a start would write too: after a power cut, the log moves into the file.
    """
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=0, isolation_level=None)
    try:
        # Before the first access: no shared memory file is made then.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        yield connection
        connection.execute("ROLLBACK")
    finally:
        leave_as_it_is(connection)


def _newest_backup(file: JournalFile) -> date | None:
    found = backups(file.path.parent, file.environment_id)
    return found[0].day if found else None


def _added(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for name, count in counts:
        total[name] = total.get(name, 0) + count
    return total


def _known(word: object, words: Iterable[str]) -> str:
    return next((str(one) for one in words if one == word), OTHER)


def _name(kind: object, stage: object) -> str:
    return f"{_known(kind, OperationKind)} {_known(stage, Stage)}"


def _is_open(stage: object) -> bool:
    """A stage nobody knows counts as open, as in the index that allows one open operation a link."""
    return not any(stage == one for one in Stage if one not in OPEN_STAGES)


def _reason(reason: str | None) -> str | None:
    return reason if reason is None or _REASON.fullmatch(reason) else OTHER
