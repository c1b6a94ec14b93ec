"""The highest number an announcement of versions had so far, in a file of the person who works at the till."""

import asyncio
import hashlib
import logging
from pathlib import Path
from typing import Final

from optty_desktop.core.updates import Updates
from optty_desktop.system.paths import private_folder
from optty_desktop.system.private_text import write_private_text

log = logging.getLogger(__name__)

_FILE: Final = "newest-sequence"
_MOST_DIGITS: Final = 20
_MOST_BYTES: Final = 128


class AnnouncementNumbers:
    """Fills ``UpdateMemory`` for one address and one key.

    Another key or address counts from its own first number: whoever lost a key may have signed any number with it.
    """

    def __init__(self, folder: Path, updates: Updates) -> None:
        self._folder = folder
        self._source = hashlib.sha256(f"{updates.public_key}\n{updates.manifest_url}".encode()).hexdigest()

    async def newest_sequence(self) -> int:
        """The highest number seen; 0 where the file is not there, makes no sense or is of another key or address."""
        return await asyncio.to_thread(self._read)

    async def note_sequence(self, sequence: int) -> None:
        """Remember a number. Where that is impossible it is logged: the next start asks again."""
        await asyncio.to_thread(self._write, sequence)

    def _read(self) -> int:
        try:
            with (self._folder / _FILE).open("rb") as stream:
                text = stream.read(_MOST_BYTES).decode("ascii")
        except (OSError, UnicodeDecodeError):
            return 0
        number, _, source = text.rstrip("\n").partition(" ")
        is_sound = source == self._source and number.isdecimal() and len(number) <= _MOST_DIGITS
        return int(number) if is_sound else 0

    def _write(self, sequence: int) -> None:
        try:
            write_private_text(private_folder(self._folder) / _FILE, f"{sequence} {self._source}\n")
        except OSError as error:
            log.warning("the number of the announcement cannot be noted: %s", error.strerror)
