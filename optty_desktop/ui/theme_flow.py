"""What somebody chooses about the theme: every window wears it at once, and it is kept."""

from PySide6.QtCore import QObject

from optty_desktop.core.errors import ChoiceNotKept
from optty_desktop.core.theme_choice import ThemeChoice
from optty_desktop.ui.error_words import Doing, sentence
from optty_desktop.ui.message import MessageKind
from optty_desktop.ui.tasks import TaskRunner
from optty_desktop.ui.theme_page import ThemePage
from optty_desktop.ui.wardrobe import Wardrobe
from optty_desktop.ui.words import tr


class ThemeFlow(QObject):
    """Between the section of the settings and the wardrobe of the program."""

    def __init__(self, page: ThemePage, wardrobe: Wardrobe, tasks: TaskRunner) -> None:
        super().__init__(page)
        self._page, self._wardrobe, self._tasks = page, wardrobe, tasks
        page.chosen.connect(self._on_chosen)
        wardrobe.dressed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self._page.show_choice(self._wardrobe.choice)

    def _on_chosen(self, choice: ThemeChoice) -> None:
        self._wardrobe.wear(choice)
        self._tasks.start(self._keep(), owner=self, name="keep the theme")

    async def _keep(self) -> None:
        try:
            await self._wardrobe.keep()
        except ChoiceNotKept as error:
            self._page.say(sentence(error, Doing.SAVE).text, MessageKind.ERROR)
        else:
            self._page.say(tr("Saved. Changes apply at once."), MessageKind.SUCCESS)
