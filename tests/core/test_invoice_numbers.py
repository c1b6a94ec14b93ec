"""Invoice numbers never repeat, keep their shape and sort by time."""

import re
import secrets
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.core.invoice_numbers import is_invoice_number, new_invoice_number

NOW = datetime(2026, 3, 24, 14, 5, tzinfo=UTC)
ALLOWED = re.compile(r"[A-Z0-9-]{1,40}")
times = st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC))


def number(prefix: str = "TILL1", now: datetime = NOW) -> str:
    return new_invoice_number(prefix, now, secrets.token_bytes)


@given(st.text(max_size=12), times, st.binary(min_size=10, max_size=10))
def test_shape(prefix: str, now: datetime, randomness: bytes) -> None:
    made = new_invoice_number(prefix, now, lambda count: randomness[:count])
    assert ALLOWED.fullmatch(made)
    assert is_invoice_number(made)
    assert len(made.split("-")) == 3


@pytest.mark.parametrize(
    ("prefix", "cleaned"),
    [("TILL1", "TILL1"), ("till 2", "TILL2"), ("A-b_c.d!e?f:g", "ABCDEF"), ("كاشير", "TILL"), ("", "TILL")],
)
def test_prefix_is_cleaned(prefix: str, cleaned: str) -> None:
    assert number(prefix).split("-")[0] == cleaned


def test_all_random_bits_are_written() -> None:
    asked: list[int] = []

    def ones(count: int) -> bytes:
        asked.append(count)
        return b"\xff" * count

    assert new_invoice_number("A", NOW, ones).endswith("-" + "Z" * 16)
    assert sum(asked) * 8 >= 80
    assert new_invoice_number("A", NOW, bytes).endswith("-" + "0" * 16)


@given(st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_other_randomness_gives_another_number(first: bytes, second: bytes) -> None:
    numbers = [new_invoice_number("A", NOW, lambda _: first), new_invoice_number("A", NOW, lambda _: second)]
    assert (numbers[0] == numbers[1]) == (first == second)


@given(times, times)
def test_numbers_sort_by_time(first: datetime, second: datetime) -> None:
    earlier, later = sorted((first, second))
    if later - earlier >= timedelta(milliseconds=1):
        assert number(now=earlier) < number(now=later)


def test_time_is_the_instant_not_the_zone() -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=9)))
    assert number(now=NOW).split("-")[1] == number(now=elsewhere).split("-")[1]


def test_hundred_thousand_numbers_do_not_repeat_though_the_clock_goes_back() -> None:
    made = {number(now=NOW + timedelta(milliseconds=turn % 500 - 250)) for turn in range(100_000)}
    assert len(made) == 100_000


def test_numbers_do_not_repeat_within_one_millisecond() -> None:
    assert len({number() for _ in range(20_000)}) == 20_000


def test_naive_times_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        number(now=datetime(2026, 3, 24))


def test_times_before_1970_are_refused() -> None:
    with pytest.raises(ValueError, match="1970"):
        number(now=datetime(1969, 12, 31, tzinfo=UTC))


@pytest.mark.parametrize("count", [0, 9, 11])
def test_a_generator_that_gives_another_number_of_bytes_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="random bytes"):
        new_invoice_number("A", NOW, lambda _: bytes(count))


@pytest.mark.parametrize(
    "text",
    ["", "TILL1", "till1-01KGC3Q8ZV-7R2M0W5TYHJX9D4B", "TILL1-01KGC3Q8ZV-7R2M0W5TYHJX9D4", "INV-2026-000123"],
)
def test_other_texts_are_no_invoice_numbers(text: str) -> None:
    assert not is_invoice_number(text)


def test_a_line_break_is_no_part_of_a_number() -> None:
    assert is_invoice_number(number())
    assert not is_invoice_number(number() + "\n")
