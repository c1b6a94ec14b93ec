"""One backup a day beside the journals, kept for a week.

backups/<environment id>-YYYY-MM-DD.journal
"""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from optty_desktop.core.errors import JournalDamaged
from optty_desktop.journal.copies import check_copy, keep_copy, partial_of
from optty_desktop.journal.private_files import make_private_folder

KEPT: Final = timedelta(days=7)

_DAY: Final = re.compile(r"-(\d{4}-\d{2}-\d{2})\.journal")


@dataclass(frozen=True, slots=True, order=True)
class Backup:
    """The copy of one day."""

    day: date
    path: Path


def backup_of(folder: Path, environment_id: str, day: date) -> Backup:
    """Return where the backup of that day lies, be it there or not; ``folder`` holds the journals."""
    return Backup(day, folder / "backups" / f"{environment_id}-{day.isoformat()}.journal")


def backups(folder: Path, environment_id: str) -> list[Backup]:
    """Return the backups that are there, newest first. None of them has been opened."""
    return sorted(_found(folder / "backups", environment_id), reverse=True)


def newest_good_backup(folder: Path, environment_id: str) -> Backup | None:
    """Return the newest backup that opens and passes its check; reads each that is tried whole."""
    return next((one for one in backups(folder, environment_id) if _is_good(one, environment_id)), None)


def make_room(backup: Backup) -> None:
    """Have the folder of the backups. Raises OSError."""
    make_private_folder(backup.path.parent)


def keep_backup(folder: Path, environment_id: str, backup: Backup) -> None:
    """Check the copy that grew beside ``backup``, keep it, and only then drop those that are too old.

    Raises JournalDamaged or sqlite3.Error for a copy that is not whole, which is then removed; OSError.
    """
    partial = partial_of(backup.path)
    try:
        check_copy(partial, environment_id)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    keep_copy(backup.path)
    for old in backups(folder, environment_id):
        if old.day <= backup.day - KEPT:
            old.path.unlink(missing_ok=True)


def _found(folder: Path, environment_id: str) -> Iterator[Backup]:
    for path in folder.glob(f"{environment_id}-*.journal"):
        match = _DAY.fullmatch(path.name.removeprefix(environment_id))
        if match:
            try:
                yield Backup(date.fromisoformat(match.group(1)), path)
            except ValueError:
                continue


def _is_good(backup: Backup, environment_id: str) -> bool:
    try:
        check_copy(backup.path, environment_id)
    except (JournalDamaged, sqlite3.Error):
        return False
    return True
