"""Records of every released schema open in this program, and everything in them is found."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from optty_desktop.journal.migrations import MIGRATIONS
from tests.journal.keep import KEPT, keep
from tests.journal.places import file_in, opened
from tests.journal.samples import NOON

FILES = sorted(KEPT.glob("schema-*.journal"))


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of an export, without the line about the file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][1:]


def key_of(row: dict[str, Any]) -> tuple[Any, ...]:
    """What tells a row from the others."""
    return row["record"], row["invoice_number"], row.get("operation_id"), row.get("sequence"), row.get("kind")


@pytest.mark.parametrize("kept", FILES, ids=lambda path: path.stem)
async def test_D7_a_kept_record_opens_and_nothing_of_it_is_lost(kept: Path, tmp_path: Path) -> None:
    folder = tmp_path / "record"
    folder.mkdir()
    shutil.copyfile(kept, file_in(folder))
    before = rows_of(kept.with_suffix(".jsonl"))
    async with opened(folder) as journal:
        await journal.health()
        for number in {row["invoice_number"] for row in before}:
            link = await journal.link(number)
            assert link is not None
            assert link.invoice_number == number
        found = {link.invoice_number for link in await journal.links()}
        await journal.export(tmp_path / "now.jsonl", NOON, with_contacts=True)
    assert {row["invoice_number"] for row in before if row["record"] == "link"} == found
    now = {key_of(row): row for row in rows_of(tmp_path / "now.jsonl")}
    assert len(now) == len(before)
    # A later schema may say more of a row, and nothing else.
    assert [row for row in before if not row.items() <= now[key_of(row)].items()] == []


def test_there_is_a_kept_record_of_every_schema_before_the_present_one() -> None:
    known = {path.stem for path in FILES}
    assert {f"schema-{step.version}" for step in MIGRATIONS[:-1]} | {"schema-1"} <= known
    assert len(known) == len(list(KEPT.glob("*.jsonl")))


async def test_what_was_kept_is_never_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.journal.keep.KEPT", tmp_path)
    kept = await keep()
    assert kept.with_suffix(".jsonl").exists()
    with pytest.raises(FileExistsError):
        await keep()
