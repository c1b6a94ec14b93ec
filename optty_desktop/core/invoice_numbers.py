"""Invoice numbers: the unique name this program gives to each payment link, one for each intent.

Shape: prefix of the till, time in milliseconds, 80 random bits, such as "TILL1-01KGC3Q8ZV-7R2M0W5TYHJX9D4B".
At most 34 characters of A to Z, 0 to 9 and dash. Numbers with one prefix sort by time; none can be guessed
from another.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: no I, L, O, U
_BITS_PER_CHARACTER: Final = 5
_TIME_CHARACTERS: Final = 10  # 50 bits of milliseconds reach beyond the year 9999
_RANDOM_BYTES: Final = 10
_RANDOM_CHARACTERS: Final = 16
_LONGEST_PREFIX: Final = 6
_PREFIX_WITHOUT_LETTERS: Final = "TILL"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_NOT_IN_PREFIX: Final = re.compile(r"[^A-Z0-9]")
_SHAPE: Final = re.compile(
    rf"[A-Z0-9]{{1,{_LONGEST_PREFIX}}}-[{_ALPHABET}]{{{_TIME_CHARACTERS}}}-[{_ALPHABET}]{{{_RANDOM_CHARACTERS}}}"
)
_WITHIN: Final = re.compile(rf"(?<![0-9A-Za-z]){_SHAPE.pattern}(?![0-9A-Za-z])")


def new_invoice_number(till_prefix: str, now: datetime, random_bytes: Callable[[int], bytes]) -> str:
    """Return a new number. `random_bytes(n)` gives n bytes of a cryptographic generator: secrets.token_bytes.

    The prefix is cleaned to six of A to Z and 0 to 9, or "TILL" where nothing is left of it. Raises
    ValueError for a time without time zone or before 1970, and for another number of random bytes.
    """
    randomness = random_bytes(_RANDOM_BYTES)
    if len(randomness) != _RANDOM_BYTES:
        raise ValueError(f"{_RANDOM_BYTES} random bytes needed, not {len(randomness)}")
    time_part = _base32(_unix_milliseconds(now), _TIME_CHARACTERS)
    random_part = _base32(int.from_bytes(randomness, "big"), _RANDOM_CHARACTERS)
    return f"{_clean_prefix(till_prefix)}-{time_part}-{random_part}"


def is_invoice_number(text: str) -> bool:
    """Whether the text has the shape of a number made here."""
    return _SHAPE.fullmatch(text) is not None


def find_invoice_numbers(text: str) -> list[str]:
    """Return the numbers made here that stand whole within a text, such as a reference built around one."""
    return _WITHIN.findall(text)


def _clean_prefix(till_prefix: str) -> str:
    return _NOT_IN_PREFIX.sub("", till_prefix.upper())[:_LONGEST_PREFIX] or _PREFIX_WITHOUT_LETTERS


def _unix_milliseconds(now: datetime) -> int:
    if now.utcoffset() is None:
        raise ValueError("a time with time zone is needed")
    if now < _EPOCH:
        raise ValueError("a time after 1970 is needed")
    return (now - _EPOCH) // _MILLISECOND


def _base32(value: int, length: int) -> str:
    shifts = range(_BITS_PER_CHARACTER * (length - 1), -1, -_BITS_PER_CHARACTER)
    return "".join(_ALPHABET[value >> shift & 31] for shift in shifts)
