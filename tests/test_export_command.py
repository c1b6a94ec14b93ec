"""``optty-desktop export``: a whole file, or one sentence and nothing."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from optty_desktop.cli import main
from optty_desktop.journal.journal import SqliteJournal
from optty_desktop.system.paths import AppPaths
from tests.fakes import link


def export(file: Path, *more: str) -> int:
    """Run the command for the Sandbox."""
    return main(["export", str(file), "--environment", "sandbox", *more])


@pytest.fixture
def folder() -> Path:
    """Where the record of the Sandbox lies, with two links in it."""
    folder = AppPaths.of_this_person().journal_folder

    async def fill() -> None:
        journal = await SqliteJournal.open(folder, "sandbox")
        await journal.commit(link("T2-1"), link("T2-2"))
        await journal.close()

    asyncio.run(fill())
    return folder


def refused(capsys: pytest.CaptureFixture[str], file: Path) -> str:
    """The one sentence with which the command does nothing."""
    assert export(file) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err.rstrip("\n")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("more", [[], ["--with-contacts"]])
def test_the_file_has_every_link_and_contacts_only_when_asked(
    tmp_path: Path, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "record.jsonl"
    assert export(file, *more) == 0
    assert capsys.readouterr().err == ""
    head, *rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert (head["environment"], head["with_contacts"]) == ("sandbox", bool(more))
    assert [row["invoice_number"] for row in rows] == ["T2-1", "T2-2"]
    assert ("guest54@example.com" in file.read_text(encoding="utf-8")) is bool(more)


@pytest.mark.usefixtures("folder")
def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "record.jsonl"
    file.write_text("of yesterday")
    assert refused(capsys, file) == f"{file} is there already. Choose another name. Nothing was saved"
    assert file.read_text() == "of yesterday"


def test_a_record_that_is_not_there_is_not_begun(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, tmp_path / "record.jsonl")
    assert said == "There is no record of sandbox on this computer. Nothing was saved"
    assert not AppPaths.of_this_person().journal_folder.exists()


def test_a_record_that_a_window_uses_is_said(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def while_open() -> int:
        journal = await SqliteJournal.open(folder, "sandbox")
        try:
            return await asyncio.to_thread(export, tmp_path / "record.jsonl")
        finally:
            await journal.close()

    assert asyncio.run(while_open()) == 1
    said = capsys.readouterr().err
    assert said == "Another window of this program uses the record. Close that one, then try again\n"
    assert not (tmp_path / "record.jsonl").exists()


def test_a_damaged_record_is_said_and_left_as_it_is(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = folder / "sandbox.journal"
    journal.write_bytes(b"this was never a record" * 400)
    before = journal.read_bytes()
    assert refused(capsys, tmp_path / "record.jsonl").startswith("The record of this till is damaged")
    assert journal.read_bytes() == before


@pytest.mark.usefixtures("folder")
def test_a_folder_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, tmp_path / "nowhere" / "record.jsonl")
    assert said.startswith("This file cannot be written there.")
    assert said.endswith("Nothing was saved")


@pytest.mark.parametrize(
    "arguments",
    [["export"], ["export", "x.jsonl"], ["export", "x.jsonl", "--environment", "../x"]],
    ids=["no file", "no environment", "not an id"],
)
def test_wrong_arguments(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
