"""The sign-in window begins where somebody worked last: nobody lands in Live without choosing it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from optty_desktop.system.paths import AppPaths, private_folder
from optty_desktop.ui.leaving_flow import Ending
from optty_desktop.ui.sign_in_dialog import SignInDialog
from optty_desktop.ui.tokens import DARK, HIGH_CONTRAST, Theme
from optty_desktop.ui.tokens import LIGHT as LIGHT_THEME
from tests.flows.counter import Counter
from tests.flows.hands import click, part, top_level
from tests.flows.test_start import LIMIT_SECONDS, ROOT
from tests.waiting import until

SANDBOX, LIVE = "Payment Links — Sign in — SANDBOX", "Payment Links — Sign in"


def chosen(counter: Counter) -> str:
    """The environment that the sign-in window shows."""
    dialog = counter.dialog
    assert isinstance(dialog, SignInDialog)
    return dialog.environment_id


def choose_sandbox(counter: Counter) -> None:
    """Go up the list from Live."""
    QTest.keyClick(part(counter.dialog, QComboBox, "environmentCombo"), Qt.Key.Key_Up)


async def test_signing_out_comes_back_to_the_environment_of_the_day(counter: Counter) -> None:
    await counter.open(None)
    assert chosen(counter) == "live"
    choose_sandbox(counter)
    await counter.sign_in()
    await counter.sign_out()
    assert chosen(counter) == "sandbox"
    await counter.close()
    counter.check_the_end()


async def test_the_next_start_begins_where_somebody_worked_last(counter: Counter) -> None:
    await counter.open(None)
    choose_sandbox(counter)
    await counter.sign_in()
    await counter.close()
    await counter.open(None)
    assert chosen(counter) == "sandbox"
    await counter.close()


async def test_what_the_command_asks_for_wins(counter: Counter) -> None:
    await counter.open("sandbox")
    await counter.sign_in()
    await counter.close()
    await counter.open("live")
    assert chosen(counter) == "live"
    await counter.close()


async def test_practice_is_never_what_was_used_last(counter: Counter) -> None:
    await counter.open("sandbox")
    await counter.sign_in()
    await counter.close()
    await counter.open(None)
    click(counter.dialog, "trainingButton")
    await until(lambda: counter.shop.desk)
    await until(lambda: counter.desk._verbs.done())
    counter.desk.end(Ending.SIGN_OUT)
    await until(lambda: top_level("loginDialog"))
    assert chosen(counter) == "sandbox"
    await counter.close()


async def test_a_place_that_takes_no_file_keeps_it_until_the_end_of_the_day(counter: Counter) -> None:
    counter.paths.preferences_file.mkdir()
    await counter.open(None)
    choose_sandbox(counter)
    await counter.sign_in()
    await counter.sign_out()
    assert chosen(counter) == "sandbox"
    await counter.close()
    counter.check_the_end()


def first_window(*arguments: str) -> tuple[str, str]:
    """Start the program and return what its first window is called, and the colour of its ground."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.start_watch", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        timeout=LIMIT_SECONDS,
        check=True,
    )
    told = json.loads(done.stdout)
    assert [name for thread, name in told["seen"] if thread == "MainThread"] == []
    return told["title"], told["ground"]


def kept(environment_id: str, **look: str) -> Path:
    """Write the file as a run before has left it."""
    file = AppPaths.of_this_person().preferences_file
    private_folder(file.parent)
    file.write_text(json.dumps({"sign_in": {"environment": environment_id}, "look": look}), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("last", "arguments", "title"),
    [("sandbox", (), SANDBOX), ("sandbox", ("--environment", "live"), LIVE), ("a shop that is gone", (), LIVE)],
)
def test_the_first_window_begins_there_at_once(last: str, arguments: tuple[str, ...], title: str) -> None:
    kept(last)
    assert first_window(*arguments)[0] == title


@pytest.mark.parametrize(
    ("word", "arguments", "theme"),
    [("dark", (), DARK), ("contrast", ("--training",), HIGH_CONTRAST), ("pink", (), LIGHT_THEME)],
)
def test_the_first_paint_wears_the_theme_somebody_chose(word: str, arguments: tuple[str, ...], theme: Theme) -> None:
    kept("sandbox", theme=word)
    assert first_window(*arguments)[1] == theme.window.lower()
