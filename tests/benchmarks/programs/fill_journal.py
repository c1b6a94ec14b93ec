"""Fills the journal of the training environment with so many settled links of the last days, the newest of today."""

import asyncio
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.journal.journal import SqliteJournal
from optty_desktop.system.paths import AppPaths, private_folder
from tests.fakes import link

_TOGETHER = 5_000


def settled_links(count: int, newest: datetime) -> list[PaymentLink]:
    """Links a second apart, none of which can still move."""
    return [
        replace(link(f"OLD-{number}", LinkState.PAID), created_at=newest - timedelta(seconds=count - number))
        for number in range(count)
    ]


async def fill(count: int) -> None:
    """Write the links in large commits."""
    folder = private_folder(AppPaths.of_this_person().journal_folder)
    journal = await SqliteJournal.open(folder, "training")
    links = settled_links(count, datetime.now(UTC))
    for first in range(0, count, _TOGETHER):
        await journal.commit(*links[first : first + _TOGETHER])
    await journal.close()


if __name__ == "__main__":
    asyncio.run(fill(int(sys.argv[1])))
