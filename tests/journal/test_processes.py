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
from tests.source_tree import ROOT

KILLS = 15
RACERS = 6
RACES = 4
CHANCE = random.SystemRandom()


def start(*arguments: str) -> subprocess.Popen[str]:
    """Start one of the programs of `tests.journal.child`."""
    command = [sys.executable, "-m", "tests.journal.child", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def lines_of(process: subprocess.Popen[str]) -> list[str]:
    output, _ = process.communicate(timeout=15)
    return output.splitlines()


@pytest.mark.limit(60)
async def test_D1_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    acknowledged: set[str] = set()
    slowest = 0.0
    for _ in range(KILLS):
        process = start("load", str(tmp_path))
        assert process.stdout is not None
        first = process.stdout.readline()
        await asyncio.sleep(CHANCE.uniform(0.005, 0.1))
        process.send_signal(signal.SIGKILL)
        # A line may be cut by the kill: only whole ones were said.
        acknowledged.update(line.strip() for line in [first, *process.stdout] if line.endswith("\n"))
        process.communicate()
        begun = time.monotonic()
        async with opened(tmp_path) as journal:
            slowest = max(slowest, time.monotonic() - begun)
            kept = {link.invoice_number for link in await journal.links(limit=1_000_000)}
            assert acknowledged <= kept
            for number in CHANCE.sample(sorted(kept), 20):
                assert len(await journal.timeline(number)) == 2
            await journal.health()
    assert len(acknowledged) > KILLS * 10
    assert slowest < 2


def answers(racers: list[subprocess.Popen[str]], line: str) -> list[str]:
    """Tell all the same line at once; return what each says."""
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write(line + "\n")
        racer.stdin.flush()
    return heard(racers)


def heard(racers: list[subprocess.Popen[str]]) -> list[str]:
    return [racer.stdout.readline().strip() for racer in racers if racer.stdout is not None]


@pytest.mark.limit(60)
async def test_D8_of_several_that_start_at_once_exactly_one_owns_the_file(tmp_path: Path) -> None:
    racers = [start("race", str(tmp_path)) for _ in range(RACERS)]
    assert heard(racers) == ["ready"] * RACERS
    for race in range(RACES):
        # Two rounds a file: one in which it is new, one in which it is there.
        ends = answers(racers, f"file-{race // 2}")
        assert sorted(ends) == ["JournalInUse"] * (RACERS - 1) + ["open"]
        assert answers(racers, "") == ["done"] * RACERS
    for racer in racers:
        racer.communicate(timeout=15)


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
