"""Fresh processes: start them in a home of their own, read what they tell, and count what they used."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.guards import HOME_FOLDERS

PROGRAMS = "tests.benchmarks.programs"
ROOT = Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 60.0
_NOT_FOR_TIMINGS = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY")
_QUIET_SECONDS = 0.3
_LOOK_SECONDS = 0.05


class ProgramFailed(Exception):
    """A measured program ended in a way it should not have, or told nothing."""


@dataclass(frozen=True, slots=True)
class Used:
    """What a process used until its end: peak memory in MB, processor time in seconds."""

    peak_mb: float
    cpu_seconds: float


@contextmanager
def home() -> Iterator[dict[str, str]]:
    """An environment with a new, empty home folder; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="optty-bench-") as folder:
        places = {variable: str(Path(folder, name)) for variable, name in HOME_FOLDERS.items()}
        # Qt refuses a folder for sockets that others may read.
        Path(folder, "run").mkdir(mode=0o700)
        kept = {name: value for name, value in os.environ.items() if name not in _NOT_FOR_TIMINGS}
        yield kept | places | {"QT_QPA_PLATFORM": kept.get("QT_QPA_PLATFORM", "offscreen")}


class Program:
    """One running program: of `tests.benchmarks.programs`, or an executable file where ``name`` is a path."""

    def __init__(self, name: str | Path, *arguments: str, environment: Mapping[str, str]) -> None:
        start = [str(name)] if isinstance(name, Path) else [sys.executable, "-m", f"{PROGRAMS}.{name}"]
        command = [*start, *arguments]
        self.name = name
        self.started = time.monotonic()
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def told(self, fact: str) -> float:
        """Wait for the line that holds ``fact`` and return its value. Raises ProgramFailed."""
        return float(self.line(fact)[fact])

    def line(self, fact: str) -> dict[str, Any]:
        """Wait for the line that holds ``fact`` and return all facts of that line. Raises ProgramFailed."""
        while fact not in (facts := self.any_line()):
            pass
        return facts

    def any_line(self) -> dict[str, Any]:
        """Wait for the next line and return its facts. Raises ProgramFailed when the program has ended."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise ProgramFailed(f"{self.name} ended without telling what was asked")
        facts: dict[str, Any] = json.loads(line)
        return facts

    def cpu_seconds(self) -> float:
        """Processor time used by this process until now, without its children."""
        threads = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text(encoding="ascii").split()[0]) for thread in threads) / 1e9

    def wait_until_quiet(self) -> None:
        """Wait until the process has stopped working: its start is over, with all that it loads behind the window."""
        end = time.monotonic() + LIMIT_SECONDS
        before, since = self._work(), time.monotonic()
        while time.monotonic() - since < _QUIET_SECONDS:
            if time.monotonic() > end:
                raise ProgramFailed(f"{self.name} does not come to rest")
            time.sleep(_LOOK_SECONDS)
            now = self._work()
            if now != before:
                before, since = now, time.monotonic()

    def _work(self) -> int:
        """Clock ticks used by the process and all its children."""
        tree, ticks = [self.pid], 0
        for pid in tree:
            with suppress(FileNotFoundError, ProcessLookupError):  # a child may end while it is looked at
                tree += [
                    int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
                ]
                fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
                ticks += int(fields[11]) + int(fields[12])
        return ticks

    def end(self) -> Used:
        """Ask the process to end, wait for it, and return what it used."""
        os.kill(self.pid, signal.SIGTERM)  # not through subprocess, which would wait for a program that has ended
        _pid, status, used = os.wait4(self.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return Used(used.ru_maxrss / 1024, used.ru_utime + used.ru_stime)


@contextmanager
def program(name: str | Path, *arguments: str, environment: Mapping[str, str]) -> Iterator[Program]:
    """A program that is ended when the block is left by an error; else the block ends it."""
    one = Program(name, *arguments, environment=environment)
    try:
        yield one
    finally:
        if one._process.returncode is None:
            one.end()


def run(name: str, *arguments: str, environment: Mapping[str, str]) -> None:
    """Run a program to its end. Raises ProgramFailed."""
    command = [sys.executable, "-m", f"{PROGRAMS}.{name}", *arguments]
    if subprocess.run(command, cwd=ROOT, env=dict(environment), check=False).returncode:
        raise ProgramFailed(f"{name} did not end well")
