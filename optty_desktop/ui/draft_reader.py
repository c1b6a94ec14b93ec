"""From what stands in the form to a link draft: pure reading, without widgets. Money is read exactly or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from optty_desktop.core.contacts import EmailProblem, PhoneProblem, looks_like_card_number
from optty_desktop.core.drafts import MAX_TEXT, DraftField, LineItem, LinkDraft, Problem, total_of
from optty_desktop.core.money import AmountEmpty, AmountProblem, AmountZero, Money
from optty_desktop.core.ports import ContactRules

ParseAmount = Callable[[str, str], Money]
"""Reads typed text as an amount of a currency; raises AmountProblem."""

_MOST_PIECES: Final = 9999
_MINUS_SIGNS: Final = frozenset("-\u2010\u2011\u2212")


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """One row of the item table as it was typed."""

    name: str
    quantity: str
    price: str

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed; the quantity alone says nothing."""
        return not self.name.strip() and not self.price.strip()


@dataclass(frozen=True, slots=True)
class FormEntries:
    """Everything in the form. `amount` counts while no item is entered; `currency` holds for items and tax."""

    currency: str
    amount: Money | None
    email: str
    phone: str
    due_at: datetime
    description: str = ""
    reference: str = ""
    items: tuple[ItemEntry, ...] = ()
    tax: str = ""
    hide_tax: bool = False
    allow_tip: bool = False
    email_customer: bool = False


class NotReadable(ValueError):
    """A field cannot be read. `field` and `problem` say which and why; the message never repeats what was typed."""

    def __init__(self, field: DraftField, problem: Problem) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


def read_draft(entries: FormEntries, rules: ContactRules, parse: ParseAmount) -> LinkDraft:
    """The draft these entries make. Raises NotReadable for the first field that cannot be read."""
    items = read_items(entries.items, entries.currency, parse)
    tax = read_tax(entries.tax, entries.currency, parse)
    amount = total_of(items, tax, entries.currency) if items else entries.amount
    if amount is None:
        raise NotReadable(DraftField.AMOUNT, Problem.MISSING)
    return LinkDraft(
        amount=amount,
        email=read_email(entries.email, rules),
        phone=read_phone(entries.phone, rules),
        due_at=entries.due_at,
        description=read_text(DraftField.DESCRIPTION, entries.description),
        reference=read_text(DraftField.REFERENCE, entries.reference),
        items=items,
        tax=tax,
        hide_tax=entries.hide_tax,
        allow_tip=entries.allow_tip,
        email_customer=entries.email_customer,
    )


def read_email(text: str, rules: ContactRules) -> str:
    """The normalised address. Raises NotReadable."""
    typed = read_text(DraftField.EMAIL, text)
    try:
        return rules.email(typed)
    except EmailProblem as problem:
        why = Problem.MISSING if problem.is_missing else Problem.MALFORMED
        raise NotReadable(DraftField.EMAIL, why) from None


def read_phone(text: str, rules: ContactRules) -> str:
    """The number with its country code. Raises NotReadable."""
    typed = read_text(DraftField.PHONE, text)
    try:
        return rules.phone(typed)
    except PhoneProblem as problem:
        why = Problem.MISSING if problem.is_missing else Problem.MALFORMED
        raise NotReadable(DraftField.PHONE, why) from None


def read_text(field: DraftField, text: str) -> str:
    """The text without spaces around it. Raises NotReadable for a card number and for too much text."""
    kept = " ".join(text.split())
    if looks_like_card_number(text):
        raise NotReadable(field, Problem.CARD_NUMBER)
    if len(kept) > MAX_TEXT.get(field, len(kept)):
        raise NotReadable(field, Problem.TOO_LONG)
    return kept


def read_tax(text: str, currency: str, parse: ParseAmount) -> Money | None:
    """The tax, None for nothing or nought. Raises NotReadable."""
    if looks_like_card_number(text):
        raise NotReadable(DraftField.TAX, Problem.CARD_NUMBER)
    money = _nought_or_more(DraftField.TAX, text, currency, parse)
    return money if money is not None and money.minor else None


def read_items(entries: Sequence[ItemEntry], currency: str, parse: ParseAmount) -> tuple[LineItem, ...]:
    """The lines that were filled in. Raises NotReadable."""
    return tuple(read_item(entry, currency, parse) for entry in entries if not entry.is_blank)


def read_item(entry: ItemEntry, currency: str, parse: ParseAmount) -> LineItem:
    """One line: a name, at least one piece, and a price of nought or more. Raises NotReadable."""
    name = read_text(DraftField.ITEMS, entry.name)
    quantity = entry.quantity.strip()
    if looks_like_card_number(entry.quantity) or looks_like_card_number(entry.price):
        raise NotReadable(DraftField.ITEMS, Problem.CARD_NUMBER)
    price = _nought_or_more(DraftField.ITEMS, entry.price, currency, parse)
    if not name or price is None:
        raise NotReadable(DraftField.ITEMS, Problem.MISSING)
    if not quantity.isdecimal() or not 1 <= int(quantity) <= _MOST_PIECES:
        raise NotReadable(DraftField.ITEMS, Problem.MALFORMED)
    return LineItem(name, int(quantity), price)


def _nought_or_more(field: DraftField, text: str, currency: str, parse: ParseAmount) -> Money | None:
    try:
        money = parse(text, currency)
    except AmountEmpty:
        return None
    except AmountZero:
        if _MINUS_SIGNS.intersection(text):
            raise NotReadable(field, Problem.MALFORMED) from None
        return Money.zero(currency)
    except AmountProblem:
        raise NotReadable(field, Problem.MALFORMED) from None
    if money.currency != currency:
        raise NotReadable(field, Problem.CURRENCY_MIXED)
    return money
