"""A schema step is taken whole or not at all, after a copy was made."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from optty_desktop.core.errors import JournalNewer, JournalProblem
from optty_desktop.journal.migrations import MIGRATIONS, Migration
from tests.journal.child import SECOND_STATEMENTS
from tests.journal.places import by_hand, contents, database_in, file_in, opened
from tests.journal.samples import a_link
from tests.source_tree import ROOT

SECOND = Migration(2, SECOND_STATEMENTS)
COPY = "training.schema-1.copy"


def version(folder: Path) -> int:
    return int(by_hand(folder, lambda connection: connection.execute("PRAGMA user_version").fetchone()[0]))


def die_in_migration(folder: Path, place: int) -> None:
    command = [sys.executable, "-m", "tests.journal.child", "die_in_migration", str(folder), str(place)]
    finished = subprocess.run(command, cwd=ROOT, check=False, timeout=15)
    assert finished.returncode == -signal.SIGKILL


async def test_steps_are_numbered_without_gap() -> None:
    assert [step.version for step in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


async def test_D7_a_step_keeps_the_data_and_leaves_a_copy_of_before(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        await journal.commit(a_link())
    async with database_in(tmp_path, (*MIGRATIONS, SECOND)) as database:
        rows = await database.read(
            lambda connection: connection.execute("SELECT invoice_number, branch FROM links").fetchall()
        )
    assert rows == [("INV-1", "Main Street")]
    (tmp_path / COPY).rename(file_in(tmp_path))
    async with opened(tmp_path) as journal:
        assert await journal.link("INV-1") == a_link()


async def test_D7_an_older_program_refuses_the_file_after_the_step(tmp_path: Path) -> None:
    async with opened(tmp_path):
        pass
    async with database_in(tmp_path, (*MIGRATIONS, SECOND)):
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
    broken = Migration(2, (*SECOND_STATEMENTS, "INSERT INTO nowhere VALUES (1)"))
    with pytest.raises(JournalProblem):
        async with database_in(tmp_path, (*MIGRATIONS, broken)):
            pytest.fail("the file was opened")
    assert file_in(tmp_path).read_bytes() == before
    assert (tmp_path / COPY).exists()


@pytest.mark.parametrize("place", range(len(SECOND_STATEMENTS) + 1))
async def test_D7_a_kill_within_a_step_leaves_the_schema_of_before(tmp_path: Path, place: int) -> None:
    async with opened(tmp_path) as journal:
        await journal.commit(a_link())
    die_in_migration(tmp_path, place)
    async with opened(tmp_path) as journal:
        assert await journal.link("INV-1") == a_link()
    assert version(tmp_path) == 1
    async with database_in(tmp_path, (*MIGRATIONS, SECOND)):
        pass
    assert version(tmp_path) == 2
