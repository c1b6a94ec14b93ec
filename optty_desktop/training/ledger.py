"""The truth of the pretend service: every link, every request it received. The oracle of money tests."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from optty_desktop.core.money import Money
from optty_desktop.training import lifecycle
from optty_desktop.training.archive import Archive
from optty_desktop.training.lifecycle import Refused
from optty_desktop.training.records import Link, Order, Refund
from optty_desktop.training.switches import Switches

Clock = Callable[[], datetime]
_KEPT_REQUESTS = 5000


class UnknownLink(LookupError):
    """No link, order or address of that name."""


@dataclass(slots=True)
class Received:
    """One request as it arrived, secrets masked. ``outcome`` follows: the status answered, or the fault."""

    at: datetime
    method: str
    path: str
    body: str
    outcome: str = ""


class Ledger:
    """All links by invoice number, safe in any thread. Reading lets everything happen that was due."""

    def __init__(
        self,
        *,
        clock: Clock,
        new_reference: Callable[[], str],
        switches: Switches,
        archive: Archive | None = None,
    ) -> None:
        self._clock = clock
        self._new_reference = new_reference
        self._switches = switches
        self._archive = archive
        self._lock = threading.RLock()
        self.on_change: Callable[[Link | None, Link], None] = lambda before, after: None
        """Is told of every change, with the link before it, while the ledger stands still."""
        self._links = {link.invoice_number: link for link in archive.links()} if archive else {}
        self._received: deque[Received] = deque(maxlen=_KEPT_REQUESTS)

    def now(self) -> datetime:
        """The time (UTC) this service lives in."""
        return self._clock()

    def links(self) -> list[Link]:
        """All links, oldest first."""
        with self._lock:
            return [self._fresh(link) for link in list(self._links.values())]

    def link(self, invoice_number: str) -> Link:
        """One link. Raises UnknownLink."""
        with self._lock:
            if invoice_number not in self._links:
                raise UnknownLink(invoice_number)
            return self._fresh(self._links[invoice_number])

    def has(self, invoice_number: str) -> bool:
        """Whether the number is taken."""
        with self._lock:
            return invoice_number in self._links

    def link_with_code(self, code: str) -> Link:
        """The link behind a customer's address. Raises UnknownLink."""
        for link in self.links():
            if link.code == code:
                return link
        raise UnknownLink(code)

    def order(self, reference: str) -> tuple[Link, Order]:
        """A link's newest order by the link's order reference, or one attempt by its own. Raises UnknownLink."""
        for link in self.links():
            if link.order_reference == reference and link.newest_order:
                return link, link.newest_order
            for order in link.orders:
                if order.reference == reference:
                    return link, order
        raise UnknownLink(reference)

    def add(self, link: Link) -> None:
        """Store a new link. Raises Refused when the invoice number is taken."""
        with self._lock:
            if link.invoice_number in self._links:
                raise Refused("invoiceNumber already exists")
            self._store(link)

    def change(self, invoice_number: str, move: Callable[[Link, datetime], Link]) -> Link:
        """Apply one move at the present time, all or nothing. Raises UnknownLink, or Refused by the move."""
        with self._lock:
            changed = move(self.link(invoice_number), self._clock())
            self._store(changed)
            return self._fresh(changed)

    def cancel_or_refund(self, invoice_number: str) -> Link:
        """Cancel an unpaid link, refund what is left of a paid one. Raises Refused, UnknownLink."""
        guarded = self._switches.is_double_refund_protected

        def decide(link: Link, now: datetime) -> Link:
            if link.paid_order is None:
                return lifecycle.close(link, now, is_guarded=guarded)
            amount = lifecycle.refundable(link, is_guarded=guarded)
            return lifecycle.refund(link, self._new_refund(self._new_reference(), amount, "Refund of the link", now))

        return self.change(invoice_number, decide)

    def refund_order(self, order_reference: str, refund_reference: str, amount: Money, reason: str) -> Refund:
        """Refund part or all of a paid order under its own unique reference. Raises Refused, UnknownLink."""
        with self._lock:
            link, order = self.order(order_reference)
            if any(refund_reference == refund.reference for one in self._links.values() for refund in one.refunds):
                raise Refused("refundReference already exists")
            if not order.is_paid:
                raise Refused("There is no payment to refund")
            if amount.minor > link.balance.minor:
                raise Refused("refundAmount is over the refund limit")
            refund = self._new_refund(refund_reference, amount, reason, self._clock())
            return self.change(link.invoice_number, lambda link, _: lifecycle.refund(link, refund)).refunds[-1]

    def received(self) -> list[Received]:
        """The latest requests, oldest first; 5,000 are kept."""
        with self._lock:
            return list(self._received)

    def note_received(self, request: Received) -> None:
        """Remember a request."""
        with self._lock:
            self._received.append(request)

    def close(self) -> None:
        """Release the file behind the ledger, if there is one."""
        with self._lock:
            if self._archive:
                self._archive.close()

    def _new_refund(self, reference: str, amount: Money, reason: str, now: datetime) -> Refund:
        settles_at = now + timedelta(seconds=self._switches.refund_seconds)
        return Refund(self._new_reference(), reference, amount, reason, now, settles_at)

    def _fresh(self, link: Link) -> Link:
        advanced = lifecycle.advanced(
            link, self._clock(), self._new_reference, refunds_succeed=self._switches.refunds_succeed
        )
        if advanced is not link:
            self._store(advanced)
        return advanced

    def _store(self, link: Link) -> None:
        if self._archive:
            self._archive.save(link)
        before = self._links.get(link.invoice_number)
        self._links[link.invoice_number] = link
        self.on_change(before, link)
