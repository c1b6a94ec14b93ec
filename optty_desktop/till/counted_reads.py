"""Reads of this till, however they come about: each counts under the ceiling, and its end tells of the line."""

from collections.abc import Awaitable
from typing import TypeVar

from optty_desktop.core.errors import AppError, ScopeRefused, TooManyRequests
from optty_desktop.core.links import PaymentLink
from optty_desktop.till.due_links import DueLinks
from optty_desktop.till.line import line_after
from optty_desktop.till.line_watch import LineWatch
from optty_desktop.till.read_ceiling import ReadCeiling
from optty_desktop.till.read_link import read_link
from optty_desktop.till.reported_payments import ReportedPayments
from optty_desktop.till.session import Session

T = TypeVar("T")


class CountedReads:
    """Whoever wants something read asks here. Nothing waits for the ceiling here: that is for those who ask.

    ``reported`` hears of which links reads are answered, and of which they are refused.
    """

    def __init__(
        self,
        session: Session,
        links: DueLinks,
        line: LineWatch,
        ceiling: ReadCeiling,
        reported: ReportedPayments,
    ) -> None:
        self._session, self._links, self._line, self._ceiling = session, links, line, ceiling
        self._reported = reported

    async def check(self, invoice_number: str) -> PaymentLink:
        """Read one link now. Raises what the gateway raises; a link without an order comes back unread."""
        self._links.note_read(invoice_number)
        self._ceiling.note()
        try:
            link = await read_link(self._session, invoice_number)
        except AppError as error:
            if isinstance(error, TooManyRequests):
                self._ceiling.halve()
            self._line.trouble(error)
            if isinstance(error, ScopeRefused):
                await self._reported.refused(invoice_number)
            raise
        if link.order_reference is not None:
            self._line.contact()
            self._reported.answered(invoice_number)
        return link

    async def ask(self, invoice_number: str, reading: Awaitable[T]) -> T:
        """Read an order that only a hint says is this link's. When that fails the line is proven by other means."""
        self._links.note_asked(invoice_number)
        self._ceiling.note()
        try:
            answer = await reading
        except AppError as error:
            if isinstance(error, TooManyRequests):
                self._ceiling.halve()
            # Anybody may have chosen the order, so its failure says nothing of the line, nor of what may be read.
            elif line_after(error) is not None and self._ceiling.wait() == self._rest(but=invoice_number) == 0:
                await self.knock(but=invoice_number)
            if isinstance(error, ScopeRefused):
                await self._reported.refused(invoice_number)
            raise
        self._line.contact()
        self._reported.answered(invoice_number)
        return answer

    def wait_to_knock(self) -> float:
        """Seconds until the ceiling and the link that would be read allow a knock; 0 when they do now."""
        return max(self._ceiling.wait_for_share(), self._rest()) if self._links.has_links else 0.0

    def _rest(self, but: str | None = None) -> float:
        link = self._links.most_due(but)
        return 0.0 if link is None else max(0.0, self._links.rested_at(link) - self._session.clock.monotonic())

    async def knock(self, but: str | None = None) -> AppError | None:
        """One call that proves the line: the read that is most due, ``but`` not of that link, else a token.

        Returns what failed; what that says of the line is told already.
        """
        link = self._links.most_due(but)
        try:
            if link is not None:
                await self.check(link.invoice_number)
                return None
            await self._session.gateway.sign_in()
        except AppError as error:
            if link is None:
                self._line.trouble(error)
            return error
        self._line.contact()
        return None
