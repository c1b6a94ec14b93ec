"""A link draft: what the form holds, checked field by field before anything is sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from optty_desktop.core.contacts import looks_like_card_number
from optty_desktop.core.money import Money


class DraftField(StrEnum):
    """Fields of the form; the values are the prefix of their widgets' object names."""

    AMOUNT = "amount"
    EMAIL = "email"
    PHONE = "phone"
    DESCRIPTION = "description"
    REFERENCE = "reference"
    DUE_DATE = "dueDate"
    ITEMS = "lineItems"
    TAX = "tax"


class Problem(StrEnum):
    """What is wrong with one field; ``ui`` has the sentence for each."""

    MISSING = "missing"
    ZERO = "zero"
    MALFORMED = "malformed"
    PAST = "past"
    CARD_NUMBER = "card_number"
    TOO_LONG = "too_long"
    CURRENCY_MIXED = "currency_mixed"
    ABOVE_LIMIT = "above_limit"


# Lengths are not published by the service; these keep a slip of the hand from becoming a refused call.
MAX_TEXT = {DraftField.DESCRIPTION: 250, DraftField.REFERENCE: 60, DraftField.EMAIL: 254}


@dataclass(frozen=True, slots=True)
class LineItem:
    """One line of the order: ``quantity`` times ``unit_price``."""

    name: str
    quantity: int
    unit_price: Money
    sku: str = ""

    @property
    def total(self) -> Money:
        """Quantity times unit price, exact."""
        return Money(self.quantity * self.unit_price.minor, self.unit_price.currency)


@dataclass(frozen=True, slots=True)
class LinkDraft:
    """Input for a new link. ``amount`` is what the customer pays: subtotal plus ``tax``.

    With ``items``, ``amount`` equals the sum of the lines plus ``tax``. ``email`` and ``phone`` are normalised already.
    ``description`` and ``reference`` may be empty. ``due_at`` is UTC.
    """

    amount: Money
    email: str
    phone: str
    due_at: datetime
    description: str = ""
    reference: str = ""
    items: tuple[LineItem, ...] = ()
    tax: Money | None = None
    hide_tax: bool = False
    allow_tip: bool = False
    email_customer: bool = False
    account_code: str = ""

    @property
    def subtotal(self) -> Money:
        """The amount before tax."""
        return self.amount - self.tax if self.tax else self.amount


def total_of(items: tuple[LineItem, ...], tax: Money | None, currency: str) -> Money:
    """The sum of all lines plus tax; raises CurrencyMismatch when the lines mix currencies."""
    total = Money.zero(currency)
    for item in items:
        total = total + item.total
    return total + tax if tax else total


def draft_problems(draft: LinkDraft, now: datetime, limit: Money | None = None) -> dict[DraftField, Problem]:
    """All problems of a draft, one per field at the most; an empty dict means it may be sent.

    ``limit`` is the most that one link in the currency of the draft may ask for.
    """
    problems: dict[DraftField, Problem] = {}
    for field, problem in _problems(draft, now, limit):
        problems.setdefault(field, problem)
    return problems


def _problems(draft: LinkDraft, now: datetime, limit: Money | None) -> Iterator[tuple[DraftField, Problem]]:
    if draft.amount.minor <= 0:
        yield DraftField.AMOUNT, Problem.ZERO
    if limit is not None and draft.amount > limit:
        yield DraftField.AMOUNT, Problem.ABOVE_LIMIT
    if not draft.email:
        yield DraftField.EMAIL, Problem.MISSING
    if not draft.phone:
        yield DraftField.PHONE, Problem.MISSING
    if draft.due_at <= now:
        yield DraftField.DUE_DATE, Problem.PAST
    yield from _text_problems(draft)
    yield from _sum_problems(draft)


def _text_problems(draft: LinkDraft) -> Iterator[tuple[DraftField, Problem]]:
    texts = {
        DraftField.EMAIL: draft.email,
        DraftField.DESCRIPTION: draft.description,
        DraftField.REFERENCE: draft.reference,
        DraftField.ITEMS: " | ".join(f"{item.name} | {item.sku}" for item in draft.items),
    }
    for field, text in texts.items():
        if looks_like_card_number(text):
            yield field, Problem.CARD_NUMBER
        if len(text) > MAX_TEXT.get(field, 4000):
            yield field, Problem.TOO_LONG


def _sum_problems(draft: LinkDraft) -> Iterator[tuple[DraftField, Problem]]:
    currency = draft.amount.currency
    if any(item.unit_price.currency != currency for item in draft.items):
        yield DraftField.ITEMS, Problem.CURRENCY_MIXED
        return
    if any(item.quantity < 1 or item.unit_price.minor < 0 or not item.name.strip() for item in draft.items):
        yield DraftField.ITEMS, Problem.MALFORMED
    if draft.tax and (draft.tax.currency != currency or not 0 <= draft.tax.minor <= draft.amount.minor):
        yield DraftField.TAX, Problem.MALFORMED
        return
    if draft.items and total_of(draft.items, draft.tax, currency) != draft.amount:
        yield DraftField.ITEMS, Problem.MALFORMED
