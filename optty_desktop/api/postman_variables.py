"""The ``{{variables}}`` of a Postman export: which value stands where, within bounds, and which ones stay open.

A nearer layer goes before a farther one: environment file, inner folder, outer folder, collection. An empty value
counts as none, because exports leave the values out that a person has not filled in.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from optty_desktop.api.strict_json import Json
from optty_desktop.core.routes import PLACEHOLDER

_VARIABLE: Final = re.compile(r"\{\{([^{}]{1,200})\}\}")
_SECRET_NAME: Final = re.compile(r"secret|token|passw|api_?-?key|authori[sz]ation|credential|client_?-?id|bearer", re.I)
_PLACE_NAME: Final = re.compile(r"(ur[il]|host|address|base|path|endpoint|domain)$", re.I)
_MOST_REPLACEMENTS: Final = 200
_DEEPEST: Final = 20
_LONGEST_TEXT: Final = 64 * 1024


class ShapeBroken(ValueError):
    """An export is not shaped as Postman writes it; ``str()`` says where, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One value; a secret one is only used where credentials are read."""

    value: str = field(repr=False)
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class Resolved:
    """A text with its variables filled in, and the names of those that stayed ``{{open}}``, each once.

    ``withheld`` are those among them that have a value, which is secret.
    """

    text: str = field(repr=False)
    unresolved: tuple[str, ...]
    withheld: frozenset[str]


Layer = Mapping[str, Variable]


def is_secret_name(name: str) -> bool:
    """Whether a variable or field of this name holds something that must not be written down."""
    return bool(_SECRET_NAME.search(name)) and not _PLACE_NAME.search(name)


def is_invoice_number(name: str) -> bool:
    """Whether a variable or field is called after the invoice number: ``invoice_number``, ``lastInvoiceNumber``."""
    return "invoicenumber" in re.sub(r"[^a-z]", "", name.lower())


def read_layer(value: Json, place: str) -> dict[str, Variable]:
    """Return the variables of one list. Raises ShapeBroken."""
    layer: dict[str, Variable] = {}
    for entry in _entries(value, place):
        name = entry.get("key", entry.get("id"))
        text = as_text(entry.get("value"), f"a variable of {place}")
        if not isinstance(name, str):
            raise ShapeBroken(f"a variable of {place} has no name")
        if text and not entry.get("disabled") and entry.get("enabled") is not False:
            layer[name.strip()] = Variable(text, entry.get("type") == "secret" or is_secret_name(name))
    return layer


def _entries(value: Json, place: str) -> list[dict[str, Json]]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise ShapeBroken(f"the variables of {place} are no list")
    return value


def as_text(value: Json, place: str) -> str:
    """Return a text, empty for nothing. Raises ShapeBroken for any other value: it is not turned into one."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ShapeBroken(f"{place} is no text")
    if len(value) > _LONGEST_TEXT:
        raise ShapeBroken(f"{place} is longer than {_LONGEST_TEXT // 1024} KiB")
    return value


class Variables:
    """The layers that one request sees, the nearest first."""

    def __init__(self, layers: Sequence[Layer] = ()) -> None:
        self._layers = tuple(layers)

    def inside(self, nearer: Layer) -> "Variables":
        """Return these variables behind a nearer layer."""
        return Variables((nearer, *self._layers))

    def named(self, plain_name: str) -> str:
        """Return the nearest value, secret or not, of the variable with this name in whatever spelling, or nothing."""
        for layer in self._layers:
            for name in layer:
                if re.sub(r"[^a-z]", "", name.lower()) == plain_name:
                    return self.resolve(f"{{{{{name}}}}}", with_secrets=True).text
        return ""

    def resolve(self, text: str, *, numbers: frozenset[str] = frozenset(), with_secrets: bool = False) -> Resolved:
        """Fill in what has a value; what stands for the invoice number becomes ``{invoiceNumber}``.

        ``numbers`` are further variables that hold it. Unknown variables, secret ones (unless asked for) and those that
        lead back to themselves stay as they are. Raises ShapeBroken for a text that grows without end.
        """
        work = _Work(self._layers, numbers, with_secrets)
        filled = work.filled(text, frozenset())
        return Resolved(filled, tuple(work.unresolved), frozenset(work.withheld))


class _Work:
    """One resolution, with the bound of what it may take."""

    def __init__(self, layers: Sequence[Layer], numbers: frozenset[str], with_secrets: bool) -> None:
        self._layers = layers
        self._numbers = numbers
        self._with_secrets = with_secrets
        self._left = _MOST_REPLACEMENTS
        self.unresolved: dict[str, None] = {}
        self.withheld: set[str] = set()

    def filled(self, text: str, within: frozenset[str]) -> str:
        filled = _VARIABLE.sub(lambda match: self._value(match, within), text)
        if len(filled) > _LONGEST_TEXT:
            raise ShapeBroken("its variables grow out of all proportion")
        return filled

    def _value(self, match: re.Match[str], within: frozenset[str]) -> str:
        self._left -= 1
        if self._left < 0 or len(within) > _DEEPEST:
            raise ShapeBroken("its variables grow out of all proportion")
        name = match[1].strip()
        if name in self._numbers or is_invoice_number(name):
            return PLACEHOLDER
        variable = next((layer[name] for layer in self._layers if name in layer), None)
        is_withheld = variable is not None and variable.is_secret and not self._with_secrets
        if variable is None or name in within or is_withheld:
            self.unresolved[name] = None
            self.withheld |= {name} if is_withheld else set()
            return match[0]
        return self.filled(variable.value, within | {name})
