"""Times as people read them: in the time zone of the shop's computer, 24 hours, dates as 24 Mar 2026.

`zone` is None for the zone of this computer. Moments are aware datetimes.
"""

from datetime import date, datetime, tzinfo

from optty_desktop.ui.words import tr

_MINUTE = 60
_HOUR = 60 * _MINUTE
_JUST_NOW = 2.0


def clock_time(moment: datetime, zone: tzinfo | None = None) -> str:
    """The time of day: "14:32"."""
    return f"{moment.astimezone(zone):%H:%M}"


def clock_time_seconds(moment: datetime, zone: tzinfo | None = None) -> str:
    """The time of day with seconds: "14:32:08"."""
    return f"{moment.astimezone(zone):%H:%M:%S}"


def day(moment: datetime, zone: tzinfo | None = None) -> str:
    """The date: "24 Mar 2026"."""
    return calendar_day(moment.astimezone(zone).date())


def calendar_day(local: date) -> str:
    """A date that needs no zone any more: "24 Mar 2026"."""
    return tr("{day} {month} {year}", day=local.day, month=month_word(local.month), year=local.year)


def when(moment: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """The time alone on the day of `now`, with the date before it on any other: "24 Mar, 14:32"."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    time = clock_time(moment, zone)
    if local.date() == today:
        return time
    month = month_word(local.month)
    if local.year == today.year:
        return tr("{day} {month}, {time}", day=local.day, month=month, time=time)
    return tr("{day} {month} {year}, {time}", day=local.day, month=month, year=local.year, time=time)


def day_short(moment: datetime, zone: tzinfo | None = None) -> str:
    """The date without its year, for narrow columns: "24 Mar"."""
    local = moment.astimezone(zone)
    return tr("{day} {month}", day=local.day, month=month_word(local.month))


def updated_ago(seconds: float, *, is_live: bool = False) -> str:
    """How old the statuses on the screen are: "Updated 3 s ago", and whether news arrive by themselves."""
    if seconds < _JUST_NOW:
        return tr("Live status, just now") if is_live else tr("Updated just now")
    if seconds < _MINUTE:
        n = int(seconds)
        return tr("Live status, {n} s old", n=n) if is_live else tr("Updated {n} s ago", n=n)
    if seconds < _HOUR:
        n = int(seconds // _MINUTE)
        return tr("Live status, {n} min old", n=n) if is_live else tr("Updated {n} min ago", n=n)
    n = int(seconds // _HOUR)
    return tr("Live status, {n} h old", n=n) if is_live else tr("Updated {n} h ago", n=n)


def seconds_to_next_age(seconds: float) -> float:
    """How long `updated_ago` keeps saying the same, in seconds; never less than a tenth."""
    step = 1 if seconds < _MINUTE else _MINUTE if seconds < _HOUR else _HOUR
    return max(0.1, step - seconds % step)


def month_word(month: int) -> str:
    """The short name of month 1 to 12."""
    return (
        tr("Jan"), tr("Feb"), tr("Mar"), tr("Apr"), tr("May"), tr("Jun"),
        tr("Jul"), tr("Aug"), tr("Sep"), tr("Oct"), tr("Nov"), tr("Dec"),
    )[month - 1]  # fmt: skip
