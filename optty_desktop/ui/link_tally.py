"""What the table adds up to: how many links in each view, what was paid and what went back, currency by currency.

Every change costs the same however long the table is: the old link is taken off, the new one put on.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from optty_desktop.core.links import Note, PaymentLink
from optty_desktop.core.money import Money
from optty_desktop.ui.link_filter import GROUPS, LinkFilter


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of one currency. `paid` is what came in, refunded or not; `refunded` what has gone back for sure."""

    paid: Money
    refunded: Money


class LinkTally:
    """Counts and sums of the links put on it."""

    def __init__(self) -> None:
        self._counts = dict.fromkeys(LinkFilter, 0)
        self._paid: dict[str, int] = {}
        self._refunded: dict[str, int] = {}
        self._unconfirmed_refunds = 0
        self._set_by_hand = 0
        self._reported = 0

    def counts(self) -> dict[LinkFilter, int]:
        """How many links are in each view."""
        return dict(self._counts)

    def totals(self) -> dict[str, Totals]:
        """The sums by currency code, those in which money came in or went back, in the order they came up."""
        return {
            code: Totals(Money(paid, code), Money(self._refunded[code], code))
            for code, paid in self._paid.items()
            if paid or self._refunded[code]
        }

    @property
    def unconfirmed_refunds(self) -> int:
        """How many refunds have no answer yet."""
        return self._unconfirmed_refunds

    @property
    def set_by_hand(self) -> int:
        """How many links have the status that a person gave them; none of their money is in the sums."""
        return self._set_by_hand

    @property
    def reported(self) -> int:
        """How many links are paid by what the relay reports alone; none of their money is in the sums."""
        return self._reported

    def put(self, link: PaymentLink) -> None:
        """Add a link."""
        self._add(link, 1)

    def exchange(self, before: PaymentLink, after: PaymentLink) -> None:
        """Replace a link that has changed."""
        self._add(before, -1)
        self._add(after, 1)

    def _add(self, link: PaymentLink, sign: int) -> None:
        self._counts[LinkFilter.ALL] += sign
        group = GROUPS[link.state]
        if group is not LinkFilter.ALL:
            self._counts[group] += sign
        if link.note is Note.REFUND_NOT_CONFIRMED:
            self._unconfirmed_refunds += sign
        if link.is_set_by_hand:
            self._set_by_hand += sign
        if link.is_reported_paid:
            self._reported += sign
        if link.paid is not None:
            code = link.paid.currency
            self._paid[code] = self._paid.get(code, 0) + sign * link.paid.minor
            self._refunded[code] = self._refunded.get(code, 0) + sign * link.refunded_minor


def tally_of(links: Iterable[PaymentLink]) -> LinkTally:
    """The tally of these links."""
    tally = LinkTally()
    for link in links:
        tally.put(link)
    return tally
