"""The version that last ran: one line of the person's own, and no trouble for anybody when it is broken."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from optty_desktop.core.release_numbers import ReleaseNumber
from optty_desktop.system.seen_version import SeenVersionFile


async def test_it_is_there_again_and_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "last-version"
    assert await SeenVersionFile(file).load() is None
    await SeenVersionFile(file).store(ReleaseNumber(1, 2, 3))
    await SeenVersionFile(file).store(ReleaseNumber(1, 2, 4))
    assert await SeenVersionFile(file).load() == ReleaseNumber(1, 2, 4)
    assert [path.name for path in file.parent.iterdir()] == ["last-version"]
    if os.name == "posix":
        assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"1.2", b"1.2.3 4", b"9" * 10_000, b"1.2.3\n" * 50, b"\x00"])
async def test_a_broken_file_counts_as_none_and_is_replaced(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "last-version"
    file.write_bytes(content)
    assert await SeenVersionFile(file).load() is None
    await SeenVersionFile(file).store(ReleaseNumber(1, 2, 3))
    assert await SeenVersionFile(file).load() == ReleaseNumber(1, 2, 3)


async def test_a_place_that_cannot_be_written_is_logged_and_no_more(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("in the way", encoding="utf-8")
    await SeenVersionFile(blocked / "last-version").store(ReleaseNumber(1, 2, 3))
    assert await SeenVersionFile(blocked / "last-version").load() is None
    assert "cannot be noted" in caplog.text
