"""One checked backup a day, a week of them, and none that is not whole."""

from __future__ import annotations

import asyncio
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from optty_desktop.core.errors import JournalDamaged, JournalProblem
from optty_desktop.journal import backup as backup_module
from optty_desktop.journal.backup import backup_of, backups, newest_good_backup
from optty_desktop.journal.journal import SqliteJournal
from tests.journal.places import file_in, opened
from tests.journal.samples import a_link

DAY = date(2026, 3, 20)


async def back_up_days(folder: Path, *days: date) -> None:
    async with opened(folder) as journal:
        for day in days:
            await journal.commit(a_link(f"INV-{day}"))
            await journal.back_up_day(day)


async def test_a_backup_has_the_name_of_its_day_and_is_private(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        await journal.commit(a_link())
        path = await journal.back_up_day(DAY)
    assert path == tmp_path / "backups" / "training-2026-03-20.journal"
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    if os.name == "posix":
        assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


async def test_the_second_backup_of_a_day_is_not_made(tmp_path: Path) -> None:
    await back_up_days(tmp_path, DAY)
    first = backup_of(tmp_path, "training", DAY).path.read_bytes()
    async with opened(tmp_path) as journal:
        await journal.commit(a_link())
        assert await journal.back_up_day(DAY) is None
    assert backup_of(tmp_path, "training", DAY).path.read_bytes() == first


async def test_of_two_asked_for_at_once_one_is_made(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        await journal.commit(*(a_link(f"INV-{number}", description="x" * 2000) for number in range(300)))
        made = await asyncio.gather(*(journal.back_up_day(DAY) for _ in range(3)))
    assert [path for path in made if path] == [backup_of(tmp_path, "training", DAY).path]
    assert newest_good_backup(tmp_path, "training") is not None


async def test_a_week_is_kept_and_other_environments_and_files_are_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    others = ["training-live-2026-01-01.journal", "live-2026-01-01.journal", "training-2026-13-01.journal", "notes.txt"]
    for name in others:
        (folder / name).write_text("")
    days = [DAY + timedelta(days=number) for number in range(10)]
    await back_up_days(tmp_path, *days)
    assert [one.day for one in backups(tmp_path, "training")] == days[:2:-1]
    assert {path.name for path in folder.iterdir()} >= set(others)


async def test_a_copy_that_is_not_whole_is_not_kept_and_older_ones_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_anything: object) -> None:
        raise JournalDamaged

    await back_up_days(tmp_path, DAY)
    async with opened(tmp_path) as journal:
        monkeypatch.setattr(backup_module, "check_copy", refuse)
        with pytest.raises(JournalDamaged):
            await journal.back_up_day(DAY + timedelta(days=30))
        await journal.commit(a_link())
    monkeypatch.undo()
    assert [path.name for path in (tmp_path / "backups").iterdir()] == ["training-2026-03-20.journal"]


async def test_the_newest_good_one_is_found_past_damaged_and_foreign_ones(tmp_path: Path) -> None:
    days = [DAY + timedelta(days=number) for number in range(4)]
    await back_up_days(tmp_path, *days)
    paths = [backup_of(tmp_path, "training", day).path for day in days]
    paths[3].write_bytes(paths[3].read_bytes()[:5000])
    async with opened(tmp_path, "live") as journal:
        await journal.back_up(paths[2])
    good = newest_good_backup(tmp_path, "training")
    assert good is not None
    assert good.day == days[1]
    assert newest_good_backup(tmp_path, "live") is None


async def test_damage_at_start_names_the_day_of_the_backup(tmp_path: Path) -> None:
    await back_up_days(tmp_path, DAY)
    file_in(tmp_path).write_bytes(b"Not SQLite at all" * 1000)
    with pytest.raises(JournalDamaged) as caught:
        await SqliteJournal.open(tmp_path, "training")
    assert caught.value.details["backup"] == "2026-03-20"


async def test_closing_breaks_a_backup_off_and_leaves_nothing_of_it(tmp_path: Path) -> None:
    journal = await SqliteJournal.open(tmp_path, "training")
    await journal.commit(*(a_link(f"INV-{number}", description="x" * 2000) for number in range(500)))
    making = asyncio.ensure_future(journal.back_up_day(DAY))
    await asyncio.sleep(0)
    await journal.close()
    with pytest.raises(JournalProblem):
        await making
    assert list((tmp_path / "backups").iterdir()) == []
