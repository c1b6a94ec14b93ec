"""The file of the audit: it grows, it is for its owner alone, and damage of any kind is noticed."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from optty_desktop.core.audit_chain import AuditAction, AuditFacts, Deed, Moment, first_broken
from optty_desktop.core.errors import JournalDamaged, JournalInUse, JournalProblem, JournalReadOnly
from optty_desktop.journal import audit
from optty_desktop.journal.audit import AuditFile
from tests.fakes import FakeClock


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "audit.db"


def audit_of(file: Path, run: str = "5a5a") -> AuditFile:
    clock = FakeClock()
    return AuditFile(file, lambda: Moment(clock.now(), clock.monotonic(), run))


def by_hand(file: Path, *statements: str) -> None:
    """Change the file as somebody with another program does."""
    free = ("DROP TRIGGER entries_never_change", "DROP TRIGGER entries_never_go")
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(";".join((*free, *statements)))
        connection.commit()


CUT_OFF = """
import os, sqlite3, sys
file = sqlite3.connect(sys.argv[1], isolation_level=None)
file.executescript("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE")
for number in range(2, 400):
    file.execute("INSERT INTO entries VALUES (?, ?, 'x')", (number, "z" * 500))
os._exit(9)
"""
"""Writes a part of what it wants to write and is gone, as in a power cut."""


def cut_off(file: Path) -> None:
    """Leave the file as a program does that was ended in its write."""
    subprocess.run([sys.executable, "-c", CUT_OFF, str(file)], check=False, timeout=20)
    assert file.with_name("audit.db-journal").stat().st_size, "there is nothing to take back"


def test_a_look_makes_no_file(file: Path) -> None:
    assert audit_of(file).rows() == []
    assert not file.exists()


async def test_entries_are_added_and_stay(file: Path) -> None:
    await audit_of(file).note(Deed(AuditAction.STARTED, after={"policy.toml": "5f"}))
    await audit_of(file, "6b6b").note(Deed(AuditAction.SIGNED_IN, "Sara", after={"environment": "live"}))
    rows = audit_of(file).rows()
    assert [row.sequence for row in rows] == [1, 2]
    assert first_broken(rows) is None
    assert '"run":"6b6b"' in rows[1].text
    assert audit_of(file).facts() == AuditFacts(2)
    assert audit_of(file).newest(AuditAction.STARTED) == {"policy.toml": "5f"}
    assert audit_of(file).newest(AuditAction.PROFILE_CHANGED) == {}


async def test_many_at_once_make_one_chain(file: Path) -> None:
    await asyncio.gather(*(audit_of(file).note(Deed(AuditAction.STARTED, str(n))) for n in range(20)))
    assert audit_of(file).facts() == AuditFacts(20)


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_P3_only_its_owner_may_read_it(file: Path) -> None:
    before = os.umask(0)
    try:
        audit_of(file).add(Deed(AuditAction.STARTED))
    finally:
        os.umask(before)
    assert [one.stat().st_mode & 0o777 for one in (file, file.parent)] == [0o600, 0o700]


@pytest.mark.parametrize("statement", ["UPDATE entries SET text = 'x'", "DELETE FROM entries"])
async def test_the_file_itself_refuses_changes(file: Path, statement: str) -> None:
    await audit_of(file).note(Deed(AuditAction.STARTED))
    with closing(sqlite3.connect(file)) as connection, pytest.raises(sqlite3.IntegrityError, match="only added"):
        connection.execute(statement)


@pytest.mark.parametrize(
    ("change", "broken_at"),
    [
        ("UPDATE entries SET text = replace(text, 'Sara', 'Sami') WHERE sequence = 3", 3),
        ("UPDATE entries SET hash = 'x' WHERE sequence = 2", 2),
        ("UPDATE entries SET text = x'ff00' WHERE sequence = 4", 4),
        ("UPDATE entries SET text = cast(x'ff' AS TEXT) WHERE sequence = 4", 4),
        ("DELETE FROM entries WHERE sequence = 1", 1),
        ("UPDATE entries SET sequence = 9 WHERE sequence = 5", 5),
        ("INSERT INTO entries VALUES (6, '{}', 'x')", 6),
    ],
)
async def test_what_somebody_changed_is_found_and_work_goes_on(file: Path, change: str, broken_at: int) -> None:
    for _ in range(5):
        await audit_of(file).note(Deed(AuditAction.SIGNED_IN, "Sara"))
    by_hand(file, change)
    assert audit_of(file).facts().broken_at == broken_at
    await audit_of(file).note(Deed(AuditAction.STARTED))
    assert audit_of(file).facts().broken_at == broken_at, "a later entry hides nothing"
    assert audit_of(file).newest(AuditAction.STARTED) == {}


def test_after_an_entry_at_the_last_place_there_is_none_it_is_damage(file: Path) -> None:
    audit_of(file).add(Deed(AuditAction.STARTED))
    by_hand(file, "INSERT INTO entries VALUES (9223372036854775807, '{}', 'x')")
    with pytest.raises(JournalDamaged):
        audit_of(file).add(Deed(AuditAction.STARTED))
    assert audit_of(file).facts() == AuditFacts(2, broken_at=2)


@pytest.mark.parametrize("after", ["[]", "3", '{"policy.toml": 3}', '{"policy.toml":' * 900 + "1" + "}" * 900])
def test_what_holds_no_words_is_no_entry_to_compare_with(file: Path, after: str) -> None:
    audit_of(file).add(Deed(AuditAction.STARTED, after={"policy.toml": "5f"}))
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("INSERT INTO entries VALUES (2, ?, 'x')", (f'{{"action": "started", "after": {after}}}',))
        connection.commit()
    assert audit_of(file).newest(AuditAction.STARTED) == {"policy.toml": "5f"}


def test_a_write_that_was_cut_off_is_taken_back_by_whoever_reads_next(file: Path) -> None:
    audit_of(file).add(Deed(AuditAction.STARTED, after={"policy.toml": "5f"}))
    cut_off(file)
    assert audit_of(file).newest(AuditAction.STARTED) == {"policy.toml": "5f"}
    assert audit_of(file).facts() == AuditFacts(1)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_write_that_was_cut_off_and_cannot_be_taken_back_is_said(file: Path) -> None:
    audit_of(file).add(Deed(AuditAction.STARTED))
    cut_off(file)
    file.chmod(0o400)
    with pytest.raises(JournalReadOnly):
        audit_of(file).rows()


def test_damage_is_said_and_the_file_is_left_alone(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"no database at all, but long enough to be looked at")
    before = file.read_bytes()
    with pytest.raises(JournalDamaged):
        audit_of(file).add(Deed(AuditAction.STARTED))
    assert file.read_bytes() == before
    assert audit_of(file).facts() == AuditFacts(0, problem="JournalDamaged")


async def test_a_file_that_another_program_holds_is_waited_for_and_then_said(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "_WAIT_SECONDS", 0.05)
    await audit_of(file).note(Deed(AuditAction.STARTED))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(JournalInUse):
            await audit_of(file).note(Deed(AuditAction.STARTED))
    assert audit_of(file).facts() == AuditFacts(1)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file in its place")
    with pytest.raises(JournalProblem):
        audit_of(tmp_path / "data" / "audit.db").add(Deed(AuditAction.STARTED))
