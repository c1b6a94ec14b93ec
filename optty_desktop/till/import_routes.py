"""Set up a till from the merchant's own collection: read it, show what would change, save what was agreed to."""

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import CollectionProblem, ProfileProblem
from optty_desktop.core.ports import Clock, ProfileStore, RouteExport, RouteExports
from optty_desktop.core.profile_rules import RuleBroken, check_feed
from optty_desktop.core.route_import import RouteImport, SecretFile

log = logging.getLogger(__name__)


class ImportRoutes:
    """The verb. Nobody is signed in yet, so it asks for no right: whoever has the collection and the secret sets up
    the till.

    The credentials a proposal carries are for the sign-in form; they are neither stored nor logged here.
    """

    def __init__(self, exports: RouteExports, profiles: ProfileStore, clock: Clock) -> None:
        self._exports = exports
        self._profiles = profiles
        self._clock = clock

    async def read(self, paths: Sequence[Path]) -> RouteExport:
        """Read a collection, and an environment if there is one, in any order. Raises CollectionProblem."""
        return await self._exports.read(paths, self._clock.now())

    async def propose(self, export: RouteExport, environment_id: str, chosen: int | None = None) -> RouteImport:
        """What would become of the profile as the file has it now; ``chosen`` answers an UnclearCollection.

        Raises CollectionProblem, UnclearCollection and ProfileProblem. Nothing is changed yet.
        """
        environments = await self._profiles.load()
        return await export.propose(_of(environments, environment_id), environments, chosen)

    async def save(self, proposal: RouteImport) -> None:
        """Write what was agreed to. Raises ProfileProblem; then nothing was written.

        A profile that somebody has changed since is not written over: the question was about another one.
        """
        before = proposal.before
        _check_feed(proposal.after)
        if _of(await self._profiles.load(), before.id) != before:
            raise ProfileProblem(f"{before.name} was changed meanwhile; import the file once more")
        if proposal.changes_anything:
            await self._profiles.save(proposal.after)
            log.info("routes of %s imported, sha256 %s", before.id, proposal.source.sha256)

    async def secret_files(self, paths: Sequence[Path], proposal: RouteImport) -> Sequence[SecretFile]:
        """Those of the files that hold the secret of the proposal, none where it has none."""
        secret = proposal.credentials.client_secret
        try:
            return await self._exports.with_secret(paths, secret) if secret else ()
        except CollectionProblem:
            # It was there a moment ago: whoever moves it meanwhile knows about it.
            return ()

    async def delete(self, files: Iterable[SecretFile]) -> None:
        """Delete these files for good, and no others. Raises FileKept; it may be tried again."""
        for file in files:
            await self._exports.delete(file)


def _check_feed(environment: Environment) -> None:
    try:
        check_feed(environment)
    except RuleBroken as broken:
        raise ProfileProblem(f"{environment.name}: {broken}") from broken


def _of(environments: Iterable[Environment], environment_id: str) -> Environment:
    for environment in environments:
        if environment.id == environment_id:
            return environment
    raise ProfileProblem(f"there is no environment {environment_id} any more")
