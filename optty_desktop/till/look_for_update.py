"""Look whether a newer version of this program is announced, and fetch its package for an administrator."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from optty_desktop.core.ports import Clock, PackageStore, UpdateChannel, UpdateMemory
from optty_desktop.core.release_numbers import ReleaseNumber
from optty_desktop.core.updates import Manifest


class LookForUpdate:
    """Believes an announcement only while it holds, and never one that is older than another that was seen."""

    def __init__(self, channel: UpdateChannel, memory: UpdateMemory, clock: Clock, running: ReleaseNumber) -> None:
        self.running = running
        self._channel, self._memory, self._clock = channel, memory, clock

    async def __call__(self) -> Manifest | None:
        """What is announced, if it is newer than what runs. Raises UpdateRefused, NotSent, OutcomeUnknown."""
        manifest = await self._channel.newest()
        known = await self._memory.newest_sequence()
        manifest.check(self._clock.now(), known)
        if manifest.sequence > known:
            await self._memory.note_sequence(manifest.sequence)
        return manifest if manifest.version > self.running else None

    def holds(self, manifest: Manifest) -> bool:
        """Whether an announcement that was believed may still be."""
        return manifest.holds(self._clock.now())


@dataclass(frozen=True, slots=True)
class Staged:
    """A package that waits. ``previous`` is the one to go back to, None where there is none."""

    manifest: Manifest
    package: Path
    sha256: str
    previous: Path | None


class StageUpdate:
    """Puts the package of a newer version aside. It installs nothing, and neither does anything else here."""

    def __init__(self, look: LookForUpdate, channel: UpdateChannel, store: PackageStore) -> None:
        self._look, self._channel, self._store = look, channel, store

    async def __call__(self, platform: str, ending: str) -> Staged | None:
        """Have the package for ``platform`` whose name ends so; None where nothing newer is announced.

        Raises UpdateRefused, NotSent, OutcomeUnknown, and OSError where it cannot be kept.
        """
        manifest = await self._look()
        if manifest is None:
            return None
        package = manifest.package(platform, ending)
        path = await self._store.take(package, partial(self._channel.fetch, package))
        previous = await self._store.keep(manifest.version, self._look.running)
        return Staged(manifest, path, package.sha256, previous)
