"""Masks that hide enough, and card numbers that are seen wherever they stand."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.core.contacts import (
    EmailProblem,
    PhoneProblem,
    looks_like_card_number,
    mask_email,
    mask_phone,
)

# Test numbers of card schemes and payment services.
TEST_CARDS = [
    "4111111111111111", "4012888888881881", "4222222222222", "4000056655665556",
    "4242424242424242", "5555555555554444", "5105105105105100", "5200828282828210",
    "2223003122003222", "2223000048400011", "2720990000000007", "378282246310005",
    "371449635398431", "378734493671000", "6011111111111117", "6011000990139424",
    "6011981111111113", "30569309025904", "38520000023237", "36227206271667",
    "3566002020360505", "3530111333300000", "6200000000000005", "6304000000000000",
    "6759649826438453", "5019717010103742", "2201382000000013", "135410014004955",
    "8171999900000000021", "9792030000000000", "5060990580000217499",
]  # fmt: skip
# First digits and lengths of the card schemes.
SCHEMES = [
    ("4", 13), ("4", 16), ("4", 19), ("51", 16), ("55", 16), ("2221", 16), ("2720", 16), ("34", 15),
    ("37", 15), ("6011", 16), ("644", 16), ("65", 19), ("300", 14), ("36", 14), ("38", 16), ("3528", 16),
    ("3589", 19), ("62", 16), ("62", 19), ("81", 16), ("82", 16), ("50", 13), ("56", 16), ("67", 18),
    ("2200", 16), ("1", 15), ("9792", 16), ("9682", 16),
]  # fmt: skip
SEPARATORS = ["", " ", "-", ".", "\u00a0", "\u2009", "\u2013", " - "]
FRAMES: list[Callable[[str], str]] = [
    lambda card: card,
    lambda card: f"card {card} thanks",
    lambda card: f"Visa:{card}.",
    lambda card: f"Order 1053 {card}",
    lambda card: f"2026-11-22 {card} 12/27 123",
    lambda card: f"{card} 1227 123",
    lambda card: f"call +1 202 555 0149, {card}",
    lambda card: f"x{card}y",
    lambda card: f"\u200f{card}\u200e",
]


def with_check_digit(digits: str) -> str:
    """Append the Luhn digit, found by trial: exactly one of ten fits."""
    fitting = [digits + last for last in "0123456789" if luhn_total(digits + last) % 10 == 0]
    assert len(fitting) == 1
    return fitting[0]


def luhn_total(digits: str) -> int:
    table = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9]
    return sum(table[int(d)] if place % 2 else int(d) for place, d in enumerate(reversed(digits)))


def in_groups(card: str, separator: str) -> str:
    sizes = {15: (4, 6, 5), 14: (4, 6, 4)}.get(len(card), (4, 4, 4, 4, 4))
    groups, rest = [], card
    for size in sizes:
        groups.append(rest[:size])
        rest = rest[size:]
    return separator.join(group for group in groups if group)


def made_cards(count: int, chance: random.Random) -> list[str]:
    cards = []
    for turn in range(count):
        prefix, length = SCHEMES[turn % len(SCHEMES)]
        body = "".join(chance.choice("0123456789") for _ in range(length - 1 - len(prefix)))
        cards.append(with_check_digit(prefix + body))
    return cards


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("guest53@example.com", "g•••53@example.com"),
        ("abcdef@example.com", "a•••ef@example.com"),
        ("abcde@example.com", "a•••@example.com"),
        ("a@example.com", "a•••@example.com"),
        ('"a@b"@example.com', '"•••@example.com'),
        ("مريم.حسن@example.com", "م•••سن@example.com"),
        ("no address", "n•••ss"),
        ("", ""),
    ],
)
def test_masked_addresses(address: str, masked: str) -> None:
    assert mask_email(address) == masked


@given(st.text("abcdefgh.123", min_size=2, max_size=30))
def test_a_masked_address_keeps_the_domain_and_hides_the_rest(local: str) -> None:
    masked = mask_email(f"{local}@example.com")
    shown, bullets, end = masked.removesuffix("@example.com").partition("•••")
    assert masked.endswith("@example.com")
    assert bullets
    assert local.startswith(shown)
    assert local.endswith(end)
    assert len(local) - len(shown) - len(end) >= min(3, len(local) - 1)


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+12025550149", "•••• 0149"),
        ("+1 (202) 555-0149", "•••• 0149"),
        ("+1234567", "•••• 4567"),
        ("+123456", "••••"),
        ("12", "••••"),
        ("", ""),
    ],
)
def test_masked_numbers(number: str, masked: str) -> None:
    assert mask_phone(number) == masked


@pytest.mark.parametrize("card", TEST_CARDS)
def test_known_cards_are_seen_in_every_frame(card: str) -> None:
    assert luhn_total(card) % 10 == 0
    for separator in SEPARATORS:
        for frame in FRAMES:
            text = frame(in_groups(card, separator))
            assert looks_like_card_number(text), ascii(text)


def test_made_cards_of_all_schemes_are_seen() -> None:
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)  # noqa: S311 - test data
    for card in made_cards(500, chance):
        text = chance.choice(FRAMES)(in_groups(card, chance.choice(SEPARATORS)))
        assert looks_like_card_number(text), f"seed {seed}: {text!a}"


def test_digits_of_other_scripts_count() -> None:
    for zero in (0x0660, 0x06F0, 0xFF10):
        digits = "".join(chr(zero + int(digit)) for digit in "4111111111111111")
        assert looks_like_card_number(f"بطاقة {in_groups(digits, ' ')}")


def test_single_digits_apart_are_seen() -> None:
    assert looks_like_card_number(" ".join("4111111111111111"))
    assert looks_like_card_number("-".join("378282246310005"))


@given(st.sampled_from(TEST_CARDS), st.integers(1, 9))
def test_a_wrong_check_digit_is_no_card(card: str, more: int) -> None:
    wrong = card[:-1] + str((int(card[-1]) + more) % 10)
    assert not looks_like_card_number(wrong)


def test_phone_numbers_are_no_cards() -> None:
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)  # noqa: S311 - test data
    phones = [f"+{chance.randint(10**6, 10**15 - 1)}" for _ in range(1000)]
    alarms = [phone for phone in phones if looks_like_card_number(phone) or looks_like_card_number(f"call {phone}")]
    assert not alarms, f"seed {seed}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Order 1053",
        "+1 202 555 0149 +44 20 7946 0958",
        "+378282246310005",
        "2025550149 2025550150",
        "2026-11-22 12:30:45",
        "INV-2026-000123",
        "411111111111",  # 12 digits
        "41111111111111111111",  # 20 digits
        "0000000000000000",
        "356938035643809",  # a device number
        "8901410321111851072",  # a SIM card
        "4111/1111/1111/1111",
    ],
)
def test_other_numbers_are_no_cards(text: str) -> None:
    assert not looks_like_card_number(text)


def test_a_plus_sign_does_not_hide_a_long_number() -> None:
    assert looks_like_card_number("+4111111111111111")
    assert looks_like_card_number("+1 202 555 0149 4111 1111 1111 1111")


@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    assert looks_like_card_number(text) in (True, False)
    assert looks_like_card_number(f"{text} 4111 1111 1111 1111") or text[-1:].isdecimal() or text[-1:] in "+.- \n"


def test_problems_say_whether_anything_was_typed() -> None:
    for problem in (EmailProblem, PhoneProblem):
        assert problem(is_missing=True).is_missing
        assert not problem().is_missing
        assert isinstance(problem(), ValueError)
        assert str(problem()) != str(problem(is_missing=True))
