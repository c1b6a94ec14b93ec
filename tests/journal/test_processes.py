"""Real processes: killed under load, started at once, without rights, ended without closing."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journal.places import file_in, opened
from tests.journal.samples import a_link
from tests.promises import Promise, Scaled
from tests.source_tree import ROOT

CHANCE = random.SystemRandom()


def start(*arguments: str) -> subprocess.Popen[str]:
    """Start one of the programs of `tests.journal.child`."""
    command = [sys.executable, "-m", "tests.journal.child", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def lines_of(process: subprocess.Popen[str]) -> list[str]:
    output, _ = process.communicate(timeout=60)
    return output.splitlines()


async def numbers_said(program: str, folder: Path) -> set[str]:
    """Start a program that commits under load, kill it at a chance moment; return what it said was kept."""
    process = start(program, str(folder))
    assert process.stdout is not None
    first = process.stdout.readline()
    await asyncio.sleep(CHANCE.uniform(0.005, 0.1))
    process.send_signal(signal.SIGKILL)
    # A line may be cut by the kill: only whole ones were said.
    said = {line.strip() for line in [first, *process.stdout] if line.endswith("\n")}
    process.communicate()
    return said


async def wrong_after(said: set[str], folder: Path) -> list[str]:
    """Return what is wrong with the journal in which all these numbers should be."""
    async with opened(folder) as journal:
        kept = {link.invoice_number for link in await journal.links(limit=1_000_000)}
        wrong = [f"lost: {number}" for number in said - kept]
        for number in CHANCE.sample(sorted(kept), min(20, len(kept))):
            wrong += [] if len(await journal.timeline(number)) == 2 else [f"half a commit: {number}"]
        await journal.health()
    return wrong


@pytest.mark.limit(600)
async def test_D1_what_was_acknowledged_survives_kill_9(tmp_path: Path, promise: Promise, scaled: Scaled) -> None:
    kills = scaled(3, 200)
    acknowledged: set[str] = set()
    wrong, slowest = [], 0.0
    for kill in range(kills):
        folder = tmp_path / str(kill // 10)  # ten kills a file: it is opened after each, and grows
        said = await numbers_said("load", folder)
        acknowledged = acknowledged | said if kill % 10 else said
        begun = time.perf_counter()
        found = await wrong_after(acknowledged, folder)
        slowest = max(slowest, time.perf_counter() - begun)
        wrong += [found] if found else []
        assert len(said) > 1
    promise("D1", kills, wrong, slowest)


async def test_D1_control_a_program_that_speaks_before_the_commit_loses(tmp_path: Path) -> None:
    for attempt in range(10):
        folder = tmp_path / str(attempt)
        if await wrong_after(await numbers_said("load_in_haste", folder), folder):
            return
    pytest.fail("nothing was lost")


def answers(racers: list[subprocess.Popen[str]], line: str) -> list[str]:
    """Tell all the same line at once; return what each says."""
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write(line + "\n")
        racer.stdin.flush()
    return heard(racers)


def heard(racers: list[subprocess.Popen[str]]) -> list[str]:
    return [racer.stdout.readline().strip() for racer in racers if racer.stdout is not None]


def owners(racers: list[subprocess.Popen[str]], name: str) -> tuple[int, float]:
    """Let all open the file of that name at once; return how many may, and how long the slowest took to know."""
    begun = time.perf_counter()
    ends = answers(racers, name)
    seconds = time.perf_counter() - begun
    assert set(ends) <= {"open", "JournalInUse"}
    assert answers(racers, "") == ["done"] * len(racers)
    return ends.count("open"), seconds


@contextmanager
def racers_of(program: str, folder: Path, count: int) -> Iterator[list[subprocess.Popen[str]]]:
    racers = [start(program, str(folder)) for _ in range(count)]
    assert heard(racers) == ["ready"] * count
    yield racers
    for racer in racers:
        racer.communicate(timeout=60)


@pytest.mark.limit(300)
async def test_D8_of_several_that_start_at_once_exactly_one_owns_the_file(
    tmp_path: Path, promise: Promise, scaled: Scaled
) -> None:
    wrong, worst, races, most = [], 0.0, scaled(2, 50), scaled(3, 10)
    with racers_of("race", tmp_path, most) as racers:
        for race in range(races):
            # Two rounds a file: one in which it is new, one in which it is there.
            count = most - race % (most - 1)
            found, seconds = owners(racers[:count], f"file-{race // 2}")
            worst = max(worst, seconds)
            wrong += [] if found == 1 else [(count, found)]
    promise("D8", races, wrong, worst)


async def test_D8_control_without_the_lock_there_are_several_owners(tmp_path: Path) -> None:
    with racers_of("race_without_lock", tmp_path, 2) as racers:
        assert owners(racers, "training.journal")[0] == 2


async def test_D8_after_a_kill_the_file_is_free_at_once(tmp_path: Path) -> None:
    process = start("race", str(tmp_path))
    assert heard([process]) == ["ready"]
    assert answers([process], "training") == ["open"]
    process.kill()
    process.communicate()
    begun = time.monotonic()
    async with opened(tmp_path) as journal:
        assert time.monotonic() - begun < 2
        await journal.commit(a_link())


async def test_a_program_that_ends_without_closing_neither_hangs_nor_loses(tmp_path: Path) -> None:
    process = start("leave_open", str(tmp_path))
    assert lines_of(process) == []
    assert process.returncode == 0
    async with opened(tmp_path) as journal:
        assert await journal.link("INV-1") == a_link("INV-1")


# Without rights

posix_only = pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")


@contextmanager
def foreign_folder() -> Iterator[Path]:
    """Make a folder that an unprivileged person can reach."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        (Path(name) / "journals").mkdir()
        yield Path(name) / "journals"


@posix_only
async def test_a_folder_that_belongs_to_another_is_read_only() -> None:
    with foreign_folder() as folder:
        folder.chmod(0o555)
        assert lines_of(start("open_without_rights", str(folder))) == ["JournalReadOnly"]
        assert list(folder.iterdir()) == []


@posix_only
@pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o700, 0o400), (0o500, 0o600)], ids=["file", "folder"])
async def test_an_own_place_that_may_not_be_written_is_read_only(folder_mode: int, file_mode: int) -> None:
    with foreign_folder() as folder:
        async with opened(folder) as journal:
            await journal.commit(a_link())
        before = file_in(folder).read_bytes()
        if os.getuid() == 0:
            os.chown(folder, 65534, 65534)
            os.chown(file_in(folder), 65534, 65534)
        file_in(folder).chmod(file_mode)
        folder.chmod(folder_mode)
        assert lines_of(start("open_without_rights", str(folder))) == ["JournalReadOnly"]
        folder.chmod(0o700)
        assert file_in(folder).read_bytes() == before
