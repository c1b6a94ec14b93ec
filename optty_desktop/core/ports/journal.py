"""The durable record of one environment, and what can be done for a damaged one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from optty_desktop.core.diagnosis import JournalFacts
from optty_desktop.core.events import LinkEvent
from optty_desktop.core.hints import HintSource, ReadWish
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.operations import Operation


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Takes a link out of the record because nothing of it exists at the service; its timeline stays."""

    invoice_number: str


Record = PaymentLink | Operation | LinkEvent | Withdrawn


class Journal(Protocol):
    """The durable record of one environment. Raises JournalProblem subclasses."""

    async def commit(self, *records: Record) -> None:
        """Write all records in one durable transaction, or none of them.

        A PaymentLink or Operation replaces the one with the same key, a LinkEvent is appended.
        Raises OperationOpen when a second open operation for a link would come to exist.
        """

    async def link(self, invoice_number: str) -> PaymentLink | None: ...

    async def links(
        self, *, since: datetime | None = None, before: tuple[datetime, str] | None = None, limit: int = 500
    ) -> Sequence[PaymentLink]:
        """Newest first. ``since`` is inclusive; ``before`` is (created_at, invoice_number) of the last one seen."""
        ...

    async def unsettled_links(self) -> Sequence[PaymentLink]:
        """All links that are open, unknown or have a refund on its way, newest first."""
        ...

    async def timeline(self, invoice_number: str) -> Sequence[LinkEvent]:
        """Oldest first."""
        ...

    async def operations(self, invoice_number: str) -> Sequence[Operation]:
        """Oldest first."""
        ...

    async def open_operations(self) -> Sequence[Operation]: ...
    async def link_of_order(self, order_reference: str) -> PaymentLink | None:
        """The link that has this order; the newest where several do."""
        ...

    async def take_hints(self, source: HintSource, wishes: Sequence[ReadWish], cursor: str | None = None) -> None:
        """Keep what is to be read and how far ``source`` has come, in one durable transaction; equal wishes are one.

        Without a ``cursor`` its place stays. Of the orders that were named for one link the newest few are kept. A
        cancel does not stop the write, and what is asked for afterwards finds it made.
        """

    async def hint_cursor(self, source: HintSource) -> str | None:
        """How far ``source`` has come, in its own words; None before its first hint."""
        ...

    async def read_wishes(self, invoice_number: str | None = None) -> Sequence[ReadWish]:
        """What hints want read and nobody has read since, of one link or of all, oldest first."""
        ...

    async def grant_wishes(self, *wishes: ReadWish) -> None:
        """Drop what has been read; a wish that was renewed since it was looked up stays."""

    async def health(self) -> None:
        """Look through the whole record. Raises JournalDamaged; after that it can be read and not written."""

    async def back_up_day(self, day: date) -> object:
        """Keep a checked copy for ``day`` beside the record, unless there is one; drop copies older than a week.

        Raises JournalProblem when the copy could not be made; the record itself is untouched.
        """

    async def export(self, path: Path, at: datetime, *, with_contacts: bool = False) -> None:
        """Write the whole record to ``path`` as a readable text, while work goes on; ``at`` stands in it.

        An older file there is replaced. Raises JournalProblem; the file is whole or not there.
        """

    async def block_reason(self) -> str | None:
        """Why this record is not the one that was here before, until somebody confirms it; None for an ordinary one.

        "started_anew 2026-03-21T12:00:00+00:00" (set aside at that time) or "restored 2026-03-20" (the backup's day).
        While there is a reason, a commit that begins a cancel or refund raises RebuildUnconfirmed.
        """
        ...

    async def confirm_rebuilt(self, actor: str) -> None:
        """Note that ``actor`` has compared the record with the service; cancels and refunds are open again."""

    async def facts(self) -> JournalFacts:
        """What support may know about this record: counts and sizes, nothing that anybody wrote."""
        ...

    async def close(self) -> None: ...


class JournalOpener(Protocol):
    """Opens the journal of an environment, taking it for this process alone."""

    async def __call__(self, environment_id: str) -> Journal: ...


class RecordRescuer(Protocol):
    """What can be done about a damaged record that nobody has open. Nothing is thrown away, ever.

    Raises JournalProblem subclasses; what failed can be tried again.
    """

    async def newest_copy(self, environment_id: str) -> date | None:
        """The day of the newest copy that is whole; None where there is none."""
        ...

    async def use_copy(self, environment_id: str, day: date, now: datetime) -> None:
        """Set the record aside and put the copy of ``day`` in its place.

        Raises JournalDamaged when that copy is damaged too; the record is then where it was.
        """

    async def begin_anew(self, environment_id: str, now: datetime) -> None:
        """Set the record aside; the next one begins empty."""
