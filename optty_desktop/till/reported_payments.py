"""Payments that the relay reports of links that this account may not read: shown as reported, and never as confirmed.

Only where an administrator wants that, only for a link whose own read was refused since while the account may read
none, and only until a read says what is so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from optty_desktop.core.errors import JournalProblem
from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import Evidence, LinkState, Note, PaymentLink, Source
from optty_desktop.core.operations import Operation, open_among
from optty_desktop.core.ports import Record
from optty_desktop.till.line import LineState
from optty_desktop.till.line_watch import LineWatch
from optty_desktop.till.session import Session


@dataclass(frozen=True, slots=True)
class Report:
    """That a link was paid, as the relay said, and the order that its notice names."""

    invoice_number: str
    order_reference: str | None


class ReportedPayments:
    """Keeps what was reported until it is shown, a read has told more or the link is closed.

    A report is tried by a read of its link, which is refused. One that was tried in vain is "put off": it waits until
    the line has been tried again and the service still refuses reads.
    """

    def __init__(self, session: Session, line: LineWatch) -> None:
        self._session, self._line = session, line
        self._reports: dict[str, Report] = {}
        self._put_off: set[str] = set()

    def add(self, invoice_number: str, order_reference: str | None) -> None:
        """Keep a report, where reports are wanted."""
        if self._session.environment.show_reported_payments:
            self._reports[invoice_number] = Report(invoice_number, order_reference)
            self._put_off.discard(invoice_number)

    def untried(self) -> list[Report]:
        """The reports whose links may be read for their sake now, in the order in which they came."""
        if not self._may_read_none:
            return []
        for number in [number for number in self._reports if self._is_over(number)]:
            self._drop(number)
        return [
            report for number, report in self._reports.items() if number not in self._put_off and self._waits(report)
        ]

    def put_off(self, report: Report) -> None:
        """It was tried, and may have come to nothing."""
        if self._reports.get(report.invoice_number) is report:
            self._put_off.add(report.invoice_number)

    def put_off_all(self) -> None:
        """What kept one from being shown keeps them all."""
        self._put_off.update(self._reports)

    def try_again(self) -> None:
        """The line was tried, and the service still refuses reads: each may be tried once more."""
        self._put_off.clear()

    def answered(self, invoice_number: str) -> None:
        """A read of this link was answered: that says more than what was reported."""
        self._drop(invoice_number)

    async def refused(self, invoice_number: str) -> None:
        """This link may not be read. Where it was reported and the account may read none, it is shown so.

        Not while a call of this till is not settled, and not when it cannot be recorded: then it is kept.
        """
        if invoice_number not in self._reports or not self._may_read_none:
            return
        try:
            link = await self._session.change(invoice_number, self._said)
        except JournalProblem:
            self.put_off_all()
            return
        if link.is_reported_paid:
            self._drop(invoice_number)

    @property
    def _may_read_none(self) -> bool:
        return self._line.line.state is LineState.UNREADABLE and self._session.reads_are_refused

    def _said(self, link: PaymentLink, operations: Sequence[Operation]) -> tuple[Record, ...]:
        if not _is_untold(link) or open_among(operations) is not None:
            return ()
        now = self._session.clock.now()
        reported = replace(
            link, state=LinkState.PAID, note=Note.REPORTED, evidence=Evidence(Source.RELAY, now), changed_at=now
        )
        return reported, LinkEvent(link.invoice_number, now, EventKind.PAYMENT_REPORTED)

    def _waits(self, report: Report) -> bool:
        """Whether a read could bring the report on: there is an order to read, and nothing else is in doubt."""
        link = self._session.book.find(report.invoice_number)
        return link is not None and _is_untold(link) and (link.order_reference or report.order_reference) is not None

    def _is_over(self, number: str) -> bool:
        """Whether the link is closed. While it needs checking, it may still be found open."""
        link = self._session.book.find(number)
        return link is None or link.paid is not None or not (link.is_open or link.state is LinkState.UNKNOWN)

    def _drop(self, number: str) -> None:
        self._reports.pop(number, None)
        self._put_off.discard(number)


def _is_untold(link: PaymentLink) -> bool:
    """Whether no more is known of the link than that it is open."""
    return link.is_open and link.paid is None and link.note in (None, Note.REPORTED)
