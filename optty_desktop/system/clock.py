"""The clock of this computer."""

import time
from datetime import UTC, datetime


class SystemClock:
    """Fills the `Clock` port: wall time in UTC, and seconds that never go back."""

    def now(self) -> datetime:
        """Return the time of day in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds since an unknown moment; unmoved by changes of the wall clock."""
        return time.monotonic()
