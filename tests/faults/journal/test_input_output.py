"""Promise D3: whatever call to the disk fails, once or from then on, nothing that was acknowledged is lost or wrong."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import apsw
import pytest

from optty_desktop.core.errors import AppError, JournalProblem
from optty_desktop.journal.journal import SqliteJournal
from tests.faults.disk_below import Disk, file_on
from tests.faults.journal.day_of_commits import everything, what_is_wrong, work
from tests.journal.places import new_folder
from tests.promises import Promise, Scaled

NUMBERS = [f"INV-{count}" for count in range(6)]
CALLS = ("open", "write", "truncate", "sync", "delete")


class FailingDisk(Disk):
    """Fails the ``at``-th call of one kind, and all later ones of it if ``for_good``; counts all calls."""

    def __init__(self, kind: str = "", at: int = 0, *, for_good: bool = False) -> None:
        self._kind, self._at, self._for_good = kind, at, for_good
        self.calls: Counter[str] = Counter()

    def _call(self, kind: str) -> None:
        self.calls[kind] += 1
        count = self.calls[kind]
        if kind == self._kind and (count == self._at or (self._for_good and count > self._at)):
            raise apsw.CantOpenError if kind == "open" else apsw.IOError

    def opening(self, path: str, *, creates: bool) -> None:
        self._call("open")

    def writing(self, path: str, offset: int, data: bytes) -> None:
        self._call("write")

    def truncating(self, path: str, size: int) -> None:
        self._call("truncate")

    def syncing(self, path: str) -> None:
        self._call("sync")

    def deleting(self, path: str, *, syncs_folder: bool) -> None:
        self._call("delete")


async def a_day_on(disk: Disk, folder: Path) -> set[str]:
    """Work from opening to closing; return what was acknowledged. Raises what is not an error of the program."""
    told: set[str] = set()
    with file_on(disk, folder) as file:
        try:
            journal = await SqliteJournal.open_file(file)
        except JournalProblem:
            return told
        await work(journal, iter(NUMBERS), told.add, seed=3)
        try:
            seen = {link.invoice_number for link in await journal.links()}
            assert {what.split()[0] for what in told} <= seen
        except AppError:
            pass
        await journal.close()
    return told


async def wrong_on(disk: Disk) -> list[str]:
    """Return what is wrong after a day on this disk, once the disk is well again."""
    with new_folder() as folder:
        acknowledged = await a_day_on(disk, folder)
        return await what_is_wrong(folder, acknowledged, everything(NUMBERS))


@pytest.mark.limit(300)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_D3_every_failing_call_is_survived(promise: Promise, scaled: Scaled) -> None:
    healthy = FailingDisk()
    assert await wrong_on(healthy) == []
    assert min(healthy.calls["write"], healthy.calls["sync"]) > 15
    cases, wrong, worst = 0, [], 0.0
    for kind in CALLS:
        for at in range(1, healthy.calls[kind] + 1, scaled(7, 1)):
            for for_good in (False, True):
                begun = time.perf_counter()
                found = await wrong_on(FailingDisk(kind, at, for_good=for_good))
                worst = max(worst, time.perf_counter() - begun)
                cases += 1
                wrong += [(kind, at, for_good, found)] if found else []
    promise("D3", cases, wrong, worst)


class LyingDisk(FailingDisk):
    """Takes some writes to the log and forgets the rest without a word."""

    def keeps(self, path: str) -> bool:
        return not path.endswith("-wal") or self.calls["write"] < 40


async def test_D3_control_what_a_lying_disk_dropped_is_seen() -> None:
    assert any(what.startswith("lost: ") for what in await wrong_on(LyingDisk()))
