"""From typed text to a draft: exact, normalised, and never with a card number in it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.core.drafts import DraftField, LineItem, Problem, draft_problems
from optty_desktop.core.money import Money, parse_amount
from optty_desktop.system.contact_rules import ContactRules
from optty_desktop.ui.draft_reader import FormEntries, ItemEntry, NotReadable, read_draft, read_items, read_tax
from optty_desktop.ui.due_dates import DuePick, due_at, due_words, end_of_day
from tests.fakes import START

CARD = "4242 4242 4242 4242"
RULES = ContactRules()


def entries(**changes: object) -> FormEntries:
    filled: dict[str, object] = {
        "currency": "USD",
        "amount": Money(18275, "USD"),
        "email": " Guest54@Example.com ",
        "phone": "+1 202 555 0154",
        "due_at": due_at(DuePick.THREE_DAYS, START, UTC),
        "description": "  Two boxed\n gift sets ",
        "reference": "Order 1054",
    }
    return FormEntries(**{**filled, **changes})  # type: ignore[arg-type]


def refused(**changes: object) -> tuple[DraftField, Problem]:
    with pytest.raises(NotReadable) as caught:
        read_draft(entries(**changes), RULES, parse_amount)
    return caught.value.field, caught.value.problem


def test_a_plain_draft_is_normalised() -> None:
    draft = read_draft(entries(), RULES, parse_amount)
    assert draft.amount == Money(18275, "USD")
    assert draft.email == "Guest54@example.com"
    assert draft.phone == "+12025550154"
    assert draft.description == "Two boxed gift sets"
    assert draft_problems(draft, START) == {}


@pytest.mark.parametrize("place", ["email", "phone", "description", "reference", "tax"])
def test_a_card_number_is_refused_everywhere(place: str) -> None:
    field, problem = refused(**{place: CARD})
    assert problem is Problem.CARD_NUMBER
    assert field.value in {place, "lineItems"}


@pytest.mark.parametrize("item", [ItemEntry(CARD, "1", "1"), ItemEntry("x", CARD, "1"), ItemEntry("x", "1", CARD)])
def test_a_card_number_is_refused_in_items(item: ItemEntry) -> None:
    assert refused(items=(item,)) == (DraftField.ITEMS, Problem.CARD_NUMBER)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"email": ""}, (DraftField.EMAIL, Problem.MISSING)),
        ({"email": "guest54@example"}, (DraftField.EMAIL, Problem.MALFORMED)),
        ({"phone": " "}, (DraftField.PHONE, Problem.MISSING)),
        ({"phone": "202 555 0154"}, (DraftField.PHONE, Problem.MALFORMED)),
        ({"amount": None}, (DraftField.AMOUNT, Problem.MISSING)),
        ({"description": "x" * 251}, (DraftField.DESCRIPTION, Problem.TOO_LONG)),
        ({"tax": "-1"}, (DraftField.TAX, Problem.MALFORMED)),
        ({"tax": "1.0050"}, (DraftField.TAX, Problem.MALFORMED)),
        ({"tax": "EUR 1"}, (DraftField.TAX, Problem.CURRENCY_MIXED)),
        ({"items": (ItemEntry("", "1", "5"),)}, (DraftField.ITEMS, Problem.MISSING)),
        ({"items": (ItemEntry("Gift", "1", ""),)}, (DraftField.ITEMS, Problem.MISSING)),
        ({"items": (ItemEntry("Gift", "0", "5"),)}, (DraftField.ITEMS, Problem.MALFORMED)),
        ({"items": (ItemEntry("Gift", "1.5", "5"),)}, (DraftField.ITEMS, Problem.MALFORMED)),
        ({"items": (ItemEntry("Gift", "²", "5"),)}, (DraftField.ITEMS, Problem.MALFORMED)),
    ],
)
def test_what_cannot_be_read_is_named(changes: dict[str, object], wanted: tuple[DraftField, Problem]) -> None:
    assert refused(**changes) == wanted


def test_items_and_tax_make_the_amount() -> None:
    items = (ItemEntry("Gift set", "2", "75"), ItemEntry("", "1", " "), ItemEntry("Card", "1", "0"))
    draft = read_draft(entries(items=items, tax="32.75", amount=None), RULES, parse_amount)
    assert draft.amount == Money(18275, "USD")
    assert draft.subtotal == Money(15000, "USD")
    assert draft.items == (LineItem("Gift set", 2, Money(7500, "USD")), LineItem("Card", 1, Money(0, "USD")))
    assert draft_problems(draft, START) == {}


def test_no_tax_and_nought_tax_are_the_same() -> None:
    assert read_tax("", "USD", parse_amount) is None
    assert read_tax("0.00", "USD", parse_amount) is None


@given(
    st.lists(st.tuples(st.integers(1, 9999), st.integers(0, 10**6)), max_size=8),
    st.sampled_from(["JPY", "USD", "KWD"]),
)
def test_sums_are_exact_in_every_currency(lines: list[tuple[int, int]], currency: str) -> None:
    unit = 10 ** Money.zero(currency).digits
    rows = [ItemEntry("x", str(count), str(price)) for count, price in lines]
    read = read_items(rows, currency, parse_amount)
    assert [line.total.minor for line in read] == [count * price * unit for count, price in lines]


@given(st.integers(1, 10**9))
def test_cents_are_exact(minor: int) -> None:
    money = Money(minor, "USD")
    assert read_tax(money.to_decimal_text(), "USD", parse_amount) == money


def test_a_day_ends_where_the_shop_is() -> None:
    dubai = ZoneInfo("Asia/Dubai")
    late = datetime(2026, 3, 21, 21, 30, tzinfo=UTC)  # 22 March, 01:30 in Dubai
    assert due_at(DuePick.TODAY, late, dubai) == datetime(2026, 3, 22, 19, 59, 59, tzinfo=UTC)
    assert due_words(due_at(DuePick.THREE_DAYS, late, dubai), late, dubai) == "25 Mar 2026"
    assert due_words(due_at(DuePick.HOUR, late, dubai), late, dubai) == "Today, 02:30"
    assert due_at(DuePick.HOUR, late, dubai).tzinfo is UTC


def test_a_day_with_a_clock_change_ends_at_its_end() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    change = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    assert end_of_day(change.date(), berlin) == datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC)
