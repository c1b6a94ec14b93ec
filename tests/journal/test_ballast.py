"""Room set aside: there while it is not needed, gone when it is, and never half there."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from optty_desktop.core.errors import DiskFull
from optty_desktop.core.operations import Stage
from optty_desktop.journal import ballast
from optty_desktop.journal.ballast import BALLAST_BYTES, Ballast
from tests.journal.places import opened
from tests.journal.samples import a_link, an_operation


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "training.ballast"


@pytest.mark.parametrize("can_reserve", [True, False], ids=["reserve", "write"])
def test_the_room_is_really_taken(path: Path, monkeypatch: pytest.MonkeyPatch, can_reserve: bool) -> None:
    if not can_reserve:
        monkeypatch.delattr(os, "posix_fallocate", raising=False)
    room = Ballast(path)
    assert not room.is_in_place
    room.take()
    room.take()
    assert room.is_in_place
    if os.name == "posix":
        assert path.stat().st_blocks * 512 >= BALLAST_BYTES
        assert path.stat().st_mode & 0o777 == 0o600
    assert (room.free(), room.free()) == (True, False)
    assert not path.exists()


def no_room(*_anything: object) -> None:
    raise OSError(errno.ENOSPC, "no room")


def test_room_that_cannot_be_taken_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ballast, "_fill", no_room)
    with pytest.raises(OSError, match="no room"):
        Ballast(path).take()
    assert not path.exists()


def test_a_piece_of_it_does_not_count(path: Path) -> None:
    path.write_bytes(b"x" * 1000)
    assert not Ballast(path).is_in_place
    Ballast(path).take()
    assert Ballast(path).is_in_place


@pytest.mark.parametrize("stage", [Stage.INTENT, Stage.SENDING])
async def test_D4_without_the_room_nothing_new_begins_but_all_else_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: Stage
) -> None:
    async with opened(tmp_path) as journal:
        await journal.commit(a_link(), an_operation("INV-1", Stage.SENDING))
        Ballast(tmp_path / "training.ballast").free()
        monkeypatch.setattr(ballast, "_fill", no_room)
        with pytest.raises(DiskFull):
            await journal.commit(a_link("INV-2"), an_operation("INV-2", stage, "op-2"))
        assert await journal.link("INV-2") is None
        await journal.commit(a_link("INV-3"), an_operation("INV-1", Stage.DONE))
        monkeypatch.undo()
        await journal.commit(a_link("INV-2"), an_operation("INV-2", stage, "op-2"))
