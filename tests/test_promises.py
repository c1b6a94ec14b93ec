"""The figures of a run: added up by promise, printed, and failing where something failed."""

from __future__ import annotations

import pytest

from tests.promises import Ledger, Promise, Scaled


def test_tests_of_one_promise_add_up_to_one_line() -> None:
    ledger = Ledger()
    ledger.record("D10", 1, 0, 0.5)
    ledger.record("D2", 40, 0, 0.25)
    ledger.record("D2", 260, [], 0.125)
    assert list(ledger.lines()) == [
        "D2      300 cases  0 failures  worst    0.250 s",
        "D10       1 cases  0 failures  worst    0.500 s",
    ]


@pytest.mark.parametrize("failures", [1, ["lost: INV-1"]])
def test_a_failure_fails_the_test_and_is_in_the_line(failures: int | list[str]) -> None:
    ledger = Ledger()
    with pytest.raises(AssertionError, match="D1: 1 of 200"):
        ledger.record("D1", 200, failures, 1.0)
    assert list(ledger.lines()) == ["D1      200 cases   1 failure  worst    1.000 s"]


def test_a_promise_of_which_nothing_was_tried_fails() -> None:
    with pytest.raises(AssertionError, match="nothing was tried"):
        Ledger().record("D1", 0, 0, 0.0)


def test_the_figures_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    Ledger().record("L1", 3, 0, 0.001)
    assert capsys.readouterr().out == "L1        3 cases  0 failures  worst    0.001 s\n"


pytest_plugins = "pytester"

CONFTEST = """
from tests.conftest import ledger_of, promise, pytest_addoption, pytest_terminal_summary, scaled
"""


@pytest.mark.parametrize(("option", "line"), [("--full", "D1       20 cases"), ("-q", "1 passed")])
def test_a_full_run_says_how_each_promise_held(pytester: pytest.Pytester, option: str, line: str) -> None:
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile("def test_D1(promise, scaled): promise('D1', scaled(2, 20), 0, 0.0)")
    finished = pytester.runpytest_inprocess(option)
    finished.stdout.fnmatch_lines([f"*{line}*"])
    assert ("promises" in finished.stdout.str()) is (option == "--full")


def test_the_fixtures_are_there(promise: Promise, scaled: Scaled) -> None:
    assert callable(promise)
    assert scaled(2, 20) in (2, 20)
