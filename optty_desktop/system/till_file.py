"""The keys of ``till.toml``, read strictly: what is not understood is named, never skipped."""

import tomllib
from decimal import Decimal

from optty_desktop.core.currencies import CURRENCIES
from optty_desktop.core.errors import ProfileProblem
from optty_desktop.core.money import AmountNotExact, Money
from optty_desktop.core.updates import Updates
from optty_desktop.system.till_settings import TillSettings
from optty_desktop.system.update_settings import read_updates

_TEXT_KEYS = ("shop", "name", "operator")


def read_settings(name: str, content: bytes) -> TillSettings:
    """Return the settings in the content of the file ``name``. Raises ProfileProblem with file, key and reason."""
    try:
        # An amount written without quotes stays exact.
        table = tomllib.loads(content.decode("utf-8"), parse_float=Decimal)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProfileProblem(f"{name}: {error}") from error
    return _settings(name, table)


def _settings(name: str, table: dict[str, object]) -> TillSettings:
    known = {*_TEXT_KEYS, "currencies", "warn_above", "updates"}
    for key in table:
        if key not in known:
            raise ProfileProblem(f"{name}: unknown key {key}")
    plain = TillSettings()
    texts = {key: _text(name, key, table.get(key, getattr(plain, key))) for key in _TEXT_KEYS}
    currencies = _currencies(name, table.get("currencies", list(plain.currencies)))
    return TillSettings(
        **texts,
        currencies=currencies,
        warn_above=_warn_above(name, table.get("warn_above"), currencies),
        updates=_updates(name, table["updates"]) if "updates" in table else None,
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


def _updates(name: str, value: object) -> Updates:
    try:
        return read_updates(value)
    except ValueError as error:
        raise ProfileProblem(f"{name}: {error}") from error


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
