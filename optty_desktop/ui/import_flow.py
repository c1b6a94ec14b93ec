"""Setting up a till from the sign-in window: the files, the questions, the saving, and the form filled in."""

from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog
from shiboken6 import isValid

from optty_desktop.core.errors import AppError, UnclearCollection
from optty_desktop.core.route_import import RouteImport, SecretFile
from optty_desktop.till.import_routes import ImportRoutes
from optty_desktop.ui.error_words import Doing
from optty_desktop.ui.file_drop import MOST_FILES, not_files_words
from optty_desktop.ui.import_dialog import ImportDialog
from optty_desktop.ui.import_questions import ChooseRequestDialog, DeleteFilesDialog
from optty_desktop.ui.import_words import failure_words, file_words, result_words
from optty_desktop.ui.sign_in_dialog import SignInDialog
from optty_desktop.ui.tasks import TaskRunner, ask_once
from optty_desktop.ui.theme import Look
from optty_desktop.ui.words import tr

T = TypeVar("T")


class ImportFlow(QObject):
    """One import at a time. Lives as long as its window; with it ends what is not saved yet."""

    def __init__(self, look: Look, dialog: SignInDialog, verb: ImportRoutes, tasks: TaskRunner) -> None:
        super().__init__(dialog)
        self._look, self._dialog, self._verb, self._tasks = look, dialog, verb, tasks
        self._is_busy = False
        self._secret_files: Sequence[SecretFile] = ()
        dialog.import_requested.connect(self.begin)
        dialog.import_area.delete_requested.connect(self._on_delete)

    def begin(self, files: Sequence[Path]) -> None:
        """Somebody dropped these files; without any, they are asked for."""
        self._start(self._guided(files), "import")

    def _on_delete(self) -> None:
        self._start(self._delete(), "delete import")

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        if self._is_busy:
            work.close()
            return
        self._is_busy = True
        self._tasks.start(self._alone(work), owner=self._dialog, name=name)

    async def _alone(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        finally:
            self._is_busy = False

    async def _guided(self, files: Sequence[Path]) -> None:
        files = files or await self._chosen()
        if len(files) > MOST_FILES:
            self._refuse(not_files_words())
        elif files:
            await self._import(files)

    async def _chosen(self) -> Sequence[Path]:
        kind = tr("Export of Postman (*.json)")
        dialog = QFileDialog(self._dialog, tr("Choose the collection, and the environment with it"), "", kind)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setObjectName("importFileDialog")
        return [Path(name) for name in dialog.selectedFiles()] if await ask_once(dialog) else []

    async def _import(self, files: Sequence[Path]) -> None:
        try:
            proposal = await self._proposal(files)
        except AppError as error:
            self._refuse(failure_words(error))
            return
        if proposal is not None and (not proposal.changes_anything or await self._agreed(proposal)):
            await self._take(files, proposal)

    async def _proposal(self, files: Sequence[Path]) -> RouteImport | None:
        """None where nobody would say which request is meant. Raises CollectionProblem, ProfileProblem."""
        export = await self._behind(self._verb.read(files))
        environment_id = self._dialog.environment_id
        try:
            return await self._behind(self._verb.propose(export, environment_id))
        except UnclearCollection as unclear:
            kind = self._dialog.environment_kind
            question = ChooseRequestDialog(self._look, unclear.candidates, environment=kind, parent=self._dialog)
            if not await ask_once(question):
                return None
            return await self._behind(self._verb.propose(export, environment_id, question.chosen))

    async def _behind(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for a worker thread; the form takes no input meanwhile."""
        self._dialog.set_busy(True, tr("Reading the file…"))
        try:
            return await work
        finally:
            if isValid(self._dialog):
                self._dialog.set_busy(False)

    async def _agreed(self, proposal: RouteImport) -> bool:
        question = ImportDialog(self._look, proposal, parent=self._dialog)
        return await self._done(question, lambda: self._verb.save(proposal), Doing.SAVE)

    async def _take(self, files: Sequence[Path], proposal: RouteImport) -> None:
        found = proposal.credentials
        self._dialog.fill(found.client_id, found.client_secret)
        self._dialog.import_area.show_result(result_words(proposal))
        self._secret_files = await self._verb.secret_files(files, proposal)
        self._dialog.import_area.offer_deletion(len(self._secret_files))

    async def _delete(self) -> None:
        files = self._secret_files
        names = [file.path.name for file in files]
        kind = self._dialog.environment_kind
        question = DeleteFilesDialog(self._look, names, environment=kind, parent=self._dialog)
        if await self._done(question, lambda: self._verb.delete(files), Doing.SIGN_IN):
            self._secret_files = ()
            self._dialog.import_area.offer_deletion(0)
            gone = ", ".join(file_words(name) for name in names)
            self._dialog.import_area.show_result(tr("Deleted: {files}", files=gone))

    async def _done(
        self, question: ImportDialog | DeleteFilesDialog, work: Callable[[], Coroutine[Any, Any, None]], doing: Doing
    ) -> bool:
        """Whether somebody agreed and it was done. What fails is said in the question, which stays."""

        async def do() -> None:
            try:
                await work()
            except AppError as error:
                if isValid(question):
                    question.set_problem(failure_words(error, doing))
            else:
                if isValid(question):
                    question.accept()

        def on_confirmed() -> None:
            question.set_sending()
            # Critical: a window that is closed meanwhile waits until the files are as they are to be.
            self._tasks.start(do(), name="finish import", critical=True)

        question.confirmed.connect(on_confirmed)
        return await ask_once(question)

    def _refuse(self, text: str) -> None:
        self._dialog.show_problem(text, is_refused=False)
