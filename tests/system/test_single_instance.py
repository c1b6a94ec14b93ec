"""One window for each person: the second start knocks and goes, a killed one leaves no lock behind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from optty_desktop.system.single_instance import SingleInstance

ROOT = Path(__file__).parents[2]
HOLD = (
    "import sys, time\n"
    "from pathlib import Path\n"
    "from optty_desktop.system.single_instance import SingleInstance\n"
    "first = SingleInstance(Path(sys.argv[1]))\n"
    "print(first.take(), flush=True)\n"
    "time.sleep(60)\n"
)


KNOCK = (
    "import sys\n"
    "from pathlib import Path\n"
    "from optty_desktop.system.single_instance import SingleInstance\n"
    "print('knocking', flush=True)\n"
    "print(SingleInstance(Path(sys.argv[1])).call_the_first())\n"
)
Knock = Callable[[], "subprocess.Popen[str]"]


class First:
    """A first window that counts how often it is called."""

    def __init__(self, folder: Path) -> None:
        self.instance = SingleInstance(folder)
        self.calls = 0
        assert self.instance.take()

    def come(self) -> None:
        self.calls += 1


@pytest.fixture
def first(qapp: QApplication, tmp_path: Path) -> Iterator[First]:
    first = First(tmp_path)
    yield first
    first.instance.release()


@pytest.fixture
def knock(tmp_path: Path) -> Iterator[Knock]:
    """Start a second program, which calls the first one and prints whether it answered."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", KNOCK, str(tmp_path)], cwd=ROOT, text=True, stdout=subprocess.PIPE
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str], qtbot: QtBot) -> str:
    """What it printed, once it has ended by itself."""
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=10_000)
    assert process.stdout is not None
    return process.stdout.read()


def test_the_second_one_is_not_the_first(first: First, tmp_path: Path) -> None:
    assert not SingleInstance(tmp_path).take()
    first.instance.release()
    third = SingleInstance(tmp_path)
    assert third.take()
    third.release()


def test_each_call_brings_the_window_to_the_front(first: First, knock: Knock, qtbot: QtBot) -> None:
    first.instance.listen(first.come)
    for count in (1, 2):
        assert ended(knock(), qtbot) == "knocking\nTrue\n"
        assert first.calls == count


def test_a_call_waits_for_a_window_that_is_still_being_painted(first: First, knock: Knock, qtbot: QtBot) -> None:
    early = knock()
    assert early.stdout is not None
    assert early.stdout.readline() == "knocking\n"
    first.instance.listen(first.come)
    assert ended(early, qtbot) == "True\n"
    qtbot.waitUntil(lambda: first.calls == 1)


def test_nobody_answers_where_nobody_listens(first: First, tmp_path: Path) -> None:
    assert not SingleInstance(tmp_path).call_the_first(within_ms=100)
    assert first.calls == 0


def test_a_door_left_by_a_killed_window_is_replaced(first: First, knock: Knock, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "window.socket").write_text("")
    first.instance.listen(first.come)
    assert ended(knock(), qtbot).endswith("True\n")


@pytest.mark.skipif(os.name != "posix", reason="modes of sockets")
def test_only_the_same_person_can_knock(first: First, tmp_path: Path) -> None:
    first.instance.listen(first.come)
    assert (tmp_path / "window.socket").stat().st_mode & 0o077 == 0


def test_a_killed_window_leaves_no_lock(qapp: QApplication, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], cwd=ROOT, text=True, stdout=subprocess.PIPE
    ) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "True\n"
        assert not SingleInstance(tmp_path).take()
        killed.kill()
        killed.wait()
    after = SingleInstance(tmp_path)
    assert after.take()
    after.release()
