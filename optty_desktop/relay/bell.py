"""Wakes those who wait for news of a shop."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Bell:
    """Belongs to one event loop. Once ``is_stopping``, nobody is to wait any more."""

    def __init__(self) -> None:
        self._stopped = asyncio.Event()
        self._listeners: dict[str, set[asyncio.Event]] = {}

    @property
    def is_stopping(self) -> bool:
        """Whether everybody is to go."""
        return self._stopped.is_set()

    @contextmanager
    def listening(self, shop: str) -> Iterator[asyncio.Event]:
        """Give an event that is set with every ring; clear it before looking for what is new."""
        rung = asyncio.Event()
        listeners = self._listeners.setdefault(shop, set())
        listeners.add(rung)
        try:
            yield rung
        finally:
            listeners.discard(rung)

    def ring(self, shop: str) -> None:
        """There may be news of this shop."""
        for rung in self._listeners.get(shop, ()):
            rung.set()

    def ring_all(self) -> None:
        """There may be news of every shop, or a till less."""
        for shop in self._listeners:
            self.ring(shop)

    def stop(self) -> None:
        """Let everybody go."""
        self._stopped.set()
        self.ring_all()

    async def pause(self, seconds: float) -> None:
        """Wait that long, or until everybody is to go."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopped.wait()
