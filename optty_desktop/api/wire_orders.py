"""Orders and money going back: reading an order, refunding it, and the words for what happened.

Sources: docs.optty.com, GET /orders; Transaction Details; Refund Order.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from optty_desktop.api.strict_json import Json
from optty_desktop.api.wire import UnusableAnswer, encoded, layers, money_on_the_wire, wire_number, word_of
from optty_desktop.core.links import LinkState
from optty_desktop.core.money import Money
from optty_desktop.core.ports import MoneyAnswer, OrderReading

ORDER_SCOPE: Final = "api-user"
ORDER_PATH: Final = "/orders/{reference}"
REFUND_PATH: Final = "/orders/{reference}/refund"

# Documented words and their spellings in the service's own plugin; anything else is not known to us.
_ORDER_WORDS: Final[Mapping[str, LinkState]] = {
    "INITIATED": LinkState.IN_PROGRESS,
    "PENDING": LinkState.IN_PROGRESS,
    "SUCCESSFUL": LinkState.PAID,
    "PAID": LinkState.PAID,
    "DECLINED": LinkState.DECLINED,
    "FAILED": LinkState.DECLINED,
    "ERROR": LinkState.DECLINED,
    "CANCELLED": LinkState.CANCELLED,
    "CANCELED": LinkState.CANCELLED,
    "REFUNDED": LinkState.REFUNDED,
    "PARTIALLY_REFUNDED": LinkState.REFUNDED,
    "EXPIRED": LinkState.EXPIRED,
}
_CLOSED_BY: Final = frozenset({"MERCHANT", "SYSTEM"})
_MONEY_WORDS: Final[Mapping[str, tuple[LinkState, bool]]] = {
    "CANCELLED": (LinkState.CANCELLED, False),
    "CANCELED": (LinkState.CANCELLED, False),
    "REFUNDED": (LinkState.REFUNDED, False),
    "PARTIALLY_REFUNDED": (LinkState.REFUNDED, False),
    "REFUND_PENDING": (LinkState.REFUNDED, True),
}
_REFUND_WORDS: Final[Mapping[str, tuple[LinkState, bool]]] = {
    "SUCCESSFUL": (LinkState.REFUNDED, False),
    "PENDING": (LinkState.REFUNDED, True),
}
_REFUND_CAME_BACK: Final = frozenset({"DECLINED", "ERROR", "FAILED"})
_CARD_ENDING: Final = re.compile(r"[0-9]{4}")


def order_reading(document: dict[str, Json], order_reference: str) -> OrderReading:
    """Read an order. Every field may be absent or null; amounts may be numbers or texts.

    Raises UnusableAnswer for an amount that cannot be one: wrong type, negative, or not exact in its currency.
    """
    order = next((layer for layer in layers(document) if "status" in layer or "amount" in layer), document)
    currency = order.get("currency")
    if order.get("amount") is not None and not isinstance(currency, str):
        raise UnusableAnswer("currency")
    refunded, pending, failed = _refunds(order, currency)
    came_back = failed or {}
    return OrderReading(
        order_reference=order_reference,
        merchant_reference=_text(order.get("merchantReference")),
        state=_order_state(order),
        raw_word=word_of(order.get("status")),
        amount=_amount(order, "amount", currency),
        surcharge=_amount(order, "surcharge", currency),
        refunded=refunded,
        refund_pending=pending,
        refund_failed=failed is not None,
        failed_refund_reference=_text(came_back.get("refundId")),
        failed_refund_at=_moment(came_back.get("createdAt")),
        cancelled_by=_text(order.get("cancelledBy")),
        updated_at=_moment(order.get("updatedAt")),
        paid_with=_paid_with(order.get("partnerConfiguration")),
        invoice_number=_invoice_number(order.get("metadata")),
    )


def refund_body(refund_reference: str, amount: Money, description: str) -> bytes:
    """Return the bytes of an order refund; the description is always sent, since one page requires it."""
    return encoded(
        {
            "refundReference": refund_reference,
            "refundAmount": {"amount": wire_number(amount), "currency": amount.currency},
            "refundDescription": description,
        }
    )


def money_answer(document: Json, raw: bytes) -> MoneyAnswer:
    """Read the answer to cancel-or-refund or to an order refund.

    ``refundStatus`` is about a refund alone and goes first, then ``status``. An answer without a word is taken as
    done and not confirmed. Raises UnusableAnswer for a word that says something else, such as FAILED or PAID: a 2xx
    with such a word is no yes.
    """
    for name, words in (("refundStatus", _REFUND_WORDS), ("status", _MONEY_WORDS)):
        for layer in layers(document):
            if word := word_of(layer.get(name)):
                if _key(word) not in words:
                    raise UnusableAnswer(name)
                state, is_pending = words[_key(word)]
                return MoneyAnswer(state, is_pending, word, raw.decode("utf-8"))
    return MoneyAnswer(None, False, "", raw.decode("utf-8"))


def _order_state(order: dict[str, Json]) -> LinkState | None:
    state = _ORDER_WORDS.get(_key(word_of(order.get("status"))))
    if state is LinkState.CANCELLED and _key(_text(order.get("cancelledBy"))) not in _CLOSED_BY:
        return LinkState.PENDING  # the customer stopped this attempt; the link itself is still open
    return state


def _amount(order: dict[str, Json], name: str, currency: Json) -> Money | None:
    value = order.get(name)
    if value is None or not isinstance(currency, str):
        return None
    try:
        money = money_on_the_wire(value, currency.upper())
    except (ValueError, TypeError) as error:
        raise UnusableAnswer(name) from error
    if money.minor < 0:
        raise UnusableAnswer(name)
    return money


def _refunds(order: dict[str, Json], currency: Json) -> tuple[Money | None, Money | None, dict[str, Json] | None]:
    """Return what went back, what is on its way, and the newest refund if that one came back."""
    entries = order.get("refunds")
    if entries is None or not isinstance(currency, str):
        return None, None, None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UnusableAnswer("refunds")
    done = pending = 0
    failed = None
    for entry in sorted(entries, key=lambda entry: _text(entry.get("createdAt"))):
        amount = _amount({"currency": currency, **entry}, "amount", entry.get("currency") or currency)
        if amount is None or amount.currency != currency.upper():
            raise UnusableAnswer("refunds")
        word = _key(word_of(entry.get("status")))
        failed = entry if word in _REFUND_CAME_BACK else None
        done += amount.minor if word == "SUCCESSFUL" else 0
        # A word not known to us: the money may be on its way.
        pending += 0 if failed or word == "SUCCESSFUL" else amount.minor
    return Money(done, currency.upper()), Money(pending, currency.upper()), failed


def _key(word: str) -> str:
    return word.strip().upper().replace("-", "_").replace(" ", "_")


def _text(value: Json) -> str:
    return value if isinstance(value, str) and len(value) <= 200 else ""


def _moment(value: Json) -> datetime | None:
    try:
        moment = datetime.fromisoformat(_text(value))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _paid_with(partner_configuration: Json) -> str:
    ending = partner_configuration.get("cardEnding") if isinstance(partner_configuration, dict) else None
    return f"card ending {ending}" if isinstance(ending, str) and _CARD_ENDING.fullmatch(ending) else ""


def _invoice_number(metadata: Json) -> str:
    """Return the link an order belongs to: notifications carry it so, and a read may; the page does not say."""
    return _text(metadata.get("invoiceNumber")) if isinstance(metadata, dict) else ""
