"""What a person types into a money field is read exactly, asked about, or refused; never rounded."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.core.currencies import CURRENCIES, UnknownCurrency
from optty_desktop.core.money import (
    LARGEST_TYPED_MINOR,
    AmountDecimals,
    AmountEmpty,
    AmountNotUnderstood,
    AmountProblem,
    AmountTooLarge,
    AmountUnclear,
    AmountZero,
    Money,
    format_amount,
    parse_amount,
)
from tests.promises import Scaled

ARABIC_DECIMAL, ARABIC_THOUSANDS = "\u066b", "\u066c"
ARABIC = {ord("0") + value: 0x0660 + value for value in range(10)}
PERSIAN = {ord("0") + value: 0x06F0 + value for value in range(10)}
NO_BREAK, THIN, NARROW = "\u00a0", "\u2009", "\u202f"

currencies = st.sampled_from(sorted(CURRENCIES))
typed_money = st.builds(Money, st.integers(1, LARGEST_TYPED_MINOR), currencies)


def arabic(text: str) -> str:
    """Return ASCII digits with the Arabic marks for comma and point as Arabic-Indic digits."""
    return text.translate(ARABIC | {ord("."): ARABIC_DECIMAL, ord(","): ARABIC_THOUSANDS})


def parts_of(money: Money) -> tuple[str, str]:
    """Return whole and fraction digits by text alone, independent of the code under test."""
    padded = str(money.minor).rjust(money.digits + 1, "0")
    cut = len(padded) - money.digits
    return padded[:cut], padded[cut:]


def grouped(whole: str, mark: str) -> str:
    return f"{int(whole):,}".replace(",", mark)


def ways_to_type(money: Money) -> Iterator[str]:
    """Yield texts that all mean the amount and nothing else."""
    whole, fraction = parts_of(money)
    decimals = {mark: f"{mark}{fraction}" if fraction else "" for mark in (".", ",", ARABIC_DECIMAL)}
    marked = grouped(whole, ARABIC_THOUSANDS) + decimals[ARABIC_DECIMAL]
    yield marked
    yield marked.translate(ARABIC)
    yield marked.translate(PERSIAN)
    yield f"{money.currency} {marked}"
    yield from (grouped(whole, mark) + decimals[ARABIC_DECIMAL] for mark in (" ", "'", "’", NO_BREAK, THIN, NARROW))
    is_unclear = money.digits >= 3 and len(whole) <= 3 and len(fraction) == 3 and whole != "0"
    if not is_unclear:
        yield whole + decimals["."]
        yield whole + decimals[","]
        yield (whole + decimals[","]).translate(ARABIC)
        yield grouped(whole, ",") + decimals["."]
        yield grouped(whole, ".") + decimals[","]
        yield grouped(whole, " ") + decimals[","]
        yield f" {money.currency.lower()}{NO_BREAK}{grouped(whole, ',')}{decimals['.']} "
        yield f"{grouped(whole, '.')}{decimals[',']} {money.currency}"


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1250", 125000),
        ("12.5", 1250),
        ("12,5", 1250),
        ("12.50", 1250),
        ("1,250", 125000),
        ("1.250", 125000),
        ("1,234.56", 123456),
        ("1.234,56", 123456),
        ("1,234,567", 123456700),
        ("1.234.567,8", 123456780),
        ("1 250", 125000),
        ("1 250,5", 125050),
        ("1'250.50", 125050),
        ("12.", 1200),
        ("1,250.", 125000),
        (".5", 50),
        (",05", 5),
        ("0.05", 5),
        ("007", 700),
        (arabic("1250"), 125000),
        (arabic("1,250.5"), 125050),
        (f"12{ARABIC_DECIMAL}5".translate(PERSIAN), 1250),
        ("12\u060c5".translate(ARABIC), 1250),
        ("\u200f" + arabic("12.50") + "\u200e", 1250),
        ("\u2066USD\u2069 12.50", 1250),
        ("  12.50\t", 1250),
    ],
)
def test_typed_text_in_a_currency_of_two_decimals(text: str, minor: int) -> None:
    assert parse_amount(text, "USD") == Money(minor, "USD")


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1250", "JPY", 1250),
        ("1,250", "JPY", 1250),
        ("1.250", "JPY", 1250),
        ("1,250,000", "JPY", 1250000),
        ("12.", "JPY", 12),
        ("1.25", "KWD", 1250),
        ("0.250", "KWD", 250),
        ("1250.500", "KWD", 1250500),
        ("1,250.500", "KWD", 1250500),
        ("1,250,500", "KWD", 1250500000),
        ("1 250", "KWD", 1250000),
        (f"1{ARABIC_DECIMAL}250", "KWD", 1250),
        (f"1{ARABIC_THOUSANDS}250", "KWD", 1250000),
        ("1.2345", "CLF", 12345),
    ],
)
def test_typed_text_in_other_currencies(text: str, currency: str, minor: int) -> None:
    assert parse_amount(text, currency) == Money(minor, currency)


@pytest.mark.parametrize("text", ["USD 1,250.00", "1,250.00 USD", "usd1250", "1250Usd", "USD\u00a01.250,00"])
@pytest.mark.parametrize("currency", ["USD", "AUD", "KWD"])
def test_a_pasted_code_wins(text: str, currency: str) -> None:
    assert parse_amount(text, currency) == Money(125000, "USD")


@pytest.mark.parametrize("text", ["", "   ", "\u200f", "USD", " usd "])
def test_nothing_typed(text: str) -> None:
    with pytest.raises(AmountEmpty):
        parse_amount(text, "USD")


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("0", "USD"),
        ("0.00", "USD"),
        ("0.000", "USD"),
        ("-5", "USD"),
        ("\u22125", "USD"),
        ("-1.250", "KWD"),
        ("- 5", "USD"),
    ],
)
def test_amounts_are_above_zero(text: str, currency: str) -> None:
    with pytest.raises(AmountZero) as caught:
        parse_amount(text, currency)
    assert caught.value.currency == currency


def test_zero_carries_the_pasted_currency() -> None:
    with pytest.raises(AmountZero) as caught:
        parse_amount("KWD 0", "USD")
    assert caught.value.currency == "KWD"


@pytest.mark.parametrize(
    ("text", "currency", "example"),
    [
        ("12.3456", "USD", 1234),
        ("12.999999", "USD", 1299),
        ("0.125", "USD", 12),
        ("1250.500", "USD", 125050),
        ("1,234.567", "USD", 123456),
        (f"1{ARABIC_DECIMAL}250", "USD", 125),
        ("0.001", "USD", 1),
        ("12.5", "JPY", 12),
        ("0.5", "JPY", 1),
        ("1,250.00", "JPY", 1250),
        ("1.2345", "KWD", 1234),
    ],
)
def test_extra_decimals_are_refused_with_an_example(text: str, currency: str, example: int) -> None:
    with pytest.raises(AmountDecimals) as caught:
        parse_amount(text, currency)
    problem = caught.value
    assert (problem.currency, problem.digits) == (currency, CURRENCIES[currency].digits)
    assert problem.example == Money(example, currency)


@pytest.mark.parametrize(
    ("text", "currency", "as_decimal", "as_grouped"),
    [
        ("1,250", "KWD", 1250, 1250000),
        ("1.250", "KWD", 1250, 1250000),
        ("1,250".translate(ARABIC), "BHD", 1250, 1250000),
        ("999.999 KWD", "USD", 999999, 999999000),
        ("1.250", "CLF", 12500, 12500000),
    ],
)
def test_three_digits_after_one_mark_are_unclear_where_both_fit(
    text: str, currency: str, as_decimal: int, as_grouped: int
) -> None:
    with pytest.raises(AmountUnclear) as caught:
        parse_amount(text, currency)
    assert [reading.minor for reading in caught.value.readings] == [as_decimal, as_grouped]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "1,23,4.5",
            "12,34,567",
            "1,2345,678",
            "1234,567.00",
            "0,123,456",
            "1.250.00",
            "1,250,00",
            "1,250.5.5",
        ),
        *("1 2 5", "12 50", "1,250 000", "1..5", "1,.5", ".", "-", ",", "'5", "1'25", "5'", "1 250'000"),
        *(
            "abc",
            "1e2",
            "0x10",
            "1/2",
            "12%",
            "$12.50",
            "+12",
            "--5",
            "5-",
            "USD 12 USD",
            "XAU 12",
            "US 12",
            "12 USDX",
        ),
        *("12\n13", "१२", "1" * 65),
    ],
)
def test_other_texts_are_not_understood(text: str) -> None:
    with pytest.raises(AmountNotUnderstood) as caught:
        parse_amount(text, "USD")
    assert caught.value.text == text


def test_largest_amount() -> None:
    assert parse_amount("9,999,999,999.99", "USD") == Money(LARGEST_TYPED_MINOR, "USD")
    for text in ("10,000,000,000.00", "1" + "0" * 60, "10000000000.001"):
        with pytest.raises(AmountTooLarge) as caught:
            parse_amount(text, "USD")
        assert caught.value.limit == Money(LARGEST_TYPED_MINOR, "USD")


def test_unknown_currency_of_the_field_is_a_mistake_of_the_program() -> None:
    with pytest.raises(UnknownCurrency):
        parse_amount("12", "XAU")


@pytest.mark.parametrize("text", ["4111 1111 1111 1111", "4111-1111-1111-1111", "5555555555554444"])
def test_a_card_number_in_the_amount_stays_out_of_messages(text: str) -> None:
    with pytest.raises(AmountProblem) as caught:
        parse_amount(text, "USD")
    assert not any(digit in str(caught.value) for digit in "0123456789")


# As on a cash register


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("125000", "USD", 125000),
        ("5", "USD", 5),
        (arabic("50"), "USD", 50),
        ("1250", "JPY", 1250),
        ("5", "KWD", 5),
        ("1250500", "KWD", 1250500),
        ("12.5", "USD", 1250),
        ("1,250.00", "USD", 125000),
        ("USD 1250", "USD", 125000),
    ],
)
def test_register_entry(text: str, currency: str, minor: int) -> None:
    assert parse_amount(text, currency, register_entry=True) == Money(minor, currency)


def test_register_entry_has_the_same_limits() -> None:
    with pytest.raises(AmountZero):
        parse_amount("000", "USD", register_entry=True)
    with pytest.raises(AmountTooLarge):
        parse_amount("1" + "0" * 12, "USD", register_entry=True)
    with pytest.raises(AmountEmpty):
        parse_amount(" ", "USD", register_entry=True)


@given(typed_money)
def test_register_entry_is_the_minor_units(money: Money) -> None:
    assert parse_amount(str(money.minor), money.currency, register_entry=True) == money


# Exactness at large


@given(typed_money)
def test_every_way_to_type_an_amount_gives_that_amount(money: Money) -> None:
    for text in ways_to_type(money):
        assert parse_amount(text, money.currency) == money, ascii(text)


@given(typed_money)
def test_what_is_shown_can_be_typed_again_or_is_asked_about(money: Money) -> None:
    shown = format_amount(money)
    whole, fraction = parts_of(money)
    if len(fraction) == 3 and whole != "0" and len(whole) <= 3:
        with pytest.raises(AmountUnclear) as caught:
            parse_amount(shown, "USD")
        assert caught.value.readings[0] == money
    else:
        assert parse_amount(shown, "USD") == money


def test_not_one_minor_unit_of_difference(scaled: Scaled) -> None:
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)  # noqa: S311 - test data
    for turn in range(scaled(2_000, 10_000)):
        currency = ("JPY", "USD", "KWD")[turn % 3]
        money = Money(chance.randint(1, 10 ** chance.randint(1, 12) - 1), currency)
        for text in ways_to_type(money):
            assert parse_amount(text, currency).minor == money.minor, f"seed {seed}: {text!a}"
        assert Money.from_decimal_text(money.to_decimal_text(), currency) == money, f"seed {seed}: {money}"


@given(st.text(max_size=80), currencies, st.booleans())
def test_any_text_is_an_amount_or_a_known_problem(text: str, currency: str, register_entry: bool) -> None:
    try:
        money = parse_amount(text, currency, register_entry=register_entry)
    except AmountProblem:
        return
    assert 0 < money.minor <= LARGEST_TYPED_MINOR


@given(st.text("0123456789.,' -" + arabic(".,05"), max_size=20), st.sampled_from(["JPY", "USD", "KWD", "CLF"]))
def test_what_is_understood_has_the_digits_that_were_typed(text: str, currency: str) -> None:
    try:
        money = parse_amount(text, currency)
    except AmountProblem:
        return
    typed = "".join(str(int(character)) for character in text if character.isdecimal())
    assert str(money.minor).rstrip("0") == typed.strip("0")
