"""Promise D2: an acknowledged record survives a power cut. With NORMAL flushing, the rig sees that it would not."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from optty_desktop.journal.journal import SqliteJournal
from optty_desktop.journal.opening import LOG_LIMIT, JournalFile
from tests.faults.disk_below import file_on
from tests.faults.journal.day_of_commits import everything, what_is_wrong, work
from tests.faults.power_cut import Acknowledged, Drive, Left, LoggingDisk, put_down
from tests.journal.places import new_folder
from tests.promises import Promise, Scaled

SESSIONS = 2
LINKS = 40
SEEDS = range(3)


NORMAL = {"PRAGMA synchronous = FULL": "PRAGMA synchronous = NORMAL"}


@dataclass
class Day:
    """The log of a day, and the names of the files in it."""

    disk: LoggingDisk
    journal: Path
    numbers: list[str]


async def a_day(disk: LoggingDisk, file: JournalFile, seed: int, sessions: int) -> Day:
    """Work some times from opening to closing, on a disk that keeps a log."""
    numbers = []
    for session in range(sessions):
        mine = [f"INV-{session}-{count}" for count in range(LINKS)]
        journal = await SqliteJournal.open_file(file)
        await work(journal, iter(mine), disk.acknowledge, seed)
        await journal.close()
        numbers += mine
    return Day(disk, file.path, numbers)


def cuts(day: Day, places: Sequence[int], chance: random.Random) -> Iterator[tuple[set[str], dict[str, bytes]]]:
    """Yield what was acknowledged and what is on the disk at each of the places, which rise."""
    log = day.disk.log
    drive, done = Drive([str(day.journal)]), 0
    for number, place in enumerate(places):
        drive.go_on(log[done:place])
        done = place
        yield set(drive.acknowledged), drive.after_cut(list(Left)[number % len(Left)], chance)


async def wrong_after_cuts(day: Day, places: Sequence[int], chance: random.Random) -> tuple[list[list[str]], float]:
    """Return what is wrong after each cut, and the longest time that opening and looking took."""
    ends, worst = [], 0.0
    for acknowledged, files in cuts(day, places, chance):
        with new_folder() as folder:
            put_down(files, folder)
            begun = time.perf_counter()
            ends.append(await what_is_wrong(folder, acknowledged, everything(day.numbers)))
            worst = max(worst, time.perf_counter() - begun)
    return ends, worst


@pytest.mark.limit(300)
async def test_D2_an_acknowledged_record_survives_a_power_cut(promise: Promise, scaled: Scaled) -> None:
    cases, wrong, worst = 0, [], 0.0
    for seed in SEEDS[: scaled(1, len(SEEDS))]:
        chance = random.Random(seed)  # noqa: S311
        disk = LoggingDisk()
        with new_folder() as folder, file_on(disk, folder) as file:
            day = await a_day(disk, file, seed, SESSIONS)
        places = sorted(chance.randint(1, len(day.disk.log)) for _ in range(scaled(40, 100)))
        ends, seconds = await wrong_after_cuts(day, places, chance)
        cases += len(ends)
        wrong += [end for end in ends if end]
        worst = max(worst, seconds)
    promise("D2", cases, wrong, worst)


@pytest.mark.limit(120)
async def test_D2_control_without_a_flush_at_each_commit_records_are_lost(scaled: Scaled) -> None:
    chance = random.Random(7)  # noqa: S311
    disk = LoggingDisk()
    with new_folder() as folder, file_on(disk, folder, replaced=NORMAL, log_limit=LOG_LIMIT) as file:
        day = await a_day(disk, file, 7, 1)
    told = [place for place, entry in enumerate(day.disk.log, start=1) if isinstance(entry, Acknowledged)]
    places = sorted(chance.randint(told[0], told[-1]) for _ in range(scaled(40, 100)))
    ends, _ = await wrong_after_cuts(day, places, chance)
    losing = [end for end in ends if any(what.startswith("lost: ") for what in end)]
    assert len(losing) >= 0.9 * len(ends)
