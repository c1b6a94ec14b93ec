"""``optty-desktop import``: shows what a Postman export says about an environment, asks, and writes the routes.

Needs no window and no keychain; the client secret is neither shown nor stored.
"""

import asyncio
import io
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from optty_desktop.api.postman_import import propose, read_export
from optty_desktop.api.profile_store import FileProfiles
from optty_desktop.audit_command import audit_file
from optty_desktop.core.environments import Environment, EnvironmentKind, RouteTemplate
from optty_desktop.core.errors import CollectionProblem, ProfileProblem
from optty_desktop.core.route_import import Difference, DifferenceKind, RequestRole, RouteImport
from optty_desktop.system.paths import AppPaths, private_folder
from optty_desktop.system.policy_settings import load_policy
from optty_desktop.till.audited_profiles import AuditedProfiles

_ROLES: Final = {
    RequestRole.TOKEN: "token",
    RequestRole.CREATE: "create link",
    RequestRole.CANCEL_OR_REFUND: "cancel or refund",
}
_DIFFERENCES: Final = {
    DifferenceKind.HOST: "goes to {found} instead of {documented}.",
    DifferenceKind.METHOD: "uses {found} instead of {documented}.",
    DifferenceKind.SCOPE: "asks for the scope {found} instead of {documented}.",
    DifferenceKind.GRANT: "asks with the grant type {found} instead of {documented}.",
    DifferenceKind.AUTHORISATION: "signs with {found}; this program sends a bearer token.",
    DifferenceKind.NEW_QUERY: "has {found} in its address, which this program does not send.",
    DifferenceKind.NEW_FIELD: "has the field {found}, which this program does not send.",
    DifferenceKind.MISSING_FIELD: "lacks the field {documented}, which this program sends.",
    DifferenceKind.NEW_HEADER: "has the header {found}, which this program does not send.",
}


def run_import(files: Sequence[Path], environment_id: str, *, agreed: bool) -> int:
    """Carry out the command and return its exit code: 0 done or nothing to do, 1 not done, 2 no such environment.

    ``agreed``: write without asking.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names of an export may not fit a narrow terminal
    try:
        return _import(files, environment_id, agreed=agreed)
    except (CollectionProblem, ProfileProblem) as problem:
        print(problem, file=sys.stderr)
    return 1


def _import(files: Sequence[Path], environment_id: str, *, agreed: bool) -> int:
    paths = AppPaths.of_this_person()
    file = paths.environments_file
    plain = FileProfiles(file, private_folder, load_policy(paths.policies))
    profiles = AuditedProfiles(plain, audit_file(paths), "optty-desktop import")
    environments = asyncio.run(profiles.load())
    before = next((one for one in environments if one.id == environment_id), None)
    if before is None:
        known = ", ".join(one.id for one in environments)
        print(f"There is no such environment; this till knows {known}.", file=sys.stderr)
        return 2
    proposal = propose(read_export(files, datetime.now(UTC)), before, environments)
    for line in _told(proposal):
        print(line)
    if not proposal.changes_anything:
        print(f"{before.name} works this way already. Nothing was changed.")
        return 0
    if not agreed and not sys.stdin.isatty():
        print("Nothing was changed: there is nobody to ask here, so add --yes to agree.", file=sys.stderr)
        return 1
    if not agreed and not _asked(before):
        print("Nothing was changed.", file=sys.stderr)
        return 1
    asyncio.run(profiles.save(proposal.after))
    print(f"Written to {file}. A running window knows it after its next start.")
    return 0


def _asked(environment: Environment) -> bool:
    try:
        answer = input(f"Change {environment.name}? [y/N] ")
    except (EOFError, KeyboardInterrupt):
        print()
        return False
    return answer.strip().lower() in {"y", "yes"}


def _told(proposal: RouteImport) -> Iterator[str]:
    yield f"{proposal.source.file} (SHA-256 {proposal.source.sha256})"
    for found in proposal.found:
        yield f'  found    {_ROLES[found.role]}: "{found.name}", {found.method} {found.address}'
    for role in proposal.missing:
        yield f"  missing  {_ROLES[role]}: not in this export, stays as it is."
    for name in proposal.unresolved:
        yield f"  open     {{{{{name}}}}} has no value; the address it stands in stays as it is."
    for difference in proposal.differences:
        yield f"  differs  {_difference(difference)}"
    if proposal.has_scripts:
        yield "  scripts  were not run."
    if proposal.credentials.client_id or proposal.credentials.client_secret:
        yield "  secrets  are not taken from the export; the sign-in asks for client id and secret."
    yield from _changes(proposal.before, proposal.after)


def _difference(difference: Difference) -> str:
    words = _DIFFERENCES[difference.kind].format(found=difference.found, documented=difference.documented)
    return f"{_ROLES[difference.role]}: {words}"


def _changes(before: Environment, after: Environment) -> Iterator[str]:
    rows = (
        ("token address", before.token_url, after.token_url),
        ("API address", before.api_url, after.api_url),
        ("cancel or refund", _route(before.cancel_or_refund), _route(after.cancel_or_refund)),
    )
    for name, old, new in rows:
        if old != new:
            yield f"  change   {name}: {new} (was {old})"
    if before.cancel_or_refund != after.cancel_or_refund and after.kind is EnvironmentKind.LIVE:
        yield "  caution  This route moves real money. Try it in Sandbox first."


def _route(route: RouteTemplate | None) -> str:
    return " ".join(part for part in (route.method, route.path, route.body) if part) if route else "unknown"
