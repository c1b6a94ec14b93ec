"""A note beside the store of how far it had come: one that lies behind its note is an older copy, put back.

The note is written after each commit and not flushed: after a power cut it may be behind the store, never before it.
"""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final

from optty_desktop.relay.schema import begin_epoch, epoch_of

FILE_NAME: Final = "relay.mark"
_LENGTH: Final = 48


class Mark:
    """The note of one folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._written = ""

    def begin_epoch_if_restored(self, connection: sqlite3.Connection) -> bool:
        """Begin a new epoch where the store is not the one the note speaks of, or there is none; say whether.

        A store without hints and without a note is a new one, whose epoch nobody knows yet.
        """
        epoch, seq = self._read()
        is_new = not epoch and not newest_seq(connection)
        is_restored = not is_new and (epoch != epoch_of(connection) or seq > newest_seq(connection))
        if is_restored:
            begin_epoch(connection)
        self.keep_up(connection)
        return is_restored

    def keep_up(self, connection: sqlite3.Connection) -> None:
        """Note how far the store has come. Where that cannot be written, the next start begins a new epoch."""
        text = f"{epoch_of(connection)} {newest_seq(connection)}".ljust(_LENGTH)
        if text == self._written:
            return
        with suppress(OSError):
            handle = os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600)
            try:
                os.write(handle, text.encode())
                os.ftruncate(handle, len(text))
            finally:
                os.close(handle)
            self._written = text

    def _read(self) -> tuple[str, int]:
        try:
            epoch, seq = self._path.read_text(encoding="ascii").split()
            return epoch, int(seq)
        except (OSError, ValueError):
            return "", 0


def newest_seq(connection: sqlite3.Connection) -> int:
    """Return the highest number a hint of this store ever had."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'hints'").fetchone()
    return int(row[0]) if row else 0
