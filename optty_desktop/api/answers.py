"""What an answer means: JSON to go on with, a refusal, or an outcome nobody knows."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from optty_desktop.api.exchange import Answer
from optty_desktop.api.server_text import shown_text
from optty_desktop.api.strict_json import Json, NotStrictJson, read_strict_json
from optty_desktop.core.errors import (
    AlreadyExists,
    AppError,
    NotFound,
    NotSent,
    OutcomeUnknown,
    Refused,
    RouteMissing,
    ScopeRefused,
    SignInRefused,
    TooManyRequests,
    Trouble,
)

LONGEST_PAUSE: Final = 120.0
"""Seconds. A longer Retry-After is cut to this."""

_MOST_MESSAGES: Final = 20
_FIELD: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?=[.\s\[:]|$)")
# The request fields of docs.optty.com, Creating a Session.
_REQUEST_FIELDS: Final = frozenset(
    {
        *("email", "price", "phoneNumber", "description", "currency", "accountCode", "invoiceNumber"),
        *("referenceName", "dueDate", "subTotal", "taxAmount", "enableTipping", "items", "hideTax", "emailCustomer"),
    }
)
_ROUTE_MISSING: Final = re.compile(r"Cannot [A-Z]{3,7} /")
_SAME_NUMBER: Final = re.compile(r"invoice[\s_-]?number", re.IGNORECASE)
_TAKEN: Final = re.compile(r"exist|duplicate|already|unique", re.IGNORECASE)
_NOT_TAKEN: Final = re.compile(r"(?:\bnot|n't|\bno longer)\s+(?:\w+\s+)?exist|\bno\b.*\bexist", re.IGNORECASE)


def accepted_json(answer: Answer, now: datetime) -> Json:
    """Return the JSON of a 2xx answer. ``now`` (UTC) is what a dated Retry-After counts from.

    Raises a Refused for 4xx, OutcomeUnknown for 408, other statuses and for anything that is not strict JSON.
    """
    if not 200 <= answer.status < 300:
        raise failure(answer, now)
    if not _is_json(answer):
        raise OutcomeUnknown(Trouble.NOT_JSON, status=answer.status, details=answer.details)
    try:
        return read_strict_json(answer.body)
    except NotStrictJson as error:
        raise bad_answer(answer) from error


def accepted_object(answer: Answer, now: datetime) -> dict[str, Json]:
    """Return the JSON object of a 2xx answer; raises like ``accepted_json``, and OutcomeUnknown for another value."""
    value = accepted_json(answer, now)
    if not isinstance(value, dict):
        raise bad_answer(answer)
    return value


def bad_answer(answer: Answer) -> OutcomeUnknown:
    """Return the error for an answer whose content cannot be used."""
    return OutcomeUnknown(Trouble.BAD_ANSWER, status=answer.status, details=answer.details)


def failure(answer: Answer, now: datetime) -> AppError:
    """Return the error that a status outside 200 to 299 stands for."""
    if answer.status == 407:
        return NotSent(Trouble.PROXY_PASSWORD, details=answer.details)
    if 400 <= answer.status < 500 and answer.status != 408:
        return _refusal(answer, now)
    trouble = Trouble.REDIRECT if 300 <= answer.status < 400 else Trouble.SERVER
    return OutcomeUnknown(trouble, status=answer.status, retry_after=_pause(answer, now), details=answer.details)


def messages_of(answer: Answer) -> tuple[str, ...]:
    """Return the service's own sentences, shortened and escaped; none when the body holds none.

    ``message`` is a text or a list of texts (docs.optty.com, Create Order of the older API reference).
    """
    try:
        value = read_strict_json(answer.body) if _is_json(answer) else None
    except NotStrictJson:
        return ()
    message = value.get("message") if isinstance(value, dict) else None
    texts = message if isinstance(message, list) else [message]
    found = [shown_text(text) for text in texts if isinstance(text, str) and text.strip()]
    return tuple(found[:_MOST_MESSAGES])


def _refusal(answer: Answer, now: datetime) -> Refused:
    messages = messages_of(answer)
    if answer.status == 429:
        pause = TooManyRequests(answer.status, messages, retry_after=_pause(answer, now))
        pause.details.update(answer.details)
        return pause
    kind = _kind_of_refusal(answer.status, messages)
    return kind(answer.status, messages, _by_field(messages), details=answer.details)


def _kind_of_refusal(status: int, messages: tuple[str, ...]) -> type[Refused]:
    if status == 401:
        return SignInRefused
    if status == 403:
        return ScopeRefused
    if status == 404:
        is_missing = any(_ROUTE_MISSING.match(message) for message in messages)
        return RouteMissing if is_missing else NotFound
    if status in (400, 409, 422) and any(_says_taken(message) for message in messages):
        return AlreadyExists
    return Refused


def _says_taken(message: str) -> bool:
    is_about_number = _SAME_NUMBER.search(message) and _TAKEN.search(message)
    return bool(is_about_number) and not _NOT_TAKEN.search(message)


def _by_field(messages: Iterable[str]) -> dict[str, tuple[str, ...]]:
    fields: dict[str, tuple[str, ...]] = {}
    for message in messages:
        match = _FIELD.match(message)
        if match and match.group() in _REQUEST_FIELDS:
            fields[match.group()] = (*fields.get(match.group(), ()), message)
    return fields


def _is_json(answer: Answer) -> bool:
    media_type, _, parameters = answer.headers.get("content-type", "").partition(";")
    charset = parameters.lower().replace('"', "").strip()
    return media_type.strip().lower() == "application/json" and charset in ("", "charset=utf-8")


def _pause(answer: Answer, now: datetime) -> float | None:
    text = answer.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(float(text), LONGEST_PAUSE)
    try:
        at = parsedate_to_datetime(text)
        wait = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return min(max(wait.total_seconds(), 0.0), LONGEST_PAUSE)
