"""Change the profile of the environment one is signed in to. It holds from the next sign-in, never in mid-work."""

import logging
from dataclasses import dataclass

from optty_desktop.core.environments import Environment, EnvironmentKind
from optty_desktop.core.errors import NoRight, ProfileProblem
from optty_desktop.core.ports import ProfileStore
from optty_desktop.core.profile_changes import Change, changed_by_hand, changes
from optty_desktop.core.profile_rules import check_apart, check_environment
from optty_desktop.till.rights import Action, verdict
from optty_desktop.till.session import Session

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a person is asked before it is saved: the profile as it will be, and each field that differs."""

    after: Environment
    changes: tuple[Change, ...]


class ChangeConnection:
    """The verb."""

    def __init__(self, session: Session, profiles: ProfileStore) -> None:
        self._session = session
        self._profiles = profiles

    @property
    def in_force(self) -> Environment:
        """The profile this session works by, whatever was saved since."""
        return self._session.environment

    async def stored(self) -> Environment:
        """The profile as it stands in the file now. Raises ProfileProblem."""
        found = (one for one in await self._profiles.load() if one.id == self.in_force.id)
        environment = next(found, None)
        if environment is None:
            raise ProfileProblem(f"there is no environment {self.in_force.id} any more")
        return environment

    async def propose(self, typed: Environment) -> Proposal:
        """What would change. Raises NoRight, ProfileProblem, and RuleBroken for what a field cannot know by itself."""
        self._check_right(typed)
        before = await self.stored()
        check_environment(typed)
        check_apart(typed, await self._profiles.load())
        after = changed_by_hand(before, typed)
        return Proposal(after, changes(before, after))

    async def save(self, proposal: Proposal) -> None:
        """Write what was confirmed. Raises NoRight and ProfileProblem; then nothing was written."""
        self._check_right(proposal.after)
        await self._profiles.save(proposal.after)
        log.info("profile %s saved: %s", proposal.after.id, ", ".join(change.field for change in proposal.changes))

    def _check_right(self, environment: Environment) -> None:
        """Training has no profile to change, and no other environment than one's own is changed from here."""
        here = self.in_force
        is_own = (environment.id, environment.kind) == (here.id, here.kind)
        may_act = verdict(self._session.identity, Action.CHANGE_CONNECTION).is_allowed
        if here.kind is EnvironmentKind.TRAINING or not is_own or not may_act:
            raise NoRight
