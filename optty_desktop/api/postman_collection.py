"""The requests of a Postman collection, v2.0 or v2.1, and the variables of an environment export.

Scripts are not looked at, files that a request names are not opened.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from optty_desktop.api.postman_request import Auth, PostmanRequest, read_auth, read_request
from optty_desktop.api.postman_variables import Layer, ShapeBroken, Variables, as_text, read_layer
from optty_desktop.api.strict_json import Json

MOST_REQUESTS: Final = 500
_SCHEMA: Final = re.compile(r"/collection/v2\.[01]\.0/")
_NO_AUTH: Final = Auth("", {})

Object = dict[str, Json]


@dataclass(frozen=True, slots=True)
class _Around:
    """What a folder hands on to the requests in it."""

    variables: Variables
    auth: Auth = field(repr=False)


def is_collection(document: Object) -> bool:
    """Whether this is a collection of a version that is read here. Raises ShapeBroken for another version."""
    info = document.get("info")
    if isinstance(info, dict) and isinstance(info.get("schema"), str) and isinstance(document.get("item"), list):
        if _SCHEMA.search(info["schema"]):
            return True
        raise ShapeBroken("it is a collection of another version; export it as Collection v2.1")
    if isinstance(document.get("requests"), list):
        raise ShapeBroken("it is a collection of version 1; export it as Collection v2.1")
    return False


def is_environment(document: Object) -> bool:
    """Whether this is an environment export."""
    scope = document.get("_postman_variable_scope", "environment")
    return isinstance(document.get("values"), list) and scope == "environment" and "info" not in document


def read_environment(document: Object) -> Layer:
    """Return the variables of an environment export. Raises ShapeBroken."""
    return read_layer(document["values"], "the environment")


def read_collection(document: Object, environment: Layer) -> tuple[PostmanRequest, ...]:
    """Return the requests of a collection in their order, each with what it inherits. Raises ShapeBroken."""
    variables = Variables((read_layer(document.get("variable"), "the collection"),))
    around = _Around(variables, read_auth(document.get("auth"), _NO_AUTH))
    requests: list[PostmanRequest] = []
    for item, inherited in _items(document["item"], around):
        if len(requests) == MOST_REQUESTS:
            raise ShapeBroken(f"it holds more than {MOST_REQUESTS} requests")
        name = as_text(item.get("name"), "the name of a request")
        seen = inherited.variables.inside(environment)
        requests.append(read_request(len(requests) + 1, name, item["request"], seen, inherited.auth))
    return tuple(requests)


def has_scripts(document: Object) -> bool:
    """Whether anything in the collection brings scripts, which Postman would run and this program does not."""
    left: list[Json] = [document]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            if value.get("event"):
                return True
            left.append(value.get("item"))
        elif isinstance(value, list):
            left += value
    return False


def _items(items: Json, around: _Around) -> Iterator[tuple[Object, _Around]]:
    """Yield the requests below; the reader of the file has bounded how deep folders lie."""
    if not isinstance(items, list):
        raise ShapeBroken("a folder is no list of requests")
    for item in items:
        if not isinstance(item, dict):
            raise ShapeBroken("an entry of a folder is neither a folder nor a request")
        if "request" in item:
            yield item, _inside(item, around)
        elif "item" in item:
            yield from _items(item["item"], _inside(item, around))
        else:
            raise ShapeBroken("an entry of a folder is neither a folder nor a request")


def _inside(item: Object, around: _Around) -> _Around:
    variables = around.variables.inside(read_layer(item.get("variable"), "a folder"))
    return _Around(variables, read_auth(item.get("auth"), around.auth))
