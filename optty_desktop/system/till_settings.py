"""The till's own file ``till.toml``, written by the shop: who and where this till is, which currencies it offers."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from optty_desktop.core.currencies import CURRENCIES
from optty_desktop.core.errors import ProfileProblem
from optty_desktop.core.money import AmountNotExact, Money

MAX_BYTES = 64 * 1024
_TEXT_KEYS = ("shop", "name", "operator")


@dataclass(frozen=True, slots=True)
class TillSettings:
    """What the shop says about this till. ``warn_above`` warns of unusual amounts in its own currency, never blocks."""

    shop: str = "My shop"
    name: str = "Till 1"
    operator: str = "Cashier 1"
    currencies: tuple[str, ...] = ("USD", "EUR", "GBP", "AUD", "KWD", "JPY")
    warn_above: Money | None = None


def load_till_settings(file: Path) -> TillSettings:
    """Read the file; without one the defaults hold.

    Raises ProfileProblem naming the file, the key and the reason: a till that guesses its name signs entries wrongly.
    """
    try:
        with file.open("rb") as stream:
            text = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return TillSettings()
    except OSError as error:
        raise ProfileProblem(f"{file.name}: cannot be read ({error.strerror})") from error
    if len(text) > MAX_BYTES:
        raise ProfileProblem(f"{file.name}: larger than {MAX_BYTES // 1024} KiB")
    try:
        # An amount written without quotes stays exact.
        table = tomllib.loads(text.decode("utf-8"), parse_float=Decimal)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProfileProblem(f"{file.name}: {error}") from error
    return _settings(file.name, table)


def _settings(name: str, table: dict[str, object]) -> TillSettings:
    known = {*_TEXT_KEYS, "currencies", "warn_above"}
    for key in table:
        if key not in known:
            raise ProfileProblem(f"{name}: unknown key {key}")
    plain = TillSettings()
    texts = {key: _text(name, key, table.get(key, getattr(plain, key))) for key in _TEXT_KEYS}
    currencies = _currencies(name, table.get("currencies", list(plain.currencies)))
    return TillSettings(
        **texts, currencies=currencies, warn_above=_warn_above(name, table.get("warn_above"), currencies)
    )


def _text(name: str, key: str, value: object) -> str:
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= 40 or not value.isprintable():
        raise ProfileProblem(f"{name}: {key} must be a text of 1 to 40 characters")
    return value.strip()


def _currencies(name: str, value: object) -> tuple[str, ...]:
    codes = value if isinstance(value, list) else []
    if not codes or any(not isinstance(code, str) or code not in CURRENCIES for code in codes):
        raise ProfileProblem(f'{name}: currencies must be a list of currency codes such as ["USD", "EUR"]')
    return tuple(dict.fromkeys(codes))


def _warn_above(name: str, value: object, currencies: tuple[str, ...]) -> Money | None:
    if value is None:
        return None
    problem = ProfileProblem(f'{name}: warn_above must be an amount in {currencies[0]} such as "1000.00"')
    try:
        amount = Money.from_decimal_text(str(value), currencies[0])
    except AmountNotExact as error:
        raise problem from error
    if amount.minor <= 0:
        raise problem
    return amount
