"""Confirming a host at the screen: show it in full, ask, write it down, say which links can be used now."""

import asyncio
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from optty_desktop.core.errors import AppError, ProfileProblem
from optty_desktop.core.links import PaymentLink
from optty_desktop.ui.confirm_host_dialog import ConfirmHostDialog
from optty_desktop.ui.error_words import Doing, sentence
from optty_desktop.ui.given_back import given_back
from optty_desktop.ui.host_words import LONGEST_HOST
from optty_desktop.ui.notice_dialog import NoticeDialog
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.tasks import TaskRunner, ask_once
from optty_desktop.ui.theme import Look
from optty_desktop.ui.verbs import Verbs
from optty_desktop.ui.words import tr, tr_n


class ConfirmHostFlow(QObject):
    """One question at a time. ``told`` carries a sentence for the toast."""

    told = Signal(str)

    def __init__(
        self, look: Look, window: QWidget, tasks: TaskRunner, verbs: asyncio.Future[Verbs], *, environment: str
    ) -> None:
        super().__init__(window)
        self._look, self._window, self._tasks, self._verbs = look, window, tasks, verbs
        self._environment = environment
        self._is_asking = False

    def ask(self, invoice_number: str) -> None:
        """Somebody pressed Confirm this host…"""
        if not self._is_asking:
            self._is_asking = True
            self._tasks.start(self._guided(invoice_number), name="ask to confirm host", owner=self)

    async def _guided(self, invoice_number: str) -> None:
        try:
            question = await (await self._verbs).confirm_host.question(invoice_number)
            dialog = ConfirmHostDialog(self._look, question, environment=self._environment, parent=self._window)
            dialog.confirmed.connect(partial(self._on_confirmed, dialog))
            await ask_once(dialog)
        except AppError as error:
            words = sentence(error, Doing.CHECK)
            await ask_once(
                NoticeDialog(self._look, words.title, words.text, environment=self._environment, parent=self._window)
            )
        finally:
            self._is_asking = False

    def _on_confirmed(self, dialog: ConfirmHostDialog) -> None:
        dialog.set_sending()
        self._tasks.start(self._carry_out(dialog), name="confirm host", critical=True)

    async def _carry_out(self, dialog: ConfirmHostDialog) -> None:
        text = tr("We do not know if this host was confirmed. Look at the link before you confirm it again")
        with given_back(dialog, text):
            host = dialog.question.host
            try:
                released = await (await self._verbs).confirm_host.confirm(host)
            except AppError as error:
                dialog.set_problem(_why_not(error))
                return
            dialog.accept()
            self.told.emit(_done(host, released))


def _why_not(error: AppError) -> str:
    """What is so and what to do; a profile that cannot be written says itself what is wrong with it."""
    if isinstance(error, ProfileProblem):
        return tr("The host was not confirmed: {reason}", reason=harmless(str(error), 240).rstrip(". "))
    return sentence(error, Doing.CHECK).text


def _done(host: str, released: Sequence[PaymentLink]) -> str:
    return tr_n(
        "{host} is confirmed. {n} link can be sent now.",
        "{host} is confirmed. {n} links can be sent now.",
        len(released),
        host=harmless(host, LONGEST_HOST),
    )
