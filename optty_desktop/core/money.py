"""Money as whole minor units and an ISO 4217 code, and the ways an amount is written, typed and shown.

No float and no rounding anywhere: what does not fit the decimals of its currency is refused.
"""

import re
from dataclasses import dataclass
from functools import total_ordering
from typing import Final, Self

from optty_desktop.core.currencies import CURRENCIES, digits_of

LARGEST_TYPED_MINOR: Final = 999_999_999_999
"""The most that may be typed, in minor units of any currency."""


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were added, subtracted or compared."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"{left} and {right} do not mix")
        self.left = left
        self.right = right


class AmountProblem(ValueError):
    """A text is no amount that can be used. The message never repeats the text: it may hold a card number."""


class AmountEmpty(AmountProblem):
    """Nothing was typed, or a currency code alone."""


class AmountZero(AmountProblem):
    """The amount is not above zero: nought or negative. `currency` is the code it was read in."""

    def __init__(self, currency: str) -> None:
        super().__init__("the amount is not above zero")
        self.currency = currency


class AmountDecimals(AmountProblem):
    """More decimals than the currency has. `example` is what was typed, cut to the decimals allowed.

    The example is for people to read. It is never below one minor unit and never used as the amount.
    """

    def __init__(self, currency: str, digits: int, example: "Money") -> None:
        super().__init__(f"{currency} has {digits} decimals")
        self.currency = currency
        self.digits = digits
        self.example = example


class AmountUnclear(AmountProblem):
    """The text can be read in two ways: `readings` holds the decimal reading, then the grouped one."""

    def __init__(self, readings: tuple["Money", "Money"]) -> None:
        super().__init__("the amount can be read in two ways")
        self.readings = readings


class AmountNotUnderstood(AmountProblem):
    """The text is no amount. `text` is what was typed; do not log it."""

    def __init__(self, text: str) -> None:
        super().__init__("the text is not an amount")
        self.text = text


class AmountTooLarge(AmountProblem):
    """The amount is above `limit`, the most that may be typed in this currency."""

    def __init__(self, limit: "Money") -> None:
        super().__init__("the amount is above the largest that may be typed")
        self.limit = limit


class AmountNotExact(AmountProblem):
    """A wire amount is not plain decimal text, or has more digits than its currency."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """Whole minor units (125000 is USD 1,250.00) of an ISO 4217 currency. May be negative.

    Raises TypeError unless `minor` is an int (a bool is not), UnknownCurrency for a code that is not active.
    Adding, subtracting and ordering raise CurrencyMismatch across currencies; equality is simply False.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are an int, not {type(self.minor).__name__}")
        digits_of(self.currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Return nought of a currency."""
        return cls(0, currency)

    @classmethod
    def from_decimal_text(cls, text: str, currency: str) -> Self:
        """Read plain decimal text of major units exactly, such as "99.99", "260" or "-0.50".

        Surplus decimals are taken only if they are zeros. Raises AmountNotExact for all else, "1e2" too.
        """
        digits = digits_of(currency)
        match = _DECIMAL_TEXT.fullmatch(text)
        if match is None:
            raise AmountNotExact("not plain decimal text")
        sign, whole, fraction = match["sign"], match["whole"], match["fraction"] or ""
        if fraction[digits:].strip("0"):
            raise AmountNotExact(f"{currency} has {digits} decimals")
        return cls(int(sign + whole + fraction[:digits].ljust(digits, "0")), currency)

    @property
    def digits(self) -> int:
        """The decimals of the currency."""
        return digits_of(self.currency)

    @property
    def is_zero(self) -> bool:
        """Whether the amount is nought."""
        return self.minor == 0

    def __add__(self, other: "Money") -> "Money":
        self._require_same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._require_same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._require_same_currency(other)
        return self.minor < other.minor

    def to_decimal_text(self) -> str:
        """Return major units as plain decimal text with all decimals of the currency: "1250.00"."""
        return self._written("d")

    def _written(self, grouping: str) -> str:
        whole, fraction = divmod(abs(self.minor), 10**self.digits)
        sign = "-" if self.minor < 0 else ""
        decimals = f".{fraction:0{self.digits}d}" if self.digits else ""
        return f"{sign}{whole:{grouping}}{decimals}"

    def _require_same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(self.currency, other.currency)


def no_limit(_currency: str) -> Money | None:
    """For whoever asks for the most an amount may be, where nobody has set that."""
    return None


def format_figure(money: Money) -> str:
    """Return the figure alone, in Western digits with comma groups: "1,250.00", "-64.00"."""
    return money._written(",")


def format_amount(money: Money) -> str:
    """Return code, space, figure: "USD 1,250.00"."""
    return f"{money.currency} {format_figure(money)}"


def parse_amount(text: str, currency: str, *, register_entry: bool = False) -> Money:
    """Read what a person typed or pasted into a money field, in major units of `currency`.

    A code in the text ("USD 1,250.00", "1,250.00 USD") wins over the argument. With `register_entry`, digits
    alone fill minor units (125000 is 1,250.00); a text with a mark or a code is read as usual. Raises an
    AmountProblem; what two readings cannot decide is never guessed.
    """
    digits_of(currency)
    figure, code = _without_code(text)
    if not figure:
        raise AmountEmpty("nothing was typed")
    if register_entry and code is None and _ONLY_DIGITS.fullmatch(figure):
        padded = figure.zfill(digits_of(currency) + 1)
        point = len(padded) - digits_of(currency)
        return _above_zero(padded[:point], padded[point:], currency)
    return _in_major_units(text, figure, code or currency)


# What is read of a wire amount. The bounds keep int() cheap on hostile text.
_DECIMAL_TEXT: Final = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]{1,18})(?:\.(?P<fraction>[0-9]{1,18}))?")
_LONGEST_TYPED: Final = 64
_ONLY_DIGITS: Final = re.compile(r"[0-9]+")
_FIGURE: Final = re.compile(r"(?P<sign>-?) ?(?P<marked>[0-9., '\u066b\u066c]*[0-9][0-9., '\u066b\u066c]*)")
_WITH_CODE: Final = re.compile(r"(?P<before>[A-Za-z]{3})?(?P<figure>[^A-Za-z]*)(?P<after>[A-Za-z]{3})?")
_MARK: Final = re.compile(r"([., '\u066b\u066c])")
_DECIMAL_MARKS: Final = ".,\u066b"  # U+066B and U+066C: the Arabic decimal and thousands separators
_GROUPING_MARKS: Final = "., '\u066c"


def _plain_characters() -> dict[int, str | None]:
    """Map Arabic and Persian digits, spaces, apostrophes and minus signs to ASCII; drop direction marks."""
    table: dict[int, str | None] = {}
    for value in range(10):
        table[0x0660 + value] = table[0x06F0 + value] = str(value)
    table.update(dict.fromkeys((0x09, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " "))
    table.update(dict.fromkeys((0x2018, 0x2019, 0x02BC), "'"))
    table.update(dict.fromkeys((0x2010, 0x2011, 0x2212), "-"))
    table.update(dict.fromkeys((0x061C, 0x200B, 0x200E, 0x200F, 0xFEFF, *range(0x202A, 0x202F))))
    table.update(dict.fromkeys(range(0x2066, 0x206A)))
    table[0x060C] = ","  # the Arabic comma, where a keyboard has no U+066B
    return table


_PLAIN: Final = _plain_characters()


def _without_code(text: str) -> tuple[str, str | None]:
    """Return the figure in plain characters and the code written beside it, if any."""
    if len(text) > _LONGEST_TYPED:
        raise AmountNotUnderstood(text)
    match = _WITH_CODE.fullmatch(text.translate(_PLAIN).strip())
    if match is None or (match["before"] and match["after"]):
        raise AmountNotUnderstood(text)
    code = match["before"] or match["after"]
    if code is not None and code.upper() not in CURRENCIES:
        raise AmountNotUnderstood(text)
    return match["figure"].strip(), code and code.upper()


def _in_major_units(text: str, figure: str, code: str) -> Money:
    match = _FIGURE.fullmatch(figure)
    readings = _readings(match["marked"], digits_of(code)) if match else ()
    if match is None or not readings:
        raise AmountNotUnderstood(text)
    if match["sign"]:
        raise AmountZero(code)
    first, *others = (_above_zero(whole, fraction, code) for whole, fraction in readings)
    if others:
        raise AmountUnclear((first, others[0]))
    return first


def _readings(marked: str, digits: int) -> tuple[tuple[str, str], ...]:
    """Return the ways to read digits with marks, as whole and fraction: none, one, or two if unclear."""
    parts = _MARK.split(marked)
    groups, marks = parts[::2], parts[1::2]
    as_grouped = ("".join(groups), "")
    if not marks:
        return (as_grouped,)
    as_decimal = ("".join(groups[:-1]), groups[-1])
    may_be_grouped = _is_grouped(groups, marks)
    may_be_decimal = (
        marks[-1] in _DECIMAL_MARKS and marks[-1] not in marks[:-1] and _is_grouped(groups[:-1], marks[:-1])
    )
    if may_be_grouped and may_be_decimal and digits >= 3:
        return (as_decimal, as_grouped)
    if may_be_grouped:
        return (as_grouped,)
    return (as_decimal,) if may_be_decimal else ()


def _is_grouped(groups: list[str], marks: list[str]) -> bool:
    """Whether the groups are thousands parted by one kind of mark; a single group always is."""
    if not marks:
        return True
    if marks[0] not in _GROUPING_MARKS or len(set(marks)) > 1:
        return False
    head, *rest = groups
    return 1 <= len(head) <= 3 and not head.startswith("0") and all(len(group) == 3 for group in rest)


def _above_zero(whole: str, fraction: str, code: str) -> Money:
    """Return the amount of digits read as major units and decimals, or raise what is wrong with it."""
    digits = digits_of(code)
    if not (whole + fraction).strip("0"):
        raise AmountZero(code)
    minor = int(whole + fraction[:digits].ljust(digits, "0") or "0")
    if minor > LARGEST_TYPED_MINOR:
        raise AmountTooLarge(Money(LARGEST_TYPED_MINOR, code))
    if len(fraction) > digits:
        raise AmountDecimals(code, digits, Money(max(minor, 1), code))
    return Money(minor, code)
