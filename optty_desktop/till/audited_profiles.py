"""The profiles of a shop, with every change of them written down before it is made."""

from collections.abc import Sequence
from functools import partial

from optty_desktop.core.audit_chain import Audit, AuditAction, Deed
from optty_desktop.core.environments import Environment
from optty_desktop.core.ports import ProfileStore
from optty_desktop.core.profile_changes import changes
from optty_desktop.till.noted_deeds import carry_out


class AuditedProfiles:
    """Fills ``core.ports.ProfileStore`` on another one. ``actor`` signs the entries.

    A change that cannot be written down is not made.
    """

    def __init__(self, profiles: ProfileStore, audit: Audit, actor: str) -> None:
        self._profiles, self._audit, self._actor = profiles, audit, actor

    async def load(self) -> Sequence[Environment]:
        """All profiles but training, as the file says now. Raises ProfileProblem."""
        return await self._profiles.load()

    async def save(self, environment: Environment) -> None:
        """Put this profile in the place of the one with its id. Raises ProfileProblem; then nothing has changed.

        A cancel is raised when profile and entry are written.
        """
        stored = await self._stored(environment.id)

        async def is_as_before() -> bool:
            return await self._stored(environment.id) == stored

        await carry_out(
            self._audit,
            self._deed(stored, environment),
            partial(self._profiles.save, environment),
            AuditAction.PROFILE_NOT_CHANGED,
            is_as_before,
        )

    async def mark_tried(self, used: Environment) -> None:
        """Note that the route of ``used`` has worked at its address, which changes nothing that calls do."""
        await self._profiles.mark_tried(used)

    async def _stored(self, environment_id: str) -> Environment | None:
        return {one.id: one for one in await self.load()}.get(environment_id)

    def _deed(self, stored: Environment | None, environment: Environment) -> Deed:
        """What differs, field by field, as a person saw it when it was asked about."""
        differing = changes(stored, environment) if stored is not None else ()
        before = {"environment": environment.id} | {change.field: change.old for change in differing}
        after = {"environment": environment.id} | {change.field: change.new for change in differing}
        return Deed(AuditAction.PROFILE_CHANGED, self._actor, before if stored is not None else {}, after)
