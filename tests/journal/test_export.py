"""The whole journal as text: readable, whole, private, and without contacts unless asked."""

from __future__ import annotations

import errno
import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from optty_desktop.core.errors import JournalProblem, KeptForRecord
from optty_desktop.core.links import LinkState
from optty_desktop.core.money import Money
from optty_desktop.core.operations import Stage
from optty_desktop.core.ports import Withdrawn
from optty_desktop.journal.journal import SqliteJournal
from tests.journal.places import by_hand, contents, opened
from tests.journal.samples import NOON, a_link, an_event, an_operation

LATER = NOON + timedelta(hours=3)


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


async def fill(journal: SqliteJournal) -> None:
    await journal.commit(
        a_link("INV-1", LinkState.PAID, paid=Money(125_000, "USD"), paid_at=NOON, description="=HYPERLINK(“x”)\nü"),
        a_link("INV-2", amount=Money(1300, "JPY"), age=5),
        an_operation("INV-1", Stage.DONE),
        an_event("INV-1"),
        Withdrawn("INV-2"),
    )


async def test_everything_is_in_it_one_row_a_line(tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    async with opened(tmp_path / "journals") as journal:
        await fill(journal)
        await journal.export(path, LATER)
        assert {one.suffix for one in (tmp_path / "journals").iterdir()} == {".journal", ".journal-wal", ".ballast"}
    head, second, first, operation, event = lines_of(path)
    assert head == {
        "record": "journal",
        "exported_at": "2026-03-21T15:00:00+00:00",
        "schema": 2,
        "with_contacts": False,
        "environment": "training",
    }
    assert (first["invoice_number"], first["amount"], first["currency"]) == ("INV-1", "1250.00", "USD")
    assert (first["paid"], first["paid_at"], first["note"]) == ("1250.00", NOON.isoformat(), None)
    assert first["description"] == "=HYPERLINK(“x”)\nü"
    assert (second["amount"], second["is_withdrawn"], second["paid"]) == ("1300", True, None)
    assert (operation["record"], operation["stage"], operation["amount"]) == ("operation", "done", "1250.00")
    assert (event["record"], event["at"], event["facts"]) == ("event", NOON.isoformat(), {"raw_word": "PENDING"})


@pytest.mark.parametrize("with_contacts", [False, True])
async def test_contacts_are_in_it_only_when_asked_for(tmp_path: Path, with_contacts: bool) -> None:
    path = tmp_path / "export.jsonl"
    async with opened(tmp_path / "journals") as journal:
        await journal.commit(a_link())
        await journal.commit(an_operation())
        await journal.export(path, LATER, with_contacts=with_contacts)
    text = path.read_text(encoding="utf-8")
    assert ("ann@example.com" in text) is ("+61400000000" in text) is ('"body"' in text) is with_contacts
    assert lines_of(path)[0]["with_contacts"] is with_contacts


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
async def test_P3_an_export_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    path.write_text("an older one")
    path.chmod(0o644)
    async with opened(tmp_path / "journals") as journal:
        await journal.export(path, LATER)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
async def test_an_export_needs_no_right_to_change_rights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, _mode: int) -> None:
        raise PermissionError(errno.EPERM, "as a memory stick does", str(path))

    async with opened(tmp_path / "journals") as journal:
        await fill(journal)
        stick = tmp_path / "stick"
        stick.mkdir()
        own_chmod = Path.chmod
        monkeypatch.setattr(
            Path, "chmod", lambda path, mode: refuse(path, mode) if path.parent == stick else own_chmod(path, mode)
        )
        await journal.export(stick / "export.jsonl", LATER)
    assert len(lines_of(stick / "export.jsonl")) == 5


async def test_an_export_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    taken = tmp_path / "exports" / "taken"
    taken.mkdir(parents=True)
    async with opened(tmp_path / "journals") as journal:
        with pytest.raises(JournalProblem):
            await journal.export(taken, LATER)
    assert list(taken.parent.iterdir()) == [taken]


@pytest.mark.parametrize(
    "name",
    [
        "journals/training.journal",
        "journals/new.jsonl",
        "journals/backups/new.jsonl",
        "journals/../journals/new.jsonl",
        "link/new.jsonl",
        "record.journal",
        "record.Journal",
        "record.journal-wal",
        "record.journal-shm",
        "record.seal",
        "record.suspect",
        "record.set-aside",
        "record.ballast",
    ],
)
async def test_an_export_never_takes_a_place_or_a_name_of_the_record(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "journals"
    (folder / "backups").mkdir(parents=True)
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    async with opened(folder) as journal:
        await fill(journal)
        before = contents(tmp_path) | contents(folder)
        with pytest.raises(KeptForRecord):
            await journal.export(tmp_path / name, LATER)
        assert contents(tmp_path) | contents(folder) == before
    async with opened(folder) as journal:
        assert await journal.link("INV-1") is not None


async def test_what_an_interrupted_export_left_is_removed_when_the_journal_is_opened(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        await fill(journal)
    for suffix in ("", "-journal"):
        (tmp_path / f"training.export.partial{suffix}").write_text("ann@example.com")
    (tmp_path / "other.export.partial").touch()  # of an environment that another window may have open
    async with opened(tmp_path):
        pass
    assert set(contents(tmp_path)) == {"training.journal", "training.seal", "other.export.partial"}


async def test_rows_that_make_no_sense_are_exported_as_they_stand(tmp_path: Path) -> None:
    async with opened(tmp_path / "x") as journal:
        await journal.commit(a_link())
    changes = "currency = 'BTC', due_at = 9223372036854775807, reference = x'ff00'"
    by_hand(tmp_path / "x", lambda connection: connection.execute(f"UPDATE links SET {changes}"))  # noqa: S608
    async with opened(tmp_path / "x") as journal:
        await journal.export(tmp_path / "export.jsonl", LATER)
    link = lines_of(tmp_path / "export.jsonl")[1]
    assert (link["amount_minor"], link["currency"], link["due_at"]) == (125_000, "BTC", 2**63 - 1)
    assert link["reference_base64"] == "/wA="
