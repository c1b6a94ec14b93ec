"""What the pretend service knows: links, their orders and their refunds. Values never change in place."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from optty_desktop.core.money import Money


class OrderStatus(StrEnum):
    """States of one order (source: docs.optty.com, Transaction Details and Handle Payment Response)."""

    INITIATED = "INITIATED"
    PENDING = "PENDING"
    SUCCESSFUL = "SUCCESSFUL"
    DECLINED = "DECLINED"
    CANCELLED = "CANCELLED"
    ERROR = "ERROR"


class RefundStatus(StrEnum):
    """States of one refund; the docs show SUCCESSFUL, the others follow their words on unfinished refunds."""

    PENDING = "PENDING"
    SUCCESSFUL = "SUCCESSFUL"
    DECLINED = "DECLINED"


class LinkStatus(StrEnum):
    """Words for the link itself. Only PAID is published; the others are this service's own."""

    CREATED = "CREATED"
    PENDING = "PENDING"
    PAID = "PAID"
    CANCELLED = "CANCELLED"
    REFUND_PENDING = "REFUND_PENDING"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"


class Move(StrEnum):
    """What happens to a payment attempt by itself once its time has come."""

    START = "start"
    PAY = "pay"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class Step:
    """A planned move and the time (UTC) it is due."""

    at: datetime
    move: Move


@dataclass(frozen=True, slots=True)
class Change:
    """One line of an order's history; ``at`` is UTC."""

    status: OrderStatus
    at: datetime


@dataclass(frozen=True, slots=True)
class Order:
    """One payment attempt. ``amount`` is what the customer is charged; ``history`` ends with the state."""

    reference: str
    amount: Money
    transaction_reference: str
    history: tuple[Change, ...]
    cancelled_by: str | None = None
    failure_reason: str | None = None

    @property
    def status(self) -> OrderStatus:
        """The state the order is in."""
        return self.history[-1].status

    @property
    def is_running(self) -> bool:
        """Whether the customer is in the middle of this attempt."""
        return self.status in (OrderStatus.INITIATED, OrderStatus.PENDING)

    @property
    def is_paid(self) -> bool:
        """Whether money has arrived with this order."""
        return self.status is OrderStatus.SUCCESSFUL


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back. ``settles_at`` (UTC) is when a pending refund becomes final."""

    refund_id: str
    reference: str
    amount: Money
    reason: str
    created_at: datetime
    settles_at: datetime
    status: RefundStatus = RefundStatus.PENDING


@dataclass(frozen=True, slots=True)
class Link:
    """A payment link with everything that ever happened to it. Amounts in ``price``'s currency, times in UTC.

    ``code`` is the secret part of its address. ``order_reference`` is the name by which its newest order is read.
    ``emailed_to`` is the address Optty would have mailed the link to; nothing is ever sent from here.
    """

    invoice_number: str
    code: str
    order_reference: str
    price: Money
    description: str
    created_at: datetime
    due_at: datetime
    emailed_to: str | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    orders: tuple[Order, ...] = ()
    refunds: tuple[Refund, ...] = ()
    plan: tuple[Step, ...] = field(default=())

    @property
    def newest_order(self) -> Order | None:
        """The attempt that decides, or None while the customer has not begun."""
        return self.orders[-1] if self.orders else None

    @property
    def running_order(self) -> Order | None:
        """The one attempt in progress, if any."""
        newest = self.newest_order
        return newest if newest and newest.is_running else None

    @property
    def paid_order(self) -> Order | None:
        """The one successful attempt, if any."""
        return next((order for order in self.orders if order.is_paid), None)

    @property
    def is_closed(self) -> bool:
        """Whether the merchant has cancelled the link."""
        return self.closed_at is not None

    @property
    def paid(self) -> Money:
        """What has arrived."""
        return self.paid_order.amount if self.paid_order else Money.zero(self.price.currency)

    @property
    def refunded(self) -> Money:
        """What has gone back for sure."""
        return self._refunds_in(RefundStatus.SUCCESSFUL)

    @property
    def refund_pending(self) -> Money:
        """What is on its way back."""
        return self._refunds_in(RefundStatus.PENDING)

    @property
    def balance(self) -> Money:
        """Paid minus everything sent back or on its way; below zero is proof of a double refund."""
        return self.paid - self.refunded - self.refund_pending

    @property
    def status(self) -> LinkStatus:
        """The link's own word, derived from its orders and refunds."""
        if self.paid_order:
            return self._paid_status()
        if self.is_closed:
            return LinkStatus.CANCELLED
        return LinkStatus.PENDING if self.running_order else LinkStatus.CREATED

    def _paid_status(self) -> LinkStatus:
        if self.refund_pending.minor:
            return LinkStatus.REFUND_PENDING
        if not self.refunded.minor:
            return LinkStatus.PAID
        is_all = self.refunded.minor >= self.paid.minor
        return LinkStatus.REFUNDED if is_all else LinkStatus.PARTIALLY_REFUNDED

    def _refunds_in(self, status: RefundStatus) -> Money:
        minor = sum(refund.amount.minor for refund in self.refunds if refund.status is status)
        return Money(minor, self.price.currency)
