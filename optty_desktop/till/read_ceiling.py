"""The ceiling of reads: so many in any minute of this till, whatever asks for them."""

from collections import deque
from typing import Final

from optty_desktop.core.ports import Clock

MOST_A_MINUTE: Final = 30
_MINUTE: Final = 60.0
_FEWEST_A_MINUTE: Final = 2
_QUIET_SECONDS: Final = 300.0
"""After so long without a "too many requests" the ceiling is doubled again."""


class ReadCeiling:
    """Counts reads of the last minute. Each "too many requests" halves what is allowed, and quiet gives it back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._reads: deque[float] = deque(maxlen=MOST_A_MINUTE)
        self._halvings = 0
        self._halved_at = 0.0
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
        """Count a read that is made now."""
        self._last_read = self._clock.monotonic()
        self._reads.append(self._last_read)

    def halve(self) -> None:
        """The service has said that it is too much."""
        self._halvings = self._in_force + 1
        self._halved_at = self._clock.monotonic()

    def wait(self) -> float:
        """Seconds until one more read keeps within the ceiling; 0 when it does now."""
        most = self.most_a_minute
        if len(self._reads) < most:
            return 0.0
        return max(0.0, self._reads[-most] + _MINUTE - self._clock.monotonic())

    @property
    def _in_force(self) -> int:
        given_back = int((self._clock.monotonic() - self._halved_at) / _QUIET_SECONDS)
        return max(0, self._halvings - given_back)
