"""Reads JSON that money depends on: one meaning only, decimals exact, bounded depth.

The standard reader takes the last of two equal keys, NaN, binary floats and half characters; none is taken here.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from typing import Any, Final, NoReturn

DEEPEST: Final = 32
_LONGEST_NUMBER: Final = 40
_LARGEST_EXPONENT: Final = 30

Json = Any
"""None, bool, int, Decimal, str, list or dict with text keys. Never float."""


class NotStrictJson(ValueError):
    """The bytes are no JSON, or could be read in more than one way."""


def read_strict_json(body: bytes) -> Json:
    """Return the value of a UTF-8 JSON text. Raises NotStrictJson."""
    try:
        value = _DECODER.decode(body.decode("utf-8"))
    except NotStrictJson:
        raise
    except (ValueError, RecursionError) as error:
        raise NotStrictJson("not JSON") from error
    _check_texts_and_depth(value)
    return value


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise NotStrictJson("a key stands twice")
    return result


def _refuse(constant: str) -> NoReturn:
    raise NotStrictJson(f"{constant} is no number")


def _decimal(text: str) -> Decimal:
    number = Decimal(text) if len(text) <= _LONGEST_NUMBER else None
    if number is None or abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise NotStrictJson("a number is out of all proportion")
    return number


def _integer(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise NotStrictJson("a number is out of all proportion")
    return int(text)


# Made once: json.loads makes one at each call, which takes longer than reading a short text.
_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_refuse, parse_float=_decimal, parse_int=_integer
)


def _check_texts_and_depth(value: Json) -> None:
    # Level by level, keeping lists and objects only: a MiB of small values must not take many times its room again.
    level: list[Json] = [[value]]
    for _ in range(DEEPEST + 1):
        level = [part for item in level for part in _parts(item) if isinstance(part, list | dict)]
        if not level:
            return
    raise NotStrictJson(f"deeper than {DEEPEST}")


def _parts(item: list[Json] | dict[str, Json]) -> Iterator[Json]:
    """Yield what a list or an object holds, its keys too; raises for a text that is none."""
    for part in chain(item, item.values()) if isinstance(item, dict) else item:
        if isinstance(part, str):
            _check_text(part)
        yield part


def _check_text(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotStrictJson("half a character") from error
