"""The profiles of a shop as a file that is read here and changed by hand."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from optty_desktop.api.environments import load_environments
from optty_desktop.core.environments import Environment, RouteTemplate
from optty_desktop.core.errors import ProfileProblem


class ProfilesByHand:
    """Fills ``core.ports.ProfileStore``; whatever would be written raises ProfileProblem."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def load(self) -> Sequence[Environment]:
        """All profiles but training, as the file says now."""
        return await asyncio.to_thread(load_environments, self._file)

    async def save(self, environment: Environment) -> None:
        """Say that a person has to write it."""
        raise ProfileProblem(f"{self._file.name}: enter the change of {environment.id} in this file by hand")

    async def mark_tried(self, environment_id: str, route: RouteTemplate) -> None:
        """Nothing here is ever untried: a file written by hand does not say so."""
