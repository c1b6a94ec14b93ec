"""The `Journal` port on SQLite: one file an environment, held by one process."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from sqlite3 import Connection, Error
from typing import Final

from optty_desktop.core.diagnosis import JournalFacts
from optty_desktop.core.errors import JournalDamaged, JournalProblem
from optty_desktop.core.events import LinkEvent
from optty_desktop.core.hints import HintSource, ReadWish
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.operations import Operation, Stage
from optty_desktop.core.ports import Journal, JournalOpener, Record, Withdrawn
from optty_desktop.journal import backup, events, inbox, links, operations, rebuilding
from optty_desktop.journal.columns import Row
from optty_desktop.journal.copies import copy_pages, keep_copy, partial_of
from optty_desktop.journal.database import Database
from optty_desktop.journal.export import refuse_place, write_export
from optty_desktop.journal.inspection import facts_of
from optty_desktop.journal.opening import ENVIRONMENT_ID, JournalFile
from optty_desktop.journal.problems import problem_of
from optty_desktop.journal.transactions import Way

_BEFORE_THE_CALL: Final = frozenset({Stage.INTENT, Stage.SENDING})


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
        self._copying = asyncio.Lock()

    @classmethod
    async def open(cls, folder: Path, environment_id: str) -> "SqliteJournal":
        """Open or make the journal of an environment, for this process alone.

        Raises JournalInUse (within a second), JournalNewer, JournalDamaged, JournalReadOnly, JournalOnNetwork,
        DiskFull, JournalProblem; a file that is refused is left as it was (`journal.rescue` tells what can be done
        about damage). A large file is not checked whole: see `health`.
        """
        if not ENVIRONMENT_ID.fullmatch(environment_id):
            raise JournalProblem("an environment id holds 1 to 32 of a-z, 0-9 and -")
        return await cls.open_file(JournalFile(folder / f"{environment_id}.journal", environment_id))

    @classmethod
    async def open_file(cls, file: JournalFile) -> "SqliteJournal":
        """Open the journal that ``file`` describes; raises as `open` does."""
        try:
            return cls(await Database.open(file))
        except JournalDamaged as damage:
            good = await asyncio.to_thread(backup.newest_good_backup, file.path.parent, file.environment_id)
            if good is not None:
                damage.details["backup"] = good.day.isoformat()
            raise

    async def commit(self, *records: Record) -> None:
        """Write all records in one durable transaction, or none of them.

        Within a commit links come before what belongs to them, and operations that end before those that begin.
        Raises OperationOpen, DiskFull, JournalProblem; an operation or event without its link is a JournalProblem.
        An operation that begins is refused as DiskFull unless there is room for its answer as well, and a cancel or
        refund as RebuildUnconfirmed while there is a `block_reason`.
        """
        commit = _rows(records)
        await self._database.write(commit.write, commit.way)

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

    async def link_of_order(self, order_reference: str) -> PaymentLink | None:
        """Return the newest link that has this order, or None."""
        return await self._database.read(partial(links.link_of_order, order_reference=order_reference))

    async def take_hints(self, source: HintSource, wishes: Sequence[ReadWish], cursor: str | None = None) -> None:
        """Keep what is to be read and the new place of ``source``, in one durable transaction."""
        await self._database.write(partial(inbox.take_hints, source=source, wishes=wishes, cursor=cursor))

    async def hint_cursor(self, source: HintSource) -> str | None:
        """Return how far ``source`` has come; None before its first hint."""
        return await self._database.read(partial(inbox.hint_cursor, source=source))

    async def read_wishes(self, invoice_number: str | None = None) -> Sequence[ReadWish]:
        """Return what hints want read, of one link or of all, oldest first."""
        return await self._database.read(partial(inbox.read_wishes, invoice_number=invoice_number))

    async def grant_wishes(self, *wishes: ReadWish) -> None:
        """Drop what has been read; a wish that was renewed since it was looked up stays."""
        await self._database.write(partial(inbox.grant_wishes, wishes=wishes))

    async def health(self) -> None:
        """Read the whole file once; other work waits meanwhile (0.1 s for 100,000 links).

        Raises JournalDamaged; from then on reads still answer, and every commit is refused.
        """
        await self._database.check()

    async def block_reason(self) -> str | None:
        """Return why this record is not the one that was here before, until somebody confirms it."""
        return await self._database.read(rebuilding.block_reason)

    async def confirm_rebuilt(self, actor: str) -> None:
        """Note that ``actor`` has compared the record with the service; cancels and refunds are open again."""
        await self._database.write(partial(rebuilding.confirm, actor=actor))

    async def facts(self) -> JournalFacts:
        """Return what support may know about this record: counts and sizes, nothing that anybody wrote."""
        return await self._database.read(partial(facts_of, file=self._database.file))

    async def back_up(self, path: Path) -> None:
        """Copy the journal to ``path``: what was committed before is in it. An older copy there is replaced.

        Commits go on meanwhile. Raises JournalProblem subclasses.
        """
        async with self._copying:
            await self._copy(path, partial(keep_copy, path))

    async def back_up_day(self, day: date) -> Path | None:
        """Make the backup of that day unless it is there, check it, then drop those of a week before and older.

        Returns where it is, or None when it was there. Commits go on meanwhile. Raises JournalDamaged when the copy is
        not whole, DiskFull, JournalProblem; older backups are then as they were.
        """
        folder, environment_id = self._database.file.path.parent, self._database.file.environment_id
        today = backup.backup_of(folder, environment_id, day)
        async with self._copying:
            if today.path.exists():
                return None
            with _in_words():
                backup.make_room(today)
            await self._copy(today.path, partial(backup.keep_backup, folder, environment_id, today))
        return today.path

    async def export(self, path: Path, at: datetime, *, with_contacts: bool = False) -> None:
        """Write all that the journal holds to ``path`` as JSON Lines, readable by the owner alone.

        E-mail addresses and phone numbers, and the bodies of calls that repeat them, only ``with_contacts``. The
        state is that of one moment; commits go on meanwhile. Raises KeptForRecord before anything is written, and
        other JournalProblem subclasses; the file is whole or is not there.
        """
        file = self._database.file
        with _in_words():
            await asyncio.to_thread(refuse_place, file.path.parent, path)
        copy = file.export_path
        async with self._copying:
            await self._copy(copy, partial(_export, copy, path, at, with_contacts))

    async def _copy(self, path: Path, finish: Callable[[], None]) -> None:
        """Copy in small steps in the journal's thread; flush and check in another."""

        def copy(connection: Connection, between: Callable[[], None]) -> None:
            copy_pages(connection, partial_of(path), between=between)

        await self._database.read_long(copy)
        with _in_words():
            await asyncio.to_thread(finish)

    async def close(self) -> None:
        """Finish what was begun and let go of the file; a later call raises JournalProblem."""
        await self._database.close()


@dataclass(slots=True)
class _Commit:
    """Rows in the order the tables accept: what is referred to first, what frees a place before what takes it."""

    links: list[Row] = field(default_factory=list)
    operations: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    changed: list[Operation] = field(default_factory=list)

    @property
    def way(self) -> Way:
        """What this commit is to the outside: the announcement of a call, what came of one, or neither."""
        if any(one.stage in _BEFORE_THE_CALL for one in self.changed):
            return Way.WRITE_INTENT
        return Way.WRITE_RESULT if self.changed else Way.WRITE

    def write(self, connection: Connection) -> None:
        """Write all rows; the caller holds the transaction."""
        rebuilding.refuse_while_blocked(connection, self.changed)
        for row in self.links:
            links.put_link(connection, row)
        for row in self.operations:
            operations.put_operation(connection, row)
        for row in self.events:
            events.add_event(connection, row)
        # Last: it erases from what this very commit has written.
        for invoice_number in self.withdrawn:
            links.withdraw_link(connection, invoice_number)


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
    commit.changed = sorted(last.values(), key=lambda operation: operation.is_open)
    commit.operations = [operations.operation_row(one) for one in commit.changed]
    return commit


@contextmanager
def _in_words() -> Iterator[None]:
    """Put what goes wrong outside the journal's thread into the journal's words."""
    try:
        yield
    except (OSError, Error) as error:
        raise problem_of(error) from error


def _export(copy: Path, path: Path, at: datetime, with_contacts: bool) -> None:
    try:
        write_export(partial_of(copy), path, at, with_contacts=with_contacts)
    finally:
        partial_of(copy).unlink(missing_ok=True)
