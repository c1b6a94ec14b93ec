"""The record as a file: the question, the place, the writing while work goes on, and what came of it."""

import asyncio
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import AppError, NotAllowedNow
from optty_desktop.core.ports import Clock
from optty_desktop.till.export_record import ExportRecord, export_name
from optty_desktop.ui.error_words import Doing, no_name_text, sentence
from optty_desktop.ui.export_dialog import ExportDialog
from optty_desktop.ui.save_dialog import save_dialog
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.tasks import TaskRunner, ask_once
from optty_desktop.ui.theme import Look
from optty_desktop.ui.verbs import Verbs
from optty_desktop.ui.words import tr


class ExportFlow(QObject):
    """One file at a time. ``told`` carries what worked, for the toast; ``problem`` what did not."""

    told = Signal(str)
    problem = Signal(str)

    def __init__(
        self,
        look: Look,
        window: QWidget,
        environment: Environment,
        clock: Clock,
        tasks: TaskRunner,
        verbs: asyncio.Future[Verbs],
    ) -> None:
        super().__init__(window)
        self._look, self._window, self._environment, self._clock = look, window, environment, clock
        self._tasks, self._verbs = tasks, verbs
        self._is_busy = False

    def ask(self) -> None:
        """Somebody wants the record as a file."""
        if not self._is_busy:
            self._is_busy = True
            self._tasks.start(self._guided(), name="export", owner=self)

    async def _guided(self) -> None:
        try:
            question = ExportDialog(self._look, environment=self._environment.kind, parent=self._window)
            if not await ask_once(question):
                return
            with_contacts = question.with_contacts
            path = await self._place()
            if path is not None:
                await self._export(path, with_contacts=with_contacts)
        finally:
            self._is_busy = False

    async def _place(self) -> Path | None:
        name = export_name(self._environment.id, self._clock.now().astimezone().date())
        kind = tr("Text, one record a line (*.jsonl)")
        title = tr("Save the record as a file")
        dialog = save_dialog(self._window, "exportFileDialog", title, name, kind, "jsonl")
        return Path(dialog.selectedFiles()[0]) if await ask_once(dialog) else None

    async def _export(self, path: Path, *, with_contacts: bool) -> None:
        try:
            verb = (await self._verbs).export_record
        except AppError as error:
            self.problem.emit(sentence(error, Doing.SAVE).text)
            return
        work = self._write(verb, path, with_contacts=with_contacts)
        # Critical: a window that is closed meanwhile waits until the file is whole.
        await asyncio.shield(self._tasks.start(work, name="write export", critical=True))

    async def _write(self, verb: ExportRecord, path: Path, *, with_contacts: bool) -> None:
        try:
            await verb.export(path, with_contacts=with_contacts)
        except NotAllowedNow:
            self.problem.emit(no_name_text())
        except AppError as error:
            self.problem.emit(sentence(error, Doing.SAVE).text)
        else:
            self.told.emit(
                tr(
                    "Record saved as {name} in {folder}.",
                    name=harmless(path.name, 80),
                    folder=harmless(path.parent.name, 60),
                )
            )
