"""After a rescue: hold cancels and refunds back, say so in the banner, and let somebody confirm the record."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from optty_desktop.core.errors import AppError, NotAllowedNow
from optty_desktop.till.confirm_rebuilt import ConfirmRebuilt, Rebuilt
from optty_desktop.ui.banner import Banner, BannerWords, Cause
from optty_desktop.ui.error_words import Doing, no_name_text, sentence
from optty_desktop.ui.given_back import given_back
from optty_desktop.ui.rebuilt_dialog import RebuiltDialog, rebuilt_fact
from optty_desktop.ui.status_watch import StatusWatch
from optty_desktop.ui.tasks import TaskRunner, ask_once
from optty_desktop.ui.theme import Look
from optty_desktop.ui.words import tr


class RebuiltFlow(QObject):
    """``told`` carries what worked, for the toast."""

    told = Signal(str)

    def __init__(
        self,
        look: Look,
        window: QWidget,
        banner: Banner,
        watch: StatusWatch,
        tasks: TaskRunner,
        *,
        operator: str,
        environment: str,
    ) -> None:
        super().__init__(window)
        self._look, self._window, self._banner, self._watch, self._tasks = look, window, banner, watch, tasks
        self._operator, self._environment = operator, environment
        self._verb: ConfirmRebuilt | None = None
        self._rebuilt: Rebuilt | None = None
        self._is_asking = False

    async def begin(self, verb: ConfirmRebuilt) -> None:
        """Look whether the record waits to be compared, and hold money back while it does. Raises JournalProblem."""
        self._verb, self._rebuilt = verb, await verb.waiting()
        if self._rebuilt is None:
            return
        self._watch.hold_back(True)
        words = BannerWords(
            rebuilt_fact(self._rebuilt),
            tr("Cancels and refunds wait until somebody has compared it with the payment service."),
            tr("Show me"),
            "history",
        )
        self._banner.show_cause(Cause.REBUILT, words)

    def ask(self) -> None:
        """Somebody pressed Show me."""
        if self._rebuilt is not None and self._verb is not None and not self._is_asking:
            self._is_asking = True
            self._tasks.start(self._asked(self._verb, self._rebuilt), name="ask to compare", owner=self)

    async def _asked(self, verb: ConfirmRebuilt, rebuilt: Rebuilt) -> None:
        dialog = RebuiltDialog(self._look, rebuilt, self._operator, environment=self._environment, parent=self._window)

        def on_confirmed() -> None:
            dialog.set_sending()
            self._tasks.start(self._confirm(verb, dialog), name="confirm rebuilt", critical=True)

        dialog.confirmed.connect(on_confirmed)
        try:
            if await ask_once(dialog):
                self._let_go()
        finally:
            self._is_asking = False

    async def _confirm(self, verb: ConfirmRebuilt, dialog: RebuiltDialog) -> None:
        with given_back(dialog, tr("We do not know if this was written down. Try again: saying it twice does no harm")):
            try:
                await verb.confirm()
            except NotAllowedNow:
                dialog.set_problem(no_name_text())
            except AppError as error:
                dialog.set_problem(sentence(error, Doing.SAVE).text)
            else:
                dialog.accept()

    def _let_go(self) -> None:
        self._rebuilt = None
        self._watch.hold_back(False)
        self._banner.drop_cause(Cause.REBUILT)
        self.told.emit(tr("Cancels and refunds are possible again."))
