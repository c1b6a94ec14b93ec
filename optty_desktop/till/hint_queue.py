"""Links that hints want read, in the order in which they were asked for."""

import math
from collections.abc import Mapping
from typing import Final

SECONDS_BETWEEN_READS: Final = 2.0
"""Of one link, however many hints name it."""


class HintQueue:
    """Each link stands in it once. All times are monotonic seconds; ``read_at`` tells when a link was read last."""

    def __init__(self, read_at: Mapping[str, float]) -> None:
        self._read_at = read_at
        self._wanted_at: dict[str, float] = {}

    def add(self, invoice_number: str, at: float) -> None:
        """Have the link read at that time or later; one that waits already keeps its place."""
        self._wanted_at[invoice_number] = min(at, self._wanted_at.get(invoice_number, at))

    def drop(self, invoice_number: str) -> None:
        """Take the link out: somebody reads it now."""
        self._wanted_at.pop(invoice_number, None)

    def first(self) -> str | None:
        """The link that may be read first; None when none waits."""
        return min(self._wanted_at, key=self.due, default=None)

    def due(self, invoice_number: str) -> float:
        """When this link may be read; never where no hint asks for it."""
        return max(self._wanted_at.get(invoice_number, math.inf), self._rested_at(invoice_number))

    def take_this(self, invoice_number: str, now: float) -> bool:
        """Take this link out if it waits and may be read now; whether it was."""
        is_due = self.due(invoice_number) <= now
        if is_due:
            self.drop(invoice_number)
        return is_due

    def rest(self, invoice_number: str, now: float) -> float:
        """Seconds until the link has rested from its last read; 0 when it has."""
        return max(0.0, self._rested_at(invoice_number) - now)

    def _rested_at(self, number: str) -> float:
        return self._read_at.get(number, -math.inf) + SECONDS_BETWEEN_READS
