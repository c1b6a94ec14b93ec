"""Opening a journal file: taken for this process alone, checked, brought to the present schema."""

import os
import re
import secrets
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from optty_desktop.core.errors import JournalDamaged, JournalNewer, JournalProblem, JournalReadOnly
from optty_desktop.journal.copies import check_whole, copy_file, partial_of
from optty_desktop.journal.local_disk import refuse_network
from optty_desktop.journal.migrations import MIGRATIONS, Migration
from optty_desktop.journal.private_files import make_private_file, make_private_folder
from optty_desktop.journal.rebuilding import refuse_while_awaited, take_over_mark
from optty_desktop.journal.seal import break_seal, check_seal, put_seal, refuse_emptied
from optty_desktop.journal.suspicion import refuse_suspect

LOCK_WAIT_SECONDS: Final = 0.8
"""How long to wait for a file another process holds: it may be just closing it."""

CHECKED_WHEN_OPENED: Final = 8 * 2**20
"""Files up to this many bytes are checked whole while they open; larger ones only on request (0.1 s for 90 MB)."""

LOG_LIMIT: Final = 4 * 2**20
"""Bytes of the write-ahead log above which it is moved into the file."""

ENVIRONMENT_ID: Final = re.compile(r"[a-z0-9-]{1,32}")
"""What may become part of the name of a journal."""

_SETTINGS: Final = (
    # Before the first access: the lock is then held until the file is closed, and no shared memory file is made.
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
    "PRAGMA checkpoint_fullfsync = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA temp_store = MEMORY",
    # By itself SQLite moves the log within COMMIT, which then fails although the commit is there to stay.
    "PRAGMA wal_autocheckpoint = 0",
)
_TABLES: Final = frozenset({"meta", "links", "operations", "events"})


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection that waits for nobody and begins no transaction by itself."""
    return sqlite3.connect(path, timeout=0, isolation_level=None)


@dataclass(frozen=True, slots=True)
class JournalFile:
    """Which file, for which environment, the schema steps this program knows, and how it is connected and kept."""

    path: Path
    environment_id: str
    migrations: Sequence[Migration] = MIGRATIONS
    connect: Callable[[Path], sqlite3.Connection] = connect
    log_limit: int = LOG_LIMIT

    @property
    def ballast_path(self) -> Path:
        """Where the room for the last answers is set aside."""
        return self.path.with_suffix(".ballast")

    @property
    def export_path(self) -> Path:
        """Where the copy lies that an export is written from, while it is written."""
        return self.path.with_suffix(".export")

    @property
    def version(self) -> int:
        """The newest schema this program knows."""
        return self.migrations[-1].version


def open_file(file: JournalFile) -> sqlite3.Connection:
    """Return the one connection to the file; it is used only in the thread that called.

    Raises sqlite3.Error, OSError, JournalNewer, JournalDamaged, JournalReadOnly, JournalOnNetwork,
    JournalProblem; the file is then as it was before.
    """
    make_private_folder(file.path.parent)
    refuse_network(file.path.parent)
    refuse_while_awaited(file.path)
    refuse_suspect(file.path)
    make_private_file(file.path)
    if not (os.access(file.path, os.W_OK) and os.access(file.path.parent, os.W_OK)):
        raise JournalReadOnly("the journal or its folder may not be written")
    refuse_emptied(file.path)
    _refuse_newer(_version_at_rest(file.path), file)
    connection = _locked(file)
    try:
        _take_over(connection, file)
    except BaseException:
        leave_as_it_is(connection)
        raise
    return connection


def move_log(connection: sqlite3.Connection, file: JournalFile) -> None:
    """Move the write-ahead log into the file once it is long. Raises sqlite3.Error; nothing is lost then."""
    log = Path(f"{file.path}-wal")
    if log.exists() and log.stat().st_size > file.log_limit:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def close_file(connection: sqlite3.Connection, file: JournalFile) -> None:
    """Seal and close the connection. What was committed is durable already, so nothing that goes wrong here matters."""
    with suppress(sqlite3.Error, OSError):
        put_seal(connection, file.path, CHECKED_WHEN_OPENED)
    with suppress(sqlite3.Error):
        connection.close()


def _locked(file: JournalFile) -> sqlite3.Connection:
    """Return a connection that holds the file until it is closed; waits a little for another to let go."""
    until = time.monotonic() + LOCK_WAIT_SECONDS
    while True:
        connection = file.connect(file.path)
        try:
            for setting in _SETTINGS:
                connection.execute(setting)
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            # Closing lets go of a lock held halfway, so that of several who start at once one gets through.
            leave_as_it_is(connection)
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        else:
            return connection
        time.sleep(0.01 + secrets.randbelow(40) / 1000)


def _take_over(connection: sqlite3.Connection, file: JournalFile) -> None:
    version = _version(connection)
    _refuse_newer(version, file)
    _check_quickly(connection, file.path, version)
    break_seal(file.path)
    if connection.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
        raise JournalProblem("the file system cannot hold a write-ahead log")
    connection.execute("PRAGMA secure_delete = ON")
    _migrate(connection, file, version)
    _claim(connection, file.environment_id)
    take_over_mark(connection, file.path)
    _drop_unfinished_export(file)


def _drop_unfinished_export(file: JournalFile) -> None:
    """What an export left that was cut off is a whole copy, contacts and all."""
    copy = partial_of(file.export_path)
    for left in (copy, Path(f"{copy}-journal")):
        with suppress(OSError):  # no reason to close the till; the next opening tries again
            left.unlink(missing_ok=True)


def _version_at_rest(path: Path) -> int:
    """Read the schema version without locks or side files, so that a newer file stays as it is; 0 if unreadable.

    What the write-ahead log holds is not seen; the version is read again once the file is ours.
    """
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        try:
            return _version(connection)
        except sqlite3.Error:
            return 0


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _refuse_newer(version: int, file: JournalFile) -> None:
    if version > file.version:
        details = {"file": str(version), "program": str(file.version)}
        raise JournalNewer("the journal was written by a newer version", details=details)


def _check_quickly(connection: sqlite3.Connection, path: Path, version: int) -> None:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if version < 0 or (version == 0 and tables) or (version > 0 and not tables >= _TABLES):
        raise JournalDamaged("the tables of a journal are not there")
    if path.stat().st_size <= CHECKED_WHEN_OPENED:
        check_whole(connection)
        check_seal(connection, path)


def _migrate(connection: sqlite3.Connection, file: JournalFile, version: int) -> None:
    steps = [step for step in file.migrations if step.version > version]
    if steps and version > 0:
        copy_file(connection, file.path.with_suffix(f".schema-{version}.copy"))
    for step in steps:
        connection.execute("BEGIN IMMEDIATE")
        for statement in step.statements:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {step.version:d}")
        connection.execute("COMMIT")


def _claim(connection: sqlite3.Connection, environment_id: str) -> None:
    """Mark a new file as this environment's; refuse the file of another."""
    owner = connection.execute("SELECT value FROM meta WHERE name = 'environment'").fetchone()
    if owner is None:
        connection.execute("INSERT INTO meta (name, value) VALUES ('environment', ?)", (environment_id,))
    elif owner != (environment_id,):
        raise JournalProblem("the file is the journal of another environment")


def leave_as_it_is(connection: sqlite3.Connection) -> None:
    """Close without moving the write-ahead log into the file, where Python can say so (3.12)."""
    if sys.version_info >= (3, 12):
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)
    connection.close()
