"""The change log for staff, and the numbers of versions in it."""

from __future__ import annotations

import pytest

from optty_desktop.core.change_log import Changes, came_between, read_change_log
from optty_desktop.core.release_numbers import ReleaseNumber

LOG = """\
# Changes

What changes for the people at the till. Form of [Keep a Changelog](https://keepachangelog.com).

## [Unreleased]

### Added

- Not handed on yet.

## [0.10.0] - 2026-12-01

### Added

- A first line of an entry
  that goes on, with `a command` and [a word](https://example.com) that leads away.
- A **second** one.

### Fixed

- One more.

## [0.9.1] - 2026-11-01

Nothing here has a heading of its own.

## [not a number]

### Added

- Of nothing.

## [0.9.0]

### Changed

"""


@pytest.mark.parametrize("text", ["1.2.3", "0.0.0", "10.0.9999"])
def test_a_number_is_written_as_it_was_read(text: str) -> None:
    assert str(ReleaseNumber.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.3rc1", " 1.2.3", "1.2.3\n", "1.2.-3", "1.2.10000", "١.2.3"],  # noqa: RUF001
)
def test_nothing_else_is_a_number(text: str) -> None:
    with pytest.raises(ValueError, match="three numbers"):
        ReleaseNumber.parse(text)


def test_numbers_are_compared_as_numbers() -> None:
    texts = ["0.9.0", "0.9.1", "0.10.0", "1.0.0", "1.0.10", "2.0.0"]
    numbers = [ReleaseNumber.parse(text) for text in texts]
    assert sorted(reversed(numbers)) == numbers


def test_entries_are_whole_plain_sentences_under_their_headings() -> None:
    newest, *_ = read_change_log(LOG)
    assert newest.changes == (
        Changes(
            "Added",
            ("A first line of an entry that goes on, with a command and a word that leads away.", "A second one."),
        ),
        Changes("Fixed", ("One more.",)),
    )


def test_what_has_no_number_is_not_there() -> None:
    assert [str(release.number) for release in read_change_log(LOG)] == ["0.10.0", "0.9.1", "0.9.0"]
    assert "Of nothing." not in str(read_change_log(LOG))


@pytest.mark.parametrize("text", ["", "no heading", "## [", "## []\n", "## [9.9]\n- x", "\x00" * 100])
def test_a_file_that_is_no_change_log_has_no_versions(text: str) -> None:
    assert read_change_log(text) == ()


def test_what_came_between_two_versions() -> None:
    history = read_change_log(LOG)
    before, now = ReleaseNumber(0, 9, 0), ReleaseNumber(0, 9, 5)
    assert [str(release.number) for release in came_between(history, before, now)] == ["0.9.1"]
    assert came_between(history, now, now) == ()
