"""So much in a second, with a second's worth at once."""

import asyncio


class Allowance:
    """Belongs to one event loop, whose clock it goes by."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._left = per_second
        self._at = asyncio.get_running_loop().time()

    def take(self) -> bool:
        """Whether one more is allowed now; if so, it is counted."""
        now = asyncio.get_running_loop().time()
        self._left = min(self._per_second, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
