"""Optty's webhook bodies, read tolerantly: what happened to which link (docs.optty.com, Notifications and Sessions).

Optty documents neither a signature nor the whole body. So a notice is a hint: it says which order to read, and changes
nothing by itself. A key may stand at the top, in ``data``, or in ``data.data``; what is not named here is dropped.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from optty_desktop.api.strict_json import Json, NotStrictJson, read_strict_json

LARGEST_BODY: Final = 64 * 1024
LONGEST_NAME: Final = 100
"""Characters of an invoice number or a reference; a longer one is taken as absent, since half of one names another."""

PAID_WORDS: Final = frozenset({"SUCCESSFUL", "PAID"})
"""Of an order, as in the answer to a read of it."""

_LONGEST_WORD: Final = 40
_ORDER_KEYS: Final = ("merchantReference", "orderReference", "reference", "orderReferenceId")


class NoticeKind(StrEnum):
    """What a notice is about, by its event."""

    ORDER_RESULT = "ORDER_ASYNC_CALLBACK"
    ORDER_CHANGED = "ORDER_STATUS_UPDATE"
    REFUND = "REFUND_CALLBACK"
    OTHER = "other"
    """An event that is not documented, such as one for a capture; it may still name a link."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What one webhook claims. ``status`` is the service's raw word, "" where there is none; it proves nothing."""

    kind: NoticeKind
    invoice_number: str | None
    order_reference: str | None
    status: str


class NotANotice(ValueError):
    """A body that cannot be read as a notice; ``str()`` says why and holds nothing of the body."""


def read_notice(body: bytes) -> Notice:
    """Return what a webhook body claims. Raises NotANotice for a body that is too large, no JSON, or no object."""
    if len(body) > LARGEST_BODY:
        raise NotANotice("too large")
    try:
        document = read_strict_json(body)
    except NotStrictJson as error:
        raise NotANotice("not JSON") from error
    if not isinstance(document, dict):
        raise NotANotice("not an object")
    places = list(_places(document))
    return Notice(
        kind=_kind(document.get("event")),
        invoice_number=_first_name([_object(place, "metadata") for place in places], ("invoiceNumber",)),
        order_reference=_first_name(places, _ORDER_KEYS),
        status=next((word for place in places if (word := _word(place.get("status")))), ""),
    )


def _places(document: dict[str, Json]) -> Iterator[dict[str, Json]]:
    """Yield the objects in which a key may stand, the documented one first."""
    data = _object(document, "data")
    yield data
    yield _object(data, "data")
    yield document


def _object(holder: dict[str, Json], name: str) -> dict[str, Json]:
    value = holder.get(name)
    return value if isinstance(value, dict) else {}


def _kind(event: Json) -> NoticeKind:
    word = _word(event).upper()
    return NoticeKind(word) if word in tuple(NoticeKind) else NoticeKind.OTHER


def _first_name(places: list[dict[str, Json]], keys: tuple[str, ...]) -> str | None:
    found = (_name(place.get(key)) for place in places for key in keys)
    return next((name for name in found if name), None)


def _name(value: Json) -> str | None:
    """Return an invoice number or a reference; some systems write one of digits as a number."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str):
        return None
    text = text.strip()
    return text if 1 <= len(text) <= LONGEST_NAME and text.isprintable() else None


def _word(value: Json) -> str:
    if not isinstance(value, str) or not value.isprintable():
        return ""
    return value.strip()[:_LONGEST_WORD]
