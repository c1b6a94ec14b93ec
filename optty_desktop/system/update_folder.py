"""Packages of newer versions, in a folder of the person's own."""

import asyncio
import hashlib
import os
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from optty_desktop.core.release_numbers import ReleaseNumber
from optty_desktop.core.updates import Package, UpdateFlaw, UpdateRefused
from optty_desktop.system.paths import private_folder

_PARTIAL: Final = ".partial"
_PACKAGE: Final = re.compile(r"[a-z]+(?:-[a-z]+)*-([0-9]+\.[0-9]+\.[0-9]+)-.+")
_FILE_MODE: Final = 0o600
_AT_ONCE: Final = 1024 * 1024


class UpdateFolder:
    """Fills ``PackageStore``. The folder comes to be with the first thing that is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def take(self, package: Package, fetch: Callable[[Callable[[bytes], None]], Awaitable[None]]) -> Path:
        """Have the package; see ``PackageStore``."""
        path = self._folder / package.file
        if await asyncio.to_thread(_is_whole, path, package):
            return path
        private_folder(self._folder)
        incoming = _Incoming(path.with_name(f".{path.name}{_PARTIAL}"))
        try:
            await fetch(incoming.take)
            incoming.close()
            incoming.check(package)
            incoming.path.replace(path)
        finally:
            incoming.drop()
        return path

    async def keep(self, newest: ReleaseNumber, running: ReleaseNumber) -> Path | None:
        """Keep the newest and the one to go back to: that of the version that runs, or else the newest before."""
        return await asyncio.to_thread(self._keep, newest, running)

    def _keep(self, newest: ReleaseNumber, running: ReleaseNumber) -> Path | None:
        numbers = {path: _number_of(path) for path in self._folder.iterdir()}
        others = {path: number for path, number in numbers.items() if number is not None and number != newest}
        older = {path: number for path, number in others.items() if number < newest}
        previous = max(older, key=lambda path: (older[path] == running, older[path]), default=None)
        for path in others:
            if path != previous:
                path.unlink()
        return previous


class _Incoming:
    """A file on its way: nobody else reads it, and it counts for nothing before it is checked."""

    def __init__(self, path: Path) -> None:
        """Begin anew. Raises OSError."""
        self.path = path
        self._trouble: OSError | None = None
        self._sum = hashlib.sha256()
        self._size = 0
        path.unlink(missing_ok=True)
        self._file = open(path, "xb", opener=_private)  # noqa: SIM115  closed by ``close`` or ``drop``

    def take(self, chunk: bytes) -> None:
        """Write a part; trouble with the disk is kept for ``close``."""
        if self._trouble is not None:
            return
        try:
            self._file.write(chunk)
        except OSError as error:
            self._trouble = error
        self._sum.update(chunk)
        self._size += len(chunk)

    def close(self) -> None:
        """Have all of it on the disk. Raises OSError."""
        if self._trouble is not None:
            raise self._trouble
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def check(self, package: Package) -> None:
        """Raise UpdateRefused where it is not what was announced."""
        if self._size != package.size:
            raise UpdateRefused(UpdateFlaw.WRONG_SIZE)
        if self._sum.hexdigest() != package.sha256:
            raise UpdateRefused(UpdateFlaw.WRONG_SUM)

    def drop(self) -> None:
        """Remove what is still there of it."""
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, _FILE_MODE)


def _number_of(path: Path) -> ReleaseNumber | None:
    """The version a package is of; None for any other file."""
    match = _PACKAGE.fullmatch(path.name)
    try:
        return ReleaseNumber.parse(match[1]) if match else None
    except ValueError:
        return None


def _is_whole(path: Path, package: Package) -> bool:
    try:
        if path.stat().st_size != package.size:
            return False
        found = hashlib.sha256()
        with path.open("rb") as stream:
            while part := stream.read(_AT_ONCE):
                found.update(part)
    except OSError:
        return False
    return found.hexdigest() == package.sha256
