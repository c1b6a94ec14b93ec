"""The keychain against a real key ring: GNOME's, on a session bus of its own, in a home of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.source_tree import ROOT

MISSING = [name for name in ("dbus-run-session", "gnome-keyring-daemon") if shutil.which(name) is None]

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")

UNLOCKED = "printf test-password | gnome-keyring-daemon --unlock --components=secrets >/dev/null"
LOCKED = "gnome-keyring-daemon --start --components=secrets >/dev/null"


def below_a_session_bus(home: Path, *steps: str) -> subprocess.CompletedProcess[str]:
    """Run shell steps in a session of its own, with the folders of ``home`` and no screen to ask on."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    folders = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("DATA", "CONFIG", "CACHE", "STATE")}
    environment = {**kept, **folders, "HOME": str(home), "XDG_RUNTIME_DIR": str(home / "run"), "PYTHONPATH": str(ROOT)}
    command = ["dbus-run-session", "--", "sh", "-ec", "\n".join(steps)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def program(kind: str) -> str:
    return f"'{sys.executable}' -m tests.system.secret_service_program {kind}"


def test_a_real_key_ring_keeps_replaces_and_erases(home: Path) -> None:
    finished = below_a_session_bus(home, UNLOCKED, program("unlocked"))
    assert (finished.stdout, finished.returncode) == ("held\n", 0), finished.stderr
    kept = [path for path in home.rglob("*") if path.is_file()]
    assert any(path.suffix == ".keyring" for path in kept), "the key ring was real"
    assert not [path for path in kept if b"canary" in path.read_bytes()], "a secret lies readable on the disk"


@pytest.mark.parametrize("kind", ["locked", "prompting"])
def test_a_locked_key_ring_with_nobody_at_the_prompt_ends_in_time(home: Path, kind: str) -> None:
    finished = below_a_session_bus(home, UNLOCKED, program("unlocked"))
    assert finished.returncode == 0, finished.stderr
    finished = below_a_session_bus(home, LOCKED, program(kind))
    assert (finished.stdout, finished.returncode) == ("held\n", 0), finished.stderr
