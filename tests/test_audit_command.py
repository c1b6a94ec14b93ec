"""``optty-desktop audit``: the entries, one a line, and one sentence where they are not as they were written."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing

import pytest

from optty_desktop.audit_command import audit_file
from optty_desktop.cli import main
from optty_desktop.core.audit_chain import AuditAction, Deed
from optty_desktop.system.paths import AppPaths


def fill(count: int = 3) -> AppPaths:
    """Write some entries."""
    paths = AppPaths.of_this_person()
    for number in range(count):
        audit_file(paths).add(Deed(AuditAction.SIGNED_IN, f"Sara {number}\n", after={"environment": "live"}))
    return paths


def change(paths: AppPaths, *statements: str) -> None:
    """Change the file as somebody with another program does."""
    with closing(sqlite3.connect(paths.audit_file)) as connection:
        connection.executescript(f"DROP TRIGGER entries_never_change; {';'.join(statements)}")


def test_entries_are_printed_one_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    fill()
    assert main(["audit"]) == 0
    said = capsys.readouterr()
    entries = [json.loads(line) for line in said.out.splitlines()]
    assert [(one["sequence"], one["action"], one["actor"]) for one in entries] == [
        (number + 1, "signed_in", f"Sara {number}\n") for number in range(3)
    ]
    assert said.err == ""


@pytest.mark.parametrize(
    ("count", "words"), [(0, "Whole: 0 entries."), (1, "Whole: 1 entry."), (2, "Whole: 2 entries.")]
)
def test_a_whole_audit_says_so_and_what_cannot_be_seen(
    count: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(count)
    assert main(["audit", "--verify"]) == 0
    assert capsys.readouterr().out == f"{words} Whether some were cut off at the end cannot be seen in it.\n"


@pytest.mark.parametrize("arguments", [["audit"], ["audit", "--verify"]], ids=" ".join)
def test_an_audit_that_was_changed_is_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    paths = fill()
    change(paths, "UPDATE entries SET text = 'x' || char(10) || '{}' WHERE sequence = 2")
    assert main(arguments) == 1
    said = capsys.readouterr()
    assert said.err == f"{paths.audit_file} is not as it was written, from entry 2 on. Keep it, and ask for help\n"
    assert len(said.out.splitlines()) == (0 if "--verify" in arguments else 3), "no line is forged"


@pytest.mark.parametrize("depth", [900, 100_000])
def test_an_entry_that_nobody_could_unpack_is_one_that_was_changed(
    depth: int, capsys: pytest.CaptureFixture[str]
) -> None:
    paths, text = fill(1), '{"a":' * depth + "1" + "}" * depth
    with closing(sqlite3.connect(paths.audit_file)) as connection:
        own_hash = hashlib.sha256(text.encode()).hexdigest()
        connection.execute("INSERT INTO entries VALUES (2, ?, ?)", (text, own_hash))
        connection.commit()
    assert main(["audit", "--verify"]) == 1
    assert "is not as it was written, from entry 2 on" in capsys.readouterr().err
    assert main(["diagnose"]) == 0
    assert "Chain: broken at entry 2\n" in capsys.readouterr().out


def test_an_audit_that_cannot_be_read_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    paths = fill(1)
    paths.audit_file.write_bytes(b"nothing that could be read any more" * 200)
    assert main(["audit"]) == 1
    assert capsys.readouterr().err == f"{paths.audit_file} is damaged and cannot be read. Keep it, and ask for help\n"


def test_support_sees_how_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    paths = fill()
    main(["diagnose"])
    assert "Audit of the settings\n  Entries: 3\n  Chain: whole\n" in capsys.readouterr().out
    change(paths, "UPDATE entries SET hash = 'x' WHERE sequence = 1")
    main(["diagnose"])
    said = capsys.readouterr().out
    assert "Chain: broken at entry 1\n" in said
    assert "Sara" not in said
