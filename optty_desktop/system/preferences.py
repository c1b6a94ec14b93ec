"""``preferences.json``: what staff chose, written by the program for its owner alone.

A file that cannot be read stops nobody: what it should say is then as usual. What this version does not know in it
stays.
"""

import asyncio
import json
import threading
from pathlib import Path
from typing import Any

from optty_desktop.core.errors import ChoiceNotKept
from optty_desktop.core.sound_choice import SoundChoice
from optty_desktop.core.theme_choice import ThemeChoice
from optty_desktop.system.paths import private_folder
from optty_desktop.system.preferences_file import last_environment, read_preferences, table
from optty_desktop.system.private_text import write_private_text


class Preferences:
    """Fills ``SoundChoices``, ``EnvironmentMemory`` and ``ThemeMemory`` of core.ports.

    Touches the disk in a worker thread only.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._writing = threading.Lock()

    async def load(self) -> SoundChoice:
        """What the file says about sounds; the usual where it says nothing of use."""
        return _sound_choice(table(await asyncio.to_thread(read_preferences, self._file), "sounds"))

    async def save(self, choice: SoundChoice) -> None:
        """Write it beside what else is in the file. Raises ChoiceNotKept; then the file is as it was."""
        await self._keep("sounds", {"on": choice.is_on, "volume": choice.volume})

    async def last_environment(self) -> str | None:
        """The environment of the last sign-in on this computer; None where nobody knows."""
        return last_environment(await asyncio.to_thread(read_preferences, self._file))

    async def keep_environment(self, environment_id: str) -> None:
        """Let the next sign-in begin with it. Raises ChoiceNotKept; then the file is as it was."""
        await self._keep("sign_in", {"environment": environment_id})

    async def keep_theme(self, choice: ThemeChoice) -> None:
        """Let the next start wear it. Raises ChoiceNotKept; then the file is as it was."""
        await self._keep("look", {"theme": choice.value})

    async def _keep(self, name: str, chosen: dict[str, object]) -> None:
        try:
            await asyncio.to_thread(self._write, name, chosen)
        except OSError as error:
            raise ChoiceNotKept(f"{self._file.name}: {error.strerror}") from error

    def _write(self, name: str, chosen: dict[str, object]) -> None:
        # Two threads that read before either has written would lose what one of them keeps.
        with self._writing:
            content = read_preferences(self._file)
            before = table(content, name)
            if before | chosen == before:
                return
            content[name] = before | chosen
            private_folder(self._file.parent)
            write_private_text(self._file, json.dumps(content, indent=2) + "\n")


def _sound_choice(sounds: dict[str, Any]) -> SoundChoice:
    usual = SoundChoice()
    is_on, volume = sounds.get("on"), sounds.get("volume")
    if not isinstance(is_on, bool):
        is_on = usual.is_on
    # True is a number to Python, not to people.
    if not isinstance(volume, int) or isinstance(volume, bool) or not 0 <= volume <= 100:
        volume = usual.volume
    return SoundChoice(is_on, volume)
