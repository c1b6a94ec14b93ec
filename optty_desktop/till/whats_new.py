"""What changed since this till last ran: told once after an update, never on a computer that is new to the program."""

import asyncio
from collections.abc import Callable, Sequence

from optty_desktop.core.change_log import Release, came_between
from optty_desktop.core.ports import VersionMemory
from optty_desktop.core.release_numbers import ReleaseNumber


class WhatsNew:
    """Compares the version that runs with the one that ran before, which ``memory`` keeps.

    ``history`` reads the change log, newest first; it is asked in a worker thread.
    """

    def __init__(self, history: Callable[[], Sequence[Release]], running: ReleaseNumber, memory: VersionMemory) -> None:
        self._history, self._running, self._memory = history, running, memory

    async def unseen(self) -> tuple[Release, ...]:
        """The versions that came since this till last ran; none on its first day, or after going back to an older one.

        Where there is nothing to tell, this version is noted; otherwise that is for ``mark_seen``.
        """
        last = await self._memory.load()
        if last == self._running:
            return ()
        news: tuple[Release, ...] = ()
        if last is not None and last < self._running:
            news = came_between(await asyncio.to_thread(self._history), last, self._running)
        if not news:
            await self._memory.store(self._running)
        return news

    async def mark_seen(self) -> None:
        """Somebody was told: next time there is nothing to tell."""
        await self._memory.store(self._running)
