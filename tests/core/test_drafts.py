"""Drafts: each problem at its field, sums exact."""

from __future__ import annotations

from datetime import timedelta

import pytest

from optty_desktop.core.drafts import DraftField, LineItem, LinkDraft, Problem, draft_problems, total_of
from optty_desktop.core.money import CurrencyMismatch, Money
from tests.fakes import START, draft

TEN = Money(1000, "USD")
ITEMS = (LineItem("Chair", 2, Money(4500, "USD")), LineItem("Lamp", 1, Money(500, "USD"), sku="L-1"))


def test_a_whole_draft_has_no_problem() -> None:
    assert draft_problems(draft(), START) == {}
    assert draft_problems(draft("105.00", items=ITEMS, tax=TEN), START) == {}


@pytest.mark.parametrize(
    ("changed", "field", "problem"),
    [
        (draft("0"), DraftField.AMOUNT, Problem.ZERO),
        (draft(email=""), DraftField.EMAIL, Problem.MISSING),
        (draft(phone=""), DraftField.PHONE, Problem.MISSING),
        (draft(due_at=START), DraftField.DUE_DATE, Problem.PAST),
        (draft(due_at=START - timedelta(days=1)), DraftField.DUE_DATE, Problem.PAST),
        (draft(description="4242 4242 4242 4242"), DraftField.DESCRIPTION, Problem.CARD_NUMBER),
        (draft(reference="4242424242424242"), DraftField.REFERENCE, Problem.CARD_NUMBER),
        (draft(reference="R" * 61), DraftField.REFERENCE, Problem.TOO_LONG),
        (draft("95.00", items=(*ITEMS, LineItem("4242424242424242", 1, TEN))), DraftField.ITEMS, Problem.CARD_NUMBER),
        (draft("95.00", items=(LineItem("Chair", 1, Money(9500, "EUR")),)), DraftField.ITEMS, Problem.CURRENCY_MIXED),
        (draft("94.99", items=ITEMS), DraftField.ITEMS, Problem.MALFORMED),
        (draft("0.01", items=(LineItem("Chair", 0, TEN),)), DraftField.ITEMS, Problem.MALFORMED),
        (draft("10.00", items=(LineItem(" ", 1, TEN),)), DraftField.ITEMS, Problem.MALFORMED),
        (draft("5.00", tax=TEN), DraftField.TAX, Problem.MALFORMED),
        (draft("5.00", tax=Money(100, "EUR")), DraftField.TAX, Problem.MALFORMED),
    ],
)
def test_a_problem_stands_at_its_field(changed: LinkDraft, field: DraftField, problem: Problem) -> None:
    assert draft_problems(changed, START)[field] is problem


def test_subtotal_and_total_are_exact() -> None:
    assert draft("99.99", tax=TEN).subtotal == Money(8999, "USD")
    assert draft("99.99").subtotal == Money(9999, "USD")
    assert total_of(ITEMS, TEN, "USD") == Money(10500, "USD")
    assert total_of(ITEMS, None, "USD") == Money(9500, "USD")
    with pytest.raises(CurrencyMismatch):
        total_of(ITEMS, None, "EUR")


def test_a_limit_stops_what_is_above_it_and_nothing_else() -> None:
    asked = draft("105.00")
    assert draft_problems(asked, START, Money(10_500, "USD")) == {}
    assert draft_problems(asked, START, Money(10_499, "USD")) == {DraftField.AMOUNT: Problem.ABOVE_LIMIT}
