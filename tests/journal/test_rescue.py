"""After damage: nothing is thrown away, and refunds wait until somebody has compared the record."""

from __future__ import annotations

import errno
import secrets
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from optty_desktop.core.errors import DiskFull, JournalDamaged, JournalInUse, JournalProblem, RebuildUnconfirmed
from optty_desktop.core.invoice_numbers import new_invoice_number
from optty_desktop.core.operations import Operation, OperationKind, Stage
from optty_desktop.journal.backup import Backup, backup_of
from optty_desktop.journal.journal import SqliteJournal
from optty_desktop.journal.rescue import JournalRescuer, newest_good_backup, restore, set_aside
from tests.journal.places import by_hand, contents, file_in, opened
from tests.journal.samples import NOON, a_link, an_operation
from tests.journal.test_processes import answers, heard, start

DAY = date(2026, 3, 20)


async def damage(folder: Path) -> bytes:
    """Leave a damaged journal with a backup; return the damaged content."""
    async with opened(folder) as journal:
        await journal.commit(a_link("INV-1"), an_operation("INV-1", Stage.SENDING))
        await journal.back_up_day(DAY)
        await journal.commit(a_link("INV-2"))
    damaged = file_in(folder).read_bytes()[:5000]
    file_in(folder).write_bytes(damaged)
    return damaged


async def restored(folder: Path) -> Backup:
    set_aside(folder, "training", NOON)
    backup = newest_good_backup(folder, "training")
    assert backup is not None
    restore(folder, "training", backup)
    return backup


# Setting aside


async def test_a_damaged_file_is_moved_with_its_side_files_to_a_name_with_the_time(tmp_path: Path) -> None:
    damaged = await damage(tmp_path)
    for suffix in ("-wal", "-shm"):
        file_in(tmp_path).with_name(f"training.journal{suffix}").write_text(suffix)
    moved = set_aside(tmp_path, "training", NOON)
    assert moved == tmp_path / "training.damaged-20260321T120000Z.journal"
    kept = contents(tmp_path)
    assert kept[moved.name] == damaged
    assert (kept[f"{moved.name}-wal"], kept[f"{moved.name}-shm"]) == (b"-wal", b"-shm")
    assert not file_in(tmp_path).exists()


async def test_files_set_aside_in_one_second_do_not_replace_each_other(tmp_path: Path) -> None:
    kept = []
    for _ in range(3):
        damaged = await damage(tmp_path)
        kept.append((set_aside(tmp_path, "training", NOON), damaged))
        backup_of(tmp_path, "training", DAY).path.unlink()
    assert len({path for path, _ in kept}) == 3
    assert all(path.read_bytes() == damaged for path, damaged in kept)


async def test_what_is_not_there_is_not_set_aside(tmp_path: Path) -> None:
    with pytest.raises(JournalProblem):
        set_aside(tmp_path, "training", NOON)
    assert contents(tmp_path) == {}


async def test_a_journal_that_another_process_holds_is_not_set_aside(tmp_path: Path) -> None:
    process = start("race", str(tmp_path))
    assert heard([process]) == ["ready"]
    assert answers([process], "training") == ["open"]
    with pytest.raises(JournalInUse):
        set_aside(tmp_path, "training", NOON)
    assert answers([process], "") == ["done"]
    process.communicate(timeout=60)
    async with opened(tmp_path) as journal:
        assert await journal.block_reason() is None


# Beginning anew, restoring


async def test_an_ordinary_journal_is_not_blocked(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        assert await journal.block_reason() is None
        await journal.confirm_rebuilt("Manager 1")
        await journal.commit(a_link(), an_operation())


async def test_a_journal_begun_anew_is_blocked_also_after_a_restart(tmp_path: Path) -> None:
    await damage(tmp_path)
    set_aside(tmp_path, "training", NOON)
    for _ in range(2):
        async with opened(tmp_path) as journal:
            assert await journal.block_reason() == "started_anew 2026-03-21T12:00:00+00:00"
            assert list(await journal.links()) == []


async def test_a_restored_journal_has_what_the_backup_had_and_is_blocked(tmp_path: Path) -> None:
    await damage(tmp_path)
    backup = await restored(tmp_path)
    assert backup.path.exists()
    async with opened(tmp_path) as journal:
        assert await journal.block_reason() == "restored 2026-03-20"
        assert list(await journal.links()) == [a_link("INV-1")]


@pytest.mark.parametrize("kind", [OperationKind.CANCEL, OperationKind.REFUND])
async def test_while_blocked_no_cancel_or_refund_begins_but_what_was_begun_can_end(
    tmp_path: Path, kind: OperationKind
) -> None:
    await damage(tmp_path)
    await restored(tmp_path)
    async with opened(tmp_path) as journal:
        await journal.commit(a_link("INV-3"), of_kind(OperationKind.CREATE, "INV-3", Stage.SENDING))
        await journal.commit(an_operation("INV-1", Stage.SETTLED))
        with pytest.raises(RebuildUnconfirmed):
            await journal.commit(a_link("INV-4"), of_kind(kind, "INV-1", Stage.INTENT))
        assert await journal.link("INV-4") is None
        await journal.confirm_rebuilt("Manager 1")
        assert await journal.block_reason() is None
        await journal.commit(of_kind(kind, "INV-1", Stage.INTENT))
    async with opened(tmp_path) as journal:
        assert await journal.block_reason() is None


def of_kind(kind: OperationKind, number: str, stage: Stage) -> Operation:
    return replace(an_operation(number, stage, f"{kind}-{number}"), kind=kind)


async def test_a_backup_that_is_damaged_is_not_restored_and_leaves_nothing(tmp_path: Path) -> None:
    await damage(tmp_path)
    set_aside(tmp_path, "training", NOON)
    path = backup_of(tmp_path, "training", DAY).path
    path.write_bytes(path.read_bytes()[:4096])
    assert newest_good_backup(tmp_path, "training") is None
    with pytest.raises(JournalDamaged):
        restore(tmp_path, "training", Backup(DAY, path))
    assert not [name for name in contents(tmp_path) if name.startswith("training.journal")]


async def test_a_backup_is_not_restored_over_a_journal(tmp_path: Path) -> None:
    await damage(tmp_path)
    before = contents(tmp_path)
    with pytest.raises(JournalProblem):
        restore(tmp_path, "training", backup_of(tmp_path, "training", DAY))
    assert contents(tmp_path) == before


async def test_a_move_that_was_interrupted_still_blocks_and_can_be_repeated(tmp_path: Path) -> None:
    await damage(tmp_path)
    moved = set_aside(tmp_path, "training", NOON)
    moved.rename(file_in(tmp_path))  # as if the power had gone before the last of the moves
    with pytest.raises(JournalDamaged):
        await SqliteJournal.open(tmp_path, "training")
    set_aside(tmp_path, "training", NOON + timedelta(minutes=1))
    async with opened(tmp_path) as journal:
        assert await journal.block_reason() == "started_anew 2026-03-21T12:01:00+00:00"


MOVES = ("training.seal", "training.journal-wal", "training.journal-shm", "training.journal")


async def falsified(folder: Path) -> dict[str, bytes]:
    """Leave a journal with a backup whose damage only the seal tells, and all its side files; return them."""
    async with opened(folder) as journal:
        await journal.commit(a_link("INV-1"))
        await journal.back_up_day(DAY)
    seal = folder / "training.seal"
    digest = seal.read_bytes()
    by_hand(folder, lambda connection: connection.execute("UPDATE links SET amount_minor = 999999"))
    seal.write_bytes(digest)
    for suffix in ("-wal", "-shm"):
        file_in(folder).with_name(f"training.journal{suffix}").write_bytes(b"")
    return {name: (folder / name).read_bytes() for name in MOVES}


@pytest.mark.parametrize("stuck", MOVES)
@pytest.mark.parametrize("with_copy", [True, False])
async def test_a_rescue_that_stops_at_any_move_leaves_the_journal_refused_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stuck: str, with_copy: bool
) -> None:
    evidence = await falsified(tmp_path)
    rescuer = JournalRescuer(tmp_path)

    async def rescue(minutes: int) -> None:
        now = NOON + timedelta(minutes=minutes)
        await (rescuer.use_copy("training", DAY, now) if with_copy else rescuer.begin_anew("training", now))

    with monkeypatch.context() as held:
        held_by_a_scanner(held, stuck)
        with pytest.raises(JournalProblem):
            await rescue(0)
    for _ in range(2):
        with pytest.raises(JournalDamaged):
            await SqliteJournal.open(tmp_path, "training")
    await rescue(1)
    kept = {name.partition(".")[2]: content for name, content in contents(tmp_path).items() if ".damaged-" in name}
    family = "damaged-20260321T120000Z"
    moved = {name.replace("training", family): content for name, content in evidence.items()}
    assert kept == moved | {f"{family}.suspect": b""}
    for _ in range(2):
        async with opened(tmp_path) as journal:
            assert await journal.block_reason() is not None
            assert [link.amount.minor for link in await journal.links()] == ([125_000] if with_copy else [])


def held_by_a_scanner(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    own_rename = Path.rename

    def rename(path: Path, target: Path | str) -> Path:
        if path.name == name:
            raise PermissionError(errno.EACCES, "another program holds it", str(path))
        return own_rename(path, target)

    monkeypatch.setattr(Path, "rename", rename)


@pytest.mark.parametrize("with_copy", [True, False])
async def test_a_suspicion_whose_journal_is_gone_does_not_fall_on_the_next_one(tmp_path: Path, with_copy: bool) -> None:
    await damage(tmp_path)
    rescuer = JournalRescuer(tmp_path)
    set_aside(tmp_path, "training", NOON)
    (tmp_path / "training.suspect").touch()  # as if the power had gone right after the last of the moves
    if with_copy:
        await rescuer.use_copy("training", DAY, NOON)
    for _ in range(2):
        async with opened(tmp_path) as journal:
            assert len(await journal.links()) == with_copy


# Two tills from one backup


async def test_two_tills_restored_from_one_backup_use_different_numbers(tmp_path: Path) -> None:
    numbers: list[str] = []
    async with opened(tmp_path / "first") as journal:
        await journal.commit(a_link())
        copies = [tmp_path / f"till-{till}" / "backups" for till in range(2)]
        for copy in copies:
            copy.mkdir(parents=True)
            await journal.back_up(copy / "training-2026-03-20.journal")
    for copy in copies:
        restore(copy.parent, "training", Backup(DAY, copy / "training-2026-03-20.journal"))
        async with opened(copy.parent) as journal:
            # The same till name and the same moments: only the random part tells them apart.
            made = [new_invoice_number("TILL", NOON, secrets.token_bytes) for _ in range(200)]
            await journal.commit(*(a_link(number) for number in made))
            numbers += made
    assert len(set(numbers)) == 400


# The port


async def test_D5_the_newest_whole_copy_takes_the_place_and_the_damaged_file_is_kept(tmp_path: Path) -> None:
    damaged = await damage(tmp_path)
    rescuer = JournalRescuer(tmp_path)
    assert await rescuer.newest_copy("training") == DAY
    await rescuer.use_copy("training", DAY, NOON)
    assert damaged in contents(tmp_path).values()
    async with opened(tmp_path) as journal:
        assert await journal.block_reason() == "restored 2026-03-20"
        assert [link.invoice_number for link in await journal.links()] == ["INV-1"]


async def test_a_copy_that_is_damaged_too_moves_nothing(tmp_path: Path) -> None:
    await damage(tmp_path)
    path = backup_of(tmp_path, "training", DAY).path
    path.write_bytes(path.read_bytes()[:4096])
    before = contents(tmp_path)
    rescuer = JournalRescuer(tmp_path)
    assert await rescuer.newest_copy("training") is None
    for day in (DAY, DAY - timedelta(days=1)):
        with pytest.raises(JournalDamaged):
            await rescuer.use_copy("training", day, NOON)
    assert contents(tmp_path) == before


async def test_a_copy_that_did_not_come_is_waited_for_and_never_replaced_by_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = await damage(tmp_path)
    rescuer = JournalRescuer(tmp_path)
    with monkeypatch.context() as full:
        full.setattr(shutil, "copyfile", no_room)
        with pytest.raises(DiskFull):
            await rescuer.use_copy("training", DAY, NOON)
    assert not file_in(tmp_path).exists()
    with pytest.raises(JournalDamaged) as refusal:
        await SqliteJournal.open(tmp_path, "training")
    assert refusal.value.details == {"backup": DAY.isoformat()}
    assert not file_in(tmp_path).exists()
    await rescuer.use_copy("training", DAY, NOON)
    assert damaged in contents(tmp_path).values()
    async with opened(tmp_path) as journal:
        assert await journal.block_reason() == "restored 2026-03-20"


async def test_instead_of_a_copy_that_does_not_come_a_new_journal_can_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = await damage(tmp_path)
    rescuer = JournalRescuer(tmp_path)
    monkeypatch.setattr(shutil, "copyfile", no_room)
    with pytest.raises(DiskFull):
        await rescuer.use_copy("training", DAY, NOON)
    await rescuer.begin_anew("training", NOON)
    assert damaged in contents(tmp_path).values()
    async with opened(tmp_path) as journal:
        assert await journal.block_reason() == "started_anew 2026-03-21T12:00:00+00:00"


async def test_damage_found_while_a_large_journal_is_open_is_not_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(tmp_path) as journal:
        await journal.commit(*(a_link(f"INV-{n}") for n in range(200)))
    monkeypatch.setattr("optty_desktop.journal.opening.CHECKED_WHEN_OPENED", 0)
    damaged = bytearray(file_in(tmp_path).read_bytes())
    damaged[-4096:] = bytes(4096)
    file_in(tmp_path).write_bytes(damaged)
    async with opened(tmp_path) as journal:
        with pytest.raises(JournalDamaged):
            await journal.health()
    for _ in range(2):
        with pytest.raises(JournalDamaged):
            await SqliteJournal.open(tmp_path, "training")
    await JournalRescuer(tmp_path).begin_anew("training", NOON)
    for _ in range(2):
        async with opened(tmp_path) as journal:
            await journal.health()


def no_room(*_paths: object) -> None:
    raise OSError(errno.ENOSPC, "no room")
