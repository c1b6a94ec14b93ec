"""Amounts are exact: held, counted, written for the wire, and shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.core.currencies import CURRENCIES, UnknownCurrency
from optty_desktop.core.money import (
    AmountNotExact,
    CurrencyMismatch,
    Money,
    format_amount,
    format_figure,
)

currencies = st.sampled_from(sorted(CURRENCIES))
any_money = st.builds(Money, st.integers(-(10**15), 10**15), currencies)


# Money itself


@pytest.mark.parametrize("minor", [True, 1.0, "1", None])
def test_only_whole_minor_units_are_held(minor: object) -> None:
    with pytest.raises(TypeError):
        Money(minor, "USD")  # type: ignore[arg-type]


@pytest.mark.parametrize("code", ["XAU", "usd", "", "BTC"])
def test_unknown_currency_is_refused(code: str) -> None:
    with pytest.raises(UnknownCurrency):
        Money(1, code)


def test_money_is_a_value() -> None:
    assert Money(5, "USD") == Money(5, "USD")
    assert Money(5, "USD") != Money(5, "AUD")
    assert len({Money(5, "USD"), Money(5, "USD"), Money(5, "AUD")}) == 2
    with pytest.raises(AttributeError):
        Money(5, "USD").minor = 6  # type: ignore[misc]


def test_zero_and_digits() -> None:
    assert Money.zero("KWD") == Money(0, "KWD")
    assert Money.zero("KWD").is_zero
    assert not Money(-1, "KWD").is_zero
    assert [Money(1, code).digits for code in ("JPY", "USD", "KWD", "CLF")] == [0, 2, 3, 4]


@given(st.integers(), st.integers(), currencies)
def test_sums_and_order_are_those_of_the_minor_units(left: int, right: int, code: str) -> None:
    a, b = Money(left, code), Money(right, code)
    assert (a + b).minor == left + right
    assert (a - b).minor == left - right
    assert (a < b, a <= b, a > b, a >= b) == (left < right, left <= right, left > right, left >= right)


def test_currencies_do_not_mix() -> None:
    usd, aud = Money(1, "USD"), Money(2, "AUD")
    with pytest.raises(CurrencyMismatch) as caught:
        usd + aud
    assert (caught.value.left, caught.value.right) == ("USD", "AUD")
    with pytest.raises(CurrencyMismatch):
        usd - aud
    with pytest.raises(CurrencyMismatch):
        assert usd < aud
    with pytest.raises(CurrencyMismatch):
        assert usd >= aud


# On the wire


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("99.99", "USD", 9999),
        ("260", "AUD", 26000),
        ("0.5", "USD", 50),
        ("-12.50", "USD", -1250),
        ("-0.05", "USD", -5),
        ("12.5000", "USD", 1250),
        ("1250.000", "JPY", 1250),
        ("1.234", "KWD", 1234),
        ("0", "USD", 0),
        ("9007199254740993.01", "USD", 900719925474099301),
    ],
)
def test_wire_text_is_read_exactly(text: str, currency: str, minor: int) -> None:
    assert Money.from_decimal_text(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        *(
            (text, "USD")
            for text in ("1e2", "", " 1", "1 ", "1\n", "+1", "1.", ".5", "1,5", "1_0", "NaN", "--1", "0x1")
        ),
        ("1.005", "USD"),
        ("1.5", "JPY"),
        ("1.2345", "KWD"),
        ("\u0661.5", "USD"),
        ("9" * 5000, "USD"),
    ],
)
def test_wire_text_that_is_not_exact_is_refused(text: str, currency: str) -> None:
    with pytest.raises(AmountNotExact):
        Money.from_decimal_text(text, currency)


def test_wire_text_of_an_unknown_currency_is_refused() -> None:
    with pytest.raises(UnknownCurrency):
        Money.from_decimal_text("1.00", "XAU")


@given(any_money)
def test_wire_text_comes_back_as_the_same_money(money: Money) -> None:
    assert Money.from_decimal_text(money.to_decimal_text(), money.currency) == money


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(125000, "USD"), "1250.00"),
        (Money(5, "USD"), "0.05"),
        (Money(-5, "USD"), "-0.05"),
        (Money(1250, "JPY"), "1250"),
        (Money(1250, "KWD"), "1.250"),
        (Money(0, "USD"), "0.00"),
    ],
)
def test_wire_text_is_written_with_all_decimals(money: Money, text: str) -> None:
    assert money.to_decimal_text() == text


# On the screen


@pytest.mark.parametrize(
    ("money", "figure"),
    [
        (Money(125000, "USD"), "1,250.00"),
        (Money(-6400, "USD"), "-64.00"),
        (Money(-123456789, "USD"), "-1,234,567.89"),
        (Money(1250, "JPY"), "1,250"),
        (Money(1250000, "KWD"), "1,250.000"),
        (Money(7, "CLF"), "0.0007"),
    ],
)
def test_figures_are_grouped_with_the_decimals_of_the_currency(money: Money, figure: str) -> None:
    assert format_figure(money) == figure
    assert format_amount(money) == f"{money.currency} {figure}"
