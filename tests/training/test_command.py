"""The pretend Optty as a process of its own."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from optty_desktop.training import command
from optty_desktop.training.server import bound_socket

ROOT = Path(command.__file__).parents[2]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def run(**options: object) -> subprocess.Popen[str]:
        given = ", ".join(f"{name}={value!r}" for name, value in options.items())
        program = (
            f"from pathlib import Path, PosixPath, WindowsPath\n"
            f"from optty_desktop.training.command import serve\nserve({given})"
        )
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", program],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def announced(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout
    facts: dict[str, str] = json.loads(process.stdout.readline())
    return facts


def test_the_first_line_tells_a_program_all_it_needs(start: Start) -> None:
    facts = announced(start(announce="json"))
    assert list(facts) == ["url", "client_id", "client_secret", "control_token"]
    form = {"client_id": facts["client_id"], "client_secret": facts["client_secret"]}
    form |= {"grant_type": "client_credentials", "scope": "merchant"}
    assert httpx.post(f"{facts['url']}/token", data=form, trust_env=False).status_code == 200
    ledger = httpx.get(
        f"{facts['url']}/training/ledger",
        headers={"x-training-control": facts["control_token"]},
        trust_env=False,
    )
    assert [request["path"] for request in ledger.json()["requests"]] == ["/token"]


def test_it_ends_with_its_parents_end_of_the_pipe_quietly(start: Start) -> None:
    process = start(announce="json", stop_when_stdin_closes=True)
    announced(process)
    assert process.communicate(timeout=5) == ("", "")
    assert process.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals between processes")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
@pytest.mark.parametrize("stop_when_stdin_closes", [True, False])
def test_signals_end_it_quietly(start: Start, name: str, stop_when_stdin_closes: bool) -> None:
    process = start(announce="json", stop_when_stdin_closes=stop_when_stdin_closes)
    announced(process)
    process.send_signal(signal.Signals[name])
    assert process.wait(5) == 0
    assert process.stderr
    assert process.stderr.read() == ""


def test_people_get_readable_lines(start: Start) -> None:
    process = start()
    assert process.stdout
    lines = [process.stdout.readline() for _ in range(5)]
    assert lines[0].startswith("Practice payment service: http://127.0.0.1:")
    assert lines[1].startswith("Client ID:     training-")
    assert lines[4] == "No real money moves here. Press Ctrl+C to stop.\n"


def test_old_practice_links_open_again_after_a_restart(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "practice.sqlite"
    addresses = []
    for _ in range(2):
        process = start(announce="json", ledger_path=path, stop_when_stdin_closes=True)
        addresses.append(announced(process)["url"])
        process.communicate(timeout=5)
    assert addresses[0] == addresses[1]
    with bound_socket(int(addresses[0].rpartition(":")[2])):
        process = start(announce="json", ledger_path=path, stop_when_stdin_closes=True)
        assert announced(process)["url"] not in addresses


class Parent(io.StringIO):
    """Standard output in the hands of a parent that acts once the announcement is there."""

    def __init__(self, act: Callable[[str], None]) -> None:
        super().__init__()
        self._act = act

    def flush(self) -> None:
        threading.Thread(target=self._act, args=(self.getvalue(),)).start()


def test_in_this_process_it_ends_by_a_signal_and_gives_the_handlers_back() -> None:
    handler = signal.getsignal(signal.SIGTERM)
    answers: list[int] = []

    def visit_and_stop(text: str) -> None:
        url = text.splitlines()[0].rpartition(" ")[2]
        answers.append(httpx.get(url, trust_env=False).status_code)
        signal.raise_signal(signal.SIGTERM)

    command.serve(output=Parent(visit_and_stop))
    assert answers == [200]
    assert signal.getsignal(signal.SIGTERM) is handler


def test_in_this_process_it_ends_with_the_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    monkeypatch.setattr(command, "_STDIN", reading)

    def say_something_and_close(text: str) -> None:
        assert json.loads(text)["url"]
        os.write(writing, b"x")
        os.close(writing)

    command.serve(
        announce="json",
        stop_when_stdin_closes=True,
        ledger_path=tmp_path / "practice.sqlite",
        output=Parent(say_something_and_close),
    )
    os.close(reading)
    command.serve(stop_when_stdin_closes=True, output=io.StringIO())  # no input at all: an end as well


def test_a_file_that_cannot_be_used_does_not_stop_practice(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "practice.sqlite"
    path.mkdir()
    process = start(announce="json", ledger_path=path, stop_when_stdin_closes=True)
    assert announced(process)["url"]
    _, problems = process.communicate(timeout=5)
    assert "keeps them in memory" in problems
    assert process.returncode == 0


def test_a_wanted_port_that_is_taken_is_an_error() -> None:
    output = io.StringIO()
    with bound_socket(0) as listener, pytest.raises(OSError, match="in use"):
        command.serve(port=listener.getsockname()[1], output=output)
    assert output.getvalue() == ""


def test_it_is_up_in_half_a_second(start: Start, record_property: Callable[[str, object], None]) -> None:
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        announced(start(announce="json"))
        times.append(time.perf_counter() - begin)
    record_property("seconds until announced, best of three", f"{min(times):.3f}")
    assert min(times) < 1.5, "half a second on a quiet machine; this one may be busy"
