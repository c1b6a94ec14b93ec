"""Closing by hand at the screen: ask what was seen, write it down, say what was done."""

from functools import partial

from shiboken6 import isValid

from optty_desktop.core.errors import AppError
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.operations import Operation
from optty_desktop.till.settle_by_hand import FINDINGS
from optty_desktop.ui.error_words import Doing, sentence
from optty_desktop.ui.given_back import given_back
from optty_desktop.ui.question_flow import QuestionFlow
from optty_desktop.ui.settle_dialog import SettleDialog
from optty_desktop.ui.short_number import link_name
from optty_desktop.ui.state_look import state_word
from optty_desktop.ui.tasks import ask_once
from optty_desktop.ui.verbs import Verbs
from optty_desktop.ui.words import tr


class SettleFlow(QuestionFlow):
    """What somebody has found out about a call without an answer."""

    _dialog: SettleDialog | None = None
    _operation: Operation | None = None

    def settle(self, invoice_number: str) -> None:
        """Somebody pressed Close by hand…"""
        self._begin(partial(self._guided, invoice_number), "ask to settle")

    async def is_offered(self, invoice_number: str) -> bool:
        """Whether something of this link can be closed by hand; not while the record cannot be read."""
        try:
            return await (await self._verbs).settle_by_hand.unanswered(invoice_number) is not None
        except AppError:
            return False

    def link_changed(self, position: int, before: PaymentLink) -> None:
        """Part of the book's listener protocol: a read may have settled what the question is about."""
        operation, dialog = self._operation, self._dialog
        if operation is None or dialog is None or dialog.is_sending:
            return
        if self._book[position].invoice_number == operation.invoice_number:
            self._tasks.start(self._close_if_settled(dialog, operation), name="settled meanwhile", owner=self)

    async def _guided(self, invoice_number: str) -> None:
        try:
            verbs = await self._verbs
            link = await verbs.session.find(invoice_number)
            operation = await verbs.settle_by_hand.unanswered(invoice_number)
            if operation is None:
                # The press came from a screen that did not know yet.
                self.told.emit(tr("{reference} needs no closing by hand any more.", reference=link_name(link)))
                return
            await self._ask(verbs, link, operation)
        except AppError as error:
            words = sentence(error, Doing.SETTLE)
            await self._tell(words.title, words.text)

    async def _ask(self, verbs: Verbs, link: PaymentLink, operation: Operation) -> None:
        dialog = SettleDialog(
            self._look,
            link,
            operation,
            FINDINGS[operation.kind],
            partial(verbs.settle_by_hand.wait, operation),
            self._clock,
            operator=verbs.session.identity.operator,
            environment=self._environment,
            parent=self._window,
        )
        dialog.confirmed.connect(partial(self._on_confirmed, dialog, operation))
        self._dialog, self._operation = dialog, operation
        try:
            await ask_once(dialog)
        finally:
            self._dialog = self._operation = None

    def _on_confirmed(self, dialog: SettleDialog, operation: Operation) -> None:
        dialog.set_sending()
        self._tasks.start(self._carry_out(dialog, operation), name="settle by hand", critical=True)

    async def _carry_out(self, dialog: SettleDialog, operation: Operation) -> None:
        text = tr("We do not know if this was closed. Look at the status of the link before you close it again")
        with given_back(dialog, text):
            await self._settle(dialog, operation)

    async def _settle(self, dialog: SettleDialog, operation: Operation) -> None:
        verb = (await self._verbs).settle_by_hand
        try:
            link = await verb.settle(operation.invoice_number, dialog.found(), dialog.reason())
        except AppError as error:
            dialog.set_problem(sentence(error, Doing.SETTLE).text)
            # It may be refused because a read has settled it at this very moment.
            await self._close_if_settled(dialog, operation)
        else:
            dialog.accept()
            self.told.emit(
                tr(
                    "{reference} closed by hand. Its status is {state}.",
                    reference=link_name(link),
                    state=state_word(link.state),
                )
            )

    async def _close_if_settled(self, dialog: SettleDialog, operation: Operation) -> None:
        verbs = await self._verbs
        try:
            still = await verbs.settle_by_hand.unanswered(operation.invoice_number)
            link = await verbs.session.find(operation.invoice_number)
        except AppError:
            return
        is_other = still is None or still.operation_id != operation.operation_id
        if is_other and isValid(dialog) and dialog.isVisible() and not dialog.is_sending:
            dialog.replaced_by_change()
            self.told.emit(
                tr("{reference} has been settled by a read. Nothing was closed by hand.", reference=link_name(link))
            )
