"""Payments that the relay reports of links that this account may not read: shown as reported, and never as confirmed.

Only where an administrator wants that, only for a link whose own read was refused since, and only until a read says
what is so.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from optty_desktop.core.errors import JournalProblem
from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import Evidence, LinkState, Note, PaymentLink, Source
from optty_desktop.core.operations import Operation, open_among
from optty_desktop.core.ports import Record
from optty_desktop.till.session import Session


@dataclass(frozen=True, slots=True)
class Report:
    """That a link was paid, as the relay said at ``at`` (UTC), and the order that its notice names."""

    invoice_number: str
    order_reference: str | None
    at: datetime


class ReportedPayments:
    """Keeps what was reported until its link was read, or could not be."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._reports: dict[str, Report] = {}

    def add(self, invoice_number: str, order_reference: str | None) -> None:
        """Keep a report, where reports are wanted."""
        if self._session.environment.show_reported_payments:
            report = Report(invoice_number, order_reference, self._session.clock.now())
            self._reports[invoice_number] = report

    def first(self) -> Report | None:
        """The report that waits longest for the read of its link; those that have come to nothing are dropped."""
        while (report := next(iter(self._reports.values()), None)) is not None:
            link = self._session.book.find(report.invoice_number)
            if link is not None and _is_untold(link, report):
                return report
            self.drop(report)
        return None

    def drop(self, report: Report) -> None:
        """Forget it: its link was read, or nobody can."""
        if self._reports.get(report.invoice_number) is report:
            del self._reports[report.invoice_number]

    async def refused(self, invoice_number: str) -> None:
        """The account may not read this link. Where it was reported, it is shown so; when that cannot be recorded now,
        with the next refusal.
        """
        report = self._reports.get(invoice_number)
        if report is None:
            return
        with suppress(JournalProblem):
            await self._session.change(invoice_number, lambda link, operations: self._said(report, link, operations))
            self.drop(report)

    def _said(self, report: Report, link: PaymentLink, operations: Sequence[Operation]) -> tuple[Record, ...]:
        """Nothing where a call of this till is not settled."""
        if not _is_untold(link, report) or open_among(operations) is not None:
            return ()
        now = self._session.clock.now()
        reported = replace(
            link, state=LinkState.PAID, note=Note.REPORTED, evidence=Evidence(Source.RELAY, now), changed_at=now
        )
        return reported, LinkEvent(link.invoice_number, now, EventKind.PAYMENT_REPORTED)


def _is_untold(link: PaymentLink, report: Report) -> bool:
    """Whether no more is known of the link than that it is open, and it was not read since."""
    was_read_since = link.evidence.source is Source.ORDER_READ and link.evidence.checked_at > report.at
    is_open = link.is_open and link.paid is None and link.note in (None, Note.REPORTED)
    return is_open and not was_read_since
