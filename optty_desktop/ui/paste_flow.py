"""A pasted notification at the screen: understand it, say so, read its links when asked to, and say what came of it."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import isValid

from optty_desktop.core.errors import AppError, NoticeProblem, NoticeTrouble
from optty_desktop.till.paste_notices import PasteNotices, Understood
from optty_desktop.ui.error_words import Doing, sentence
from optty_desktop.ui.file_drop import FileDrop
from optty_desktop.ui.given_back import given_back
from optty_desktop.ui.tasks import TaskRunner, ask_once
from optty_desktop.ui.theme import Look
from optty_desktop.ui.verbs import Verbs
from optty_desktop.ui.words import tr

if TYPE_CHECKING:
    from optty_desktop.ui.paste_dialog import PasteDialog


class PasteFlow(QObject):
    """One window at a time; a file dropped on ``window`` opens it too."""

    def __init__(
        self,
        look: Look,
        window: QWidget,
        tasks: TaskRunner,
        verbs: asyncio.Future[Verbs],
        *,
        environment: str,
    ) -> None:
        super().__init__(window)
        self._look, self._window, self._environment = look, window, environment
        self._tasks, self._verbs = tasks, verbs
        self._is_open = False
        self._newest = 0
        drop = FileDrop(window, lambda: not self._is_open)
        drop.dropped.connect(self._on_dropped)

    def open(self) -> None:
        """Somebody wants to paste a notification."""
        self._open()

    def _on_dropped(self, files: tuple[Path, ...]) -> None:
        self._open(files)

    def _open(self, files: tuple[Path, ...] | None = None) -> None:
        if not self._is_open:
            self._is_open = True
            self._tasks.start(self._guided(files), name="paste notification", owner=self)

    async def _guided(self, files: tuple[Path, ...] | None) -> None:
        # Loaded when it is asked for, which most days never happens.
        from optty_desktop.ui.paste_dialog import PasteDialog

        try:
            dialog = PasteDialog(self._look, environment=self._environment, parent=self._window)
            dialog.text_given.connect(partial(self._on_text, dialog))
            dialog.file_given.connect(partial(self._on_file, dialog))
            dialog.file_wanted.connect(partial(self._on_file_wanted, dialog))
            dialog.confirmed.connect(partial(self._on_confirmed, dialog))
            if files is not None:
                dialog.take_files(files)
            await ask_once(dialog)
        finally:
            self._is_open = False

    def _on_text(self, dialog: "PasteDialog", text: str) -> None:
        self._begin(dialog, lambda verbs: verbs.paste_notices.understand(text))

    def _on_file(self, dialog: "PasteDialog", path: Path) -> None:
        self._begin(dialog, lambda verbs: verbs.paste_notices.understand_file(path), path.name)

    def _on_file_wanted(self, dialog: "PasteDialog") -> None:
        self._tasks.start(self._choose(dialog), name="choose notification", owner=dialog)

    def _on_confirmed(self, dialog: "PasteDialog") -> None:
        if dialog.understood is not None:
            dialog.set_sending()
            # Critical: what was taken in is noted. Nobody who leaves waits for its reads: the next session makes them.
            self._tasks.start(self._keep(dialog, dialog.understood), name="keep pasted", critical=True)

    def _begin(self, dialog: "PasteDialog", look: Callable[[Verbs], Awaitable[Understood]], source: str = "") -> None:
        self._newest += 1
        work = self._understand(dialog, look, source, self._newest)
        self._tasks.start(work, name="understand notification", owner=dialog)

    async def _understand(
        self, dialog: "PasteDialog", look: Callable[[Verbs], Awaitable[Understood]], source: str, number: int
    ) -> None:
        """Say what was understood, unless something newer was pasted meanwhile."""
        try:
            understood = await look(await self._verbs)
        except AppError as error:
            is_empty = isinstance(error, NoticeProblem) and error.trouble is NoticeTrouble.EMPTY and not source
            if number == self._newest and not dialog.is_sending:
                dialog.show_unread("" if is_empty else sentence(error, Doing.CHECK).text)
            return
        if number == self._newest and not dialog.is_sending:
            dialog.show_understood(understood, source)

    async def _choose(self, dialog: "PasteDialog") -> None:
        kinds = tr("Notifications (*.json *.txt *.csv)") + ";;" + tr("All files (*)")
        question = QFileDialog(dialog, tr("Choose a file with notifications"), "", kinds)
        question.setFileMode(QFileDialog.FileMode.ExistingFile)
        question.setObjectName("noticeFileDialog")
        if await ask_once(question):
            self._on_file(dialog, Path(question.selectedFiles()[0]))

    async def _keep(self, dialog: "PasteDialog", understood: Understood) -> None:
        text = tr("We do not know if the links were read. Look at their status before you paste it again")
        with given_back(dialog, text):
            verb = (await self._verbs).paste_notices
            try:
                await verb.keep(understood)
            except AppError as error:
                dialog.set_problem(sentence(error, Doing.CHECK).text)
                return
            self._tasks.start(self._read(dialog, verb, understood, text), name="read pasted", owner=self)

    async def _read(self, dialog: "PasteDialog", verb: PasteNotices, understood: Understood, text: str) -> None:
        with given_back(dialog, text):
            try:
                outcomes = await verb.read(understood)
            except AppError as error:
                dialog.set_problem(sentence(error, Doing.CHECK).text)
                return
            if isValid(dialog):
                dialog.show_outcome(outcomes, understood.unknown)
