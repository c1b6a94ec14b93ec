"""Times as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from optty_desktop.ui.times import (
    clock_time,
    clock_time_seconds,
    day,
    day_short,
    seconds_to_next_age,
    updated_ago,
    when,
)

MOMENT = datetime(2026, 3, 24, 22, 32, 8, tzinfo=UTC)
TOKYO = timezone(timedelta(hours=9))


def test_a_moment_is_told_in_the_zone_of_the_shop() -> None:
    assert clock_time(MOMENT, UTC) == "22:32"
    assert clock_time(MOMENT, TOKYO) == "07:32"
    assert clock_time_seconds(MOMENT, UTC) == "22:32:08"
    assert day(MOMENT, UTC) == "24 Mar 2026"
    assert day(MOMENT, TOKYO) == "25 Mar 2026"
    assert day_short(MOMENT, TOKYO) == "25 Mar"


def test_without_a_zone_the_computer_decides() -> None:
    assert clock_time(MOMENT) == f"{MOMENT.astimezone():%H:%M}"


def test_the_date_is_told_only_where_it_is_not_today() -> None:
    assert when(MOMENT, MOMENT + timedelta(hours=1), UTC) == "22:32"
    assert when(MOMENT, MOMENT + timedelta(hours=2), UTC) == "24 Mar, 22:32"
    assert when(MOMENT, MOMENT + timedelta(hours=2), TOKYO) == "07:32"
    assert when(MOMENT, MOMENT + timedelta(days=365), UTC) == "24 Mar 2026, 22:32"


def test_months_have_short_names() -> None:
    days = [day(datetime(2026, month, 3, tzinfo=UTC), UTC) for month in range(1, 13)]
    assert " ".join(each[2:5] for each in days) == "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
    assert days[0] == "3 Jan 2026"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "Updated just now"),
        (1.9, "Updated just now"),
        (3.2, "Updated 3 s ago"),
        (59.9, "Updated 59 s ago"),
        (60.0, "Updated 1 min ago"),
        (3599.0, "Updated 59 min ago"),
        (7300.0, "Updated 2 h ago"),
    ],
)
def test_ages(seconds: float, words: str) -> None:
    assert updated_ago(seconds) == words


@pytest.mark.parametrize("seconds", [0.0, 0.4, 2.0, 58.7, 59.99, 60.0, 61.5, 3599.0, 3600.0, 9000.0])
def test_an_age_is_looked_at_again_exactly_when_it_changes(seconds: float) -> None:
    wait = seconds_to_next_age(seconds)
    assert wait >= 0.1
    assert seconds < 60 or wait > 0.5
    assert updated_ago(seconds + wait * 0.98) in (updated_ago(seconds), updated_ago(seconds + wait))
    assert seconds < 60 or updated_ago(seconds + wait + 0.01) != updated_ago(seconds)
