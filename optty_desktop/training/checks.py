"""Checks of single JSON fields, with messages in the manner of Optty's NestJS service (class-validator).

Each check takes the field's full name and its value, and yields one sentence a problem, name first.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from optty_desktop.core.currencies import UnknownCurrency, digits_of
from optty_desktop.core.money import Money

Json = Mapping[str, object]
Check = Callable[[str, object], Iterator[str]]

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+[1-9]\d{6,14}")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
_MOST_DIGITS = 18
_LARGEST = Decimal(10) ** 12
_LARGEST_QUANTITY = 10**6


def fields(body: Json, prefix: str, required: Mapping[str, Check], optional: Mapping[str, Check]) -> Iterator[str]:
    """Unknown, missing and wrong fields of an object; ``prefix`` leads to it, as in ``items.0.``."""
    for name in body:
        if name not in required and name not in optional:
            yield f"property {prefix}{name} should not exist"
    for name, check in required.items():
        yield from check(prefix + name, body.get(name))
    for name, check in optional.items():
        if name in body:
            yield from check(prefix + name, body[name])


def money_of(value: object, currency: str) -> Money:
    """A checked JSON number as money. Raises AmountNotExact when it has more decimals than the currency."""
    return Money.from_decimal_text(format(decimal_of(value), "f"), currency)


def is_number(value: object) -> bool:
    """Whether the value was a JSON number of sane size; booleans are none."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    number = decimal_of(value)
    if not number.is_finite() or abs(number) > _LARGEST:
        return False
    _, digits, exponent = number.as_tuple()
    return len(digits) <= _MOST_DIGITS and int(exponent) >= -_MOST_DIGITS


def text(name: str, value: object) -> Iterator[str]:
    """A text that is not blank."""
    if not isinstance(value, str):
        yield f"{name} must be a string"
    elif not value.strip():
        yield f"{name} should not be empty"


def positive(name: str, value: object) -> Iterator[str]:
    """A JSON number above zero."""
    yield from amount(name, value)
    if is_number(value) and not decimal_of(value) > 0:
        yield f"{name} must be a positive number"


def currency(name: str, value: object) -> Iterator[str]:
    """An active ISO 4217 code."""
    try:
        digits_of(value if isinstance(value, str) else "")
    except UnknownCurrency:
        yield f"{name} must be a valid ISO4217 currency code"


def mapping(name: str, value: object) -> Iterator[str]:
    """A JSON object."""
    if not isinstance(value, dict):
        yield f"{name} must be an object"


def any_text(name: str, value: object) -> Iterator[str]:
    """A text, blank or not."""
    if not isinstance(value, str):
        yield f"{name} must be a string"


def amount(name: str, value: object) -> Iterator[str]:
    """A JSON number, nought or more."""
    if not is_number(value):
        yield f"{name} must be a number conforming to the specified constraints"
    elif decimal_of(value) < 0:
        yield f"{name} must not be less than 0"


def boolean(name: str, value: object) -> Iterator[str]:
    """A JSON boolean."""
    if not isinstance(value, bool):
        yield f"{name} must be a boolean value"


def email(name: str, value: object) -> Iterator[str]:
    """One e-mail address."""
    if not isinstance(value, str) or len(value) > 254 or not _EMAIL.fullmatch(value):
        yield f"{name} must be an email"


def phone(name: str, value: object) -> Iterator[str]:
    """A phone number in international form, + and digits only."""
    if not isinstance(value, str) or not _PHONE.fullmatch(value):
        yield f"{name} must be a valid phone number"


def date_time(name: str, value: object) -> Iterator[str]:
    """An ISO 8601 date and time with its offset."""
    if not isinstance(value, str) or not _DATE_TIME.fullmatch(value) or not _is_in_calendar(value):
        yield f"{name} must be a valid ISO 8601 date string"


def _is_in_calendar(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def quantity(name: str, value: object) -> Iterator[str]:
    """A whole number above zero."""
    if isinstance(value, bool) or not isinstance(value, int):
        yield f"{name} must be an integer number"
    elif not 1 <= value <= _LARGEST_QUANTITY:
        yield f"{name} must be a positive number"


def list_of(required: Mapping[str, Check], optional: Mapping[str, Check]) -> Check:
    """A check for an array of objects with these fields."""

    def check(name: str, value: object) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{name} must be an array"
            return
        for position, entry in enumerate(value):
            yield from mapping(f"{name}.{position}", entry)
            if isinstance(entry, dict):
                yield from fields(entry, f"{name}.{position}.", required, optional)

    return check


def decimal_of(value: object) -> Decimal:
    """The exact value of a JSON number."""
    return value if isinstance(value, Decimal) else Decimal(str(value))
