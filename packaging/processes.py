"""Starting other programs from dev.py, and ending with one sentence when one of them does not do its work."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

Command = Sequence[str | Path]

SLOWING_VARIABLES = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")
"""They slow every start down, or point into another Python."""


class Stop(Exception):
    """Ends the program with exit code 1; its text is the one sentence for the person at the keyboard."""


def child_environment(environment: Mapping[str, str], **extra: str) -> dict[str, str]:
    """Return the environment for the project's own processes."""
    return {name: value for name, value in environment.items() if name not in SLOWING_VARIABLES} | extra


def call(command: Command, environment: Mapping[str, str]) -> int:
    """Run ``command`` at the top of the repository with this terminal; return its exit code."""
    with subprocess.Popen([str(part) for part in command], cwd=ROOT, env=dict(environment)) as process:
        while True:
            try:
                code = process.wait()
                break
            except KeyboardInterrupt:
                continue  # the terminal sent it to the child as well, which ends in its own way
    if code < 0:
        print(f"{Path(command[0]).name} was ended by signal {-code}.", file=sys.stderr)
        return 1
    return code


def must(command: Command, environment: Mapping[str, str], sentence: str) -> None:
    """Run ``command``; end the program with ``sentence`` when it does not succeed."""
    if call(command, environment):
        raise Stop(sentence)


def output_of(command: Command) -> str:
    """Return what ``command`` prints, or nothing when it cannot be run."""
    try:
        finished = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return finished.stdout
