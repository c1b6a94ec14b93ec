"""Commits that wait together keep apart: each has its own end, and what was promised stays."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from optty_desktop.core.errors import DiskFull, JournalProblem, OperationOpen
from optty_desktop.core.operations import Stage
from optty_desktop.journal.database import Database
from optty_desktop.journal.journal import SqliteJournal
from tests.journal.places import database_in, opened
from tests.journal.samples import a_link, an_event, an_operation


@asynccontextmanager
async def held_up(database: Database) -> AsyncIterator[None]:
    """Let what is handed in inside the block wait together, until the block ends."""
    gate = threading.Event()
    held = asyncio.ensure_future(database.read(lambda _connection: gate.wait(10)))
    await asyncio.sleep(0)
    yield
    await asyncio.sleep(0)
    gate.set()
    assert await held


def add(name: str) -> Callable[[sqlite3.Connection], None]:
    """Return work that adds a row, which must be a new one."""
    return lambda connection: put(connection, "INSERT", name)


def add_or_roll_back_all(name: str) -> Callable[[sqlite3.Connection], None]:
    """Return work on whose conflict SQLite rolls back the whole transaction, as it does on a broken disk."""
    return lambda connection: put(connection, "INSERT OR ROLLBACK", name)


def add_both(first: str, second: str) -> Callable[[sqlite3.Connection], None]:
    """Return work that adds two rows; the first must not stay when the second cannot."""

    def work(connection: sqlite3.Connection) -> None:
        put(connection, "INSERT", first)
        put(connection, "INSERT", second)

    return work


def put(connection: sqlite3.Connection, how: str, name: str) -> None:
    connection.execute(how + " INTO meta (name, value) VALUES (?, '')", (name,))


def orphan_found_at_commit(connection: sqlite3.Connection) -> None:
    """Leave an event without its link, which is noticed only when the transaction ends."""
    connection.execute("PRAGMA defer_foreign_keys = ON")
    connection.execute("INSERT INTO events (invoice_number, at, kind, actor, facts) VALUES ('?', 0, '', '', '')")


def names(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM meta")} - {"environment"}


# One open operation a link


async def test_R1_of_fifty_operations_at_once_on_a_link_one_wins(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        for round_number in range(10):
            number = f"INV-{round_number}"
            await journal.commit(a_link(number))
            tries = (
                journal.commit(an_operation(number, operation_id=f"{number}-{one}"), an_event(number))
                for one in range(50)
            )
            ends = await asyncio.gather(*tries, return_exceptions=True)
            assert ends.count(None) == 1
            assert sum(isinstance(end, OperationOpen) for end in ends) == 49
            assert len(await journal.operations(number)) == len(await journal.timeline(number)) == 1


@pytest.mark.parametrize("stage", [Stage.INTENT, Stage.SENDING, Stage.UNKNOWN])
async def test_while_an_operation_is_open_another_is_refused(tmp_path: Path, stage: Stage) -> None:
    async with opened(tmp_path) as journal:
        await journal.commit(a_link("INV-1"), a_link("INV-2"), an_operation("INV-1", stage))
        await journal.commit(an_operation("INV-2", operation_id="op-2"))
        with pytest.raises(OperationOpen):
            await journal.commit(a_link("INV-3"), an_operation("INV-1", operation_id="op-3"))
        assert await journal.link("INV-3") is None
        assert len(await journal.open_operations()) == 2


@pytest.mark.parametrize("stage", [Stage.DONE, Stage.REFUSED, Stage.NOT_SENT, Stage.SETTLED])
async def test_an_ended_operation_makes_room_also_within_one_commit(tmp_path: Path, stage: Stage) -> None:
    async with opened(tmp_path) as journal:
        await journal.commit(a_link(), an_operation(age=5))
        await journal.commit(an_operation(operation_id="op-2"), an_operation(stage=stage, age=5))
        assert [one.operation_id for one in await journal.open_operations()] == ["op-2"]
        assert [one.operation_id for one in await journal.operations("INV-1")] == ["op-1", "op-2"]


# Groups


async def test_of_a_group_only_the_job_that_breaks_a_rule_is_undone(tmp_path: Path) -> None:
    async with database_in(tmp_path) as database:
        async with held_up(database):
            group = asyncio.gather(
                *(database.write(work) for work in (add("a"), add("b"), add_both("x", "a"), add("c"))),
                return_exceptions=True,
            )
        ends = await group
        assert [type(end) for end in ends] == [type(None), type(None), JournalProblem, type(None)]
        assert await database.read(names) == {"a", "b", "c"}


@pytest.mark.parametrize("deadly", [add_or_roll_back_all("a"), orphan_found_at_commit], ids=["within", "commit"])
async def test_when_a_group_is_lost_each_job_gets_its_own_try(
    tmp_path: Path, deadly: Callable[[sqlite3.Connection], None]
) -> None:
    async with database_in(tmp_path) as database:
        await database.write(add("a"))
        async with held_up(database):
            group = asyncio.gather(
                *(database.write(work) for work in (add("b"), deadly, add("c"))), return_exceptions=True
            )
        ends = await group
        assert [type(end) for end in ends] == [type(None), JournalProblem, type(None)]
        assert await database.read(names) == {"a", "b", "c"}


async def test_an_error_of_the_program_itself_reaches_its_caller_and_undoes_its_work(tmp_path: Path) -> None:
    def slip(connection: sqlite3.Connection) -> None:
        put(connection, "INSERT", "a")
        raise ZeroDivisionError

    async with database_in(tmp_path) as database:
        with pytest.raises(ZeroDivisionError):
            await database.write(slip)
        with pytest.raises(ZeroDivisionError):
            await database.read(lambda _connection: 1 // 0)
        assert await database.read(names) == set()


async def test_more_commits_than_one_group_holds_are_all_kept(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        await asyncio.gather(*(journal.commit(a_link(f"INV-{number}")) for number in range(1000)))
        assert len(await journal.links(limit=2000)) == 1000


async def test_a_read_sees_what_was_handed_in_before_it(tmp_path: Path) -> None:
    async with database_in(tmp_path) as database:
        async with held_up(database):
            group = asyncio.gather(
                database.write(add("a")), database.read(names), database.write(add("b")), database.read(names)
            )
        _, first, _, second = await group
        assert (first, second) == ({"a"}, {"a", "b"})


# The loop


async def test_a_slow_disk_does_not_hold_up_the_loop(tmp_path: Path) -> None:
    async with database_in(tmp_path) as database:
        async with held_up(database):
            turns = 0
            commit = asyncio.ensure_future(database.write(add("a")))
            for _ in range(100):
                await asyncio.sleep(0)
                turns += 1
            assert not commit.done()
        await commit
        assert turns == 100


async def test_a_commit_is_carried_out_though_its_task_is_cancelled(tmp_path: Path) -> None:
    async with database_in(tmp_path) as database:
        async with held_up(database):
            commit = asyncio.ensure_future(database.write(add("a")))
            await asyncio.sleep(0)
            commit.cancel()
        with pytest.raises(asyncio.CancelledError):
            await commit
        assert await database.read(names) == {"a"}


# Closing


async def test_closing_waits_for_all_that_was_handed_in(tmp_path: Path) -> None:
    journal = await SqliteJournal.open(tmp_path, "training")
    commits = [asyncio.ensure_future(journal.commit(a_link(f"INV-{number}"))) for number in range(500)]
    await asyncio.sleep(0)
    await asyncio.gather(journal.close(), journal.close())
    assert all(commit.done() and commit.exception() is None for commit in commits)
    async with opened(tmp_path) as journal:
        assert len(await journal.links()) == 500


async def test_a_closed_journal_takes_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        await journal.close()
        with pytest.raises(JournalProblem):
            await journal.commit(a_link())
        with pytest.raises(JournalProblem):
            await journal.links()


# A full disk


def limit_pages(extra: int) -> Callable[[sqlite3.Connection], None]:
    """Return work that lets the file grow by so many pages and no more."""

    def limit(connection: sqlite3.Connection) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + extra:d}")

    return limit


async def commit_without_end(journal: SqliteJournal, kept: set[str]) -> None:
    """Commit until something raises; `kept` collects the numbers that were acknowledged."""
    for number in (f"INV-{count}" for count in itertools.count()):
        await journal.commit(a_link(number, description="x" * 500), an_event(number))
        kept.add(number)


@pytest.mark.parametrize("extra", [0, 1, 2, 5, 12])
async def test_D4_a_full_disk_is_told_and_the_file_stays_whole(tmp_path: Path, extra: int) -> None:
    kept: set[str] = set()
    async with database_in(tmp_path) as database:
        journal = SqliteJournal(database)
        await database.read(limit_pages(extra))
        with pytest.raises(DiskFull):
            await commit_without_end(journal, kept)
        assert {link.invoice_number for link in await journal.links()} == kept
        await database.read(limit_pages(1000))
        await journal.commit(a_link("INV-last"))
    async with opened(tmp_path) as reopened:
        await reopened.health()
        assert {link.invoice_number for link in await reopened.links()} == kept | {"INV-last"}
        assert all([len(await reopened.timeline(number)) == 1 for number in kept])


async def test_D4_of_commits_that_wait_together_those_that_fit_are_kept(tmp_path: Path) -> None:
    async with database_in(tmp_path) as database:
        journal = SqliteJournal(database)
        await database.read(limit_pages(10))
        commits = (journal.commit(a_link(f"INV-{number}", description="x" * 1000)) for number in range(60))
        ends = await asyncio.gather(*commits, return_exceptions=True)
        kept = {f"INV-{number}" for number, end in enumerate(ends) if end is None}
        assert {type(end) for end in ends} == {type(None), DiskFull}
        assert {link.invoice_number for link in await journal.links()} == kept
