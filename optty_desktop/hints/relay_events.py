"""What a relay tells: an event is believed to come from it only with the seal that this till was given for it."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from optty_desktop.api.notifications import LONGEST_NAME, PAID_WORDS, NoticeKind
from optty_desktop.core.hints import Hint, HintSource
from optty_desktop.core.pairing import TOKEN
from optty_desktop.core.relay_failures import NotARelay

_KEY_PREFIX: Final = "whsec_"
_LONGEST_WORD: Final = 200
_LONGEST_BODY: Final = 8192
_LARGEST_SEQ: Final = 10**18


@dataclass(frozen=True, slots=True)
class Place:
    """Where a till stands in its stream: behind the hint ``seq`` of ``epoch``. ``text`` is what the relay calls it."""

    epoch: str
    seq: int
    text: str

    def kept(self) -> str:
        """Return the place as the journal keeps it."""
        return f"{self.epoch} {self.seq} {self.text}"

    @classmethod
    def of(cls, kept: str) -> "Place | None":
        """Return the place of a text of `kept`, None for any other."""
        epoch, _, rest = kept.partition(" ")
        seq, _, text = rest.partition(" ")
        return cls(epoch, int(seq), text) if seq.isascii() and seq.isdigit() and text else None


@dataclass(frozen=True, slots=True)
class RelayEvent:
    """One sealed hint. ``prev`` is the hint before it in this shop's stream: another one than expected is a gap."""

    epoch: str
    seq: int
    prev: int
    hint: Hint


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the stream, and whether the relay wants this till to take a new token."""

    place: Place
    is_renewal_due: bool


def key_of(signing_key: str) -> bytes:
    """Return the key of a Standard Webhooks secret. Raises NotARelay for a text that is none."""
    try:
        return base64.b64decode(signing_key.removeprefix(_KEY_PREFIX), validate=True)
    except ValueError as error:
        raise NotARelay("the key of this till is no key") from error


def read_event(document: object, key: bytes) -> RelayEvent:
    """Return the hint of a sealed message. Raises NotARelay when the seal is wrong or the hint is no hint.

    How old a seal is does not matter: the clock of a till may be wrong, and a hint told twice costs one read.
    """
    body = _unsealed(_object(document), key)
    facts = read_json_object(body)
    try:
        received_at = datetime.fromisoformat(_text(facts, "received_at", 40))
    except ValueError as error:
        raise NotARelay("received_at") from error
    hint = Hint(
        HintSource.RELAY,
        _text(facts, "invoice", LONGEST_NAME) or None,
        _text(facts, "order", LONGEST_NAME) or None,
        received_at if received_at.tzinfo else received_at.replace(tzinfo=UTC),
    )
    return RelayEvent(_epoch(facts), _number(facts, "seq"), _number(facts, "prev"), hint)


def says_paid(document: object, key: bytes, event: RelayEvent) -> bool:
    """Return whether the notice behind a hint calls its link paid. Raises NotARelay when the seal is wrong.

    A report of another hint or link, and one of a refund, says nothing of this payment.
    """
    facts = read_json_object(_unsealed(_object(document), key))
    is_of_it = (facts.get("report"), facts.get("invoice")) == (event.seq, event.hint.invoice_number)
    is_of_order = _text(facts, "kind", 40) in (NoticeKind.ORDER_RESULT, NoticeKind.ORDER_CHANGED)
    return is_of_it and is_of_order and _text(facts, "status", 40).upper() in PAID_WORDS


def read_head(document: dict[str, object]) -> Head:
    """Return the end of the stream as ``/v1/head`` and a refused place tell it. Raises NotARelay."""
    place = Place(_epoch(document), _number(document, "seq"), read_word(document, "head"))
    return Head(place, document.get("renew") is True)


def read_word(document: dict[str, object], name: str, most: int = _LONGEST_WORD) -> str:
    """Return a text of the relay that is not empty, such as a place, a token or a name. Raises NotARelay."""
    if not (word := _text(document, name, most)):
        raise NotARelay(name)
    return word


def read_token(document: dict[str, object]) -> str:
    """Return a renewed token. Raises NotARelay."""
    token = read_word(document, "token")
    if not TOKEN.fullmatch(token):
        raise NotARelay("token")
    return token


def read_json_object(text: str | bytes) -> dict[str, object]:
    """Return a JSON object. Raises NotARelay, also where it could be read in two ways."""
    try:
        return _object(json.loads(text, object_pairs_hook=_once, parse_constant=_refuse))
    except (ValueError, RecursionError):
        # Without its cause: that holds the answer, and with it a token.
        raise NotARelay("not JSON") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


def _unsealed(message: dict[str, object], key: bytes) -> str:
    headers, body = _object(message.get("headers")), _text(message, "body", _LONGEST_BODY)
    name, at = _text(headers, "webhook-id", 100), _text(headers, "webhook-timestamp", 20)
    signed = f"{name}.{at}.{body}".encode()
    right = f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}".encode()
    given = _text(headers, "webhook-signature", 1000).encode().split()
    if not any(hmac.compare_digest(right, one) for one in given):
        raise NotARelay("wrong seal")
    return body


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise NotARelay("not an object")
    return value


def _text(holder: dict[str, object], name: str, most: int) -> str:
    value = holder.get(name)
    if not isinstance(value, str) or len(value) > most or not value.isprintable():
        raise NotARelay(name)
    return value


def _epoch(holder: dict[str, object]) -> str:
    epoch = _text(holder, "epoch", 40)
    if not epoch.isalnum():
        raise NotARelay("epoch")
    return epoch


def _number(holder: dict[str, object], name: str) -> int:
    value = holder.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LARGEST_SEQ:
        raise NotARelay(name)
    return value
