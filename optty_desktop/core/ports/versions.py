"""Which version runs here, and which ones are announced."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

from optty_desktop.core.release_numbers import ReleaseNumber
from optty_desktop.core.updates import Manifest, Package


class VersionMemory(Protocol):
    """Which version of this program last ran on this till. Never fails: what cannot be read is not known."""

    async def load(self) -> ReleaseNumber | None: ...
    async def store(self, version: ReleaseNumber) -> None: ...


class UpdateChannel(Protocol):
    """Where newer versions of this program are announced, and their packages lie."""

    async def newest(self) -> Manifest:
        """What is announced, its signature checked. Raises UpdateRefused, NotSent, OutcomeUnknown."""
        ...

    async def fetch(self, package: Package, take: Callable[[bytes], None]) -> None:
        """Hand the bytes to ``take``, which never raises. Raises UpdateRefused, NotSent, OutcomeUnknown."""


class UpdateMemory(Protocol):
    """The highest number an announcement had so far. Never fails: what cannot be read counts as 0."""

    async def newest_sequence(self) -> int: ...
    async def note_sequence(self, sequence: int) -> None: ...


class PackageStore(Protocol):
    """Packages that wait for an administrator, for the eyes of their owner only. Every call raises OSError."""

    async def take(self, package: Package, fetch: Callable[[Callable[[bytes], None]], Awaitable[None]]) -> Path:
        """Have the package whole and checked; ``fetch`` is asked for its bytes where it is not there yet.

        Raises UpdateRefused where they are not those that were announced; nothing of them is left then.
        """
        ...

    async def keep(self, newest: ReleaseNumber, running: ReleaseNumber) -> Path | None:
        """Drop all packages but that of ``newest`` and the one to go back to; return the latter, if there is one."""
        ...
