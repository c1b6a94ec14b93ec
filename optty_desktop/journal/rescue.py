"""What can be done about a damaged journal: set it aside, and begin anew or from a backup.

None of this throws anything away, and whatever comes next holds cancels and refunds back until somebody has confirmed
it. The journal of the environment must be closed.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from optty_desktop.core.errors import AppError, JournalInUse, JournalProblem
from optty_desktop.journal.backup import Backup, newest_good_backup
from optty_desktop.journal.copies import check_copy, keep_copy, partial_of
from optty_desktop.journal.opening import JournalFile
from optty_desktop.journal.private_files import make_private_file, sync_folder
from optty_desktop.journal.problems import problem_of
from optty_desktop.journal.rebuilding import block_file, mark, remove_mark
from optty_desktop.journal.seal import break_seal, seal_of

_SIDE_FILES: Final = ("-wal", "-shm", "-journal")
"""What SQLite puts beside a file."""

# Where SQLite locks a file, on every system: sqlite.org, File Locking And Concurrency.
_LOCK_BYTES: Final = (0x40000000, 512)


def set_aside(folder: Path, environment_id: str, now: datetime) -> Path:
    """Move the journal with its side files to a name with the time; return where it is now.

    The next journal of this environment is blocked from its first moment. Can be repeated when it was interrupted.
    Raises JournalInUse, JournalProblem when there is no journal, and what the system reports as JournalProblem.
    """
    with _in_words():
        journal = JournalFile(folder / f"{environment_id}.journal", environment_id).path
        if not journal.exists():
            raise JournalProblem("there is no journal to set aside")
        _refuse_in_use(journal)
        moved = _free_name(journal, now)
        mark(journal, f"started_anew {now.astimezone(UTC).isoformat(timespec='seconds')}")
        with suppress(FileNotFoundError):
            seal_of(journal).rename(seal_of(moved))
        # The file itself last: as long as it is there, an interrupted move is seen and begun again.
        for suffix in (*_SIDE_FILES, ""):
            with suppress(FileNotFoundError):
                Path(f"{journal}{suffix}").rename(f"{moved}{suffix}")
        sync_folder(folder)
        return moved


def restore(folder: Path, environment_id: str, backup: Backup) -> None:
    """Put a copy of a backup where the journal was set aside; the backup itself stays.

    Raises JournalProblem when a journal is there, JournalDamaged when the backup is not whole, and what the system
    reports as JournalProblem; nothing is left half done.
    """
    journal = folder / f"{environment_id}.journal"
    with _in_words():
        if any(Path(f"{journal}{suffix}").exists() for suffix in (*_SIDE_FILES, "")):
            raise JournalProblem("there is a journal already")
        check_copy(backup.path, environment_id)
        partial = partial_of(journal)
        partial.unlink(missing_ok=True)
        make_private_file(partial)
        try:
            shutil.copyfile(backup.path, partial)
            block_file(partial, f"restored {backup.day.isoformat()}")
            check_copy(partial, environment_id)
            break_seal(journal)
            keep_copy(journal)
        finally:
            partial.unlink(missing_ok=True)
        remove_mark(journal)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except AppError:
        raise
    except (OSError, sqlite3.Error) as error:
        raise problem_of(error) from error


def _free_name(journal: Path, now: datetime) -> Path:
    stem = f"{journal.stem}.damaged-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    names = (f"{stem}{'' if count == 1 else f'-{count}'}" for count in range(1, 1000))
    taken = {path.name.split(".journal")[0] for path in journal.parent.iterdir()}
    return journal.with_name(next(name for name in names if name not in taken) + ".journal")


def _refuse_in_use(journal: Path) -> None:
    """Ask for SQLite's lock without SQLite, which could move the log into the file."""
    if os.name != "posix":
        return  # elsewhere a file that somebody has open cannot be renamed
    import fcntl

    with journal.open("r+b") as file:
        try:
            start, length = _LOCK_BYTES
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, length, start)
        except OSError as error:
            raise JournalInUse("another process has the journal open") from error


__all__ = ["Backup", "newest_good_backup", "restore", "set_aside"]
