"""The entries of ``environments.toml``, read strictly: what is not understood is named, never skipped."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from optty_desktop.api.environments import BUILT_IN, TRAINING_ID
from optty_desktop.core.environments import Environment, EnvironmentKind, Imported, RefundWith, RouteTemplate
from optty_desktop.core.errors import ProfileProblem
from optty_desktop.core.profile_rules import (
    RuleBroken,
    check_address,
    check_apart,
    check_feed,
    check_id,
    check_imported,
    check_link_host,
    check_name,
    check_route,
    check_webhook_site,
)

_REQUIRED: Final = ("id", "name", "kind", "token_url", "api_url", "link_hosts")
_OPTIONAL: Final = ("refund_with", "cancel_or_refund", "imported", "webhook_site", "show_reported_payments")
_KNOWN: Final = frozenset({*_REQUIRED, *_OPTIONAL})
_HEADER: Final = re.compile(r"^[ \t]*\[\[[ \t]*environment[ \t]*\]\]", re.MULTILINE)

Entry = Mapping[str, Any]


def read_profiles(name: str, text: str) -> tuple[Environment, ...]:
    """Return the built-in environments, changed and extended by the entries in ``text`` of the file ``name``.

    Raises ProfileProblem with file, entry, line where known, and reason.
    """
    found = {environment.id: environment for environment in BUILT_IN}
    seen: set[str] = set()
    for place, entry in _entries(name, text):
        try:
            environment = _environment(entry, found)
            _check_new(environment, seen, found.values())
        except RuleBroken as broken:
            raise ProfileProblem(f"{name}, {place}: {broken}") from broken
        seen.add(environment.id)
        found[environment.id] = environment
    return tuple(found.values())


def _entries(name: str, text: str) -> list[tuple[str, Entry]]:
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ProfileProblem(f"{name}: not TOML: {error}") from error
    entries = document.pop("environment", [])
    if document:
        raise ProfileProblem(f"{name}: unknown key {_shown(document)}")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ProfileProblem(f"{name}: environments are written as [[environment]]")
    return list(zip(_places(text, len(entries)), entries, strict=True))


def _places(text: str, count: int) -> list[str]:
    """Name each entry, with its line where the headers can be told apart."""
    lines = [text.count("\n", 0, match.start()) + 1 for match in _HEADER.finditer(text)]
    if len(lines) != count:
        return [f"environment {number}" for number in range(1, count + 1)]
    return [f"environment {number} (line {line})" for number, line in enumerate(lines, 1)]


def _environment(entry: Entry, found: Mapping[str, Environment]) -> Environment:
    if unknown := set(entry) - _KNOWN:
        raise RuleBroken(f"unknown key {_shown(unknown)}")
    base = found.get(check_id(_text(entry, "id")))
    missing = [] if base in BUILT_IN else [name for name in _REQUIRED if name not in entry]
    if missing:
        raise RuleBroken(f"{missing[0]} is missing")
    fields = {name: read(entry, name) for name, read in _READERS.items() if name in entry}
    if base in BUILT_IN and base is not None:
        if fields.get("kind", base.kind) is not base.kind:
            raise RuleBroken("a built-in environment keeps its kind")
        return replace(base, **fields)
    return Environment(**fields)


def _check_new(environment: Environment, seen: set[str], others: Iterable[Environment]) -> None:
    if environment.id == TRAINING_ID:
        raise RuleBroken("training is built in and cannot be changed")
    if environment.id in seen:
        raise RuleBroken("a second entry with this id")
    check_apart(environment, (*BUILT_IN, *others))
    check_feed(environment)


def _text(entry: Entry, name: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str):
        raise RuleBroken(f"{name} must be a text")
    return value


def _kind(entry: Entry, name: str) -> EnvironmentKind:
    text = _text(entry, name)
    if text not in (EnvironmentKind.SANDBOX, EnvironmentKind.LIVE):
        raise RuleBroken('kind must be "sandbox" or "live"')
    return EnvironmentKind(text)


def _refund_with(entry: Entry, name: str) -> RefundWith:
    text = _text(entry, name)
    if text not in tuple(RefundWith):
        raise RuleBroken('refund_with must be "link" or "order"')
    return RefundWith(text)


def _switch(entry: Entry, name: str) -> bool:
    value = entry[name]
    if not isinstance(value, bool):
        raise RuleBroken(f"{name} must be true or false")
    return value


def _link_hosts(entry: Entry, name: str) -> tuple[str, ...]:
    value = entry[name]
    if not isinstance(value, list) or not value or not all(isinstance(host, str) for host in value):
        raise RuleBroken("link_hosts must be a list of host names")
    return tuple(dict.fromkeys(check_link_host(host) for host in value))


def _route(entry: Entry, name: str) -> RouteTemplate:
    value = _table(entry, name, {"method", "path", "body", "tried"}, "with method and path")
    tried = value.get("tried", True)
    if not isinstance(tried, bool):
        raise RuleBroken("cancel_or_refund.tried must be true or false")
    route = check_route(_text(value, "method"), _text(value, "path"), _text({"body": "", **value}, "body"))
    return replace(route, tried=tried)


def _imported(entry: Entry, name: str) -> Imported:
    value = _table(entry, name, {"file", "sha256", "at"}, "with file, sha256 and at")
    at = value.get("at")
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise RuleBroken("imported.at must be a date and time such as 2026-11-22T09:30:00Z")
    return check_imported(_text(value, "file"), _text(value, "sha256"), at.astimezone(UTC))


def _table(entry: Entry, name: str, known: set[str], holding: str) -> Entry:
    value = entry[name]
    if not isinstance(value, dict):
        raise RuleBroken(f"{name} must be a table {holding}")
    if unknown := set(value) - known:
        raise RuleBroken(f"unknown key {name}.{_shown(unknown)}")
    return value


def _shown(names: Iterable[str]) -> str:
    return ascii(min(names))[1:41].rstrip("'")


_READERS: Final[Mapping[str, Callable[[Entry, str], Any]]] = {
    "id": lambda entry, name: check_id(_text(entry, name)),
    "name": lambda entry, name: check_name(_text(entry, name)),
    "kind": _kind,
    "token_url": lambda entry, name: check_address(_text(entry, name), name),
    "api_url": lambda entry, name: check_address(_text(entry, name), name),
    "link_hosts": _link_hosts,
    "refund_with": _refund_with,
    "cancel_or_refund": _route,
    "imported": _imported,
    "webhook_site": lambda entry, name: check_webhook_site(_text(entry, name)),
    "show_reported_payments": _switch,
}
