"""A journal opens for one process alone, private, checked; a file that is refused stays as it was."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from optty_desktop.core.errors import JournalDamaged, JournalInUse, JournalNewer, JournalProblem
from optty_desktop.core.links import LinkState, Note
from optty_desktop.journal.journal import SqliteJournal
from optty_desktop.journal.opening import CHECKED_WHEN_OPENED, LOG_LIMIT
from optty_desktop.journal.seal import seal_of
from tests.journal.places import by_hand, contents, database_in, file_in, opened
from tests.journal.samples import a_link, an_event, an_operation


async def fill(folder: Path, links: int = 50, description: str = "Blue chair") -> None:
    """Make a journal with some links in it."""
    async with opened(folder) as journal:
        await journal.commit(*(a_link(f"INV-{number}", description=description) for number in range(links)))
        await journal.commit(an_operation("INV-1"), an_event("INV-1"))


async def refused(folder: Path, environment_id: str = "training") -> JournalProblem:
    """Return why the journal is not opened; check that this changes no file."""
    before = contents(folder)
    with pytest.raises(JournalProblem) as caught:
        await SqliteJournal.open(folder, environment_id)
    assert contents(folder) == before
    return caught.value


def modes(*paths: Path) -> dict[str, int]:
    """Return the rights on each path."""
    return {path.name: path.stat().st_mode & 0o777 for path in paths}


# Settings


async def test_commits_are_made_durable_and_old_data_is_overwritten(tmp_path: Path) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "locking_mode": "exclusive",
        "foreign_keys": 1,
        "secure_delete": 1,
        "fullfsync": 1,
        "checkpoint_fullfsync": 1,
        "temp_store": 2,
        "wal_autocheckpoint": 0,
    }
    async with database_in(tmp_path) as database:
        found = await database.read(
            lambda connection: {name: connection.execute("PRAGMA " + name).fetchone()[0] for name in wanted}
        )
    assert found == wanted


# Private files


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
async def test_P3_only_the_owner_may_read_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    folder = tmp_path / "data" / "journals"
    before = os.umask(umask)
    try:
        async with opened(folder) as journal:
            await journal.commit(a_link())
            await journal.back_up(folder / "copy")
            files = modes(*folder.iterdir())
    finally:
        os.umask(before)
    names = ["training.journal", "training.journal-wal", "training.ballast", "copy"]
    assert files == dict.fromkeys(names, 0o600)
    assert modes(folder, folder.parent) == {"journals": 0o700, "data": 0o700}


def by_hand_open_to_all(folder: Path) -> None:
    folder.chmod(0o755)
    file_in(folder).chmod(0o644)


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
async def test_P3_files_that_others_could_read_are_closed_to_them(tmp_path: Path) -> None:
    await fill(tmp_path)
    by_hand_open_to_all(tmp_path)
    async with opened(tmp_path):
        assert modes(file_in(tmp_path), tmp_path) == {"training.journal": 0o600, tmp_path.name: 0o700}


# One owner


async def test_D8_a_second_opener_is_told_within_a_second(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        begun = time.monotonic()
        with pytest.raises(JournalInUse):
            await SqliteJournal.open(tmp_path, "training")
        assert time.monotonic() - begun < 1.5
        await journal.commit(a_link())
    async with opened(tmp_path) as journal:
        assert await journal.link("INV-1") == a_link()


async def test_D8_an_opener_waits_for_one_who_is_just_closing(tmp_path: Path) -> None:
    first = await SqliteJournal.open(tmp_path, "training")
    second = asyncio.ensure_future(SqliteJournal.open(tmp_path, "training"))
    await asyncio.sleep(0.1)
    assert not second.done()
    await first.close()
    await (await second).close()


async def test_an_opening_that_is_cancelled_lets_go_of_the_file(tmp_path: Path) -> None:
    opening = asyncio.ensure_future(SqliteJournal.open(tmp_path, "training"))
    await asyncio.sleep(0)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    async with opened(tmp_path) as journal:
        await journal.commit(a_link())


# Whose file


@pytest.mark.parametrize("environment_id", ["", "Live", "a/b", "..", "live\n", "x" * 33, "li ve"])
async def test_an_environment_id_is_no_path(tmp_path: Path, environment_id: str) -> None:
    await refused(tmp_path, environment_id)
    assert contents(tmp_path) == {}


async def test_the_journal_of_another_environment_is_refused(tmp_path: Path) -> None:
    await fill(tmp_path)
    file_in(tmp_path).rename(tmp_path / "live.journal")
    problem = await refused(tmp_path, "live")
    assert "another environment" in str(problem)


# Newer and damaged files


async def test_D7_a_newer_journal_is_refused_untouched(tmp_path: Path) -> None:
    await fill(tmp_path)
    by_hand(tmp_path, lambda connection: connection.execute("PRAGMA user_version = 99"))
    problem = await refused(tmp_path)
    assert isinstance(problem, JournalNewer)
    assert problem.details["file"] == "99"


async def test_D7_a_version_still_in_the_log_is_seen(tmp_path: Path) -> None:
    await fill(tmp_path)
    change_and_be_killed(tmp_path, "PRAGMA user_version = 99")
    with pytest.raises(JournalNewer):
        await SqliteJournal.open(tmp_path, "training")


async def test_D7_a_newer_journal_is_refused_untouched_with_its_log(tmp_path: Path) -> None:
    await fill(tmp_path)
    by_hand(tmp_path, lambda connection: connection.execute("PRAGMA user_version = 99"))
    change_and_be_killed(tmp_path, "UPDATE links SET note = 'of_the_future'")
    assert isinstance(await refused(tmp_path), JournalNewer)


def change_and_be_killed(folder: Path, statement: str) -> None:
    """Leave what a process leaves that was killed before its log reached the file."""
    connection = sqlite3.connect(file_in(folder), isolation_level=None)
    connection.execute(statement)
    files = {name: data for name, data in contents(folder).items() if not name.endswith("-shm")}
    connection.close()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    assert files["training.journal-wal"]


def no_database(data: bytes) -> bytes:
    return b"Not SQLite at all" + data[17:]


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2 // 4096 * 4096]


def zeroed_page(data: bytes) -> bytes:
    middle = len(data) // 2 // 4096 * 4096
    return data[:middle] + bytes(4096) + data[middle + 4096 :]


@pytest.mark.parametrize("damage", [no_database, cut, zeroed_page])
async def test_D5_damage_is_noticed_and_the_file_left_as_it_is(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    await fill(tmp_path)
    file_in(tmp_path).write_bytes(damage(file_in(tmp_path).read_bytes()))
    assert isinstance(await refused(tmp_path), JournalDamaged)


@pytest.mark.parametrize(
    "statements",
    ["DROP TABLE events", "PRAGMA user_version = 0", "PRAGMA user_version = -3"],
    ids=["table", "no version", "negative"],
)
async def test_D5_a_file_without_the_tables_of_its_version_is_damaged(tmp_path: Path, statements: str) -> None:
    await fill(tmp_path)
    by_hand(tmp_path, lambda connection: connection.execute(statements))
    assert isinstance(await refused(tmp_path), JournalDamaged)


@pytest.mark.parametrize("data", [b"", b"\0" * 8192])
async def test_D5_a_file_emptied_after_it_was_closed_is_damaged(tmp_path: Path, data: bytes) -> None:
    await fill(tmp_path)
    file_in(tmp_path).write_bytes(data)
    assert isinstance(await refused(tmp_path), JournalDamaged)


async def test_D5_data_changed_behind_the_back_of_the_program_is_noticed(tmp_path: Path) -> None:
    await fill(tmp_path)
    seal = seal_of(file_in(tmp_path)).read_bytes()
    by_hand(tmp_path, lambda connection: connection.execute("UPDATE links SET amount_minor = amount_minor + 1"))
    seal_of(file_in(tmp_path)).write_bytes(seal)
    assert isinstance(await refused(tmp_path), JournalDamaged)


async def test_an_open_journal_has_no_seal_and_a_log_outweighs_an_old_one(tmp_path: Path) -> None:
    await fill(tmp_path)
    assert seal_of(file_in(tmp_path)).exists()
    change_and_be_killed(tmp_path, "UPDATE links SET note = 'paid_late'")
    async with opened(tmp_path) as journal:
        assert not seal_of(file_in(tmp_path)).exists()
        assert {link.note for link in await journal.links()} == {Note.PAID_LATE}


async def test_a_long_log_is_moved_into_the_file_and_nothing_is_lost(tmp_path: Path) -> None:
    log = tmp_path / "training.journal-wal"
    async with opened(tmp_path) as journal:
        for number in range(4):
            await journal.commit(*(a_link(f"{number}-{one}", description="x" * 40_000) for one in range(40)))
            await journal.links(limit=1)
            assert log.stat().st_size < LOG_LIMIT
        assert file_in(tmp_path).stat().st_size > LOG_LIMIT
        assert len(await journal.links()) == 160


async def test_D5_a_large_file_is_checked_on_request_and_then_only_read(tmp_path: Path) -> None:
    await fill(tmp_path, links=300, description="x" * 40_000)
    assert file_in(tmp_path).stat().st_size > CHECKED_WHEN_OPENED
    async with opened(tmp_path) as journal:
        await journal.health()
    file_in(tmp_path).write_bytes(zeroed_page(file_in(tmp_path).read_bytes()))
    async with opened(tmp_path) as journal:
        await journal.commit(a_link("INV-new"))
        with pytest.raises(JournalDamaged):
            await journal.health()
        with pytest.raises(JournalDamaged):
            await journal.commit(a_link("INV-newer"))
        assert await journal.link("INV-new") is not None


async def test_D5_damage_met_while_reading_stops_writing(tmp_path: Path) -> None:
    await fill(tmp_path, links=300, description="x" * 40_000)
    data = file_in(tmp_path).read_bytes()
    kept = len(data) // 3 // 4096 * 4096
    file_in(tmp_path).write_bytes(data[:kept] + b"\xff" * (len(data) - kept))
    async with opened(tmp_path) as journal:
        with pytest.raises(JournalDamaged):
            await journal.links()
        with pytest.raises(JournalDamaged):
            await journal.commit(a_link("INV-new"))


# Rows written by other hands


async def test_a_state_nobody_knows_is_unknown_and_keeps_its_word(tmp_path: Path) -> None:
    await fill(tmp_path)
    by_hand(tmp_path, lambda one: one.execute("UPDATE links SET state = 'on_hold', raw_word = ''"))
    async with opened(tmp_path) as journal:
        link = await journal.link("INV-1")
        assert link is not None
        assert link.state is LinkState.UNKNOWN
        assert link.evidence.raw_word == "on_hold"
        assert link in await journal.unsettled_links()


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("links", "note = 'on_hold'"),
        ("links", "source = 'rumour'"),
        ("links", "currency = 'BTC'"),
        ("links", "amount_minor = 1.5"),
        ("links", "due_at = 9223372036854775807"),
        ("operations", "stage = 'waiting'"),
        ("operations", "body = 'text'"),
    ],
)
async def test_a_row_that_makes_no_sense_is_named_as_damage(tmp_path: Path, table: str, change: str) -> None:
    await fill(tmp_path)
    by_hand(tmp_path, lambda connection: connection.execute(f"UPDATE {table} SET {change}"))  # noqa: S608
    async with opened(tmp_path) as journal:
        with pytest.raises(JournalDamaged, match=f"row of {table}"):
            await (journal.links() if table == "links" else journal.open_operations())
        await journal.commit(a_link("INV-new"))


@pytest.mark.parametrize(("kind", "facts"), [("danced", "{}"), ("paid", "[]"), ("paid", '{"a": 1}'), ("paid", "{")])
async def test_an_event_that_makes_no_sense_is_named_as_damage(tmp_path: Path, kind: str, facts: str) -> None:
    await fill(tmp_path)
    values = ("INV-1", 0, kind, "", facts)
    statement = "INSERT INTO events (invoice_number, at, kind, actor, facts) VALUES (?, ?, ?, ?, ?)"
    by_hand(tmp_path, lambda connection: connection.execute(statement, values))
    async with opened(tmp_path) as journal:
        with pytest.raises(JournalDamaged, match="row of events"):
            await journal.timeline("INV-1")


# Places that cannot be used


async def test_a_folder_where_a_file_should_be_is_a_problem(tmp_path: Path) -> None:
    file_in(tmp_path).mkdir()
    with pytest.raises(JournalProblem):
        await SqliteJournal.open(tmp_path, "training")


async def test_a_file_where_the_folder_should_be_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "journals").write_text("")
    with pytest.raises(JournalProblem):
        await SqliteJournal.open(tmp_path / "journals" / "deeper", "training")


# Copies


async def test_D9_a_copy_made_under_load_opens_and_has_what_came_before(tmp_path: Path) -> None:
    async with opened(tmp_path / "own") as journal:
        for number in range(20):
            load = asyncio.gather(*(journal.commit(a_link(f"INV-{number}-{one}")) for one in range(20)))
            await journal.commit(a_link(f"INV-{number}"))
            copy = tmp_path / f"copy-{number}"
            copy.mkdir()
            await journal.back_up(copy / "training.journal")
            await load
            assert set(contents(copy)) == {"training.journal"}
            async with opened(copy) as copied:
                assert await copied.link(f"INV-{number}") is not None


async def test_a_copy_that_cannot_be_made_leaves_nothing_and_hurts_nothing(tmp_path: Path) -> None:
    taken = tmp_path / "copies" / "taken"
    taken.mkdir(parents=True)
    async with opened(tmp_path / "own") as journal:
        with pytest.raises(JournalProblem):
            await journal.back_up(taken)
        await journal.commit(a_link())
    assert [path.name for path in taken.parent.iterdir()] == ["taken"]
