"""The notifications of the pretend Optty: one POST for each change, again while nobody takes it, to this computer only.

Events, ``initiator`` and ``metadata.invoiceNumber`` are documented (docs.optty.com, Notifications and Sessions); the
other keys are those of ``GET /orders``, and that a repeat comes after seconds is an inference. Nothing is signed.
"""

import contextlib
import http.client
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from urllib.parse import urlsplit

from optty_desktop.core.money import Money
from optty_desktop.training.exchange import encoded
from optty_desktop.training.records import Change, Link, Order, OrderStatus, Refund
from optty_desktop.training.switches import Switches

REPEATED_AFTER: Final = (0.2, 1.0, 5.0, 30.0)
"""Seconds between the tries of one notification; after the last it is given up."""

_LOOK_SECONDS: Final = 0.5
_ANSWER_SECONDS: Final = 5.0
_RUNNING: Final = frozenset({OrderStatus.INITIATED, OrderStatus.PENDING})
_Json = dict[str, object]


@dataclass(slots=True)
class _Post:
    body: bytes
    tries: int = 0


class Webhooks:
    """Sends from a thread of its own, which begins with the first notification while ``Switches.webhook_url`` is set.

    ``look`` lets everything happen that is due: nobody may be asking.
    """

    def __init__(self, switches: Switches, look: Callable[[], object]) -> None:
        self._switches, self._look = switches, look
        self._posts: queue.SimpleQueue[_Post] = queue.SimpleQueue()
        self._is_closed = threading.Event()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def changed(self, before: Link | None, after: Link) -> None:
        """Tell what has happened to a link, if anybody is to be told."""
        if not self._switches.webhook_url or self._is_closed.is_set():
            return
        for body in notices(before, after):
            self._posts.put(_Post(encoded(body).encode()))
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Send nothing more."""
        self._is_closed.set()

    def _run(self) -> None:
        while not self._is_closed.is_set():
            try:
                post = self._posts.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                self._look()
                continue
            self._send(post)

    def _send(self, post: _Post) -> None:
        if self._is_taken(post.body) or post.tries >= len(REPEATED_AFTER):
            return
        # Later ones need not wait for it, as with the real service.
        again = threading.Timer(REPEATED_AFTER[post.tries], self._posts.put, [_Post(post.body, post.tries + 1)])
        again.daemon = True
        again.start()

    def _is_taken(self, body: bytes) -> bool:
        url = urlsplit(self._switches.webhook_url)
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
            line = http.client.HTTPConnection(url.hostname or "", url.port, timeout=_ANSWER_SECONDS)
            with contextlib.closing(line):
                target = f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"
                line.request("POST", target, body, {"content-type": "application/json"})
                return 200 <= line.getresponse().status < 300
        return False


def notices(before: Link | None, after: Link) -> Iterator[_Json]:
    """Yield what is said about the way from one state of a link to another, oldest first."""
    known = {order.reference: len(order.history) for order in before.orders} if before else {}
    for order in after.orders:
        for change in order.history[known.get(order.reference, 0) :]:
            yield _of_order(after, order, change)
    if after.closed_at and not (before and before.closed_at):
        yield _notice("ORDER_STATUS_UPDATE", after, {"status": OrderStatus.CANCELLED, "cancelledBy": "merchant"})
    settled = {refund.refund_id: refund.status for refund in before.refunds} if before else {}
    for refund in after.refunds:
        if settled.get(refund.refund_id) is not refund.status:
            yield _of_refund(after, refund)


def _of_order(link: Link, order: Order, change: Change) -> _Json:
    event = "ORDER_STATUS_UPDATE" if change.status in _RUNNING else "ORDER_ASYNC_CALLBACK"
    facts: _Json = {
        "status": change.status,
        "merchantReference": order.reference,
        "transactionReference": order.transaction_reference,
        "amount": _number(order.amount),
        "currency": order.amount.currency,
        "updatedAt": change.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    return _notice(event, link, facts)


def _of_refund(link: Link, refund: Refund) -> _Json:
    paid = link.paid_order
    facts: _Json = {
        "status": refund.status,
        "refundReference": refund.reference,
        "refundedAmount": _number(refund.amount),
        "merchantReference": paid.reference if paid else link.order_reference,
    }
    return _notice("REFUND_CALLBACK", link, facts)


def _notice(event: str, link: Link, facts: _Json) -> _Json:
    metadata = {"invoiceNumber": link.invoice_number}
    return {"event": event, "data": {**facts, "initiator": "payment-link", "metadata": metadata}}


def _number(money: Money) -> Decimal:
    return Decimal(money.to_decimal_text())
