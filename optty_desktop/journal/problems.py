"""What SQLite and the operating system report, in the words of the shop floor."""

import errno
import sqlite3

from optty_desktop.core.errors import (
    AppError,
    DiskFull,
    JournalDamaged,
    JournalInUse,
    JournalProblem,
    JournalReadOnly,
    OperationOpen,
)

_BY_SQLITE_CODE: dict[int, type[JournalProblem]] = {
    sqlite3.SQLITE_CORRUPT: JournalDamaged,
    sqlite3.SQLITE_NOTADB: JournalDamaged,
    sqlite3.SQLITE_READONLY: JournalReadOnly,
    sqlite3.SQLITE_PERM: JournalReadOnly,
    sqlite3.SQLITE_CANTOPEN: JournalReadOnly,
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_BUSY: JournalInUse,
    sqlite3.SQLITE_LOCKED: JournalInUse,
}
_BY_ERRNO: dict[int, type[JournalProblem]] = {
    errno.EACCES: JournalReadOnly,
    errno.EPERM: JournalReadOnly,
    errno.EROFS: JournalReadOnly,
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
}


def problem_of(error: Exception) -> Exception:
    """Return the AppError that says what ``error`` means; errors of the program itself come back as they are.

    The text names SQLite's or the system's own code and never repeats data.
    """
    if isinstance(error, AppError):
        return error
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error)
    if isinstance(error, UnicodeEncodeError | OverflowError):
        return JournalProblem("a value does not fit the journal")
    if isinstance(error, OSError):
        name = errno.errorcode.get(error.errno or 0, "unknown")
        return _BY_ERRNO.get(error.errno or 0, JournalProblem)(f"the system reports {name}")
    return error


def _of_sqlite(error: sqlite3.Error) -> AppError:
    code = getattr(error, "sqlite_errorcode", 0)
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    if code == sqlite3.SQLITE_CONSTRAINT_UNIQUE and "operations.invoice_number" in str(error):
        return OperationOpen("an operation of this link is open")
    return _BY_SQLITE_CODE.get(code & 0xFF, JournalProblem)(f"SQLite reports {name}")
