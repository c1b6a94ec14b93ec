"""E-mail addresses and phone numbers of customers: how they are masked, and card numbers that must stay out.

Which addresses and numbers are right is decided by `system.contact_rules`; the problems it raises are here.
"""

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

_BULLETS: Final = "•••"
_FEWEST_HIDDEN: Final = 3


class EmailProblem(ValueError):
    """The text is not a full e-mail address; the message never repeats it. `is_missing`: nothing typed."""

    def __init__(self, *, is_missing: bool = False) -> None:
        super().__init__("no e-mail address" if is_missing else "not a full e-mail address")
        self.is_missing = is_missing


class PhoneProblem(ValueError):
    """The text is no phone number with country code; never repeated either. `is_missing`: nothing typed."""

    def __init__(self, *, is_missing: bool = False) -> None:
        super().__init__("no phone number" if is_missing else "not a phone number with country code")
        self.is_missing = is_missing


def mask_email(address: str) -> str:
    """Return an address that staff recognise and nobody can write to.

    "guest53@example.com" is "g•••53@example.com". The last two characters before the @ stay only where at
    least three are hidden; the domain always stays.
    """
    local, at, domain = address.rpartition("@")
    if not at:
        local, domain = domain, ""
    end = local[-2:] if len(local) >= 1 + _FEWEST_HIDDEN + 2 else ""
    return f"{local[:1]}{_BULLETS}{end}{at}{domain}" if address else ""


def mask_phone(number: str) -> str:
    """Return the last four digits: "+12025550149" is "•••• 0149". Below seven digits none is shown."""
    digits = re.sub(r"\D", "", number)
    end = f" {digits[-4:]}" if len(digits) >= 4 + _FEWEST_HIDDEN else ""
    return f"••••{end}" if number else ""


# Digits of any script, parted by at most three spaces, dashes or dots. A plus sign before them means a phone.
_RUN: Final = re.compile(r"(?P<plus>\+?)(?P<digits>\d(?:[\s.\-\u00ad\u2010-\u2015\u2212]{0,3}\d)+)")
_GROUP: Final = re.compile(r"\d+")
# Directional and zero-width marks, which come along when text is pasted.
_UNSEEN: Final = re.compile(r"[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
# First digits and lengths of cards. 15 digits beginning with 35 are a device number (IMEI): shops note those.
_CARD_SHAPE: Final = re.compile(r"(?!35\d{13}$)(?:[2-6]\d{12,18}|1\d{14}|8[12]\d{14,17}|9\d{15})")
_LONGEST_CARD: Final = 19
_LONGEST_PHONE: Final = 15  # ITU-T E.164


def looks_like_card_number(text: str) -> bool:
    """Whether a payment card number stands anywhere in the text, written in one piece or in groups.

    It has 13 to 19 digits, first digits as issuers use them and a right check digit (Luhn). Up to 15 digits
    with a plus sign directly before them are a phone number.
    """
    return any(_CARD_SHAPE.fullmatch(digits) and _has_check_digit(digits) for digits in _candidates(text))


def _candidates(text: str) -> Iterator[str]:
    """Yield each run of digits, and the card-like groups inside a run that has other numbers beside them."""
    for run in _RUN.finditer(_UNSEEN.sub("", text)):
        groups = ["".join(str(int(digit)) for digit in group) for group in _GROUP.findall(run["digits"])]
        whole = "".join(groups)
        if run["plus"] and len(whole) <= _LONGEST_PHONE:
            continue
        yield whole
        for start in range(len(groups)):
            yield from _grouped_from(groups[start : start + _LONGEST_CARD])


def _grouped_from(groups: list[str]) -> Iterator[str]:
    """Yield the numbers that begin with the first group and are written in groups of four digits and more."""
    for count, digits in enumerate(accumulate(groups)):
        if len(digits) > _LONGEST_CARD:
            return
        yield digits
        if len(groups[count]) < 4:  # only the last group of a card number is shorter
            return


def _has_check_digit(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others (ISO/IEC 7812-1)."""
    values = [int(digit) for digit in reversed(digits)]
    doubled = (sum(divmod(2 * value, 10)) for value in values[1::2])
    return (sum(values[::2]) + sum(doubled)) % 10 == 0
