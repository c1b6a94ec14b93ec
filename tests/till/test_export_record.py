"""The record as a file: whole, with contacts only when asked, and in somebody's name."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from optty_desktop.core.errors import JournalReadOnly, NotAllowedNow
from optty_desktop.till.export_record import ExportRecord, export_name
from optty_desktop.till.session import Session
from tests.fakes import IDENTITY, START, FakeClock, FakeOptty, MemoryJournal, counted_bytes, link, session


@pytest.mark.parametrize("with_contacts", [False, True])
async def test_the_file_has_everything_and_contacts_only_when_asked(tmp_path: Path, with_contacts: bool) -> None:
    journal = MemoryJournal()
    await journal.commit(link("T2-1"), link("T2-2"))
    path = tmp_path / "export.jsonl"
    await ExportRecord(session(journal=journal)).export(path, with_contacts=with_contacts)
    head, *rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert head["exported_at"] == START.isoformat()
    assert [row["invoice_number"] for row in rows] == ["T2-1", "T2-2"]
    assert all(("email" in row) is with_contacts for row in rows)


async def test_nobody_without_a_name_exports(tmp_path: Path) -> None:
    nobody = Session(FakeOptty(), MemoryJournal(), replace(IDENTITY, operator=""), FakeClock(), counted_bytes())
    with pytest.raises(NotAllowedNow):
        await ExportRecord(nobody).export(tmp_path / "export.jsonl", with_contacts=False)
    assert names_in(tmp_path) == []


async def test_a_file_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    journal = MemoryJournal()
    journal.fail_with = JournalReadOnly()
    with pytest.raises(JournalReadOnly):
        await ExportRecord(session(journal=journal)).export(tmp_path / "export.jsonl", with_contacts=False)


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_the_name_says_where_and_when() -> None:
    assert export_name("sandbox", date(2026, 3, 21)) == "payment-links-sandbox-2026-03-21.jsonl"
