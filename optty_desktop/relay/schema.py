"""The tables of the relay's store, and opening its file.

Times are microseconds since 1970 in UTC. Tokens and codes are stored as SHA-256 only.
"""

import os
import secrets
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from optty_desktop.relay.problems import StoreUnavailable
from optty_desktop.relay.seals import KEY_BYTES

Connect = Callable[[Path], sqlite3.Connection]

VERSION: Final = 1
FILE_NAME: Final = "relay.sqlite"
_WAIT_SECONDS: Final = 5.0
_PAGE_BYTES: Final = 4096

_TABLES: Final = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL)",
    # prev is the hint before this one of the same shop, 0 for its first; order_reference is "" where none was named.
    """
CREATE TABLE hints (
    seq             INTEGER PRIMARY KEY AUTOINCREMENT,
    shop            TEXT NOT NULL,
    prev            INTEGER NOT NULL,
    tag             BLOB NOT NULL,
    invoice         TEXT NOT NULL,
    order_reference TEXT NOT NULL,
    received_at     INTEGER NOT NULL,
    digest          BLOB NOT NULL,
    body            BLOB NOT NULL
)""",
    "CREATE INDEX hints_of_shop ON hints (shop, seq)",
    "CREATE INDEX hints_by_digest ON hints (digest, received_at)",
    "CREATE INDEX hints_by_age ON hints (received_at)",
    # The newest hint of each shop, which outlives its row.
    "CREATE TABLE ends (shop TEXT PRIMARY KEY NOT NULL, seq INTEGER NOT NULL, tag BLOB NOT NULL)",
    """
CREATE TABLE quarantine (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    merchant    TEXT NOT NULL,
    reason      TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    digest      BLOB NOT NULL,
    body        BLOB NOT NULL
)""",
    "CREATE INDEX quarantine_by_digest ON quarantine (digest, received_at)",
    """
CREATE TABLE codes (
    selector   TEXT PRIMARY KEY NOT NULL,
    digest     BLOB NOT NULL,
    shop       TEXT NOT NULL,
    name       TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    tries_left INTEGER NOT NULL
)""",
    """
CREATE TABLE tills (
    id         TEXT PRIMARY KEY NOT NULL,
    shop       TEXT NOT NULL,
    name       TEXT NOT NULL,
    token      BLOB NOT NULL UNIQUE,
    next_token BLOB UNIQUE,
    token_at   INTEGER NOT NULL,
    paired_at  INTEGER NOT NULL,
    UNIQUE (shop, name)
)""",
    """
CREATE TABLE leases (
    shop    TEXT NOT NULL,
    invoice TEXT NOT NULL,
    till    TEXT NOT NULL,
    until   INTEGER NOT NULL,
    PRIMARY KEY (shop, invoice)
)""",
    """
CREATE TABLE heads (
    till        TEXT NOT NULL,
    position    INTEGER NOT NULL,
    digest      TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (till, position)
)""",
)


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection that begins no transaction by itself and waits for another process to finish its own."""
    return sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False)


def open_store(folder: Path, most_bytes: int, connect: Connect = connect) -> sqlite3.Connection:
    """Open or make the store in its folder. Raises StoreUnavailable with folder and reason."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _keep_to_owner(folder / FILE_NAME)
        connection = connect(folder / FILE_NAME)
        try:
            _prepare(connection, most_bytes)
        except BaseException:
            connection.close()
            raise
    except (sqlite3.Error, OSError) as error:
        raise StoreUnavailable(f"The relay's store in {folder} cannot be opened: {error}.") from error
    return connection


def _keep_to_owner(path: Path) -> None:
    """Bodies hold what customers are called. SQLite gives its side files the mode of this one."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return  # never opened here: closing it would drop the locks SQLite holds in this process
    if os.name == "posix":
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _prepare(connection: sqlite3.Connection, most_bytes: int) -> None:
    for setting in ("synchronous = FULL", "fullfsync = ON", "checkpoint_fullfsync = ON", "trusted_schema = OFF"):
        connection.execute(f"PRAGMA {setting}")
    if connection.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
        raise StoreUnavailable("The folder of the relay is on a file system that cannot hold its store.")
    connection.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten
    # By itself SQLite moves the log within COMMIT, which may then fail although the commit is there to stay.
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute(f"PRAGMA max_page_count = {most_bytes // _PAGE_BYTES:d}")
    connection.execute("BEGIN IMMEDIATE")
    try:
        _make_tables(connection)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _make_tables(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version not in (0, VERSION):
        raise StoreUnavailable("The store of the relay was written by a newer version of this program.")
    if version == 0:
        for table in _TABLES:
            connection.execute(table)
        connection.execute(f"PRAGMA user_version = {VERSION:d}")
        set_meta(connection, "key", secrets.token_bytes(KEY_BYTES))
        begin_epoch(connection)


def begin_epoch(connection: sqlite3.Connection) -> str:
    """Give the store a new name, so that no till takes it for the one it knew; return the name."""
    epoch = secrets.token_hex(8)
    set_meta(connection, "epoch", epoch.encode())
    return epoch


def epoch_of(connection: sqlite3.Connection) -> str:
    """Return the name of the store as it is now."""
    return meta(connection, "epoch").decode()


def meta(connection: sqlite3.Connection, name: str) -> bytes:
    """Return what the store says about itself."""
    (value,) = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return bytes(value)


def set_meta(connection: sqlite3.Connection, name: str, value: bytes) -> None:
    """Write down what the store says about itself."""
    connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))
