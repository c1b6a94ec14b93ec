"""A schema step is taken whole or not at all, after a copy was made."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from optty_desktop.core.errors import JournalNewer, JournalProblem
from optty_desktop.journal.links import link_row, put_link
from optty_desktop.journal.migrations import MIGRATIONS, Migration
from optty_desktop.journal.seal import seal_of
from tests.journal.child import NEXT_STATEMENTS
from tests.journal.places import by_hand, contents, database_in, file_in, new_folder, opened
from tests.journal.samples import a_link
from tests.promises import Promise, Scaled
from tests.source_tree import ROOT

LAST = len(MIGRATIONS)
NEXT = Migration(LAST + 1, NEXT_STATEMENTS)
COPY = f"training.schema-{LAST}.copy"


def version(folder: Path) -> int:
    return int(by_hand(folder, lambda connection: connection.execute("PRAGMA user_version").fetchone()[0]))


def die(how: str, folder: Path, *numbers: int) -> None:
    command = [sys.executable, "-m", "tests.journal.child", how, str(folder), *map(str, numbers)]
    finished = subprocess.run(command, cwd=ROOT, check=False, timeout=15)
    assert finished.returncode == -signal.SIGKILL


async def test_steps_are_numbered_without_gap() -> None:
    assert [step.version for step in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


async def test_D7_a_step_keeps_the_data_and_leaves_a_copy_of_before(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        await journal.commit(a_link())
    async with database_in(tmp_path, (*MIGRATIONS, NEXT)) as database:
        rows = await database.read(
            lambda connection: connection.execute("SELECT invoice_number, branch FROM links").fetchall()
        )
    assert rows == [("INV-1", "Main Street")]
    seal_of(file_in(tmp_path)).unlink()
    (tmp_path / COPY).rename(file_in(tmp_path))
    async with opened(tmp_path) as journal:
        assert await journal.link("INV-1") == a_link()


async def test_D7_an_older_program_refuses_the_file_after_the_step(tmp_path: Path) -> None:
    async with opened(tmp_path):
        pass
    async with database_in(tmp_path, (*MIGRATIONS, NEXT)):
        pass
    before = contents(tmp_path)
    with pytest.raises(JournalNewer):
        async with opened(tmp_path):
            pytest.fail("the file was opened")
    assert contents(tmp_path) == before


async def test_D7_a_step_that_cannot_be_taken_changes_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        await journal.commit(a_link())
    before = file_in(tmp_path).read_bytes()
    broken = Migration(LAST + 1, (*NEXT_STATEMENTS, "INSERT INTO nowhere VALUES (1)"))
    with pytest.raises(JournalProblem):
        async with database_in(tmp_path, (*MIGRATIONS, broken)):
            pytest.fail("the file was opened")
    assert file_in(tmp_path).read_bytes() == before
    assert (tmp_path / COPY).exists()


PLACES = [(step.version, place) for step in (*MIGRATIONS, NEXT) for place in range(len(tuple(step.statements)) + 1)]
"""Version and statement before which the process is killed; the place after the last is before the commit."""


async def make_old(folder: Path, schema: int) -> None:
    """Leave a journal of an older schema with a link in it."""
    async with database_in(folder, MIGRATIONS[:schema]) as database:
        await database.write(lambda connection: put_link(connection, link_row(a_link())))


async def is_half_taken(folder: Path) -> bool:
    """Tell whether the steps that are left cannot be taken as if nothing had happened before."""
    try:
        async with opened(folder) as journal:
            if await journal.link("INV-1") != a_link():
                return True
        before = version(folder)
        async with database_in(folder, (*MIGRATIONS, NEXT)):
            pass
        return (before, version(folder)) != (LAST, LAST + 1)
    except JournalProblem:
        return True


@pytest.mark.limit(300)
async def test_D7_a_kill_within_a_step_leaves_the_schema_of_before(promise: Promise, scaled: Scaled) -> None:
    places = PLACES[:: scaled(6, 1)] * scaled(1, 5)
    half_taken, worst = [], 0.0
    for number, place in places:
        with new_folder() as folder:
            if number > 1:
                await make_old(folder, number - 1)
            die("die_in_migration", folder, number, place)
            if number == 1:
                async with opened(folder) as journal:
                    await journal.commit(a_link())
            begun = time.perf_counter()
            half_taken += [(number, place)] if await is_half_taken(folder) else []
            worst = max(worst, time.perf_counter() - begun)
    promise("D7", len(places), half_taken, worst)


async def test_D7_control_a_step_without_a_transaction_is_seen_half_taken(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        await journal.commit(a_link())
    die("die_without_transaction", tmp_path, 2)
    seal_of(file_in(tmp_path)).unlink()
    assert await is_half_taken(tmp_path)
