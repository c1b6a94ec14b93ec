"""The ceiling of reads: so many in any minute of this till, whatever asks for them.

A third of them is a share that is kept free, one read each six seconds: whatever else wants to be read, and however
much at once, leaves room for those that are still to come.
"""

import math
from collections import deque
from typing import Final

from optty_desktop.core.ports import Clock

MOST_A_MINUTE: Final = 30
_MINUTE: Final = 60.0
_FEWEST_A_MINUTE: Final = 2
_PARTS: Final = 3
"""One of them is the share."""
_AN_INSTANT: Final = 0.001
"""A timer may be so early."""
_QUIET_SECONDS: Final = 300.0
"""After so long without a "too many requests" the ceiling is doubled again."""


class ReadCeiling:
    """Counts reads of the last minute. Each "too many requests" halves what is allowed, and quiet gives it back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._reads: deque[float] = deque(maxlen=MOST_A_MINUTE)
        self._halvings = 0
        self._halved_at = 0.0
        self._share_taken_at = -math.inf
        self._last_read = clock.monotonic() - self.spacing

    @property
    def most_a_minute(self) -> int:
        """How many reads a minute are allowed now."""
        return max(_FEWEST_A_MINUTE, MOST_A_MINUTE >> self._in_force)

    @property
    def spacing(self) -> float:
        """Seconds between reads that nothing hurries."""
        return _MINUTE / self.most_a_minute

    @property
    def last_read(self) -> float:
        """When the last read was made, monotonic; before the first, as if one had rested."""
        return self._last_read

    def note(self) -> None:
        """Count a read that is made now; one for which there was no room but that of the share has taken the share."""
        self._last_read = self._clock.monotonic()
        if self.wait() > 0:
            self._share_taken_at = self._last_read
        self._reads.append(self._last_read)

    def halve(self) -> None:
        """The service has said that it is too much."""
        self._halvings = self._in_force + 1
        self._halved_at = self._clock.monotonic()

    def wait(self) -> float:
        """Seconds until one more read leaves the share free; 0 when it does now."""
        most, every = self.most_a_minute, self.spacing * _PARTS
        # Whoever has the share may take it at once, and again and again until this minute is over.
        shares = range(math.ceil(most / _PARTS))
        return max(self._until_fewer_than(most - taken - 1, taken * every) for taken in shares)

    def wait_for_share(self) -> float:
        """Seconds until whoever has the share may read: when there is room for everybody, else when its turn is."""
        again = self._share_taken_at + self.spacing * _PARTS - self._clock.monotonic()
        return min(self.wait(), max(0.0, again, self._until_fewer_than(self.most_a_minute, 0.0)))

    def _until_fewer_than(self, reads: int, ahead: float) -> float:
        """Seconds until fewer than so many reads lie in the minute that ends ``ahead`` of then."""
        if len(self._reads) < reads:
            return 0.0
        wait = self._reads[-reads] + _MINUTE - ahead - self._clock.monotonic()
        return wait if wait > _AN_INSTANT else 0.0

    @property
    def _in_force(self) -> int:
        given_back = int((self._clock.monotonic() - self._halved_at) / _QUIET_SECONDS)
        return max(0, self._halvings - given_back)
