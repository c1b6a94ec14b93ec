"""The environment profiles of a shop, the files they come from, and the keychain beside them."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from optty_desktop.core.environments import Credentials, Environment
from optty_desktop.core.route_import import RouteImport, SecretFile


class ProfileStore(Protocol):
    """The environment profiles of this shop. Every call raises ProfileProblem when their file cannot be used."""

    async def load(self) -> Sequence[Environment]:
        """All profiles but training, as the file says now."""
        ...

    async def save(self, environment: Environment) -> None:
        """Put this profile in the place of the one with its id; all others stay as they are."""

    async def mark_tried(self, used: Environment) -> None:
        """Note that the route of ``used`` has worked at its address; nothing where the profile has others by now."""


class RouteExport(Protocol):
    """A merchant's own collection that was read. Asking it changes nothing."""

    async def propose(
        self, before: Environment, others: Sequence[Environment], chosen: int | None = None
    ) -> RouteImport:
        """What ``before`` would become beside the ``others``, which are all environments of this till.

        ``chosen`` is the number of the request that a person takes for the cancel-or-refund. Raises CollectionProblem,
        and UnclearCollection where a person has to choose first.
        """
        ...


class RouteExports(Protocol):
    """The exports of a merchant, in files on this computer."""

    async def read(self, paths: Sequence[Path], at: datetime) -> RouteExport:
        """Read a collection, and an environment beside it, at the time ``at``. Raises CollectionProblem."""
        ...

    async def with_secret(self, paths: Sequence[Path], secret: str) -> Sequence[SecretFile]:
        """Those of the files that hold the secret. Raises CollectionProblem when one cannot be read any more."""
        ...

    async def delete(self, file: SecretFile) -> None:
        """Delete the file for good; one that has gone already is fine. Raises FileKept."""


class Keychain(Protocol):
    """The keychain of the operating system. Every call raises KeychainProblem when it cannot be used."""

    async def is_available(self) -> bool: ...
    async def load(self, environment_id: str) -> Credentials | None: ...
    async def store(self, environment_id: str, credentials: Credentials) -> None: ...
    async def erase(self, environment_id: str) -> None: ...
