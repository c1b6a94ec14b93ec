"""A day at the till below which a disk goes wrong, and what must be found of it afterwards."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator, Set
from pathlib import Path

from optty_desktop.core.errors import AppError
from optty_desktop.core.events import EventKind
from optty_desktop.core.links import LinkState
from optty_desktop.core.operations import Stage
from optty_desktop.journal.journal import SqliteJournal
from tests.journal.places import by_hand, opened
from tests.journal.samples import a_link, an_event, an_operation

WORKERS = 4
SENT, PAID = "sent", "paid"


async def work(journal: SqliteJournal, numbers: Iterator[str], told: Callable[[str], None], seed: int) -> None:
    """Make a link for each number and let it be paid; ``told`` hears of each commit that is acknowledged.

    What is refused is left; the next number comes.
    """
    chance = random.Random(seed)  # noqa: S311  sizes of texts

    async def one_after_the_other() -> None:
        for number in numbers:
            text = "x" * chance.randrange(1500)
            operation = f"op-{number}"
            try:
                await journal.commit(
                    a_link(number, description=text),
                    an_operation(number, Stage.SENDING, operation),
                    an_event(number),
                )
                told(f"{number} {SENT}")
                await journal.commit(
                    a_link(number, LinkState.PAID, description=text),
                    an_operation(number, Stage.DONE, operation),
                    an_event(number, EventKind.PAID, minute=1),
                )
                told(f"{number} {PAID}")
            except AppError:
                continue

    await asyncio.gather(*(one_after_the_other() for _ in range(WORKERS)))


async def what_is_wrong(folder: Path, acknowledged: Set[str], handed_in: Set[str]) -> list[str]:
    """Open what is there as the program does, with Python's own SQLite; return what must not be."""
    found: list[str] = []
    answer = by_hand(folder, lambda connection: connection.execute("PRAGMA integrity_check").fetchall())
    if answer != [("ok",)]:
        return [f"the file is not whole: {answer[:3]}"]
    async with opened(folder) as journal:
        kept = await _kept(journal, found)
        found += [f"lost: {what}" for what in sorted(acknowledged - kept)]
        found += [f"nobody asked for it: {what}" for what in sorted(kept - handed_in)]
        await journal.health()
        await journal.commit(a_link("INV-after"), an_operation("INV-after", operation_id="op-after"))
    return found


async def _kept(journal: SqliteJournal, found: list[str]) -> set[str]:
    """Return what is in the journal, in the words of `work`; a commit that is there in part goes to ``found``."""
    kept: set[str] = set()
    for link in await journal.links(limit=10**6):
        number = link.invoice_number
        stages = [one.stage for one in await journal.operations(number)]
        kinds = [one.kind for one in await journal.timeline(number)]
        if (link.state, stages, kinds) == (LinkState.PENDING, [Stage.SENDING], [EventKind.CREATED]):
            kept.add(f"{number} {SENT}")
        elif (link.state, stages, kinds) == (LinkState.PAID, [Stage.DONE], [EventKind.CREATED, EventKind.PAID]):
            kept |= {f"{number} {SENT}", f"{number} {PAID}"}
        else:
            found.append(f"half a commit: {number}")
    return kept


def everything(numbers: list[str]) -> set[str]:
    """Return all that `work` may come to write for these numbers."""
    return {f"{number} {what}" for number in numbers for what in (SENT, PAID)}
