"""The end of the log: only lines of this program's own form come back, and only their allowed parts."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from optty_desktop.system.log_tail import READ_BYTES, LogLine, log_tail, unexpected_in
from optty_desktop.system.logs import LOG_NAME, logger, note_unexpected, start_log

AT = datetime(2026, 3, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quiet_again() -> Iterator[None]:
    """Take down what a test has put up."""
    before, level = list(logger.handlers), logger.level
    yield
    for handler in [one for one in logger.handlers if one not in before]:
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(level)


def failing() -> ValueError:
    with pytest.raises(ValueError, match="guest54") as raised:
        raise ValueError("guest54@example.com")
    return raised.value


def test_what_was_logged_comes_back_with_its_time_in_utc(tmp_path: Path) -> None:
    start_log(tmp_path)
    logging.getLogger("optty_desktop.api.transport").info("%s", "5F20-C7A1 GET host/path: answered")
    note_unexpected(failing())
    first, second = log_tail(tmp_path)
    assert (first.logger, first.words) == ("optty_desktop.api.transport", "5F20-C7A1 GET host/path: answered")
    assert abs(first.at - datetime.now(UTC)) < timedelta(minutes=1)
    failure = unexpected_in(second)
    assert failure is not None
    assert failure.kind == "ValueError"
    assert failure.places.startswith("test_log_tail.py:")
    assert "guest54" not in repr(failure)


@pytest.mark.parametrize(
    "words",
    [
        "unexpected: ValueError at guest54@example.com",
        "unexpected: guest54@example.com at unknown place",
        "unexpected: ValueError at wire.py:8 amount < Ann Example",
        "unexpected: ValueError at wire.py:8 amount guest54",
        "expected: ValueError at unknown place",
    ],
)
def test_a_line_of_another_form_is_no_failure(words: str) -> None:
    assert unexpected_in(LogLine(AT, "optty_desktop", words)) is None


def test_of_a_long_log_the_end_is_read_and_strange_lines_are_left_out(tmp_path: Path) -> None:
    line = "2026-03-21 12:00:00,000 INFO optty_desktop.till number {}\n"
    text = "".join(line.format(number) for number in range(READ_BYTES // 40))
    (tmp_path / LOG_NAME).write_bytes(
        text.encode() + b"\xff\xfe no line\n2026-99-21 12:00:00,000 INFO a b\nguest54@example.com\n"
    )
    tail = log_tail(tmp_path)
    assert 100 < len(tail) < READ_BYTES // 40
    assert tail[-1].words == f"number {READ_BYTES // 40 - 1}"
    assert all(one.words.startswith("number ") for one in tail)


def test_without_a_log_there_are_no_lines(tmp_path: Path) -> None:
    assert log_tail(tmp_path / "nowhere") == []
    (tmp_path / LOG_NAME).mkdir()
    assert log_tail(tmp_path) == []
