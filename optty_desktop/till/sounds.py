"""The sounds of this till: what staff chose about them, and one sound at a time."""

import asyncio

from optty_desktop.core.news import News
from optty_desktop.core.ports import SoundChoices, SoundPlayer
from optty_desktop.core.sound_choice import SoundChoice


class Sounds:
    """Lives as long as the program. What was chosen is read when it is first needed, not at the start."""

    def __init__(self, player: SoundPlayer, choices: SoundChoices) -> None:
        self._player, self._choices = player, choices
        self._choice: SoundChoice | None = None
        self._is_playing = False
        self._writing = asyncio.Lock()

    async def choice(self) -> SoundChoice:
        """What holds now."""
        if self._choice is not None:
            return self._choice
        loaded = await self._choices.load()
        return self._taken(loaded)

    async def choose(self, choice: SoundChoice) -> None:
        """Let this hold at once, and from now on. Raises ChoiceNotKept; then it holds until the program ends."""
        self._choice = choice
        async with self._writing:
            # Of several that were chosen meanwhile the last one is written by each, and stays.
            await self._choices.save(await self.choice())

    def _taken(self, loaded: SoundChoice) -> SoundChoice:
        """What was read counts, unless somebody chose meanwhile."""
        if self._choice is None:
            self._choice = loaded
        return self._choice

    async def ring(self, news: News) -> bool:
        """Play the sound of this news, unless staff want none or one is playing.

        Returns False where it should be heard and this computer has no player for it.
        """
        choice = await self.choice()
        if choice.is_silent or self._is_playing:
            return True
        self._is_playing = True
        try:
            return await self._player.play(news, choice.volume)
        finally:
            self._is_playing = False
