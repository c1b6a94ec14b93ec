"""The command line, as a shell and as the program itself use it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from optty_desktop import __version__
from optty_desktop.cli import main
from optty_desktop.system.paths import AppPaths
from optty_desktop.training.server import bound_socket

ROOT = Path(__file__).parents[1]
LIMIT = 20.0


class Shell:
    """Starts ``optty-desktop`` and ends what is still running."""

    def __init__(self) -> None:
        self._started: list[subprocess.Popen[str]] = []

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "optty_desktop", *arguments],
            cwd=ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._started.append(process)
        return process

    def end(self) -> None:
        for process in self._started:
            process.kill()
            process.communicate()


@pytest.fixture
def shell() -> Iterator[Shell]:
    shell = Shell()
    yield shell
    shell.end()


def exit_code(*arguments: str) -> object:
    """What the parser answers where it ends the program itself."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("--version") == 0
    assert capsys.readouterr().out == f"optty-desktop {__version__}\n"
    assert exit_code("--help") == 0
    words = capsys.readouterr().out
    commands = ("self-test", "import", "export", "diagnose", "update", "proxy-password", "training-server", "relay")
    for command in ("--training", "--environment", *commands):
        assert command in words
    assert exit_code("training-server", "--help") == 0
    assert "--as-child" not in capsys.readouterr().out


@pytest.mark.parametrize("port", ["70000", "-1", "x", "", "٣", "1.5"])
def test_a_wrong_port_is_said_in_words(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("training-server", f"--port={port}") == 2
    assert "a port is a number from 0 to 65535" in capsys.readouterr().err


def test_an_unknown_command_is_a_wrong_argument(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("refund-everything") == 2
    assert "refund-everything" in capsys.readouterr().err


def test_a_port_that_is_taken_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with bound_socket(0) as taken:
        port = taken.getsockname()[1]
        assert main(["training-server", "--port", str(port)]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"The training server cannot listen on port {port}: ")
    assert said.count("\n") == 1


def test_the_training_server_of_a_window_ends_with_its_input(shell: Shell, tmp_path: Path) -> None:
    server = shell.start(
        "training-server", "--as-child", "--shop", "Corner Store", "--ledger", str(tmp_path / "ledger")
    )
    assert server.stdout is not None
    facts = json.loads(server.stdout.readline())
    assert facts["url"].startswith("http://127.0.0.1:")
    server.communicate(timeout=LIMIT)
    assert server.returncode == 0


def test_the_training_server_of_a_person_prints_lines_and_ends_on_a_signal(shell: Shell) -> None:
    server = shell.start("training-server", "--by-hand")
    assert server.stdout is not None
    assert server.stdout.readline().startswith("Practice payment service: http://127.0.0.1:")
    server.send_signal(signal.SIGTERM)
    assert server.wait(LIMIT) == 0


@pytest.mark.skipif(os.name != "posix", reason="signals end a program only here")
def test_one_window_for_each_person_and_a_signal_ends_it_in_order(shell: Shell) -> None:
    first = shell.start("--training")
    door = AppPaths.of_this_person().data / "window.socket"
    limit = time.monotonic() + LIMIT
    while not door.exists():
        assert first.poll() is None
        assert time.monotonic() < limit
        time.sleep(0.02)
    second = shell.start()
    assert second.wait(LIMIT) == 0
    first.send_signal(signal.SIGTERM)
    said = first.communicate(timeout=LIMIT)
    assert first.returncode == 0
    assert "Traceback" not in said[1]
    third = shell.start("--training")
    while not door.exists():
        assert third.poll() is None
        time.sleep(0.02)
    third.send_signal(signal.SIGTERM)
    assert third.wait(LIMIT) == 0


def test_a_wrong_file_of_the_shop_is_one_sentence(shell: Shell) -> None:
    config = AppPaths.of_this_person().config
    config.mkdir(parents=True)
    (config / "till.toml").write_text('shopp = "Corner Store"\n')
    window = shell.start()
    said = window.communicate(timeout=LIMIT)[1].splitlines()
    assert window.returncode == 1
    assert said[-1] == "till.toml: unknown key shopp"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_folder_that_cannot_be_written_is_one_sentence(shell: Shell) -> None:
    data = AppPaths.of_this_person().data
    data.parent.mkdir(parents=True)
    data.parent.chmod(0o500)
    window = shell.start()
    said = window.communicate(timeout=LIMIT)[1]
    data.parent.chmod(0o700)
    assert window.returncode == 1
    assert str(data) in said


@pytest.mark.slow
def test_the_self_test_holds_and_leaves_its_pictures(shell: Shell, tmp_path: Path) -> None:
    tour = shell.start("self-test", "--output", str(tmp_path / "pictures"))
    out, said = tour.communicate(timeout=120)
    assert tour.returncode == 0, said
    assert out.splitlines()[-1].endswith("steps held")
    assert len(list((tmp_path / "pictures").glob("*.png"))) >= 10
