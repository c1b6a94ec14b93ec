"""The typed amount must be the amount, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from optty_desktop.core.money import Money, format_amount, format_figure
from optty_desktop.ui.typed_amount import TypedAmount, is_same_amount
from tests.ui.money_links import dressed


@pytest.mark.parametrize("text", ["64", "64.00", "64,00", "USD 64.00", " 64.0 "])
def test_right_ways_to_write_it(text: str) -> None:
    assert is_same_amount(text, Money(6400, "USD"))


@pytest.mark.parametrize("text", ["", "6", "640", "64.01", "EUR 64.00", "-64", "64.00.00", "sixty-four"])
def test_anything_else_is_not_it(text: str) -> None:
    assert not is_same_amount(text, Money(6400, "USD"))


@given(st.integers(1, 99_999_999), st.sampled_from(["USD", "KWD", "JPY"]))
def test_the_figure_on_the_screen_is_always_taken(minor: int, currency: str) -> None:
    amount = Money(minor, currency)
    assert is_same_amount(format_figure(amount), amount)
    assert is_same_amount(format_amount(amount), amount)


def test_another_amount_empties_the_field(qapp: QApplication) -> None:
    field = TypedAmount(dressed(qapp))
    field.ask_for(Money(6400, "USD"))
    field.setText("64")
    assert field.is_match
    field.ask_for(Money(6300, "USD"))
    assert field.text() == ""
    assert not field.is_match
    assert field.placeholderText() == "Type 63.00"
    field.ask_for(None)
    assert not field.is_match
