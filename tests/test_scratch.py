"""A run works in memory only where there is room for it."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest

from tests.scratch import has_room, work_in_memory


def test_room_is_asked_for(tmp_path: Path) -> None:
    assert has_room(tmp_path, 1)
    assert not has_room(tmp_path, 2**80)
    assert not has_room(tmp_path / "absent", 1)


def test_temporary_files_of_children_go_there_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.delenv("TMPDIR", raising=False)
    work_in_memory(tmp_path, 1)
    assert os.environ["TMPDIR"] == tempfile.gettempdir() == str(tmp_path)


def test_a_place_that_somebody_chose_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    work_in_memory(Path("/"), 1)
    assert tempfile.gettempdir() == str(tmp_path)


def test_a_full_place_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.delenv("TMPDIR", raising=False)
    work_in_memory(tmp_path, 2**80)
    assert "TMPDIR" not in os.environ


def test_what_is_compiled_is_kept() -> None:
    assert not sys.dont_write_bytecode
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ
