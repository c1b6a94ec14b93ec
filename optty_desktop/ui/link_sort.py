"""The orders a table can be in: a key for each link, made once for each sort."""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Final, TypeAlias

from optty_desktop.core.currencies import CURRENCIES
from optty_desktop.core.links import LinkState, PaymentLink

SortKey: TypeAlias = int | float | str
"""Keys of one order are of one type and compare with each other."""


class SortBy(StrEnum):
    """What the rows are ordered by; the values are the ids of the columns."""

    TIME = "time"
    STATUS = "status"
    AMOUNT = "amount"
    ORDER = "order"
    DESCRIPTION = "description"
    CREATED_BY = "createdBy"


_DIGITS: Final = re.compile(r"\d+")
_STATE_RANK: Final = {state: rank for rank, state in enumerate(LinkState)}
# Amounts of one currency stand together: those of two cannot be compared.
_CURRENCY_RANK: Final = {code: rank * 10**16 for rank, code in enumerate(sorted(CURRENCIES))}


def sort_key(by: SortBy) -> Callable[[PaymentLink], SortKey]:
    """The function that gives a link its key in that order."""
    return _KEYS[by]


def natural(text: str) -> str:
    """A key that puts "Order 999" before "Order 1000", whatever the case of the letters."""
    return _DIGITS.sub(_padded, text.casefold())


def _padded(digits: re.Match[str]) -> str:
    return digits[0].zfill(12)


def _time(link: PaymentLink) -> float:
    return link.created_at.timestamp()


def _status(link: PaymentLink) -> int:
    return _STATE_RANK[link.state]


def _amount(link: PaymentLink) -> int:
    return _CURRENCY_RANK[link.amount.currency] + link.amount.minor


def _order(link: PaymentLink) -> str:
    return natural(link.reference)


def _description(link: PaymentLink) -> str:
    return link.description.casefold()


def _created_by(link: PaymentLink) -> str:
    return link.created_by.casefold()


_KEYS: dict[SortBy, Callable[[PaymentLink], SortKey]] = {
    SortBy.TIME: _time,
    SortBy.STATUS: _status,
    SortBy.AMOUNT: _amount,
    SortBy.ORDER: _order,
    SortBy.DESCRIPTION: _description,
    SortBy.CREATED_BY: _created_by,
}
