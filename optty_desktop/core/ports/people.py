"""What reaches people besides the window, and how what they type is checked."""

from enum import StrEnum
from typing import Protocol

from optty_desktop.core.news import News
from optty_desktop.core.sound_choice import SoundChoice
from optty_desktop.core.theme_choice import ThemeChoice


class ContactRules(Protocol):
    """Checks and normalises contacts; raises EmailProblem and PhoneProblem of core.contacts."""

    def email(self, text: str) -> str: ...
    def phone(self, text: str, default_region: str | None = None) -> str: ...


class SoundPlayer(Protocol):
    """What makes a sound on this computer."""

    async def play(self, news: News, volume: int) -> bool:
        """Play the sound of this news to its end, within seconds; ``volume`` is 1 to 100. Silence is never an error.

        Returns False where nothing on this computer played it.
        """
        ...


class SoundChoices(Protocol):
    """Where it is written down what staff chose about the sounds of this till."""

    async def load(self) -> SoundChoice:
        """What was chosen last; the usual where nothing was, or where it cannot be read."""
        ...

    async def save(self, choice: SoundChoice) -> None:
        """Write it down. Raises ChoiceNotKept."""


class ThemeMemory(Protocol):
    """Where it is written down which theme somebody chose. It is read before the first paint, by the start itself."""

    async def keep_theme(self, choice: ThemeChoice) -> None:
        """Write it down. Raises ChoiceNotKept."""


class EnvironmentMemory(Protocol):
    """Where it is written down in which environment somebody signed in last. Training is none."""

    async def last_environment(self) -> str | None:
        """Its id; None where nobody knows."""
        ...

    async def keep_environment(self, environment_id: str) -> None:
        """Write it down. Raises ChoiceNotKept."""


class Shown(StrEnum):
    """What became of a notification: somebody pressed it, it went unpressed, or this desktop shows none."""

    ANSWERED = "answered"
    GONE = "gone"
    IMPOSSIBLE = "impossible"


class Notifier(Protocol):
    """Notifications of the desktop, where it has a way of its own."""

    async def show(self, title: str, text: str, action: str) -> Shown:
        """Show one until it goes, which may take hours; it goes, too, when this is cancelled. All are plain texts.

        ``action`` says what a press does.
        """
        ...
