"""A text for one pair of eyes: whole, private, and never half in the place of an older one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from optty_desktop.system.private_text import write_private_text

TEXT = "Name: Café\n"


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_P3_the_file_is_its_owners_whatever_the_umask_and_whatever_was_there(tmp_path: Path) -> None:
    path = tmp_path / "support.txt"
    path.write_text("older and open to all")
    path.chmod(0o666)
    mask = os.umask(0)
    try:
        write_private_text(path, TEXT)
    finally:
        os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes() == TEXT.encode()
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    taken = tmp_path / "folder"
    taken.mkdir()
    for path in (taken, tmp_path / "nowhere" / "support.txt"):
        with pytest.raises((IsADirectoryError, FileNotFoundError)):
            write_private_text(path, TEXT)
    assert list(tmp_path.iterdir()) == [taken]
