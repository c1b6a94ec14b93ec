"""``preferences.json``: what staff chose in the settings, written by the program for its owner alone.

A file that cannot be read stops nobody: what it should say is then as usual. What this version does not know in it
stays.
"""

import asyncio
import json
from pathlib import Path
from typing import Any

from optty_desktop.core.errors import ChoiceNotKept
from optty_desktop.core.sound_choice import SoundChoice
from optty_desktop.system.paths import private_folder
from optty_desktop.system.private_text import write_private_text

_LARGEST = 64 * 1024


class Preferences:
    """Fills ``core.ports.SoundChoices``. Touches the disk in a worker thread only."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def load(self) -> SoundChoice:
        """What the file says about sounds; the usual where it says nothing of use."""
        return _sound_choice(_table(await asyncio.to_thread(self._read), "sounds"))

    async def save(self, choice: SoundChoice) -> None:
        """Write it beside what else is in the file. Raises ChoiceNotKept; then the file is as it was."""
        try:
            await asyncio.to_thread(self._write, {"on": choice.is_on, "volume": choice.volume})
        except OSError as error:
            raise ChoiceNotKept(f"{self._file.name}: {error.strerror}") from error

    def _write(self, sounds: dict[str, object]) -> None:
        content = self._read()
        content["sounds"] = _table(content, "sounds") | sounds
        private_folder(self._file.parent)
        write_private_text(self._file, json.dumps(content, indent=2) + "\n")

    def _read(self) -> dict[str, Any]:
        try:
            with self._file.open("rb") as file:
                content = json.loads(file.read(_LARGEST))
        except (OSError, ValueError, RecursionError):
            return {}
        return content if isinstance(content, dict) else {}


def _table(content: dict[str, Any], name: str) -> dict[str, Any]:
    found = content.get(name)
    return found if isinstance(found, dict) else {}


def _sound_choice(sounds: dict[str, Any]) -> SoundChoice:
    usual = SoundChoice()
    is_on, volume = sounds.get("on"), sounds.get("volume")
    if not isinstance(is_on, bool):
        is_on = usual.is_on
    # True is a number to Python, not to people.
    if not isinstance(volume, int) or isinstance(volume, bool) or not 0 <= volume <= 100:
        volume = usual.volume
    return SoundChoice(is_on, volume)
