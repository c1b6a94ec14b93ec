"""Promise D5: damage is noticed, nothing is thrown away, and refunds wait until somebody has looked."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from optty_desktop.core.errors import JournalProblem, RebuildUnconfirmed
from optty_desktop.core.links import PaymentLink
from optty_desktop.journal.journal import SqliteJournal
from optty_desktop.journal.rescue import newest_good_backup, restore, set_aside
from optty_desktop.journal.seal import seal_of
from tests.journal.places import by_hand, contents, file_in, new_folder, opened
from tests.journal.samples import NOON, a_link, an_event, an_operation
from tests.promises import Promise, Scaled

DAY = date(2026, 3, 20)


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Change one bit."""
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def zeroed(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) // 4096) * 4096
    return data[:start] + bytes(4096) + data[start + 4096 :]


DAMAGES: list[Callable[[bytes, random.Random], bytes]] = [flipped, cut, zeroed]


async def a_folder(folder: Path) -> dict[str, bytes]:
    """Make a closed journal with a backup of it; return the files."""
    async with opened(folder) as journal:
        await journal.commit(*(a_link(f"INV-{number}", description="x" * number) for number in range(60)))
        await journal.commit(*(an_event(f"INV-{number}") for number in range(60)), an_operation("INV-1"))
        await journal.back_up_day(DAY)
    files = {name: data for name, data in contents_below(folder).items() if not name.endswith(".ballast")}
    assert {"training.journal", "training.seal"} <= set(files)
    return files


def contents_below(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def put_back(files: dict[str, bytes], folder: Path) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)


def damaged(files: dict[str, bytes], count: int) -> Iterator[dict[str, bytes]]:
    """Yield the files with the journal damaged in so many ways."""
    for number in range(count):
        chance = random.Random(number)  # noqa: S311
        data = files["training.journal"]
        while (changed := DAMAGES[number % len(DAMAGES)](data, chance)) == data:
            pass
        yield files | {"training.journal": changed}


async def wrong_with(folder: Path, *, begins_anew: bool) -> list[str]:
    """Return what is wrong about how a damaged journal is met and replaced."""
    before = contents(folder)
    try:
        await (await SqliteJournal.open(folder, "training")).close()
    except JournalProblem:
        pass
    else:
        return ["the damage was not noticed"]
    wrong = [] if contents(folder) == before else ["the damaged file was changed"]
    moved = set_aside(folder, "training", NOON)
    if moved.read_bytes() != before["training.journal"]:
        wrong.append("the damaged file was not kept")
    if not begins_anew:
        backup = newest_good_backup(folder, "training")
        assert backup is not None
        restore(folder, "training", backup)
    async with opened(folder) as journal:
        if len(await journal.links()) != (0 if begins_anew else 60):
            wrong.append("not the links that were expected")
        wrong += await not_blocked(journal)
    return wrong


async def not_blocked(journal: SqliteJournal) -> list[str]:
    await journal.commit(a_link("INV-new"))
    try:
        await journal.commit(an_operation("INV-new", operation_id="op-new"))
    except RebuildUnconfirmed:
        await journal.confirm_rebuilt("Manager 1")
        await journal.commit(an_operation("INV-new", operation_id="op-new"))
        return []
    return ["refunds were not blocked"]


@pytest.mark.limit(120)
async def test_D5_damage_is_noticed_and_nothing_is_thrown_away(promise: Promise, scaled: Scaled) -> None:
    cases, wrong, worst = 0, [], 0.0
    with new_folder() as folder:
        files = await a_folder(folder)
    for case in damaged(files, scaled(30, 300)):
        with new_folder() as folder:
            put_back(case, folder)
            begun = time.perf_counter()
            found = await wrong_with(folder, begins_anew=cases % 2 == 0)
            worst = max(worst, time.perf_counter() - begun)
        wrong += [(cases, found)] if found else []
        cases += 1
    promise("D5", cases, wrong, worst)


async def test_D5_control_the_check_of_sqlite_alone_lets_changed_data_pass() -> None:
    with new_folder() as folder:
        files = await a_folder(folder)
        truth = await everything_in(folder)
    silent = 0
    for case in damaged(files, 60):
        with new_folder() as folder:
            put_back(case, folder)
            seal_of(file_in(folder)).unlink()
            try:
                silent += await everything_in(folder) != truth
            except JournalProblem:
                continue
    assert silent > 3


async def everything_in(folder: Path) -> tuple[list[PaymentLink], list[object]]:
    async with opened(folder) as journal:
        links = list(await journal.links())
    return links, by_hand(folder, lambda connection: connection.execute("SELECT * FROM events").fetchall())
