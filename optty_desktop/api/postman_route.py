"""The cancel-or-refund request of a collection as a route of a profile. What cannot be said exactly is refused."""

import json
import re
from typing import Final

from optty_desktop.api.postman_credentials import NO_PLACE_FOR_IT, check_no_secret
from optty_desktop.api.postman_request import PostmanRequest
from optty_desktop.api.postman_roles import Recognised
from optty_desktop.api.postman_variables import Resolved, ShapeBroken, is_secret_name
from optty_desktop.api.server_text import shown_text
from optty_desktop.api.strict_json import Json
from optty_desktop.core.environments import RouteTemplate
from optty_desktop.core.profile_rules import check_route
from optty_desktop.core.route_import import FoundCredentials

_OPEN: Final = re.compile(r"\{\{")


def route_below(base: str, one: Recognised, numbers: frozenset[str], credentials: FoundCredentials) -> RouteTemplate:
    """Return the route that ``one`` takes below ``base``. Raises ShapeBroken or RuleBroken; nothing is guessed."""
    request = one.request
    if request.body.mode not in {"", "raw"}:
        raise ShapeBroken("its cancel-or-refund request sends a form or a file, where this program can only send JSON")
    pairs = "&".join(f"{key}={value}" if value else key for key, value in request.query)
    address, query, body = (_resolved(request, text, numbers) for text in (request.address, pairs, request.body.text))
    for part in (address, query, body):
        _check_open(base, one, part)
    path = _path_below(base, one) + (f"?{query.text}" if query.text else "")
    if _OPEN.search(path + body.text):
        raise ShapeBroken("its cancel-or-refund request holds braces that are no variable")
    route = check_route(request.method, path, body.text.strip())
    _check_no_secret(route, credentials)
    return route


def _resolved(request: PostmanRequest, text: str, numbers: frozenset[str]) -> Resolved:
    return request.variables.resolve(text, numbers=numbers)


def _check_open(base: str, one: Recognised, part: Resolved) -> None:
    """Raise for a variable without a value, unless it only stands in the base that both requests share."""
    rest = (one.address.removeprefix(base) if base else one.address).replace(" ", "")
    shared = {name for name in one.unresolved if f"{{{{{name}}}}}" not in rest}
    missing = [name for name in part.unresolved if name not in shared]
    if any(name in part.withheld or is_secret_name(name) for name in missing):
        raise ShapeBroken(NO_PLACE_FOR_IT)
    if missing:
        raise ShapeBroken(
            "its cancel-or-refund request needs a value for "
            f"{' and '.join(shown_text(name, 40) for name in missing[:3])}; import the environment export along with it"
        )


def _path_below(base: str, one: Recognised) -> str:
    if not one.address.startswith(f"{base}/"):
        raise ShapeBroken("its cancel-or-refund request goes to another place than the one that creates links")
    return one.address.removeprefix(base)


def _check_no_secret(route: RouteTemplate, credentials: FoundCredentials) -> None:
    query = [pair.partition("=")[0] for pair in route.path.partition("?")[2].split("&")]
    names = [*query, *(_keys(json.loads(route.body)) if route.body else ())]
    if any(map(is_secret_name, names)):
        raise ShapeBroken(NO_PLACE_FOR_IT)
    check_no_secret(route.path + route.body, credentials)


def _keys(document: Json) -> list[str]:
    keys: list[str] = []
    left = [document]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            keys += value
            left += value.values()
        elif isinstance(value, list):
            left += value
    return keys
