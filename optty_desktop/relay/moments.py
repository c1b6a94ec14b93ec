"""Times as the store keeps them: whole microseconds since 1970 in UTC."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

Clock = Callable[[], datetime]

SECOND: Final = 1_000_000
DAY: Final = 24 * 3600 * SECOND
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def utc_now() -> datetime:
    """The clock of a running relay."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> int:
    """Return the microseconds of a moment."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def written(microseconds: int) -> str:
    """Return a stamp in ISO 8601 with milliseconds and Z."""
    moment = _EPOCH + timedelta(microseconds=microseconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
