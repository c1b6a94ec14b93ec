"""The program's own test of itself, run as a shop would run it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

STEPS = (
    "sign in to training",
    "create a link for USD 182.75",
    "read the code from the screen",
    "the customer pays: Paid",
    "refund it by holding the button: Refunded",
    "create another link",
    "cancel it: Cancelled",
    "find a link by its amount",
    "leave training",
)


@pytest.mark.slow
def test_the_self_test_holds_and_leaves_its_pictures(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "optty_desktop", "self-test", "--output", str(tmp_path / "pictures")],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    # The offscreen platform has a line of its own to say; the program has none.
    own_words = [line for line in run.stderr.splitlines() if not line.startswith("This plugin does not support")]
    assert (run.returncode, own_words) == (0, [])
    lines = run.stdout.splitlines()
    assert lines[: len(STEPS)] == [f"ok  {step}" for step in STEPS]
    pictures = sorted((tmp_path / "pictures").glob("*.png"))
    assert pictures[0].name == "01-sign-in.png"
    assert len(pictures) >= 12
    assert all(picture.stat().st_size > 1000 for picture in pictures)
