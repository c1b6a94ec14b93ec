"""The time, which is always brought in from outside."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Wall clock in UTC for records, monotonic seconds for freshness and deadlines."""

    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...
