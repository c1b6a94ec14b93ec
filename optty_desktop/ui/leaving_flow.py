"""Leaving the desk: what is asked first, and what must be over before anybody goes."""

from collections.abc import Callable
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from optty_desktop.core.environments import Environment, EnvironmentKind
from optty_desktop.core.operations import OperationKind
from optty_desktop.ui.leaving_dialogs import CloseDialog, LeaveTrainingDialog, SignOutDialog
from optty_desktop.ui.main_window import MainWindow
from optty_desktop.ui.money_flow import MoneyFlow
from optty_desktop.ui.payments_page import PaymentsPage
from optty_desktop.ui.settings_flow import SettingsFlow
from optty_desktop.ui.status_watch import StatusWatch
from optty_desktop.ui.tasks import TaskRunner, ask_once
from optty_desktop.ui.theme import Look


class Ending(StrEnum):
    """How work at the desk ended."""

    CLOSE = "close"
    SIGN_OUT = "sign_out"


class LeavingFlow(QObject):
    """Asks once, however often it is wanted; ``end`` is called when nothing is under way and nobody has kept back."""

    def __init__(
        self,
        look: Look,
        window: MainWindow,
        page: PaymentsPage,
        environment: Environment,
        tasks: TaskRunner,
        watch: StatusWatch,
        money: MoneyFlow,
        settings: SettingsFlow,
        end: Callable[[Ending], None],
    ) -> None:
        super().__init__(window)
        self._look, self._window, self._page, self._environment = look, window, page, environment
        self._tasks, self._watch, self._money, self._settings = tasks, watch, money, settings
        self._end = end
        self._is_asking = False
        window.close_requested.connect(partial(self._ask, Ending.CLOSE))
        window.band.leave_requested.connect(self.sign_out)
        window.header.sign_out_requested.connect(self.sign_out)

    def sign_out(self) -> None:
        """Somebody wants to sign out, or to leave training."""
        self._ask(Ending.SIGN_OUT)

    def _ask(self, ending: Ending) -> None:
        if not self._is_asking:
            self._is_asking = True
            self._tasks.start(self._end_if_wanted(ending), owner=self, name="ask to end")

    async def _end_if_wanted(self, ending: Ending) -> None:
        try:
            if await self._settings.may_leave() and await self._really(ending):
                self._page.setEnabled(False)
                await self._tasks.settle()
                await self._money.has_been_read()
                self._end(ending)
        finally:
            self._is_asking = False

    async def _really(self, ending: Ending) -> bool:
        dialog = self._question(ending)
        return dialog is None or await ask_once(dialog)

    def _question(self, ending: Ending) -> QDialog | None:
        """What to ask before leaving; None where nothing is under way and nothing is in doubt."""
        running = next((kind for kind in OperationKind if kind in self._tasks.critical_names), None)
        to_check = len(self._watch.doubtful)
        kind = self._environment.kind
        is_unsent = not self._page.form.is_untouched()
        if running is not None or (ending is Ending.CLOSE and (to_check or is_unsent)):
            return CloseDialog(
                self._look,
                running=running,
                to_check=to_check,
                is_unsent=is_unsent,
                environment=kind,
                parent=self._window,
            )
        if ending is Ending.CLOSE:
            return None
        if kind is EnvironmentKind.TRAINING:
            return LeaveTrainingDialog(self._look, parent=self._window)
        return SignOutDialog(self._look, self._environment.name, environment=kind, parent=self._window)
