"""In what the requests of a collection differ from the contract that this program was built for.

A collection is newer evidence than that contract, so a difference stops nothing: a person is shown it.
Source of the fields: docs.optty.com, Create Access Token and Create custom payment link.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from optty_desktop.api.postman_request import PostmanRequest, form_pairs
from optty_desktop.api.postman_roles import Recognised
from optty_desktop.api.server_text import shown_text
from optty_desktop.core.environments import Environment
from optty_desktop.core.route_import import Difference, DifferenceKind, RequestRole

_SCOPE: Final = "merchant"
_GRANT: Final = "client_credentials"
_TOKEN_FIELDS: Final = frozenset({"client_id", "client_secret", "grant_type", "scope"})
_TOKEN_QUERY: Final = frozenset({"expires_in"})
_CREATE_REQUIRED: Final = frozenset(
    {
        *("email", "price", "phoneNumber", "description", "currency", "invoiceNumber", "referenceName", "dueDate"),
        *("subTotal", "taxAmount", "enableTipping", "items"),
    }
)
_CREATE_FIELDS: Final = _CREATE_REQUIRED | {"accountCode", "hideTax", "emailCustomer"}
_OWN_HEADERS: Final = frozenset(
    {"accept", "accept-encoding", "authorization", "cache-control", "connection", "content-length", "content-type"}
    | {"host", "user-agent"}
)
_VARIABLE: Final = re.compile(r"\{\{[^{}]*\}\}")
_MOST: Final = 50
_LONGEST: Final = 80


def differences(found: Mapping[RequestRole, Recognised], documented: Environment) -> tuple[Difference, ...]:
    """Return what deviates, in the order of the three requests; at most fifty lines, texts made harmless to show."""
    told: list[Difference] = []
    for role, one in found.items():
        told += _DIFFERENCES[role](one, documented)
    return tuple(told[:_MOST])


def token_fields(request: PostmanRequest) -> dict[str, str]:
    """Return the fields of a token request, whichever way it sends them, with their variables still open."""
    body = request.body
    if body.fields or not body.text:
        return dict(body.fields)
    fields = _json_fields(body.text)
    return {key: value for key, value in (fields or dict(form_pairs(body.text))).items() if isinstance(value, str)}


def _token(one: Recognised, documented: Environment) -> Iterator[Difference]:
    role = RequestRole.TOKEN
    yield from _place(role, one, documented.token_url)
    yield from _method(role, one)
    yield from _names(role, DifferenceKind.NEW_QUERY, {key for key, _ in one.request.query} - _TOKEN_QUERY)
    fields = token_fields(one.request)
    for name, kind, wanted in (("scope", DifferenceKind.SCOPE, _SCOPE), ("grant_type", DifferenceKind.GRANT, _GRANT)):
        value = one.request.variables.resolve(fields.get(name, wanted)).text
        if value != wanted and "{{" not in value:
            yield Difference(role, kind, shown_text(value, _LONGEST), wanted)
    yield from _names(role, DifferenceKind.NEW_FIELD, set(fields) - _TOKEN_FIELDS)
    yield from _headers(role, one)


def _create(one: Recognised, documented: Environment) -> Iterator[Difference]:
    role = RequestRole.CREATE
    yield from _place(role, one, documented.api_url)
    yield from _method(role, one)
    yield from _names(role, DifferenceKind.NEW_QUERY, {key for key, _ in one.request.query})
    if fields := _json_fields(one.request.body.text):
        yield from _names(role, DifferenceKind.NEW_FIELD, set(fields) - _CREATE_FIELDS)
        for name in sorted(_CREATE_REQUIRED - set(fields)):
            yield Difference(role, DifferenceKind.MISSING_FIELD, "", name)
    yield from _calls(role, one)


def _cancel_or_refund(one: Recognised, _documented: Environment) -> Iterator[Difference]:
    yield from _calls(RequestRole.CANCEL_OR_REFUND, one)


_DIFFERENCES: Final = {
    RequestRole.TOKEN: _token,
    RequestRole.CREATE: _create,
    RequestRole.CANCEL_OR_REFUND: _cancel_or_refund,
}


def _place(role: RequestRole, one: Recognised, documented: str) -> Iterator[Difference]:
    found, known = _host(one.address), _host(documented)
    if found and found != known and "{{" not in found:
        yield Difference(role, DifferenceKind.HOST, shown_text(found, _LONGEST), known)


def _host(address: str) -> str:
    return urlsplit(address).netloc.rpartition("@")[2] if "[" not in address else "["


def _method(role: RequestRole, one: Recognised) -> Iterator[Difference]:
    if one.request.method != "POST":
        yield Difference(role, DifferenceKind.METHOD, shown_text(one.request.method, _LONGEST), "POST")


def _calls(role: RequestRole, one: Recognised) -> Iterator[Difference]:
    """Yield how a call differs from one with the token of the first request and nothing else."""
    has_header = any(name.lower() == "authorization" for name in one.request.headers)
    if one.request.auth.kind != "bearer" and not has_header:
        yield Difference(
            role, DifferenceKind.AUTHORISATION, shown_text(one.request.auth.kind or "noauth", _LONGEST), "bearer"
        )
    yield from _headers(role, one)


def _headers(role: RequestRole, one: Recognised) -> Iterator[Difference]:
    yield from _names(
        role, DifferenceKind.NEW_HEADER, {name for name in one.request.headers if name.lower() not in _OWN_HEADERS}
    )


def _names(role: RequestRole, kind: DifferenceKind, names: Iterable[str]) -> Iterator[Difference]:
    for name in sorted(names):
        yield Difference(role, kind, shown_text(name, _LONGEST), "")


def _json_fields(text: str) -> dict[str, object]:
    """Return the fields of a JSON body; variables need no quotes in Postman, so each stands as a digit here."""
    try:
        value = json.loads(_VARIABLE.sub("0", text))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
