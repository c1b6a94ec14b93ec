"""When a link falls due: the quick picks, and what a chosen day means. Days are those of the shop's computer.

`zone` is None for the time zone of this computer. Results are UTC.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import Enum

from optty_desktop.ui.times import clock_time, day
from optty_desktop.ui.words import tr

_DAYS_USUAL = 3


class DuePick(Enum):
    """A quick pick; its value is the number of days, None for one hour."""

    HOUR = None
    TODAY = 0
    THREE_DAYS = _DAYS_USUAL
    SEVEN_DAYS = 7


def due_at(pick: DuePick, now: datetime, zone: tzinfo | None = None) -> datetime:
    """The moment `pick` means at `now`."""
    if pick.value is None:
        return (now + timedelta(hours=1)).astimezone(UTC)
    return in_days(pick.value, now, zone)


def in_days(days: int, now: datetime, zone: tzinfo | None = None) -> datetime:
    """The end of the day so many days after today."""
    return end_of_day(now.astimezone(zone).date() + timedelta(days=days), zone)


def end_of_day(chosen: date, zone: tzinfo | None = None) -> datetime:
    """The last second of `chosen`."""
    last = datetime.combine(chosen, time(23, 59, 59), tzinfo=zone)
    return last.astimezone(UTC)


def due_words(due: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """The day: "24 Mar 2026". For a moment that is not the end of its day also the time: "Today, 15:36"."""
    local = due.astimezone(zone)
    if end_of_day(local.date(), zone) <= due:
        return day(due, zone)
    if local.date() == now.astimezone(zone).date():
        return tr("Today, {time}", time=clock_time(due, zone))
    return f"{day(due, zone)}, {clock_time(due, zone)}"


def pick_words(pick: DuePick) -> str:
    """The words of a quick pick."""
    match pick:
        case DuePick.HOUR:
            return tr("1 hour")
        case DuePick.TODAY:
            return tr("End of today")
        case DuePick.THREE_DAYS:
            return tr("3 days")
        case DuePick.SEVEN_DAYS:
            return tr("7 days")
