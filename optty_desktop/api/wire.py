"""The create call: an order as bytes, and the answer with the link (source: docs.optty.com, Creating a Session)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

import msgspec

from optty_desktop.api.strict_json import Json, NotStrictJson, read_strict_json
from optty_desktop.core.drafts import LineItem
from optty_desktop.core.money import Money
from optty_desktop.core.ports import CreatedLink, LinkOrder

CREATE_PATH: Final = "/custom/hpp"
CREATE_SCOPE: Final = "merchant"

# Decimals become JSON numbers with exactly the digits they hold: 99.90 stays 99.90.
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_TAX_NAME: Final = "Tax"


class UnusableAnswer(ValueError):
    """An answer lacks what is needed, or contradicts what was asked; ``str()`` names the field."""


def create_body(order: LinkOrder) -> bytes:
    """Return the bytes of the create call. The same order always gives the same bytes."""
    draft = order.draft
    body: dict[str, Any] = {
        "email": draft.email,
        "price": wire_number(draft.amount),
        "phoneNumber": draft.phone,
        "description": order.description,
        "currency": draft.amount.currency,
    }
    if draft.account_code:
        body["accountCode"] = draft.account_code
    body |= {
        "invoiceNumber": order.invoice_number,
        "referenceName": order.reference,
        "dueDate": wire_time(draft.due_at),
        "subTotal": wire_number(draft.subtotal),
        "taxAmount": wire_number(draft.tax or Money.zero(draft.amount.currency)),
        "enableTipping": draft.allow_tip,
        "items": _items(order),
        "hideTax": draft.hide_tax,
        "emailCustomer": draft.email_customer,
    }
    return encoded(body)


def encoded(body: dict[str, Any]) -> bytes:
    """Return a JSON body; keys keep their order, Decimals their digits."""
    return _ENCODER.encode(body)


def wire_number(money: Money) -> Decimal:
    """Return the amount in major units with all decimals of its currency."""
    return Decimal(money.to_decimal_text())


def wire_time(moment: datetime) -> str:
    """Return UTC in ISO 8601 with milliseconds and Z, the form of the documented example."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def money_on_the_wire(value: Json, currency: str) -> Money:
    """Read an amount written as number or as text; the service uses both.

    Raises ValueError for another type, another currency code than ISO 4217 knows, or digits the currency has not.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise TypeError("an amount is a number or its text")
    return Money.from_decimal_text(value if isinstance(value, str) else format(value, "f"), currency)


def layers(document: Json) -> Iterator[dict[str, Json]]:
    """Yield the object itself, then what it wraps in ``data`` or ``result``."""
    if not isinstance(document, dict):
        return
    yield document
    for name in ("data", "result"):
        if isinstance(inner := document.get(name), dict):
            yield inner


def created_link(document: dict[str, Json], raw: bytes, asked: bytes) -> CreatedLink:
    """Read the answer to a create; the address is not checked yet. Only ``link`` is needed.

    Raises UnusableAnswer without an address, or when the answer echoes another number, amount or currency than was
    ``asked``: that address belongs to something else.
    """
    for layer in layers(document):
        url = layer.get("link")
        if isinstance(url, str) and url:
            _check_echo(layer, asked)
            reference = layer.get("orderReferenceId")
            return CreatedLink(
                url=url,
                order_reference=reference if isinstance(reference, str) and reference else None,
                raw_word=word_of(layer.get("status")),
                raw=raw.decode("utf-8"),
            )
    raise UnusableAnswer("link")


def word_of(value: Json) -> str:
    """Return a status word as the service wrote it, or nothing when it is no text."""
    return value if isinstance(value, str) and len(value) <= 64 and value.isprintable() else ""


def _check_echo(layer: dict[str, Json], asked: bytes) -> None:
    try:
        request = read_strict_json(asked)
    except NotStrictJson as error:
        raise UnusableAnswer("request") from error
    for name in ("invoiceNumber", "currency"):
        if isinstance(echo := layer.get(name), str) and echo != request.get(name):
            raise UnusableAnswer(name)
    price = layer.get("price")
    if isinstance(price, int | Decimal | str) and not isinstance(price, bool):
        _check_price(price, request)


def _check_price(price: Json, request: dict[str, Json]) -> None:
    currency = str(request.get("currency"))
    try:
        is_same = money_on_the_wire(price, currency) == money_on_the_wire(request.get("price"), currency)
    except (ValueError, TypeError) as error:
        raise UnusableAnswer("price") from error
    if not is_same:
        raise UnusableAnswer("price")


def _items(order: LinkOrder) -> list[dict[str, Any]]:
    draft = order.draft
    if draft.items:
        # The tax belongs to the order; with several lines nothing says how much of it each one carries.
        tax = draft.tax if len(draft.items) == 1 else None
        return [_item(item, tax) for item in draft.items]
    return [_item(LineItem(order.description, 1, draft.subtotal), draft.tax)]


def _item(item: LineItem, tax: Money | None) -> dict[str, Any]:
    taxes = [_tax(tax, item.total)] if tax is not None and tax.minor > 0 else []
    return {
        "itemName": item.name,
        "sku": item.sku,
        "quantity": item.quantity,
        "price": wire_number(item.unit_price),
        "saveForFutureRef": False,
        "isTaxApplied": bool(taxes),
        "appliedTaxes": taxes,
    }


def _tax(tax: Money, taxed: Money) -> dict[str, Any]:
    """One applied tax; the rate is a percentage, worked out from the amounts to two decimals."""
    percent = Decimal(tax.minor * 100) / Decimal(taxed.minor) if taxed.minor else Decimal(0)
    rate = percent.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return {"taxName": _TAX_NAME, "taxRate": rate, "taxAmount": wire_number(tax)}
