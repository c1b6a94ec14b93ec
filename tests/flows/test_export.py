"""The whole record as a file, from the menu of the person, with real files below."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QLineEdit

from tests.flows.counter import Counter
from tests.flows.hands import click, part, top_level
from tests.waiting import until


async def choose(counter: Counter, path: Path, *, with_contacts: bool = False) -> None:
    """Go the whole way from the menu to the name of the file."""
    action = counter.window.findChild(QAction, "exportAction")
    assert action is not None
    action.trigger()
    dialog = await counter.asked("export")
    if with_contacts:
        click(dialog, "exportContactsCheck")
    click(dialog, "confirmButton")
    place = await until(lambda: top_level("exportFileDialog"))
    assert isinstance(place, QDialog)
    part(place, QLineEdit, "fileNameEdit").setText(str(path))
    place.accept()


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith("record")]


def rows_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("with_contacts", [False, True])
async def test_the_record_of_the_day_as_a_file(counter: Counter, tmp_path: Path, with_contacts: bool) -> None:
    path = tmp_path / "record.jsonl"
    async with counter:
        await counter.sign_in()
        number = await counter.create()
        await choose(counter, path, with_contacts=with_contacts)
        await until(lambda: counter.toast.startswith("Record saved as record.jsonl in "))
        assert counter.unexpected == []
    rows = rows_of(path)
    assert [row["invoice_number"] for row in rows if row["record"] == "link"] == [number]
    assert ("guest54@example.com" in path.read_text(encoding="utf-8")) is with_contacts


async def test_a_place_that_takes_no_file_is_said_and_work_goes_on(
    counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path) -> None:
        raise PermissionError(errno.EACCES, "not here")

    monkeypatch.setattr("optty_desktop.journal.export.keep_copy", refuse)
    async with counter:
        await counter.sign_in()
        await choose(counter, tmp_path / "record.jsonl")
        await until(lambda: counter.banner)
        assert counter.banner == (
            "This file cannot be written there. Choose another folder, or ask whoever manages this computer. "
            "Nothing was saved"
        )
        counter.fill()
        counter.click("createLinkButton")
        await until(lambda: counter.links)
    assert names_in(tmp_path) == []
