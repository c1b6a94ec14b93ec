"""Time as the window and the service of a test live in it: the computer's own, which a test may move on."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Hours:
    """Runs like a clock on the wall; ``pass_by`` lets time pass at once for everybody who looks at it."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> datetime:
        """The time of day in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self._ahead)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic() + self._ahead

    def pass_by(self, seconds: float) -> None:
        """Let this much time pass."""
        self._ahead += seconds
