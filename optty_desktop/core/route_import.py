"""What a merchant's Postman collection says about an environment, and what would change if it were believed.

Only values: the reading is done in ``api``, the deciding by a person.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from optty_desktop.core.environments import Environment, Imported


class RequestRole(StrEnum):
    """The three requests that the till needs from a collection."""

    TOKEN = "token"  # noqa: S105 - the name of a request, not a secret
    CREATE = "create"
    CANCEL_OR_REFUND = "cancel_or_refund"


class DifferenceKind(StrEnum):
    """In what a request differs from the documented contract. None of them stops an import; a person should see it."""

    HOST = "host"
    METHOD = "method"
    SCOPE = "scope"
    GRANT = "grant"
    AUTHORISATION = "authorisation"
    NEW_QUERY = "new_query"
    NEW_FIELD = "new_field"
    MISSING_FIELD = "missing_field"
    NEW_HEADER = "new_header"


@dataclass(frozen=True, slots=True)
class Difference:
    """One deviation. ``found`` and ``documented`` are hosts, methods, scopes or names, empty for "nothing"."""

    role: RequestRole
    kind: DifferenceKind
    found: str
    documented: str


@dataclass(frozen=True, slots=True)
class FoundRequest:
    """A request that was recognised. ``number`` is its place in the export, the first being 1.

    ``name`` and ``address`` are words of the export, made harmless to show; the address has no query and no user, and
    ``{{name}}`` where a variable stayed open.
    """

    role: RequestRole
    number: int
    name: str
    method: str
    address: str


@dataclass(frozen=True, slots=True, repr=False)
class FoundCredentials:
    """What the export holds of a client id and secret, empty where it holds none. For the sign-in form only."""

    client_id: str = ""
    client_secret: str = ""


@dataclass(frozen=True, slots=True)
class SecretFile:
    """An export that holds the client secret: where it lies, and the SHA-256 of its bytes in hex when it was read."""

    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class RouteImport:
    """A proposal: ``after`` in place of ``before``. Nothing has been changed yet.

    ``missing`` are requests the export does not hold, ``unresolved`` the variables it uses without a value; what they
    would have told stays as it was. ``has_scripts``: the export holds scripts, which were not run.
    """

    before: Environment
    after: Environment
    source: Imported
    found: tuple[FoundRequest, ...]
    missing: tuple[RequestRole, ...]
    differences: tuple[Difference, ...]
    unresolved: tuple[str, ...]
    has_scripts: bool
    credentials: FoundCredentials = field(repr=False)

    @property
    def changes_anything(self) -> bool:
        """Whether the profile would work differently afterwards."""
        return self.after != self.before
