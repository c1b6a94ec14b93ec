"""The table of currencies against what ISO 4217 says."""

import pytest

from optty_desktop.core.currencies import CURRENCIES, Currency, UnknownCurrency, digits_of

NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
FOUR_DECIMALS = "CLF UYW"


def codes_with(digits: int) -> str:
    return " ".join(code for code, currency in CURRENCIES.items() if currency.digits == digits)


def test_every_exception_to_two_decimals_is_known() -> None:
    assert codes_with(0) == NO_DECIMALS
    assert codes_with(3) == THREE_DECIMALS
    assert codes_with(4) == FOUR_DECIMALS
    assert len(codes_with(2).split()) == 139


def test_list_is_complete_and_ordered() -> None:
    assert len(CURRENCIES) == 165
    assert list(CURRENCIES) == sorted(CURRENCIES)


def test_each_currency_stands_under_its_own_code_with_a_name_of_its_own() -> None:
    for code, currency in CURRENCIES.items():
        assert currency.code == code
        assert len(code) == 3
        assert code.isascii()
        assert code.isupper()
        assert currency.name.strip() == currency.name != ""
    assert len({currency.name for currency in CURRENCIES.values()}) == len(CURRENCIES)


@pytest.mark.parametrize(
    ("code", "digits"),
    [("JPY", 0), ("USD", 2), ("AUD", 2), ("EGP", 2), ("MGA", 2), ("KWD", 3), ("IQD", 3), ("CLF", 4)],
)
def test_digits_follow_the_standard(code: str, digits: int) -> None:
    assert digits_of(code) == digits


@pytest.mark.parametrize("code", ["SLE", "VED", "XAD", "XCG", "ZWG", "MRU", "STN"])
def test_codes_of_recent_amendments_are_there(code: str) -> None:
    assert digits_of(code) == 2


@pytest.mark.parametrize("code", ["XAU", "XXX", "XTS", "XDR", "BGN", "HRK", "ANG", "ZWL", "usd", "US", "", "USDX"])
def test_other_codes_are_refused_by_name(code: str) -> None:
    with pytest.raises(UnknownCurrency) as caught:
        digits_of(code)
    assert caught.value.code == code


def test_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        CURRENCIES["ABC"] = Currency("ABC", 2, "Abc")  # type: ignore[index]
