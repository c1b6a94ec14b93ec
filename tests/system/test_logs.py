"""The program's own log: rotating, private, and silent about what people typed."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from optty_desktop.system.logs import catch_what_nobody_caught, logger, note_unexpected, places, start_log

SECRET = "guest54@example.com"


@pytest.fixture(autouse=True)
def quiet_again() -> Iterator[None]:
    """Take down what a test has put up."""
    before, level = list(logger.handlers), logger.level
    hooks = sys.excepthook, threading.excepthook
    yield
    for handler in [one for one in logger.handlers if one not in before]:
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(level)
    sys.excepthook, threading.excepthook = hooks


def broken() -> ValueError:
    """An error that has been raised, with a customer in its message."""
    with pytest.raises(ValueError, match=SECRET) as raised:
        int_of_a_customer()
    return raised.value


def int_of_a_customer() -> None:
    raise ValueError(SECRET)


def written(folder: Path) -> str:
    return (folder / "optty-desktop.log").read_text(encoding="utf-8")


def test_an_unexpected_failure_is_written_without_its_message(tmp_path: Path) -> None:
    start_log(tmp_path / "log")
    note_unexpected(broken())
    text = written(tmp_path / "log")
    assert "ERROR optty_desktop unexpected: ValueError at test_logs.py:" in text
    assert " int_of_a_customer" in text
    assert SECRET not in text


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert places(KeyError(SECRET)) == "KeyError at unknown place"


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_log_and_folder_are_private(tmp_path: Path) -> None:
    start_log(tmp_path / "log")
    logger.info("started")
    assert (tmp_path / "log").stat().st_mode & 0o077 == 0
    assert (tmp_path / "log" / "optty-desktop.log").stat().st_mode & 0o077 == 0


def test_without_a_place_to_write_there_is_no_log_and_no_noise(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    before = list(logger.handlers)
    start_log(tmp_path / "file" / "log")
    assert logger.handlers == before


def test_it_never_grows_without_end(tmp_path: Path) -> None:
    start_log(tmp_path)
    for _ in range(5):
        for _ in range(11):
            logger.info("x" * 100_000)
    sizes = [file.stat().st_size for file in tmp_path.iterdir()]
    assert len(sizes) == 4
    assert max(sizes) <= 1024 * 1024


def test_libraries_are_heard_from_warnings_on(tmp_path: Path) -> None:
    start_log(tmp_path)
    for name in ("httpx", "httpcore", "asyncio", "keyring"):
        assert logging.getLogger(name).getEffectiveLevel() == logging.WARNING


def test_what_nobody_caught_goes_to_the_log_and_not_to_the_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start_log(tmp_path)
    catch_what_nobody_caught()
    error = broken()
    sys.excepthook(type(error), error, error.__traceback__)
    worker = threading.Thread(target=fail_in_a_thread)
    worker.start()
    worker.join()
    text = written(tmp_path)
    assert "ValueError at test_logs.py" in text
    assert "LookupError at test_logs.py" in text
    assert "fail_in_a_thread" in text
    assert SECRET not in text
    assert capsys.readouterr().err == ""


def fail_in_a_thread() -> None:
    raise LookupError(SECRET)
