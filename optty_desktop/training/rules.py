"""Strict checks of the create body, with messages in the manner of Optty's NestJS service (class-validator).

Fields and types: docs.optty.com, Creating a Session. Formats, lengths and sums are this service's own
strictness: what passes here is well-formed under every reading of the docs.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from optty_desktop.core.currencies import digits_of
from optty_desktop.core.money import AmountNotExact
from optty_desktop.training import checks
from optty_desktop.training.checks import Check, Json

_INVOICE_NUMBER = re.compile(r"[A-Za-z0-9-]+")
_LONGEST_INVOICE_NUMBER = 40


def problems_of(body: Json, now: datetime) -> list[str]:
    """Everything wrong with a create body at ``now`` (UTC), one sentence each; nothing means accepted."""
    found = list(checks.fields(body, "", _REQUIRED, _OPTIONAL))
    return found or [*_decimal_problems(body), *_sum_problems(body), *_due_date_problems(body, now)]


def _invoice_number(name: str, value: object) -> Iterator[str]:
    yield from checks.text(name, value)
    if isinstance(value, str) and len(value) > _LONGEST_INVOICE_NUMBER:
        yield f"{name} must be shorter than or equal to {_LONGEST_INVOICE_NUMBER} characters"
    if isinstance(value, str) and value and not _INVOICE_NUMBER.fullmatch(value):
        yield f"{name} must match /^{_INVOICE_NUMBER.pattern}$/ regular expression"


def _decimal_problems(body: Json) -> Iterator[str]:
    code = str(body["currency"])
    for name, value in _amounts(body):
        try:
            checks.money_of(value, code)
        except AmountNotExact:
            yield f"{name} must have at most {digits_of(code)} decimals for {code}"


def _amounts(body: Json) -> Iterator[tuple[str, object]]:
    for name in ("price", "subTotal", "taxAmount"):
        yield name, body[name]
    for position, item in enumerate(_items(body)):
        yield f"items.{position}.price", item["price"]


def _sum_problems(body: Json) -> Iterator[str]:
    price, subtotal, tax = (checks.decimal_of(body[name]) for name in ("price", "subTotal", "taxAmount"))
    if subtotal + tax != price:
        yield "price must be the sum of subTotal and taxAmount"
    lines = [checks.decimal_of(item["quantity"]) * checks.decimal_of(item["price"]) for item in _items(body)]
    if lines and sum(lines) != subtotal:
        yield "subTotal must be the sum of quantity times price of all items"


def _due_date_problems(body: Json, now: datetime) -> Iterator[str]:
    if datetime.fromisoformat(str(body["dueDate"])) < now:
        yield "dueDate must not be in the past"


def _items(body: Json) -> list[dict[str, object]]:
    items = body["items"]
    return items if isinstance(items, list) else []


_TAX: Mapping[str, Check] = {"taxName": checks.text, "taxRate": checks.amount, "taxAmount": checks.amount}
_ITEM: Mapping[str, Check] = {"itemName": checks.text, "quantity": checks.quantity, "price": checks.amount}
_ITEM_EXTRAS: Mapping[str, Check] = {
    "sku": checks.any_text,
    "saveForFutureRef": checks.boolean,
    "isTaxApplied": checks.boolean,
    "appliedTaxes": checks.list_of(_TAX, {}),
}
_REQUIRED: Mapping[str, Check] = {
    "email": checks.email,
    "price": checks.positive,
    "phoneNumber": checks.phone,
    "description": checks.text,
    "currency": checks.currency,
    "invoiceNumber": _invoice_number,
    "referenceName": checks.text,
    "dueDate": checks.date_time,
    "subTotal": checks.amount,
    "taxAmount": checks.amount,
    "enableTipping": checks.boolean,
    "items": checks.list_of(_ITEM, _ITEM_EXTRAS),
}
_OPTIONAL: Mapping[str, Check] = {
    "accountCode": checks.any_text,
    "hideTax": checks.boolean,
    "emailCustomer": checks.boolean,
}
