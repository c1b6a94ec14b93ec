"""What counts as an e-mail address and a phone number."""

import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.core.contacts import EmailProblem, PhoneProblem
from optty_desktop.system.contact_rules import ContactRules

RULES = ContactRules()
ARABIC = {ord("0") + value: 0x0660 + value for value in range(10)}
PERSIAN = {ord("0") + value: 0x06F0 + value for value in range(10)}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("guest53@example.com", "guest53@example.com"),
        ("  Guest53@Example.COM ", "Guest53@example.com"),
        ("\u200fguest@example.com\u200e", "guest@example.com"),
        ("first.last+tag@sub.example.co.uk", "first.last+tag@sub.example.co.uk"),
        ("guest@bücher.example", "guest@bücher.example"),
    ],
)
def test_addresses_are_normalised(text: str, address: str) -> None:
    assert RULES.email(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "guest",
        "guest@",
        "@example.com",
        "guest@example",
        "a b@example.com",
        "a@b@example.com",
        "a@example..com",
        "x" * 999,
    ],
)
def test_other_addresses_are_refused_without_repeating_them(text: str) -> None:
    with pytest.raises(EmailProblem) as caught:
        RULES.email(text)
    assert not caught.value.is_missing
    assert text not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("text", ["", "  ", "\u200f"])
def test_nothing_typed_is_said_so(text: str) -> None:
    with pytest.raises(EmailProblem) as no_address:
        RULES.email(text)
    with pytest.raises(PhoneProblem) as no_number:
        RULES.phone(text)
    assert no_address.value.is_missing
    assert no_number.value.is_missing


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+1 202 555 0154", "+12025550154"),
        ("+1 (202) 555-0154", "+12025550154"),
        ("+1.202.555.0154", "+12025550154"),
        ("001 202 555 0154", "+12025550154"),
        ("\uff0b12025550154", "+12025550154"),
        ("+1 202 555 0154".translate(ARABIC), "+12025550154"),
        ("+1 202 555 0154".translate(PERSIAN), "+12025550154"),
        ("\u202a+1 202 555 0154\u202c", "+12025550154"),
        ("+20 10 1234 5678", "+201012345678"),
        ("+44 20 7946 0958", "+442079460958"),
        ("+61 2 5550 1234", "+61255501234"),
    ],
)
def test_numbers_with_country_code(text: str, number: str) -> None:
    assert RULES.phone(text) == number


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("202 555 0154", "US", "+12025550154"),
        ("010 1234 5678", "EG", "+201012345678"),
        ("010 1234 5678".translate(ARABIC), "EG", "+201012345678"),
        ("+44 20 7946 0958", "US", "+442079460958"),
        ("0044 20 7946 0958", "EG", "+442079460958"),
    ],
)
def test_numbers_of_the_own_region(text: str, region: str, number: str) -> None:
    assert RULES.phone(text, region) == number


@pytest.mark.parametrize(
    "text",
    [
        *(
            "202 555 0154",
            "+1 555 0154",
            "+1 202 555 01",
            "+12",
            "+",
            "()",
            "+999 123 456 789",
            "000 202 555 0154",
        ),
        *(
            "call +1 202 555 0154",
            "+1 800 FLOWERS",
            "+1 202 555 0154 ext 5",
            "abc",
            "+1 202 555 0154 0155 0156",
        ),
        "+1 202 555 0154" + " " * 400 + "1",
    ],
)
def test_other_numbers_are_refused_without_repeating_them(text: str) -> None:
    with pytest.raises(PhoneProblem) as caught:
        RULES.phone(text)
    assert not caught.value.is_missing
    assert text == "+" or text not in str(caught.value)


@given(st.integers(200, 999), st.integers(0, 9999999))
def test_however_it_is_spaced_a_number_is_the_same(area: int, rest: int) -> None:
    digits = f"{area}{rest:07}"
    plain = RULES.phone(f"+1{digits}")
    assert plain == f"+1{digits}"
    assert RULES.phone(f"+1 ({digits[:3]}) {digits[3:6]}-{digits[6:]}") == plain
    assert RULES.phone(plain) == plain


@given(st.text(max_size=60))
def test_any_text_is_a_contact_or_a_known_problem(text: str) -> None:
    with suppress(EmailProblem):
        assert "@" in RULES.email(text)
    with suppress(PhoneProblem):
        assert RULES.phone(text).startswith("+")


def test_libraries_wait_for_their_first_use() -> None:
    script = (
        "import sys; from optty_desktop.system.contact_rules import ContactRules; ContactRules();"
        "print(sorted({'email_validator', 'phonenumbers'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert answer.stdout.strip() == "[]"
