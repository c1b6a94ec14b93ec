"""The start: what the first paint did not need is loaded behind it, never by the thread of the window."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 60


def imports_after_paint(*arguments: str) -> dict[str, list[str]]:
    """Start the program, let it load everything, and return what each thread imported after the first paint."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.start_watch", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        timeout=LIMIT_SECONDS,
        check=True,
    )
    found: dict[str, list[str]] = {}
    for thread, name in json.loads(done.stdout)["seen"]:
        found.setdefault(thread, []).append(name)
    return found


@pytest.mark.parametrize("arguments", [(), ("--training",)], ids=["sign-in window", "training"])
def test_the_thread_of_the_window_imports_nothing_after_the_first_paint(arguments: tuple[str, ...]) -> None:
    found = imports_after_paint(*arguments)
    assert found.get("MainThread", []) == []
    behind = {name for names in found.values() for name in names}
    assert {"httpx", "segno", "phonenumbers"} <= behind


def test_the_keychain_is_looked_for_in_its_own_thread() -> None:
    found = imports_after_paint()
    looking = {thread for thread, names in found.items() if any(name.split(".")[0] == "keyring" for name in names)}
    assert looking == {"keychain"}
