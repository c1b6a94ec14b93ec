"""Where somebody signed in last: the next sign-in begins there, so that nobody lands in Live without choosing it."""

import logging

from optty_desktop.core.errors import ChoiceNotKept
from optty_desktop.core.ports import EnvironmentMemory

log = logging.getLogger(__name__)


class LastEnvironment:
    """Lives as long as the program. Practice is not told to it."""

    def __init__(self, memory: EnvironmentMemory) -> None:
        self._memory = memory
        self._id: str | None = None

    async def id(self) -> str | None:
        """The one of this run, or else of the runs before; None where nobody knows."""
        return self._id or await self._memory.last_environment()

    async def keep(self, environment_id: str) -> None:
        """Somebody has signed in there. What cannot be written down holds until the program ends."""
        self._id = environment_id
        try:
            await self._memory.keep_environment(environment_id)
        except ChoiceNotKept as problem:
            log.warning("the environment of the last sign-in was not kept: %s", problem)
