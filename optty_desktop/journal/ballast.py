"""Room set aside beside the journal, given up to store an answer when the disk is full."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from optty_desktop.journal.private_files import make_private_file

BALLAST_BYTES: Final = 2 * 2**20


class Ballast:
    """A file of no content whose room is the last reserve of the file system."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def is_in_place(self) -> bool:
        """Whether the whole room is set aside."""
        try:
            return self._path.stat().st_size == BALLAST_BYTES
        except OSError:
            return False

    def take(self) -> None:
        """Set the room aside unless it is. Raises OSError, and leaves nothing behind, when the disk has no room."""
        if self.is_in_place:
            return
        try:
            make_private_file(self._path)
            with self._path.open("r+b") as file:
                _fill(file.fileno())
        except OSError:
            self.free()
            raise

    def free(self) -> bool:
        """Give the room back; tell whether there was any."""
        was_there = self._path.exists()
        with suppress(OSError):
            # Some file systems can shorten a file when they have no room left to remove a name.
            os.truncate(self._path, 0)
            self._path.unlink()
        return was_there


def _fill(handle: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(handle, 0, BALLAST_BYTES)
        return
    # Random, because a file system that compresses would store zeros without room.
    os.write(handle, os.urandom(BALLAST_BYTES))
