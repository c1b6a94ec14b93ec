"""The journal's own statements on an SQLite whose file calls go through us: APSW's, in place of Python's."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import apsw

from optty_desktop.journal.migrations import MIGRATIONS
from optty_desktop.journal.opening import JournalFile

OFTEN = 100_000
"""Bytes of log after which it is moved into the file, so that every few commits what goes wrong meets that too."""

_NAMES = itertools.count()


class Disk:
    """What happens below SQLite. Each method is called before the real call, and may raise an error of apsw."""

    forwards_sync = False
    """Whether a flush is also asked of the real disk; a pretend disk has no use for that, and it takes long."""

    def opening(self, path: str, *, creates: bool) -> None:
        """A file is opened; ``creates``: as a new one."""

    def writing(self, path: str, offset: int, data: bytes) -> None:
        """Bytes are written."""

    def keeps(self, path: str) -> bool:
        """Whether bytes written now come to be in the file; a disk that lies says nothing and drops them."""
        return True

    def truncating(self, path: str, size: int) -> None:
        """A file is cut or grown."""

    def syncing(self, path: str) -> None:
        """What was written to a file is made durable."""

    def deleting(self, path: str, *, syncs_folder: bool) -> None:
        """A file is removed."""


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: apsw.URIFilename | str | None, flags: list[int]) -> None:
        self._disk = disk
        self._path = (name.filename() if isinstance(name, apsw.URIFilename) else name) or ""
        creates = bool(flags[0] & apsw.SQLITE_OPEN_CREATE) and not Path(self._path).exists()
        disk.opening(self._path, creates=creates)
        super().__init__("", name, flags)

    def xWrite(self, data: Any, offset: int) -> None:
        self._disk.writing(self._path, offset, bytes(data))
        if self._disk.keeps(self._path):
            super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        self._disk.truncating(self._path, newsize)
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        self._disk.syncing(self._path)
        if self._disk.forwards_sync:
            super().xSync(flags)


class _Below(apsw.VFS):
    def __init__(self, name: str, disk: Disk) -> None:
        super().__init__(name, "")
        self._disk = disk

    def xOpen(self, name: Any, flags: list[int]) -> _File:
        return _File(self._disk, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        self._disk.deleting(filename, syncs_folder=syncdir)
        super().xDelete(filename, syncdir)


@contextmanager
def file_on(
    disk: Disk, folder: Path, *, replaced: Mapping[str, str] | None = None, log_limit: int = OFTEN
) -> Iterator[JournalFile]:
    """Describe the training journal in ``folder``, below which ``disk`` lies; ``replaced`` statements run instead."""
    with connecting_on(disk, replaced or {}) as connect:
        yield JournalFile(folder / "training.journal", "training", MIGRATIONS, connect, log_limit)


@contextmanager
def connecting_on(disk: Disk, replaced: Mapping[str, str]) -> Iterator[Callable[[Path], sqlite3.Connection]]:
    """Give what opens connections below which ``disk`` lies; ``replaced`` statements run instead."""
    name = f"below-{next(_NAMES)}"
    below = _Below(name, disk)

    def connect(path: Path) -> sqlite3.Connection:
        with _errors_of_sqlite3():
            return cast("sqlite3.Connection", Connection(apsw.Connection(str(path), vfs=name), replaced))

    try:
        yield connect
    finally:
        below.unregister()


class Connection:
    """As much of `sqlite3.Connection` as the journal uses."""

    def __init__(self, connection: apsw.Connection, replaced: Mapping[str, str]) -> None:
        self._connection = connection
        self._replaced = replaced

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Cursor:
        with _errors_of_sqlite3():
            return Cursor(self._connection.execute(self._replaced.get(statement, statement), values))

    def serialize(self) -> bytes:
        with _errors_of_sqlite3():
            return self._connection.serialize("main")

    def setconfig(self, _option: int) -> None:
        """Close without a checkpoint, where the program asks for that."""
        self._connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)

    def close(self) -> None:
        with _errors_of_sqlite3():
            self._connection.close()


class Cursor:
    """As much of `sqlite3.Cursor` as the journal uses."""

    def __init__(self, cursor: apsw.Cursor) -> None:
        self._cursor = cursor

    def __iter__(self) -> Iterator[Any]:
        with _errors_of_sqlite3():
            yield from self._cursor

    def fetchone(self) -> Any:
        with _errors_of_sqlite3():
            return self._cursor.fetchone()

    def fetchall(self) -> list[Any]:
        with _errors_of_sqlite3():
            return self._cursor.fetchall()


@contextmanager
def _errors_of_sqlite3() -> Iterator[None]:
    try:
        yield
    except apsw.Error as error:
        raise _as_of_sqlite3(error) from error


_CODES = {
    apsw.FullError: sqlite3.SQLITE_FULL,
    apsw.IOError: sqlite3.SQLITE_IOERR,
    apsw.CantOpenError: sqlite3.SQLITE_CANTOPEN,
}
"""For errors that come from the disk below and not from SQLite itself."""


def _as_of_sqlite3(error: apsw.Error) -> sqlite3.Error:
    code = getattr(error, "extendedresult", 0) or _CODES.get(type(error), 0)
    kinds: dict[int, type[sqlite3.Error]] = {
        sqlite3.SQLITE_CONSTRAINT: sqlite3.IntegrityError,
        sqlite3.SQLITE_CORRUPT: sqlite3.DatabaseError,
        sqlite3.SQLITE_NOTADB: sqlite3.DatabaseError,
    }
    same = kinds.get(code & 0xFF, sqlite3.OperationalError)(str(error))
    same.sqlite_errorcode = code
    same.sqlite_errorname = type(error).__name__
    return same
