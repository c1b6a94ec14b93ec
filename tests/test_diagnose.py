"""The command ``diagnose``: a report where there is no window, no display and no keychain, and beside a window."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from optty_desktop.cli import main
from optty_desktop.system.paths import AppPaths
from tests.journal.places import opened
from tests.journal.samples import a_link

ROOT = Path(__file__).parents[1]
HEADS = ["Program", "Computer", "Line", "Policy", "Environment sandbox", "Environment live"]


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command prints; it must succeed and complain of nothing."""
    assert main(["diagnose", *arguments]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return said.out


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a shell does, without a display."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, "-m", "optty_desktop", "diagnose", *arguments],
        cwd=ROOT,
        env={**kept, "QT_QPA_PLATFORM": "xcb", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_till_that_was_never_started_has_a_report_and_stays_that_way(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(home.rglob("*"))
    text = printed(capsys)
    assert [line for line in text.splitlines() if line in HEADS] == HEADS
    assert "Screens: unknown (no window)" in text
    assert "Record of" not in text
    assert sorted(home.rglob("*")) == before


async def make_record() -> None:
    """A record with one link, and its log."""
    paths = AppPaths.of_this_person()
    async with opened(paths.journal_folder, "sandbox") as journal:
        await journal.commit(a_link())
    paths.logs.mkdir(parents=True)
    (paths.logs / "optty-desktop.log").write_text(
        "2026-03-21 12:00:00,000 INFO optty_desktop.api.transport 5F20-C7A1 GET api.optty.com/orders/{reference}: "
        "answered, status 200, 12 ms, clock +75 s\n"
    )


async def test_a_shell_without_a_display_gets_it(home: Path) -> None:
    await make_record()
    finished = run()
    assert (finished.returncode, finished.stderr) == (0, "")
    assert "  Links: 1 pending\n" in finished.stdout
    assert "5F20-C7A1 GET api.optty.com/orders/{reference}: answered" in finished.stdout
    assert "Clock: 75 s ahead of the clock of api.optty.com" in finished.stdout
    assert str(home) not in finished.stdout


async def test_beside_a_window_the_record_is_in_use_and_stays_usable() -> None:
    await make_record()
    async with opened(AppPaths.of_this_person().journal_folder, "sandbox") as journal:
        finished = run()
        await journal.commit(a_link("INV-2"))
        assert len(await journal.links()) == 2
    assert finished.returncode == 0
    assert "Record of sandbox\n" in finished.stdout
    assert "Content: unknown (JournalInUse)" in finished.stdout


def test_a_file_that_only_its_owner_may_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "support.txt"
    assert printed(capsys, "--output", str(path)) == ""
    assert path.read_text(encoding="utf-8").startswith("Optty Desktop support file\n")
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "nowhere" / "support.txt"
    assert main(["diagnose", "--output", str(path)]) == 1
    said = capsys.readouterr().err
    assert said == f"The support file cannot be written to {path} (No such file or directory). Name another place\n"


def test_profiles_that_are_refused_are_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    file = AppPaths.of_this_person().environments_file
    file.parent.mkdir(parents=True)
    file.write_text('canary = "secret"\n')
    text = printed(capsys)
    assert "The file environments.toml is refused" in text
    assert "canary" not in text


def test_a_terminal_of_few_letters_gets_it_whole() -> None:
    file = AppPaths.of_this_person().environments_file
    file.parent.mkdir(parents=True)
    file.write_text('[[environment]]\nid = "live"\nname = "Café"\n', encoding="utf-8")
    finished = run(PYTHONIOENCODING="ascii")
    assert (finished.returncode, finished.stderr) == (0, "")
    assert "Name: Caf\\xe9\n" in finished.stdout
