"""The profiles of a shop in their file: read, changed, and marked as used, each in a worker thread."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from optty_desktop.api.environments import load_environments
from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import ProfileProblem
from optty_desktop.core.policy import Policy


class FileProfiles:
    """Fills ``core.ports.ProfileStore``. ``make_folder`` sees to the folder of a file that is not there yet.

    What leaves it keeps to the ``policy``, and nothing that does not is saved.
    """

    def __init__(self, file: Path, make_folder: Callable[[Path], object], policy: Policy | None = None) -> None:
        self._file, self._make_folder, self._policy = file, make_folder, policy or Policy()

    async def load(self) -> Sequence[Environment]:
        """All profiles but training, as the file says now. Raises ProfileProblem."""
        return await asyncio.to_thread(self._load)

    async def save(self, environment: Environment) -> None:
        """Put this profile in the place of the one with its id. Raises ProfileProblem; then the file is as it was."""
        await asyncio.to_thread(self._save, environment)

    async def mark_tried(self, used: Environment) -> None:
        """Note that the route of ``used`` has worked, unless the profile has another by now. Raises ProfileProblem."""
        await asyncio.to_thread(self._mark_tried, used)

    def _load(self) -> Sequence[Environment]:
        return self._policy.permitted(load_environments(self._file))

    def _save(self, environment: Environment) -> None:
        self._policy.check(environment)
        stored = {one.id: one for one in load_environments(self._file)}.get(environment.id)
        self._write(self._policy.own(environment, stored))

    def _mark_tried(self, used: Environment) -> None:
        known = {one.id: one for one in load_environments(self._file)}.get(used.id)
        route = known.cancel_or_refund if known is not None else None
        if known is not None and route is not None and known.cancels_like(used) and not route.tried:
            self._write(replace(known, cancel_or_refund=replace(route, tried=True)))

    def _write(self, environment: Environment) -> None:
        # Only a save needs what edits the text of the file.
        from optty_desktop.api.profile_writing import write_profile

        try:
            self._make_folder(self._file.parent)
        except OSError as error:
            raise ProfileProblem(f"{self._file.name}: cannot be written ({error.strerror})") from error
        write_profile(self._file, environment)
