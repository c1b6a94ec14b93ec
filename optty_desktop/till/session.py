"""A session: one till, signed in to one environment, with its record and its links on the table."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import AnswerNotStored, JournalProblem, NotFound, ScopeRefused
from optty_desktop.core.events import LinkEvent
from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.operations import Operation, Stage, open_among
from optty_desktop.core.ports import Clock, Journal, OrderReading, PaymentGateway, Record

Rule = Callable[[PaymentLink, Sequence[Operation]], Sequence[Record]]
"""What a link and its operations, oldest first, become; no records leave them as they are."""


@dataclass(frozen=True, slots=True)
class TillIdentity:
    """Who and where: ``prefix`` starts every invoice number of this till, ``operator`` signs each entry."""

    shop: str
    till: str
    prefix: str
    operator: str


class Session:
    """Everything the verbs need between sign-in and sign-out.

    ``record`` is the only way a change reaches the table: first the disk, then the book.
    """

    def __init__(
        self,
        gateway: PaymentGateway,
        journal: Journal,
        identity: TillIdentity,
        clock: Clock,
        random_bytes: Callable[[int], bytes],
        book: LinkBook | None = None,
    ) -> None:
        self.gateway = gateway
        self.journal = journal
        self.identity = identity
        self.clock = clock
        self.random_bytes = random_bytes
        self.book = LinkBook() if book is None else book
        self.started_at: datetime = clock.now()
        self._changing = asyncio.Lock()
        self._owed: list[Record] = []
        self._started = clock.monotonic()
        self._sent_at: dict[str, float] = {}
        self.reads_are_refused = False
        """Whether the account may not read orders, as the service said when a link was read last."""
        self.unshown_orders: set[str] = set()
        """Orders that hints have named and the service would not show when they were looked at last."""

    @property
    def environment(self) -> Environment:
        """Where this session works."""
        return self.gateway.environment

    async def record(self, *records: Record) -> None:
        """Commit all records durably, then show the links among them."""
        # What is owed goes first; if it cannot be written even now, it must not keep everything else from the disk.
        with suppress(JournalProblem):
            await self.write_owed()
        await self.journal.commit(*records)
        written = {_name(record) for record in records}
        self._owed = [record for record in self._owed if _name(record) is None or _name(record) not in written]
        self._show(records)

    async def keep(self, *records: Record) -> None:
        """``record`` for what has happened already.

        Raises AnswerNotStored when it cannot be written now: then it is shown all the same, and goes to disk as soon
        as the disk takes it.
        """
        try:
            await self.record(*records)
        except JournalProblem as problem:
            self._owed.extend(records)
            self._show(records)
            raise AnswerNotStored(str(problem)) from problem

    async def read_order(self, order_reference: str) -> OrderReading | None:
        """The order of a link; None while the customer has not begun. Raises what the gateway raises."""
        try:
            reading = await self.gateway.read_order(order_reference)
        except ScopeRefused:
            self.reads_are_refused = True
            raise
        except NotFound:
            reading = None
        self.reads_are_refused = False
        return reading

    async def write_owed(self) -> None:
        """Write what could not be written when it happened. Raises JournalProblem; then it is still owed."""
        owed, self._owed = self._owed, []
        if not owed:
            return
        try:
            await self.journal.commit(*owed)
        except BaseException:
            self._owed = owed + self._owed
            raise

    async def change(self, invoice_number: str, rule: Rule) -> PaymentLink:
        """Record what ``rule`` makes of the link as it is now, and return the link after it.

        One change at a time: two answers that cross must not each be computed from a past the other has ended. A change
        of nothing but the age of the knowledge is shown without a write.
        """
        async with self._changing:
            before = await self.find(invoice_number)
            records = rule(before, await self.journal.operations(invoice_number))
            if len(records) == 1 and isinstance(records[0], PaymentLink) and _is_same(before, records[0]):
                self.book.put(records[0])
            elif records:
                await self.record(*records)
            return await self.find(invoice_number)

    async def keep_answer(self, invoice_number: str, rule: Callable[[PaymentLink], Sequence[Record]]) -> None:
        """``keep`` what ``rule`` makes of the link as it is when its answer is here. Raises AnswerNotStored."""
        async with self._changing:
            await self.keep(*rule(await self.find(invoice_number)))

    async def find(self, invoice_number: str) -> PaymentLink:
        """The link, from the book or else from the record. Raises KeyError when this till never had it."""
        link = self.book.find(invoice_number) or await self.journal.link(invoice_number)
        if link is None:
            raise KeyError(invoice_number)
        return link

    async def open_operation(self, invoice_number: str) -> Operation | None:
        """The operation of this link whose end is not known, if there is one."""
        return open_among(await self.journal.operations(invoice_number))

    def unanswered_for(self, operation: Operation) -> float:
        """Seconds that this session has known the operation without an answer: since it was sent last, or the start.

        Counted by the clock that nobody can set, and anew after each start: giving a call up too early is what could
        make somebody pay back twice.
        """
        return self.clock.monotonic() - self._sent_at.get(operation.operation_id, self._started)

    def unanswered_before(self, operation: Operation) -> float:
        """Seconds from an operation of an earlier session to the start of this one; 0 for one of this session.

        Only the wall clock spans a start. It counts as it stood then: setting it during a session shortens no wait.
        """
        if operation.operation_id in self._sent_at:
            return 0.0
        return max(0.0, (self.started_at - operation.changed_at).total_seconds())

    async def timeline(self, invoice_number: str) -> list[LinkEvent]:
        """The link's entries, newest first."""
        return list(reversed(await self.journal.timeline(invoice_number)))

    def new_id(self) -> str:
        """A random name for an operation or a refund, 128 bits in hex."""
        return self.random_bytes(16).hex()

    async def back_up(self) -> bool:
        """Keep today's copy of the record. False when it could not be made; work goes on without."""
        try:
            await self.journal.back_up_day(self.clock.now().astimezone().date())
        except JournalProblem:
            return False
        return True

    async def close(self) -> None:
        """End the session: the record is complete on disk when this returns."""
        await self.gateway.close()
        with suppress(JournalProblem):
            await self.write_owed()
        await self.journal.close()

    def _show(self, records: Sequence[Record]) -> None:
        for record in records:
            if isinstance(record, PaymentLink):
                self.book.put(record)
            elif isinstance(record, Operation) and record.stage in (Stage.SENDING, Stage.UNKNOWN):
                # Each sending, a repeated create too, and the moment it went without an answer: the last one counts.
                self._sent_at[record.operation_id] = self.clock.monotonic()


def _name(record: Record) -> tuple[str, str] | None:
    """What a newer record of the same name replaces; None for what is only added."""
    if isinstance(record, PaymentLink):
        return "link", record.invoice_number
    return ("operation", record.operation_id) if isinstance(record, Operation) else None


def _is_same(before: PaymentLink, after: PaymentLink) -> bool:
    return replace(after, evidence=before.evidence) == before
