"""One request of a Postman collection as plain values: address, query, body, headers and the auth it inherits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from optty_desktop.api.postman_variables import ShapeBroken, Variables, as_text, is_invoice_number
from optty_desktop.api.strict_json import Json

_DEFAULT_METHOD: Final = "GET"

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Auth:
    """How a request shows who asks: Postman's word for it, and its values."""

    kind: str
    values: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Body:
    """``mode`` as Postman says it (``raw``, ``urlencoded``, ``formdata`` …), empty for none."""

    mode: str = ""
    text: str = field(default="", repr=False)
    fields: Pairs = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class PostmanRequest:
    """A request with its variables still open. ``number`` is its place in the export, the first being 1.

    ``says_two_addresses``: the address stands there twice, whole and in parts, and the two differ.
    """

    number: int
    name: str
    method: str
    address: str = field(repr=False)
    query: Pairs = field(repr=False)
    body: Body
    headers: tuple[str, ...]
    auth: Auth
    variables: Variables = field(repr=False)
    says_two_addresses: bool


def read_request(number: int, name: str, value: Json, variables: Variables, inherited: Auth) -> PostmanRequest:
    """Return one request. Raises ShapeBroken."""
    place = f"request {number}"
    request = {"url": value} if isinstance(value, str) else value
    if not isinstance(request, dict):
        raise ShapeBroken(f"{place} is neither a text nor an object")
    address, query, differ = _address(request.get("url"), place)
    return PostmanRequest(
        number,
        name,
        (as_text(request.get("method"), f"the method of {place}") or _DEFAULT_METHOD).upper(),
        address,
        query,
        _body(request.get("body"), place),
        _headers(request.get("header"), place),
        read_auth(request.get("auth"), inherited),
        variables,
        differ,
    )


def read_auth(value: Json, inherited: Auth) -> Auth:
    """Return the auth of a request, a folder or the collection; without one of its own, what it inherits."""
    if value is None:
        return inherited
    if not isinstance(value, dict):
        raise ShapeBroken("an authorisation is no object")
    kind = as_text(value.get("type"), "the type of an authorisation")
    return Auth(kind, {key: text for key, text in _auth_values(value.get(kind)) if isinstance(text, str)})


def _auth_values(values: Json) -> list[tuple[str, Json]]:
    """Return what v2.0 writes as an object and v2.1 as a list; switches that are no texts mean nothing here."""
    if isinstance(values, dict):
        return list(values.items())
    entries = [entry for entry in values if isinstance(entry, dict)] if isinstance(values, list) else []
    return [(entry["key"], entry.get("value")) for entry in entries if isinstance(entry.get("key"), str)]


def _address(url: Json, place: str) -> tuple[str, Pairs, bool]:
    if isinstance(url, dict):
        return _address_of_parts(url, place)
    text = as_text(url, f"the address of {place}")
    address, query = _cut(text)
    return _with_path_variables(address, {}), query, False


def _cut(text: str) -> tuple[str, Pairs]:
    """Part an address from its query; a fragment is never sent."""
    address, _, query = text.partition("#")[0].partition("?")
    return address, form_pairs(query)


def form_pairs(text: str) -> Pairs:
    """Return the pairs of ``a=1&b=2`` as they stand there, nothing decoded."""
    pairs = (part.partition("=") for part in text.split("&") if part)
    return tuple((key, value) for key, _, value in pairs)


def _address_of_parts(url: dict[str, Json], place: str) -> tuple[str, Pairs, bool]:
    raw, raw_query = _cut(as_text(url.get("raw"), f"the address of {place}"))
    built = _built(url, place)
    query = raw_query if url.get("query") is None else _pairs(url["query"], f"the query of {place}")
    known = dict(_pairs(url.get("variable"), f"the path variables of {place}"))
    differ = bool(raw and built) and raw != built
    return _with_path_variables(built or raw, known), query, differ


def _built(url: dict[str, Json], place: str) -> str:
    host = ".".join(_segments(url.get("host"), place, "."))
    if not host:
        return ""
    protocol = as_text(url.get("protocol"), f"the protocol of {place}").removesuffix("://")
    port = as_text(url.get("port"), f"the port of {place}")
    path = "/".join(_segments(url.get("path"), place, "/"))
    return "".join((f"{protocol}://" if protocol else "", host, f":{port}" if port else "", f"/{path}" if path else ""))


def _segments(value: Json, place: str, separator: str) -> list[str]:
    if isinstance(value, str):
        return [value.removeprefix("/") if separator == "/" else value]
    if value is None:
        return []
    if not isinstance(value, list):
        raise ShapeBroken(f"the address of {place} is neither a text nor a list")
    parts = [part.get("value") if isinstance(part, dict) else part for part in value]
    return [as_text(part, f"the address of {place}") for part in parts]


def _with_path_variables(address: str, known: Mapping[str, str]) -> str:
    """Put values in the place of ``:name``; one without a value becomes a variable that nobody knows."""
    return "/".join(_path_variable(segment, known) for segment in address.split("/"))


def _path_variable(segment: str, known: Mapping[str, str]) -> str:
    if not segment.startswith(":") or len(segment) == 1:
        return segment
    if is_invoice_number(segment):
        return "{{invoiceNumber}}"
    return known.get(segment[1:]) or f"{{{{{segment}}}}}"


def _body(value: Json, place: str) -> Body:
    if value is None:
        return Body()
    if not isinstance(value, dict):
        raise ShapeBroken(f"the body of {place} is no object")
    mode = as_text(value.get("mode"), f"the body of {place}")
    if not mode or value.get("disabled"):
        return Body()
    if mode == "raw":
        text = as_text(value.get("raw"), f"the body of {place}")
        return Body(mode, text) if text.strip() else Body()
    if mode in {"urlencoded", "formdata"}:
        return Body(mode, fields=_form(value.get(mode), place))
    return Body(mode)


def _form(value: Json, place: str) -> Pairs:
    if isinstance(value, str):
        return form_pairs(value)
    return _pairs(value, f"the form of {place}")


def _headers(value: Json, place: str) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(line.partition(":")[0].strip() for line in value.splitlines() if line.strip())
    return tuple(key for key, _ in _pairs(value, f"the headers of {place}"))


def _pairs(value: Json, place: str) -> Pairs:
    """Return the keys and values that are switched on."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise ShapeBroken(f"{place} is no list")
    return tuple(_pair(entry, place) for entry in _switched_on(value, place))


def _switched_on(value: Iterable[Json], place: str) -> list[dict[str, Json]]:
    entries = []
    for entry in value:
        if not isinstance(entry, dict):
            raise ShapeBroken(f"{place} is no list of keys and values")
        if not entry.get("disabled"):
            entries.append(entry)
    return entries


def _pair(entry: Mapping[str, Json], place: str) -> tuple[str, str]:
    return as_text(entry.get("key"), f"a key of {place}"), as_text(entry.get("value"), f"a value of {place}")
