"""What can be done about a damaged journal: set it aside, and begin anew or from a backup.

None of this throws anything away, and whatever comes next holds cancels and refunds back until somebody has confirmed
it. The journal of the environment must be closed. What was interrupted can be done again.
"""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from optty_desktop.core.errors import AppError, JournalDamaged, JournalInUse, JournalProblem
from optty_desktop.journal.backup import Backup, backup_of, newest_good_backup
from optty_desktop.journal.copies import check_copy, keep_copy, partial_of
from optty_desktop.journal.private_files import make_private_file, sync_folder
from optty_desktop.journal.problems import problem_of
from optty_desktop.journal.rebuilding import COPY_AWAITED, block_file, mark, remove_mark
from optty_desktop.journal.seal import break_seal, seal_of
from optty_desktop.journal.suspicion import clear, note_of, suspect

_SIDE_FILES: Final = ("-wal", "-shm", "-journal")
"""What SQLite puts beside a file."""

# Where SQLite locks a file, on every system: sqlite.org, File Locking And Concurrency.
_LOCK_BYTES: Final = (0x40000000, 512)


class JournalRescuer:
    """The `RecordRescuer` port for the journals of one folder. It works in threads and never blocks the loop."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def newest_copy(self, environment_id: str) -> date | None:
        """Return the day of the newest backup that is whole. Raises JournalProblem subclasses."""
        return await asyncio.to_thread(self._newest_copy, environment_id)

    async def use_copy(self, environment_id: str, day: date, now: datetime) -> None:
        """Do what `use_backup` does with the backup of that day; raises as it does."""
        backup = backup_of(self._folder, environment_id, day)
        await asyncio.to_thread(use_backup, self._folder, environment_id, backup, now)

    async def begin_anew(self, environment_id: str, now: datetime) -> None:
        """Do what `begin_anew` does; raises as it does."""
        await asyncio.to_thread(begin_anew, self._folder, environment_id, now)

    def _newest_copy(self, environment_id: str) -> date | None:
        with _in_words():
            backup = newest_good_backup(self._folder, environment_id)
        return None if backup is None else backup.day


def use_backup(folder: Path, environment_id: str, backup: Backup, now: datetime) -> None:
    """Set the journal aside and put a copy of the backup in its place. Can be repeated when it was interrupted.

    Until the copy is there no journal opens, so that none begins empty. Raises JournalDamaged when the backup is not
    whole, before anything is moved; else as `set_aside` and `restore` do.
    """
    journal = _journal_of(folder, environment_id)
    with _in_words():
        _refuse_damaged(backup, environment_id)
        if journal.exists():
            _move_aside(journal, now, COPY_AWAITED)
    restore(folder, environment_id, backup)


def begin_anew(folder: Path, environment_id: str, now: datetime) -> None:
    """Set the journal aside, unless that is done already; the next one begins empty. Raises as `set_aside` does."""
    journal = _journal_of(folder, environment_id)
    if journal.exists():
        set_aside(folder, environment_id, now)
        return
    with _in_words():
        mark(journal, _started_anew(now))


def set_aside(folder: Path, environment_id: str, now: datetime) -> Path:
    """Move the journal with its side files to a name with the time; return where it is now.

    The next journal of this environment is blocked from its first moment. Can be repeated when it was interrupted.
    Raises JournalInUse, JournalProblem when there is no journal, and what the system reports as JournalProblem.
    """
    journal = _journal_of(folder, environment_id)
    with _in_words():
        if not journal.exists():
            raise JournalProblem("there is no journal to set aside")
        return _move_aside(journal, now, _started_anew(now))


def restore(folder: Path, environment_id: str, backup: Backup) -> None:
    """Put a copy of a backup where the journal was set aside; the backup itself stays.

    Raises JournalProblem when a journal is there, JournalDamaged when the backup is not whole, and what the system
    reports as JournalProblem; nothing is left half done.
    """
    journal = _journal_of(folder, environment_id)
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
            clear(journal)
            keep_copy(journal)
        finally:
            partial.unlink(missing_ok=True)
        remove_mark(journal)


def _journal_of(folder: Path, environment_id: str) -> Path:
    return folder / f"{environment_id}.journal"


def _started_anew(now: datetime) -> str:
    return f"started_anew {now.astimezone(UTC).isoformat(timespec='seconds')}"


def _move_aside(journal: Path, now: datetime, reason: str) -> Path:
    _refuse_in_use(journal)
    # Before anything moves: however this ends, what is still here then is refused.
    suspect(journal)
    moved = _place_for(journal, now)
    mark(journal, reason)
    suspect(moved)
    *beside, itself = _moves(journal, moved)
    for source, target in beside:
        with suppress(FileNotFoundError):
            source.rename(target)
    sync_folder(journal.parent)
    # The file itself last: as long as it is there, an interrupted move is seen and gone on with.
    source, target = itself
    source.rename(target)
    clear(journal)
    sync_folder(journal.parent)
    return moved


def _moves(journal: Path, moved: Path) -> list[tuple[Path, Path]]:
    """What has to be moved, and where to; it need not all be there."""
    files = [(Path(f"{journal}{suffix}"), Path(f"{moved}{suffix}")) for suffix in (*_SIDE_FILES, "")]
    return [(seal_of(journal), seal_of(moved)), *files]


def _refuse_damaged(backup: Backup, environment_id: str) -> None:
    try:
        check_copy(backup.path, environment_id)
    except sqlite3.Error as error:
        raise JournalDamaged("the backup cannot be read") from error


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except AppError:
        raise
    except (OSError, sqlite3.Error) as error:
        raise problem_of(error) from error


def _place_for(journal: Path, now: datetime) -> Path:
    """Where to: where an interrupted move has begun to bring it, so that its files stay together, else a new name."""
    notes = sorted(journal.parent.glob(note_of(journal.with_name(f"{journal.stem}.damaged-*.journal")).name))
    begun = (note.with_suffix(".journal") for note in notes)
    return next((moved for moved in begun if _is_free(journal, moved)), None) or _free_name(journal, now)


def _is_free(journal: Path, moved: Path) -> bool:
    return not any(source.exists() and target.exists() for source, target in _moves(journal, moved))


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


__all__ = ["Backup", "JournalRescuer", "begin_anew", "newest_good_backup", "restore", "set_aside", "use_backup"]
