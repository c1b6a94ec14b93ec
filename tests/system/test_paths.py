"""The program's folders are the platform's, and private."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from optty_desktop.system.clock import SystemClock
from optty_desktop.system.paths import AppPaths, private_folder


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the folders of Linux desktops")
def test_folders_are_those_of_the_platform(home: Path) -> None:
    paths = AppPaths.of_this_person()
    assert paths.environments_file == home / "config" / "optty-desktop" / "environments.toml"
    assert paths.journal_folder == home / "data" / "optty-desktop" / "journals"
    assert paths.logs == home / "state" / "optty-desktop" / "log"
    assert paths.cache == home / "cache" / "optty-desktop"


def test_asking_for_paths_creates_nothing(home: Path) -> None:
    before = set(home.rglob("*"))
    paths = AppPaths.of_this_person()
    assert not paths.environments_file.exists()
    assert not paths.journal_folder.exists()
    assert set(home.rglob("*")) == before


def test_all_folders_can_lie_below_one(tmp_path: Path) -> None:
    paths = AppPaths.below(tmp_path)
    places = [paths.environments_file, paths.journal_folder, paths.logs, paths.cache]
    assert all(place.is_relative_to(tmp_path) for place in places)
    assert len(set(places)) == 4


@pytest.mark.skipif(os.name != "posix", reason="modes of folders")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_P3_new_folders_are_their_owners_alone_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        made = private_folder(tmp_path / "optty-desktop" / "log")
    finally:
        os.umask(before)
    assert [path.stat().st_mode & 0o777 for path in (made, made.parent)] == [0o700, 0o700]


@pytest.mark.skipif(os.name != "posix", reason="modes of folders")
@pytest.mark.parametrize(("found", "left"), [(0o755, 0o700), (0o577, 0o500), (0o700, 0o700)])
def test_P3_a_folder_that_is_there_is_closed_to_others(tmp_path: Path, found: int, left: int) -> None:
    tmp_path.chmod(found)
    assert private_folder(tmp_path) == tmp_path
    assert tmp_path.stat().st_mode & 0o777 == left


def test_the_clock_tells_utc_and_never_goes_back() -> None:
    clock = SystemClock()
    first, second = clock.monotonic(), clock.monotonic()
    assert second >= first
    offset = clock.now().utcoffset()
    assert offset is not None
    assert not offset
