"""Commits to the journal, in turns with raw durable appends. Argument: how many of each."""

import asyncio
import os
import sys
import tempfile
from time import perf_counter

from optty_desktop.journal.journal import SqliteJournal
from optty_desktop.system.paths import AppPaths, private_folder
from tests.benchmarks.programs.told import tell
from tests.fakes import link

WARM_UP = 20
BYTES = 550
"""What one link takes in the journal, more or less."""


def raw_append(file: int) -> float:
    """Append and wait for the disk; milliseconds."""
    begun = perf_counter()
    os.write(file, b"x" * BYTES)
    os.fdatasync(file)
    return (perf_counter() - begun) * 1000


async def commit(journal: SqliteJournal, number: int) -> float:
    """Commit one new link and wait for it; milliseconds."""
    one = link(f"T2-{number}")
    begun = perf_counter()
    await journal.commit(one)
    return (perf_counter() - begun) * 1000


async def measure(count: int) -> None:
    """Take turns."""
    folder = private_folder(AppPaths.of_this_person().journal_folder)
    journal = await SqliteJournal.open(folder, "training")
    raw, committed = [], []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for turn in range(count + WARM_UP):
            appended, written = raw_append(file.fileno()), await commit(journal, turn)
            if turn >= WARM_UP:
                raw.append(appended)
                committed.append(written)
    await journal.close()
    tell(raw=raw, committed=committed)


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1])))
