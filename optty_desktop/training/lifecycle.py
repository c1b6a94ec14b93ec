"""The rules of a link's life: at most one success, one attempt at a time, refunds only of money that arrived.

Every function takes a link and returns the next one, or raises Refused. Source: docs.optty.com, Optty Direct Sessions.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from optty_desktop.core.money import Money
from optty_desktop.training.records import Change, Link, Move, Order, OrderStatus, Refund, RefundStatus, Step


class Refused(Exception):
    """The rules forbid this move; the text says why, in the words the caller is shown."""


def start(link: Link, at: datetime, transaction_reference: str, amount: Money | None = None) -> Link:
    """The customer has chosen how to pay: a new order, ``amount`` instead of the price where a tip was added."""
    _refuse_unless_payable(link)
    order = Order(
        reference=f"{link.order_reference}-{len(link.orders) + 1}",
        amount=amount or link.price,
        transaction_reference=transaction_reference,
        history=(Change(OrderStatus.INITIATED, at),),
    )
    return replace(link, orders=(*link.orders, order))


def wait(link: Link, at: datetime) -> Link:
    """The payment method has taken the attempt on and has not decided yet."""
    return _move_running(link, OrderStatus.PENDING, at)


def pay(link: Link, at: datetime) -> Link:
    """The running attempt succeeds."""
    return _move_running(link, OrderStatus.SUCCESSFUL, at)


def decline(link: Link, at: datetime) -> Link:
    """The running attempt is declined; the customer may try again."""
    return _move_running(link, OrderStatus.DECLINED, at, failure_reason="The card was declined")


def fail(link: Link, at: datetime) -> Link:
    """The running attempt breaks down at the payment method; the customer may try again."""
    return _move_running(link, OrderStatus.ERROR, at, failure_reason="The payment method did not answer")


def abandon(link: Link, at: datetime) -> Link:
    """The customer cancels the running attempt; the link stays open."""
    return _move_running(link, OrderStatus.CANCELLED, at, cancelled_by="user")


def close(link: Link, at: datetime, *, is_guarded: bool) -> Link:
    """The merchant cancels an unpaid link. Unless guarded, a second cancel is accepted and changes nothing."""
    if link.running_order:
        raise Refused("A payment is in progress for this link")
    if not link.is_closed:
        return replace(link, closed_at=at, plan=())
    if is_guarded:
        raise Refused("Link is already cancelled")
    return link


def refundable(link: Link, *, is_guarded: bool) -> Money:
    """What a full refund sends back: what is left or, with the guard off and nothing left, the payment once more."""
    if link.balance.minor > 0:
        return link.balance
    if is_guarded:
        raise Refused("Payment is already refunded")
    return link.paid


def refund(link: Link, refund: Refund) -> Link:
    """Put a refund of a paid link on its way; how much is allowed is the caller's question."""
    return replace(link, refunds=(*link.refunds, refund))


def planned(link: Link, steps: tuple[Step, ...]) -> Link:
    """Give the link a new plan; the old one is dropped."""
    return replace(link, plan=steps)


def advanced(link: Link, now: datetime, new_reference: Callable[[], str], *, refunds_succeed: bool) -> Link:
    """Everything that was due by ``now`` has happened, each at its own time."""
    while link.plan and link.plan[0].at <= now:
        step, link = link.plan[0], replace(link, plan=link.plan[1:])
        link = _taken(link, step, new_reference)
    final = RefundStatus.SUCCESSFUL if refunds_succeed else RefundStatus.DECLINED
    due = [refund for refund in link.refunds if refund.status is RefundStatus.PENDING and refund.settles_at <= now]
    if not due:
        return link
    return replace(link, refunds=tuple(replace(r, status=final) if r in due else r for r in link.refunds))


def _taken(link: Link, step: Step, new_reference: Callable[[], str]) -> Link:
    match step.move:
        case Move.START:
            return wait(start(link, step.at, new_reference()), step.at)
        case Move.PAY:
            return pay(link, step.at)
        case Move.DECLINE:
            return decline(link, step.at)


def _refuse_unless_payable(link: Link) -> None:
    if link.paid_order:
        raise Refused("This link is already paid")
    if link.is_closed:
        raise Refused("This link was cancelled")
    if link.running_order:
        raise Refused("A payment is already in progress")


def _move_running(
    link: Link,
    status: OrderStatus,
    at: datetime,
    *,
    cancelled_by: str | None = None,
    failure_reason: str | None = None,
) -> Link:
    order = link.running_order
    if order is None:
        raise Refused("No payment is in progress")
    moved = replace(
        order,
        history=(*order.history, Change(status, at)),
        cancelled_by=cancelled_by,
        failure_reason=failure_reason,
    )
    return replace(link, orders=(*link.orders[:-1], moved))
