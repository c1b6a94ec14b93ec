"""The `Journal` port on SQLite: one file an environment, held by one process."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from optty_desktop.core.errors import JournalProblem
from optty_desktop.core.events import LinkEvent
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.operations import Operation
from optty_desktop.core.ports import Journal, JournalOpener, Record, Withdrawn
from optty_desktop.journal import events, links, operations
from optty_desktop.journal.columns import Row
from optty_desktop.journal.database import Database
from optty_desktop.journal.opening import JournalFile, copy_file

_ENVIRONMENT_ID: Final = re.compile(r"[a-z0-9-]{1,32}")


def open_journal(folder: Path) -> JournalOpener:
    """Return the opener of journals that lie in ``folder`` as ``<environment id>.journal``."""

    async def open_one(environment_id: str) -> Journal:
        return await SqliteJournal.open(folder, environment_id)

    return open_one


class SqliteJournal:
    """The record of one environment. Belongs to the event loop that opened it and never blocks it.

    A commit that was begun is carried out even if the task that waits for it is cancelled.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    async def open(cls, folder: Path, environment_id: str) -> "SqliteJournal":
        """Open or make the journal of an environment, for this process alone.

        Raises JournalInUse (within a second), JournalNewer, JournalDamaged, JournalReadOnly, DiskFull, JournalProblem;
        a file that is refused is left as it was. A large file is not checked whole: see `health`.
        """
        if not _ENVIRONMENT_ID.fullmatch(environment_id):
            raise JournalProblem("an environment id holds 1 to 32 of a-z, 0-9 and -")
        return cls(await Database.open(JournalFile(folder / f"{environment_id}.journal", environment_id)))

    async def commit(self, *records: Record) -> None:
        """Write all records in one durable transaction, or none of them.

        Within a commit links come before what belongs to them, and operations that end before those that begin.
        Raises OperationOpen, DiskFull, JournalProblem; an operation or event without its link is a JournalProblem.
        """
        await self._database.write(_rows(records).write)

    async def link(self, invoice_number: str) -> PaymentLink | None:
        """Return the link of that number, or None."""
        return await self._database.read(partial(links.link, invoice_number=invoice_number))

    async def links(
        self, *, since: datetime | None = None, before: tuple[datetime, str] | None = None, limit: int = 500
    ) -> Sequence[PaymentLink]:
        """Return a page, newest first; ``before`` is (created_at, invoice_number) of the last one seen."""
        return await self._database.read(partial(links.links, since=since, before=before, limit=limit))

    async def unsettled_links(self) -> Sequence[PaymentLink]:
        """Return the links that are open, unknown or have a refund on its way, newest first."""
        return await self._database.read(links.unsettled_links)

    async def timeline(self, invoice_number: str) -> Sequence[LinkEvent]:
        """Return the events of a link, oldest first."""
        return await self._database.read(partial(events.timeline, invoice_number=invoice_number))

    async def operations(self, invoice_number: str) -> Sequence[Operation]:
        """Return the operations of a link, oldest first."""
        return await self._database.read(partial(operations.operations, invoice_number=invoice_number))

    async def open_operations(self) -> Sequence[Operation]:
        """Return the operations whose end is not known, oldest first."""
        return await self._database.read(operations.open_operations)

    async def health(self) -> None:
        """Read the whole file once; other work waits meanwhile (0.1 s for 100,000 links).

        Raises JournalDamaged; from then on reads still answer, and every commit is refused.
        """
        await self._database.check()

    async def back_up(self, path: Path) -> None:
        """Copy the journal to ``path``: what was committed before is in it. An older copy there is replaced."""
        await self._database.read(partial(copy_file, path=path))

    async def close(self) -> None:
        """Finish what was begun and let go of the file; a later call raises JournalProblem."""
        await self._database.close()


@dataclass(slots=True)
class _Commit:
    """Rows in the order the tables accept: what is referred to first, what frees a place before what takes it."""

    links: list[Row] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    operations: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)

    def write(self, connection: Connection) -> None:
        """Write all rows; the caller holds the transaction."""
        for row in self.links:
            links.put_link(connection, row)
        for invoice_number in self.withdrawn:
            links.withdraw_link(connection, invoice_number)
        for row in self.operations:
            operations.put_operation(connection, row)
        for row in self.events:
            events.add_event(connection, row)


def _rows(records: Iterable[Record]) -> _Commit:
    commit = _Commit()
    last: dict[str, Operation] = {}
    for record in records:
        match record:
            case PaymentLink():
                commit.links.append(links.link_row(record))
            case Operation():
                last[record.operation_id] = record
            case LinkEvent():
                commit.events.append(events.event_row(record))
            case Withdrawn():
                commit.withdrawn.append(record.invoice_number)
    ended_first = sorted(last.values(), key=lambda operation: operation.is_open)
    commit.operations = [operations.operation_row(one) for one in ended_first]
    return commit
