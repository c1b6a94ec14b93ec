"""Packages of newer versions, in a folder of the person's own."""

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from optty_desktop.core.release_numbers import ReleaseNumber
from optty_desktop.core.updates import Manifest, Package, UpdateFlaw, UpdateRefused
from optty_desktop.system.paths import private_folder
from optty_desktop.system.private_text import write_private_text
from optty_desktop.system.this_platform import package_ending, platform_name

_PARTIAL: Final = ".partial"
_ANNOUNCEMENT: Final = ".announcement"
_LONGEST_ANNOUNCEMENT: Final = 64 * 1024
_FILE_MODE: Final = 0o600
_AT_ONCE: Final = 1024 * 1024


class UpdateFolder:
    """Fills ``PackageStore``. The folder comes to be with the first thing that is kept.

    Whoever works at the till may put anything there, under any name. So the signed announcement lies beside each
    package, and ``vouch`` (raises UpdateRefused) says what is in one: a package that none speaks for is neither named
    nor touched.
    """

    def __init__(self, folder: Path, vouch: Callable[[bytes], Manifest]) -> None:
        self._folder, self._vouch = folder, vouch

    async def take(self, package: Package, fetch: Callable[[Callable[[bytes], None]], Awaitable[None]]) -> Path:
        """Have the package; see ``PackageStore``."""
        path = self._folder / package.file
        if not await asyncio.to_thread(_is_whole, path, package):
            await self._fetch(path, package, fetch)
        await asyncio.to_thread(write_private_text, _beside(path), package.announcement.decode("utf-8"))
        return path

    async def _fetch(
        self, path: Path, package: Package, fetch: Callable[[Callable[[bytes], None]], Awaitable[None]]
    ) -> None:
        private_folder(self._folder)
        incoming = _Incoming(path.with_name(f".{path.name}{_PARTIAL}"))
        try:
            await fetch(incoming.take)
            incoming.close()
            incoming.check(package)
            incoming.path.replace(path)
        finally:
            incoming.drop()

    async def keep(self, newest: ReleaseNumber, running: ReleaseNumber) -> Path | None:
        """Keep the newest, and that of the version that runs, to go back to."""
        return await asyncio.to_thread(self._keep, newest, running)

    async def vouched(self, path: Path) -> Package | None:
        """What was announced and signed of the package at ``path``; None unless it still is that, for this computer."""
        return await asyncio.to_thread(self._vouched, path)

    def _keep(self, newest: ReleaseNumber, running: ReleaseNumber) -> Path | None:
        previous = None
        for beside in sorted(self._folder.glob(f"*{_ANNOUNCEMENT}")):
            path = beside.with_suffix("")
            manifest = self._announced(path)
            if manifest is None or manifest.version == newest:
                continue
            if manifest.version != running:
                path.unlink(missing_ok=True)
                beside.unlink()
            elif self._vouched(path):
                previous = path
        return previous

    def _vouched(self, path: Path) -> Package | None:
        manifest = self._announced(path)
        if manifest is None:
            return None
        package = manifest.package(platform_name(), package_ending())
        return package if _is_whole(path, package) else None

    def _announced(self, path: Path) -> Manifest | None:
        """The announcement beside a package, where it is a true one and names that package for this computer."""
        try:
            with _beside(path).open("rb") as stream:
                manifest = self._vouch(stream.read(_LONGEST_ANNOUNCEMENT + 1))
            is_of_it = manifest.package(platform_name(), package_ending()).file == path.name
        except (OSError, UpdateRefused):
            return None
        return manifest if is_of_it else None


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


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}{_ANNOUNCEMENT}")


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
