"""A damaged record at the screen: ask what to do about it, do it behind the question, say what came of it."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget
from shiboken6 import isValid

from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import AppError, JournalDamaged
from optty_desktop.till.rescue_record import RescueRecord
from optty_desktop.ui.error_words import Doing, sentence
from optty_desktop.ui.given_back import given_back
from optty_desktop.ui.rescue_dialog import RescueDialog
from optty_desktop.ui.tasks import TaskRunner, ask_once
from optty_desktop.ui.theme import Look
from optty_desktop.ui.words import tr


class RescueFlow(QObject):
    """One question at a time. ``dialog`` is None while none is open."""

    def __init__(self, look: Look, verb: RescueRecord, tasks: TaskRunner) -> None:
        super().__init__()
        self._look, self._verb, self._tasks = look, verb, tasks
        self.dialog: RescueDialog | None = None
        self._is_wanted = False

    async def ask(self, environment: Environment, window: QWidget) -> bool:
        """Whether another record is in the place of the damaged one now. Raises JournalProblem."""
        self._is_wanted = True
        copy_day = await self._verb.newest_copy(environment.id)
        if not self._is_wanted:
            return False
        dialog = self.dialog = RescueDialog(self._look, copy_day, environment=environment.kind, parent=window)

        def on_confirmed() -> None:
            dialog.set_sending()
            # Critical: nobody may open a record that is being replaced.
            self._tasks.start(self._replace(dialog, environment.id), name="rescue", critical=True)

        dialog.confirmed.connect(on_confirmed)
        try:
            return await ask_once(dialog)
        finally:
            self.dialog = None

    def end(self) -> None:
        """Nobody waits for an answer any more: not now. A replacement under way goes on to its end."""
        self._is_wanted = False
        if self.dialog is not None and isValid(self.dialog):
            self.dialog.done(QDialog.DialogCode.Rejected.value)

    async def _replace(self, dialog: RescueDialog, environment_id: str) -> None:
        text = tr("We do not know if the record was replaced. Nothing was thrown away. Start Payment Links anew")
        with given_back(dialog, text):
            try:
                await self._verb.replace(environment_id, dialog.copy_day)
            except JournalDamaged as damage:
                await self._offer_another(dialog, environment_id, damage)
            except AppError as error:
                _say(dialog, error)
            else:
                if isValid(dialog):
                    dialog.accept()

    async def _offer_another(self, dialog: RescueDialog, environment_id: str, damage: JournalDamaged) -> None:
        """The copy was damaged too: an older one may be whole."""
        try:
            another = await self._verb.newest_copy(environment_id)
        except AppError as error:
            _say(dialog, error)
            return
        if isValid(dialog):
            dialog.offer(another)
        _say(dialog, damage)


def _say(dialog: RescueDialog, error: AppError) -> None:
    if isValid(dialog):
        dialog.set_problem(sentence(error, Doing.RESCUE).text)
