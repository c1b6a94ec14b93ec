"""What the running program wears: the theme somebody chose, or that of the computer, also when it changes there."""

import asyncio

from PySide6.QtCore import QObject, Signal

from optty_desktop.core.ports import ThemeMemory
from optty_desktop.core.theme_choice import ThemeChoice
from optty_desktop.ui.computer_colors import ComputerColors
from optty_desktop.ui.theme import Look
from optty_desktop.ui.worn_theme import FIXED, theme_of, usual_choice


class Wardrobe(QObject):
    """Lives as long as the program. `dressed`: every window wears another theme now."""

    dressed = Signal()

    def __init__(self, look: Look, choice: ThemeChoice | None, memory: ThemeMemory, colors: ComputerColors) -> None:
        """`choice` was read before the first paint; None where nobody has chosen."""
        super().__init__()
        self._look, self._choice, self._memory, self._colors = look, choice, memory, colors
        self._writing = asyncio.Lock()
        colors.changed.connect(self._dress)
        self._set_frames()
        self._dress()

    @property
    def choice(self) -> ThemeChoice:
        """What holds now."""
        return self._choice or usual_choice(self._colors)

    def wear(self, choice: ThemeChoice) -> None:
        """Put this on every window at once."""
        self._choice = choice
        self._set_frames()
        self._dress()

    async def keep(self) -> None:
        """Let the next start wear it, too. Raises ChoiceNotKept; then it holds until the program ends."""
        async with self._writing:
            # Of several that were chosen meanwhile the last one is written by each, and stays.
            await self._memory.keep_theme(self.choice)

    def _set_frames(self) -> None:
        theme = FIXED.get(self.choice)
        self._colors.set_frames(theme.is_dark if theme is not None else None)

    def _dress(self) -> None:
        theme = theme_of(self._choice, self._colors)
        if theme is not self._look.theme:
            self._look.change_theme(theme)
            self.dressed.emit()
