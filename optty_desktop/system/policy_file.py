"""The keys of ``policy.toml``, read strictly: what is not understood is named with its line, never skipped."""

import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from optty_desktop.core.currencies import CURRENCIES
from optty_desktop.core.environments import OPTTY_HOSTS
from optty_desktop.core.errors import ProfileProblem
from optty_desktop.core.money import AmountNotExact, Money
from optty_desktop.core.network import NetworkSettings
from optty_desktop.core.policy import Policy
from optty_desktop.core.profile_rules import RuleBroken, check_id, check_link_host
from optty_desktop.core.updates import Updates
from optty_desktop.system.network_file import WrongKey, network_of
from optty_desktop.system.update_settings import read_updates

_HEADER: Final = re.compile(r"\s*\[\s*([A-Za-z0-9_.\s\"-]+?)\s*\]")
_KEY: Final = re.compile(r"\s*([A-Za-z0-9_.\"-]+)\s*=")
_AMOUNT: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?) ([A-Z]{3})")
_NAMED: Final = re.compile(r"updates\.\w+")

Where = tuple[str, ...]


def read_policy(file: Path, content: bytes) -> Policy:
    """Return the policy in ``content``. Raises ProfileProblem with file, line where known, and reason."""
    try:
        text = content.decode("utf-8")
        table = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ProfileProblem(f"{file}: {error}") from error
    try:
        return _policy(table, file, hashlib.sha256(content).hexdigest())
    except _Wrong as wrong:
        line = _line_of(text, wrong.where)
        place = f"{file}, line {line}" if line else f"{file}"
        raise ProfileProblem(f"{place}: {wrong}") from wrong


class _Wrong(Exception):
    """What is wrong with the key at ``where``."""

    def __init__(self, where: Where, reason: str) -> None:
        super().__init__(reason)
        self.where = where


def _policy(table: Mapping[str, Any], file: Path, sha256: str) -> Policy:
    _only_known(table, {"environments", "hosts", "network", "limits", "updates", "show_reported_payments"})
    hosts = _table(table, "hosts", {"token", "api", "link"})
    limits = _table(table, "limits", {"warn_above", "largest"})
    return Policy(
        file=str(file),
        sha256=sha256,
        environments=_texts(table, ("environments",), check_id),
        token_hosts=_texts(hosts, ("hosts", "token"), _call_host),
        api_hosts=_texts(hosts, ("hosts", "api"), _call_host),
        link_hosts=_texts(hosts, ("hosts", "link"), check_link_host),
        network=_network(table, file.parent),
        warn_above=_amount(limits["warn_above"], ("limits", "warn_above")) if "warn_above" in limits else None,
        largest=_largest(limits),
        updates=_updates(table),
        show_reported_payments=_switch(table, "show_reported_payments"),
    )


def _switch(table: Mapping[str, Any], key: str) -> bool | None:
    value = table.get(key)
    if value is not None and not isinstance(value, bool):
        raise _Wrong((key,), f"{key} must be true or false")
    return value


def _network(table: Mapping[str, Any], folder: Path) -> NetworkSettings | None:
    """What stands in place of ``network.toml``; a certificate file without a folder lies in ``folder``."""
    if "network" not in table:
        return None
    settings = _table(table, "network", {"proxy", "trust", "extra_ca"})
    try:
        return network_of(dict(settings), folder)
    except WrongKey as wrong:
        key = next((key for key in settings if str(wrong).startswith(key)), "")
        raise _Wrong(("network", key), f"network: {wrong}") from wrong


def _only_known(table: Mapping[str, Any], known: set[str], *within: str) -> None:
    for key in table:
        if key not in known:
            raise _Wrong((*within, key), f"unknown key {ascii('.'.join((*within, key)))[1:61].rstrip(chr(39))}")


def _table(table: Mapping[str, Any], name: str, known: set[str]) -> Mapping[str, Any]:
    value = table.get(name, {})
    if not isinstance(value, dict):
        raise _Wrong((name,), f"{name} must be a table, written [{name}]")
    _only_known(value, known, name)
    return value


def _texts(table: Mapping[str, Any], where: Where, check: Callable[[str], str]) -> tuple[str, ...]:
    """A list of at least one text, each of which passes ``check``; empty where the key is not there."""
    if where[-1] not in table:
        return ()
    name, value = ".".join(where), table[where[-1]]
    if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
        raise _Wrong(where, f"{name} must be a list of texts, such as {_EXAMPLES[where]}")
    try:
        return tuple(dict.fromkeys(check(one) for one in value))
    except RuleBroken as broken:
        raise _Wrong(where, f"{name} must be a list of texts, such as {_EXAMPLES[where]}") from broken


def _call_host(text: str) -> str:
    if text == OPTTY_HOSTS:
        raise RuleBroken("a full host name")
    return check_link_host(text)


def _largest(limits: Mapping[str, Any]) -> tuple[Money, ...]:
    where = ("limits", "largest")
    if "largest" not in limits:
        return ()
    value = limits["largest"]
    if not isinstance(value, list) or not value:
        raise _Wrong(where, 'limits.largest must be a list of amounts, such as ["5000.00 USD"]')
    amounts = tuple(_amount(one, where) for one in value)
    if len({amount.currency for amount in amounts}) < len(amounts):
        raise _Wrong(where, "limits.largest names a currency twice")
    return amounts


def _amount(value: object, where: Where) -> Money:
    wrong = _Wrong(where, f'{".".join(where)} takes an amount and its currency, such as "5000.00 USD"')
    match = _AMOUNT.fullmatch(value) if isinstance(value, str) else None
    if match is None or match[2] not in CURRENCIES:
        raise wrong
    try:
        amount = Money.from_decimal_text(match[1], match[2])
    except AmountNotExact as error:
        raise wrong from error
    if amount.minor <= 0:
        raise wrong
    return amount


def _updates(table: Mapping[str, Any]) -> Updates | None:
    if "updates" not in table:
        return None
    try:
        return read_updates(table["updates"])
    except ValueError as error:
        named = _NAMED.search(str(error))
        raise _Wrong(_parts(named[0]) if named else ("updates",), str(error)) from error


def _line_of(text: str, where: Where) -> int | None:
    """The line of the key, or of the nearest table or key above it; None where neither begins a line."""
    nearest, line_found = 0, None
    table: Where = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            here = table = _parts(header[1])
        elif key := _KEY.match(line):
            here = (*table, *_parts(key[1]))
        else:
            continue
        if len(here) > nearest and where[: len(here)] == here:
            nearest, line_found = len(here), number
    return line_found


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip(' \t"') for part in dotted.split("."))


_EXAMPLES: Final[Mapping[Where, str]] = {
    ("environments",): '["live"]',
    ("hosts", "token"): '["auth.optty.com"]',
    ("hosts", "api"): '["api.optty.com"]',
    ("hosts", "link"): '[".optty.com", "pay.example.com"]',
}
