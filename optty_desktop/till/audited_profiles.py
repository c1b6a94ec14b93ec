"""The profiles of a shop, with every change of them written down before it is made."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from optty_desktop.core.audit_chain import Audit, AuditAction, Deed
from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import DiskFull, JournalDamaged, JournalProblem, ProfileProblem
from optty_desktop.core.ports import ProfileStore
from optty_desktop.core.profile_changes import changes


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
        """Put this profile in the place of the one with its id. Raises ProfileProblem; then nothing has changed."""
        stored = {one.id: one for one in await self.load()}.get(environment.id)
        deed = self._deed(stored, environment)
        await self._note(deed)
        try:
            await self._profiles.save(environment)
        except BaseException:
            with suppress(JournalProblem):
                await self._audit.note(replace(deed, action=AuditAction.PROFILE_NOT_CHANGED))
            raise

    async def mark_tried(self, used: Environment) -> None:
        """Note that the route of ``used`` has worked at its address, which changes nothing that calls do."""
        await self._profiles.mark_tried(used)

    def _deed(self, stored: Environment | None, environment: Environment) -> Deed:
        """What differs, field by field, as a person saw it when it was asked about."""
        differing = changes(stored, environment) if stored is not None else ()
        before = {"environment": environment.id} | {change.field: change.old for change in differing}
        after = {"environment": environment.id} | {change.field: change.new for change in differing}
        return Deed(AuditAction.PROFILE_CHANGED, self._actor, before if stored is not None else {}, after)

    async def _note(self, deed: Deed) -> None:
        try:
            await self._audit.note(deed)
        except JournalProblem as problem:
            raise ProfileProblem(_why(problem)) from problem


def _why(problem: JournalProblem) -> str:
    match problem:
        case JournalDamaged():
            return "the audit of this till is damaged; keep the file audit.db, but move it to another folder"
        case DiskFull():
            return "the audit of this till cannot be written because the disk is full"
    return "the audit of this till, the file audit.db, cannot be written"
