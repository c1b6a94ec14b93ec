"""Whose an order is, by what its read says; nobody else's money counts for a link."""

from __future__ import annotations

import pytest

from optty_desktop.core.invoice_numbers import find_invoice_numbers
from optty_desktop.core.links import LinkState
from optty_desktop.core.money import Money
from optty_desktop.core.order_claims import Tie, may_take_over, tie
from optty_desktop.core.ports import OrderReading
from tests.fakes import link

MINE = "TILL1-01KGC3Q8ZV-7R2M0W5TYHJX9D4B"
OTHER = "TILL1-01KGC3Q8ZV-7R2M0W5TYHJX9D4C"


def reading(
    merchant_reference: str = "", invoice_number: str = "", state: LinkState | None = LinkState.PAID
) -> OrderReading:
    return OrderReading("HPP-7", merchant_reference, state, "", Money(18275, "USD"), invoice_number=invoice_number)


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (reading(MINE), Tie.OURS),
        (reading(f"HPP-{MINE}-1"), Tie.OURS),
        (reading("HPP-7", MINE), Tie.OURS),
        (reading(f"HPP-{MINE}-1", OTHER), Tie.ANOTHERS),
        (reading(OTHER), Tie.ANOTHERS),
        (reading(f"HPP-{OTHER}-1"), Tie.ANOTHERS),
        (reading(f"{MINE}0"), Tie.UNSAID),
        (reading(f"x{MINE}"), Tie.UNSAID),
        (reading(MINE[:-1]), Tie.UNSAID),
        (reading(MINE.lower()), Tie.UNSAID),
        (reading("HPP-7"), Tie.UNSAID),
        (reading("Order 1054"), Tie.UNSAID),
        (reading(), Tie.UNSAID),
    ],
)
def test_an_order_is_tied_by_the_whole_number_alone(read: OrderReading, expected: Tie) -> None:
    assert tie(link(MINE, reference="Order 1054"), read) is expected


def test_a_number_full_of_signs_is_no_pattern() -> None:
    assert tie(link("T.*-1"), reading("HPP-Tx-1")) is Tie.UNSAID
    assert tie(link("T.*-1"), reading("HPP-T.*-1")) is Tie.OURS


@pytest.mark.parametrize(
    ("order", "state", "read", "expected"),
    [
        (None, LinkState.PENDING, None, True),
        (None, LinkState.PENDING, LinkState.IN_PROGRESS, True),
        ("HPP-6", LinkState.DECLINED, LinkState.PAID, True),
        ("HPP-6", LinkState.DECLINED, LinkState.REFUNDED, True),
        ("HPP-6", LinkState.DECLINED, LinkState.IN_PROGRESS, False),
        ("HPP-6", LinkState.IN_PROGRESS, LinkState.DECLINED, False),
        ("HPP-6", LinkState.PAID, LinkState.PAID, False),
        ("HPP-6", LinkState.DECLINED, None, False),
    ],
)
def test_an_order_is_given_up_only_for_one_that_brought_money(
    order: str | None, state: LinkState, read: LinkState | None, expected: bool
) -> None:
    assert may_take_over(link(MINE, state, order_reference=order), reading(MINE, state=read)) is expected


def test_numbers_are_found_whole() -> None:
    assert find_invoice_numbers(f"HPP-{MINE}-1, {OTHER}; x{MINE}") == [MINE, OTHER]
