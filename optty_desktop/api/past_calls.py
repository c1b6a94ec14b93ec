"""The calls that have ended: what the clock of a service says, and how a call is read back from the log."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from optty_desktop.core.diagnosis import ANSWERED, PastCall

KEPT: Final = 50
"""How many calls are remembered, and reported."""

_SECOND: Final = timedelta(seconds=1)
_DATE: Final = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} [12]\d{3} \d{2}:\d{2}:\d{2} GMT", re.ASCII)
_LINE: Final = re.compile(
    r"(?P<exchange>[0-9A-F]{4}-[0-9A-F]{4}) (?P<method>[A-Z]{3,6}) (?P<host>[a-z0-9.-]{0,253})"
    r"(?P<path>/[A-Za-z0-9._~!$&'()*+,;=:@/{}-]{0,200})?: "
    r"(?P<end>answered|(?:not sent|outcome unknown): [a-z_]{1,20} \([A-Za-z]{1,40}\)), "
    r"status (?P<status>\d{3}|-), (?P<milliseconds>\d{1,9}) ms, clock (?P<ahead>-|[+-]\d{1,12} s)",
    re.ASCII,
)


def seconds_ahead(date: str, sent: datetime, received: datetime) -> int | None:
    """Return the least error of this computer's clock that explains the Date header ``date``; negative when behind.

    The service cut its time to the second, at some moment between ``sent`` and ``received``. None for a header that has
    not the one form every server must send.
    """
    stamp = _time_of(date)
    if stamp is None:
        return None
    least, most = sent - stamp - _SECOND, received - stamp
    if least <= timedelta() <= most:
        return 0
    return round(min(least, most, key=abs).total_seconds())


def call_in(words: str, at: datetime) -> PastCall | None:
    """Return the call that a line of the log, written ``at`` that time, tells of; None for any other line."""
    found = _LINE.fullmatch(words)
    if found is None:
        return None
    end, status, ahead = found["end"], found["status"], found["ahead"]
    return PastCall(
        exchange=found["exchange"],
        at=at,
        method=found["method"],
        host=found["host"],
        path=found["path"] or "",
        status=None if status == "-" else int(status),
        failure="" if end == ANSWERED else end,
        milliseconds=int(found["milliseconds"]),
        ahead=None if ahead == "-" else int(ahead.removesuffix(" s")),
    )


def _time_of(date: str) -> datetime | None:
    if not _DATE.fullmatch(date):
        return None
    try:
        return parsedate_to_datetime(date).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
