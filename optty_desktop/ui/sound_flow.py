"""What staff choose about sounds: it holds at once, it is kept, and each sound can be tried."""

from PySide6.QtCore import QObject

from optty_desktop.core.errors import ChoiceNotKept
from optty_desktop.core.news import News
from optty_desktop.core.sound_choice import SoundChoice
from optty_desktop.till.sounds import Sounds
from optty_desktop.ui.error_words import Doing, sentence
from optty_desktop.ui.message import MessageKind
from optty_desktop.ui.sound_page import SoundPage
from optty_desktop.ui.tasks import TaskRunner
from optty_desktop.ui.words import tr


class SoundFlow(QObject):
    """Between the section of the settings and the sounds of the till."""

    def __init__(self, page: SoundPage, sounds: Sounds, tasks: TaskRunner) -> None:
        super().__init__(page)
        self._page, self._sounds, self._tasks = page, sounds, tasks
        page.chosen.connect(self._on_chosen)
        page.tried.connect(self._on_tried)
        tasks.start(self._show(), owner=self, name="show sounds")

    def _on_chosen(self, choice: SoundChoice) -> None:
        self._tasks.start(self._choose(choice), owner=self, name="choose sounds")

    def _on_tried(self, news: News) -> None:
        self._tasks.start(self._try(news), owner=self, name="try a sound")

    async def _show(self) -> None:
        self._page.show_choice(await self._sounds.choice())

    async def _try(self, news: News) -> None:
        self._page.say_of_try(
            "" if await self._sounds.ring(news) else tr("This computer has no sound player that works.")
        )

    async def _choose(self, choice: SoundChoice) -> None:
        try:
            await self._sounds.choose(choice)
        except ChoiceNotKept as error:
            self._page.say(sentence(error, Doing.SAVE).text, MessageKind.ERROR)
        else:
            self._page.say(tr("Saved. Changes apply at once."), MessageKind.SUCCESS)
