"""Imports a merchant's Postman collection: what it says about an environment, as a proposal.

Reads the export's text and nothing else: no network, no script, no file that it names. Nothing is changed here;
`profile_writing` does that with what a person has agreed to.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from optty_desktop.api import postman_collection as collections
from optty_desktop.api.environments import BUILT_IN
from optty_desktop.api.postman_contract import differences
from optty_desktop.api.postman_credentials import check_no_secret, found_credentials
from optty_desktop.api.postman_file import ExportFile, read_export_file
from optty_desktop.api.postman_hosts import check_places
from optty_desktop.api.postman_request import PostmanRequest
from optty_desktop.api.postman_roles import Recognised, Unclear, number_names, recognise
from optty_desktop.api.postman_route import route_below
from optty_desktop.api.postman_variables import ShapeBroken
from optty_desktop.api.server_text import shown_text
from optty_desktop.api.wire import CREATE_PATH
from optty_desktop.core.environments import Environment, EnvironmentKind, Imported
from optty_desktop.core.errors import CollectionProblem, UnclearCollection
from optty_desktop.core.profile_rules import RuleBroken, check_address
from optty_desktop.core.route_import import FoundRequest, RequestRole, RouteImport

_LONGEST_SHOWN: Final = 160
_MOST_SHOWN: Final = 20

Found = Mapping[RequestRole, Recognised]


@dataclass(frozen=True, slots=True)
class PostmanExport:
    """A collection that was read, with the environment export beside it if there was one."""

    source: Imported
    requests: tuple[PostmanRequest, ...] = field(repr=False)
    has_scripts: bool


def read_export(paths: Sequence[Path], at: datetime) -> PostmanExport:
    """Read a collection, and an environment export if one is given too, in any order.

    ``at`` is the present time, with its zone. Raises CollectionProblem in one sentence.
    """
    files = [read_export_file(path) for path in paths]
    collection, environment = _told_apart(files)
    try:
        layer = collections.read_environment(environment.document) if environment else {}
    except ShapeBroken as broken:
        raise CollectionProblem(f"{environment.name if environment else ''} cannot be used: {broken}.") from broken
    try:
        requests = collections.read_collection(collection.document, layer)
    except ShapeBroken as broken:
        raise CollectionProblem(f"{collection.name} cannot be used: {broken}.") from broken
    source = Imported(collection.name, collection.sha256, at.astimezone(UTC).replace(microsecond=0))
    return PostmanExport(source, requests, collections.has_scripts(collection.document))


def propose(
    export: PostmanExport, before: Environment, others: Iterable[Environment] = BUILT_IN, chosen: int | None = None
) -> RouteImport:
    """Return what ``before`` would become. Whatever the export does not say for certain stays as it is.

    ``others`` are all environments of this till, whose hosts are theirs; ``chosen`` is the number of the request that a
    person takes for the cancel-or-refund after UnclearCollection. Raises CollectionProblem in one sentence: then
    nothing of the export is taken.
    """
    name = export.source.file
    if before.kind is EnvironmentKind.TRAINING:
        raise CollectionProblem("Training has routes of its own and takes none from a collection.")
    try:
        return _proposal(export, before, others, chosen)
    except Unclear as unclear:
        candidates = tuple(_shown(RequestRole.CANCEL_OR_REFUND, one) for one in unclear.candidates)
        raise UnclearCollection(f"{name} cannot be used: {unclear}.", candidates) from unclear
    except (ShapeBroken, RuleBroken) as broken:
        raise CollectionProblem(f"{name} cannot be used: {broken}.") from broken


def _told_apart(files: Sequence[ExportFile]) -> tuple[ExportFile, ExportFile | None]:
    found: list[ExportFile] = []
    environments: list[ExportFile] = []
    for file in files:
        try:
            is_collection = collections.is_collection(file.document)
        except ShapeBroken as broken:
            raise CollectionProblem(f"{file.name} cannot be used: {broken}.") from broken
        if not is_collection and not collections.is_environment(file.document):
            raise CollectionProblem(f"{file.name} holds neither a Postman collection nor a Postman environment.")
        (found if is_collection else environments).append(file)
    if len(found) != 1 or len(environments) > 1:
        raise CollectionProblem("An import takes one Postman collection and at most one Postman environment.")
    return found[0], environments[0] if environments else None


def _proposal(
    export: PostmanExport, before: Environment, others: Iterable[Environment], chosen: int | None
) -> RouteImport:
    found = recognise(export.requests, chosen)
    if not found:
        raise ShapeBroken("none of its requests is one of Optty Direct")
    for one in found.values():
        if one.request.says_two_addresses:
            raise ShapeBroken(f"request {one.request.number} names two different addresses")
    documented = next((one for one in BUILT_IN if one.id == before.id), before)
    credentials = found_credentials(export.requests, found.get(RequestRole.TOKEN))
    after = _with_addresses(before, found)
    check_places(after, before, others)
    check_no_secret(after.token_url + after.api_url, credentials)
    if back := found.get(RequestRole.CANCEL_OR_REFUND):
        base = _base(found.get(RequestRole.CREATE)) or after.api_url
        route = route_below(base, back, number_names(export.requests), credentials)
        after = replace(after, cancel_or_refund=route)
    after = _as_proved(before, after)
    return RouteImport(
        before=before,
        after=after if after == before else replace(after, imported=export.source),
        source=export.source,
        found=tuple(_shown(role, one) for role, one in found.items()),
        missing=tuple(role for role in RequestRole if role not in found),
        differences=differences(found, documented),
        unresolved=_unresolved(found),
        has_scripts=export.has_scripts,
        credentials=credentials,
    )


def _with_addresses(before: Environment, found: Found) -> Environment:
    """Take the addresses that are known to their end; one with an open variable stays as the profile has it."""
    after = before
    token, create = found.get(RequestRole.TOKEN), found.get(RequestRole.CREATE)
    if token and not token.unresolved:
        after = replace(after, token_url=check_address(token.address, "token_url"))
    if create and not create.unresolved:
        after = replace(after, api_url=check_address(_base(create), "api_url"))
    return after


def _base(create: Recognised | None) -> str:
    return create.address.removesuffix(CREATE_PATH) if create else ""


def _as_proved(before: Environment, after: Environment) -> Environment:
    """What a route has proved holds for the address it was used at, and for no other."""
    route = after.cancel_or_refund
    if route is None or after.cancels_like(before):
        return replace(after, cancel_or_refund=before.cancel_or_refund)
    return replace(after, cancel_or_refund=replace(route, tried=after.kind is not EnvironmentKind.LIVE))


def _shown(role: RequestRole, one: Recognised) -> FoundRequest:
    scheme, mark, rest = one.address.rpartition("://")
    host, slash, path = rest.partition("/")
    address = scheme + mark + host.rpartition("@")[2] + slash + path
    return FoundRequest(
        role=role,
        number=one.request.number,
        name=shown_text(one.request.name, _LONGEST_SHOWN),
        method=shown_text(one.request.method, _LONGEST_SHOWN),
        address=shown_text(address, _LONGEST_SHOWN),
    )


def _unresolved(found: Found) -> tuple[str, ...]:
    names = dict.fromkeys(name for one in found.values() for name in one.unresolved)
    return tuple(shown_text(name, _LONGEST_SHOWN) for name in names)[:_MOST_SHOWN]
