"""The version of this program that last ran here, in a file of its owner."""

import asyncio
import logging
from pathlib import Path

from optty_desktop.core.release_numbers import ReleaseNumber
from optty_desktop.system.paths import private_folder
from optty_desktop.system.private_text import write_private_text

log = logging.getLogger(__name__)

_MOST_BYTES = 64


class SeenVersionFile:
    """One line. A file that cannot be read or makes no sense counts as none, and one that cannot be written is logged.

    Whoever works at the till is not bothered with either.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    async def load(self) -> ReleaseNumber | None:
        """The version that was noted last."""
        return await asyncio.to_thread(self._read)

    async def store(self, version: ReleaseNumber) -> None:
        """Note a version."""
        await asyncio.to_thread(self._write, version)

    def _read(self) -> ReleaseNumber | None:
        try:
            with self._file.open("rb") as stream:
                return ReleaseNumber.parse(stream.read(_MOST_BYTES).decode("ascii").strip())
        except (OSError, ValueError):
            return None

    def _write(self, version: ReleaseNumber) -> None:
        try:
            private_folder(self._file.parent)
            write_private_text(self._file, f"{version}\n")
        except OSError as error:
            log.warning("the version that ran cannot be noted: %s", error.strerror)
