"""What all flows that ask about one link have in common: who they ask for, and that they ask one thing at a time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from optty_desktop.core.environments import Environment
from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.ports import Clock
from optty_desktop.ui.notice_dialog import NoticeDialog
from optty_desktop.ui.tasks import TaskRunner, ask_once
from optty_desktop.ui.theme import Look
from optty_desktop.ui.verbs import Verbs


class QuestionFlow(QObject):
    """One question at a time; a press during one is not heard. ``told`` carries a sentence for the toast.

    Listens to the book: what is asked may have been answered meanwhile.
    """

    told = Signal(str)

    def __init__(
        self,
        look: Look,
        window: QWidget,
        book: LinkBook,
        clock: Clock,
        tasks: TaskRunner,
        verbs: asyncio.Future[Verbs],
        environment: Environment,
    ) -> None:
        super().__init__(window)
        self._look, self._window, self._book, self._clock = look, window, book, clock
        self._tasks, self._verbs = tasks, verbs
        self._profile, self._environment = environment, environment.kind
        self._is_asking = False
        book.listen(self)

    def links_added(self, first: int, count: int) -> None:
        """Part of the book's listener protocol."""

    def link_changed(self, position: int, before: PaymentLink) -> None:
        """Part of the book's listener protocol."""
        raise NotImplementedError

    def _begin(self, ask: Callable[[], Coroutine[Any, Any, None]], name: str) -> bool:
        """Ask unless something is being asked; say whether that was begun."""
        if self._is_asking:
            return False
        self._is_asking = True
        self._tasks.start(self._to_the_end(ask), name=name, owner=self)
        return True

    async def _to_the_end(self, ask: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await ask()
        finally:
            self._is_asking = False

    async def _tell(self, title: str, text: str) -> None:
        await ask_once(NoticeDialog(self._look, title, text, environment=self._environment, parent=self._window))
