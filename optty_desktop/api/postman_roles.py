"""Which request of a collection is the token, which creates a link, which cancels or refunds: by evidence.

Neither the order of the requests nor a name alone decides. Where the evidence fits more than one, nothing is chosen.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from optty_desktop.api.postman_request import PostmanRequest
from optty_desktop.api.postman_variables import ShapeBroken, is_invoice_number
from optty_desktop.api.wire import CREATE_PATH
from optty_desktop.core.route_import import RequestRole
from optty_desktop.core.routes import PLACEHOLDER

_TOKEN_PATH: Final = "/token"  # noqa: S105 - an address, not a secret
_GRANT: Final = "grant_type"
_BACK: Final = re.compile(r"refund|cancel", re.IGNORECASE)
_LONE_VARIABLE: Final = re.compile(r"\{\{([^{}]{1,200})\}\}")
_NUMBER_IN_JSON: Final = re.compile(r'"invoice_?number"\s{0,9}:\s{0,9}"?\{\{([^{}]{1,200})\}\}', re.IGNORECASE)
_MOST_NAMED: Final = 5
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True, slots=True)
class Recognised:
    """A request with its address filled in (without query), and the variables that stayed open there."""

    request: PostmanRequest
    address: str = field(repr=False)
    unresolved: tuple[str, ...]


class Unclear(ShapeBroken):
    """More than one request fits; ``candidates`` are they."""

    def __init__(self, candidates: Sequence[Recognised]) -> None:
        numbers = " and ".join(str(one.request.number) for one in candidates[:_MOST_NAMED])
        super().__init__(f"requests {numbers} could all cancel or refund a link; keep only the right one")
        self.candidates = tuple(candidates[:_MOST_NAMED])


def recognise(requests: Sequence[PostmanRequest], chosen: int | None) -> Mapping[RequestRole, Recognised]:
    """Return the requests that are known for what they are.

    ``chosen`` is the number of the request that a person takes for the cancel-or-refund. Raises Unclear, ShapeBroken.
    """
    numbers = number_names(requests)
    left = [_with_address(request, numbers) for request in requests]
    tokens = [one for one in left if _is_token(one)]
    creates = [one for one in left if one not in tokens and one.address.endswith(CREATE_PATH)]
    backs = [one for one in left if one not in tokens + creates and _takes_back(one, numbers)]
    if chosen is not None:
        backs = [one for one in backs if one.request.number == chosen]
        if not backs:
            raise ShapeBroken(f"request {chosen} does not cancel or refund a link")
    found = {
        RequestRole.TOKEN: _of_one_address([one for one in tokens if _asks_for_grant(one)] or tokens, "token"),
        RequestRole.CREATE: _of_one_address([one for one in creates if _posts(one)] or creates, "create"),
        RequestRole.CANCEL_OR_REFUND: _only(backs),
    }
    return {role: one for role, one in found.items() if one is not None}


def number_names(requests: Iterable[PostmanRequest]) -> frozenset[str]:
    """Return the variables that the collection itself puts where an invoice number belongs."""
    return frozenset(name.strip() for request in requests for name in _number_names(request))


def _number_names(request: PostmanRequest) -> Iterator[str]:
    yield from _NUMBER_IN_JSON.findall(request.body.text)
    for key, value in request.query + request.body.fields:
        if is_invoice_number(key) and (match := _LONE_VARIABLE.fullmatch(value)):
            yield match[1]


def _with_address(request: PostmanRequest, numbers: frozenset[str]) -> Recognised:
    resolved = request.variables.resolve(request.address.strip(), numbers=numbers)
    return Recognised(request, _plain(resolved.text), resolved.unresolved)


def _plain(address: str) -> str:
    """Return the address with a scheme, its host in small letters, and without a slash at its end."""
    scheme = _SCHEME.match(address)
    if scheme is None and address.startswith("{{"):
        return address.rstrip("/")
    start = scheme[0].lower() if scheme else "https://"
    host, slash, path = address[scheme.end() if scheme else 0 :].partition("/")
    return (start + (host if "{{" in host else host.lower()) + slash + path).rstrip("/")


def _is_token(one: Recognised) -> bool:
    return one.address.endswith(_TOKEN_PATH) or _asks_for_grant(one)


def _asks_for_grant(one: Recognised) -> bool:
    body = one.request.body
    return any(key == _GRANT for key, _ in body.fields) or f"{_GRANT}=" in body.text


def _posts(one: Recognised) -> bool:
    return one.request.method == "POST"


def _takes_back(one: Recognised, numbers: frozenset[str]) -> bool:
    request = one.request
    if not (_BACK.search(request.name) or _BACK.search(one.address)):
        return False
    pairs = request.query + request.body.fields
    texts = [one.address, request.body.text, *(text for pair in pairs for text in pair)]
    resolve = request.variables.resolve
    return any(is_invoice_number(text) or PLACEHOLDER in resolve(text, numbers=numbers).text for text in texts)


def _of_one_address(found: list[Recognised], word: str) -> Recognised | None:
    """Return the first of several that go to the same address, as those for two scopes do."""
    if len({one.address for one in found}) > 1:
        raise ShapeBroken(f"it holds {word} requests to different addresses; keep only one of them")
    return found[0] if found else None


def _only(found: list[Recognised]) -> Recognised | None:
    if len({(one.request.method, one.address, one.request.query, one.request.body) for one in found}) > 1:
        raise Unclear(found)
    return found[0] if found else None
