"""The JSON of every answer of the merchant's routes."""

from datetime import datetime
from decimal import Decimal
from email.utils import format_datetime

from optty_desktop.core.money import Money
from optty_desktop.training.checks import Json
from optty_desktop.training.records import Link, LinkStatus, Order, Refund, RefundStatus

_PROVIDER = "TRAINING"


def created(link: Link, body: Json, address: str, *, names_order: bool) -> dict[str, object]:
    """The echo of the request and the fields of an early version of the page "Creating a Session".

    That those belong to the answer is an inference: the published answer schema has not been seen in full.
    """
    return {
        **body,
        "status": LinkStatus.CREATED,
        "link": address,
        "QRCodeImgUrl": None,
        "orderReferenceId": link.order_reference if names_order else "",
        "providerLogo": None,
        "tipAmount": None,
        "transactionDetails": None,
        "attemptedPaymentTransactionsWithLink": {},
    }


def closed(link: Link) -> dict[str, object]:
    """The answer to cancel-or-refund; its shape is this service's own, the real one is not published."""
    if link.paid_order is None:
        return {"invoiceNumber": link.invoice_number, "status": LinkStatus.CANCELLED}
    is_pending = bool(link.refund_pending.minor)
    status = LinkStatus.REFUND_PENDING if is_pending else LinkStatus.REFUNDED
    return {"invoiceNumber": link.invoice_number, "status": status}


def order(link: Link, order: Order, reference: str) -> dict[str, object]:
    """An order as ``GET /orders/{reference}`` shows it (source: docs.optty.com, GET /orders).

    Inferred, not published: the status words REFUNDED and PARTIALLY_REFUNDED, the ``refunds`` list here (its
    shape is that of the page Transaction Details), ``cardEnding``, null for texts without a value, and that the
    link's own reference shows its newest order, as cancelled by the merchant once the link was cancelled after
    an attempt.
    """
    is_closed = link.is_closed and reference == link.order_reference
    body: dict[str, object] = {
        "merchantReference": reference,
        "status": "CANCELLED" if is_closed else _status_word(link, order),
        "amount": _number(order.amount),
        "surcharge": 0,
        "currency": order.amount.currency,
        "provider": _PROVIDER,
        "updatedAt": _time(_updated_at(link, order)),
        "failureReason": order.failure_reason,
        "bnplOrderId": f"training-{order.transaction_reference}",
        "transactionReference": order.transaction_reference,
        "rejectReason": order.failure_reason,
        "partnerConfiguration": {"cardEnding": "4242"} if order.is_paid else {},
        "cancelledBy": "merchant" if is_closed else order.cancelled_by,
        "captureStatus": None,
    }
    if order.is_paid and link.refunds:
        body["refunds"] = [_refund(refund) for refund in link.refunds]
    return body


def refunded(refund: Refund) -> dict[str, object]:
    """The answer to the refund of an order (source: docs.optty.com, Refund Order)."""
    return {
        "refundReference": refund.reference,
        "bnplProvider": _PROVIDER,
        "refundedAmount": _number(refund.amount),
        "refundStatus": refund.status,
        "description": {},
        "refundDate": format_datetime(refund.created_at, usegmt=True),
        "bnplRefundId": refund.refund_id,
    }


def _status_word(link: Link, order: Order) -> str:
    if order.is_paid and link.refunded.minor:
        is_all = link.refunded.minor >= order.amount.minor
        return LinkStatus.REFUNDED if is_all else LinkStatus.PARTIALLY_REFUNDED
    return order.status


def _updated_at(link: Link, order: Order) -> datetime:
    times = [order.history[-1].at]
    if link.closed_at:
        times.append(link.closed_at)
    for refund in link.refunds if order.is_paid else ():
        times.append(refund.created_at if refund.status is RefundStatus.PENDING else refund.settles_at)
    return max(times)


def _refund(refund: Refund) -> dict[str, object]:
    return {
        "refundId": refund.reference,
        "amount": refund.amount.to_decimal_text(),
        "currency": refund.amount.currency,
        "status": refund.status,
        "createdAt": _time(refund.created_at),
        "refundReason": refund.reason,
        "refundFailureReason": "Refused by the payment provider" if refund.status is RefundStatus.DECLINED else "",
    }


def _number(money: Money) -> Decimal:
    return Decimal(money.to_decimal_text())


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
