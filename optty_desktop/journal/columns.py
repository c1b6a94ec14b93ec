"""How values stand in the columns: times as whole microseconds, money as minor units and code."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from optty_desktop.core.errors import JournalDamaged

T = TypeVar("T")
Row = tuple[object, ...]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Return whole microseconds since 1970-01-01 UTC. Raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time in the journal needs its zone")
    return (moment - _EPOCH) // _MICROSECOND


def moment(value: int) -> datetime:
    """Return the UTC time of whole microseconds since 1970-01-01."""
    return _EPOCH + timedelta(microseconds=value)


def read_row(table: str, build: Callable[..., T], row: Row) -> T:
    """Return ``build(*row)``; a row it cannot read raises JournalDamaged, which names the table and the row's key."""
    try:
        return build(*row)
    except (ValueError, TypeError, OverflowError, AttributeError) as error:
        text = f"a row of {table} cannot be read: {type(error).__name__}"
        raise JournalDamaged(text, details={"row": str(row[0])}) from None
