"""Take hints in: keep which links they want read together with how far their source has come, then have them read.

A hint is a claim that anybody may have made. It never changes a link; it names links and orders to read, and the read
decides (`claimed_order`). Where an administrator wants it, and the account may not read, what the relay vouches for is
shown as reported (`reported_payments`).
"""

import asyncio
from collections.abc import Iterable, Sequence

from optty_desktop.core.hints import Hint, HintSource, ReadWish, Taken
from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.till.follow_status import FollowStatus
from optty_desktop.till.session import Session


class TakeHints:
    """The verb. ``unknown`` counts the hints of this session that were for no link of this till."""

    def __init__(self, session: Session, follow: FollowStatus) -> None:
        self._session, self._follow = session, follow
        self.unknown = 0

    async def cursor(self, source: HintSource) -> str | None:
        """How far ``source`` has come; None before its first hint. Raises JournalProblem."""
        return await self._session.journal.hint_cursor(source)

    async def take(self, hints: Sequence[Hint], *, source: HintSource, cursor: str | None = None) -> Taken:
        """Keep the hints, and ``cursor`` as the place behind them, durably; then have their links read.

        Raises JournalProblem: then nothing was taken, and the source should offer the same again. A cancel while they
        are written stops neither.
        """
        links = [(hint, link) for hint in hints if (link := await self.link_of(hint)) is not None]
        wishes = [wish for hint, link in links for wish in _wishes(hint, link)]
        numbers = dict.fromkeys(link.invoice_number for _, link in links)
        if wishes or cursor is not None:
            try:
                await self._session.journal.take_hints(source, tuple(dict.fromkeys(wishes)), cursor)
            except asyncio.CancelledError:
                # The record ends what was handed in, and nobody offers these again: they are read all the same.
                self._have_read(numbers)
                raise
        self._have_read(numbers)
        unknown = len(hints) - len(links)
        self.unknown += unknown
        wants_reports = self._session.environment.show_reported_payments
        report_on = tuple(hint for hint, link in links if wants_reports and _may_be_paid_yet(link))
        return Taken(len(links), unknown, report_on)

    async def report(self, hint: Hint) -> None:
        """The relay vouches that the notice behind this hint calls its link paid. Raises JournalProblem."""
        link = await self.link_of(hint)
        if link is not None:
            self._follow.report(link.invoice_number, hint.order_reference)

    def missed(self) -> None:
        """Hints may be missing: have every open link read."""
        self._follow.reconcile()

    async def link_of(self, hint: Hint) -> PaymentLink | None:
        """The link of this till that the hint names, itself or by its order. Raises JournalProblem."""
        session = self._session
        if hint.invoice_number is not None:
            link = session.book.find(hint.invoice_number) or await session.journal.link(hint.invoice_number)
            if link is not None:
                return link
        return await session.journal.link_of_order(hint.order_reference) if hint.order_reference else None

    def _have_read(self, numbers: Iterable[str]) -> None:
        for number in numbers:
            self._follow.nudge(number)


def _may_be_paid_yet(link: PaymentLink) -> bool:
    """While a link needs checking, it may still be found open."""
    return link.paid is None and (link.is_open or link.state is LinkState.UNKNOWN)


def _wishes(hint: Hint, link: PaymentLink) -> list[ReadWish]:
    """The link as it is known, and the order that the hint names, where that is another."""
    own = ReadWish(link.invoice_number)
    if hint.order_reference is None or hint.order_reference == link.order_reference:
        return [own]
    return [own, ReadWish(link.invoice_number, hint.order_reference)]
