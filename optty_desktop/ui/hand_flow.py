"""Setting a status by hand at the screen: ask what was seen, write it down, say what was done."""

from functools import partial
from typing import TYPE_CHECKING

from shiboken6 import isValid

from optty_desktop.core.errors import AppError, NotAllowedNow
from optty_desktop.core.links import PaymentLink
from optty_desktop.ui.error_words import Doing, sentence
from optty_desktop.ui.given_back import given_back
from optty_desktop.ui.question_flow import QuestionFlow
from optty_desktop.ui.short_number import link_name
from optty_desktop.ui.state_look import state_word
from optty_desktop.ui.tasks import ask_once
from optty_desktop.ui.words import tr

if TYPE_CHECKING:
    from optty_desktop.ui.hand_dialog import HandDialog


class HandFlow(QuestionFlow):
    """Which status, and why."""

    _dialog: "HandDialog | None" = None
    _asked: str | None = None

    def ask(self, invoice_number: str) -> None:
        """Somebody pressed Set by hand…"""
        self._begin(partial(self._guided, invoice_number), "ask to set by hand")

    def link_changed(self, position: int, before: PaymentLink) -> None:
        """Part of the book's listener protocol: a read may have said what the question asks."""
        link, dialog = self._book[position], self._dialog
        if dialog is None or dialog.is_sending or link.invoice_number != self._asked:
            return
        if (link.state, link.order_reference) != (before.state, before.order_reference):
            self._tasks.start(self._close_if_read(dialog, link), name="read meanwhile", owner=self)

    async def _guided(self, invoice_number: str) -> None:
        try:
            verbs = await self._verbs
            link = await verbs.session.find(invoice_number)
            states = await verbs.set_by_hand.choices(invoice_number)
            if not states:
                # The press came from a screen that did not know yet.
                self.told.emit(_not_needed(link))
                return
            # Loaded when it is asked for, which most days never happens.
            from optty_desktop.ui.hand_dialog import HandDialog

            operator = verbs.session.identity.operator
            await self._ask(
                HandDialog(
                    self._look,
                    link,
                    states,
                    self._clock,
                    operator=operator,
                    environment=self._environment,
                    parent=self._window,
                ),
                invoice_number,
            )
        except AppError as error:
            words = sentence(error, Doing.SET_BY_HAND)
            await self._tell(words.title, words.text)

    async def _ask(self, dialog: "HandDialog", invoice_number: str) -> None:
        dialog.confirmed.connect(partial(self._on_confirmed, dialog, invoice_number))
        self._dialog, self._asked = dialog, invoice_number
        try:
            await ask_once(dialog)
        finally:
            self._dialog = self._asked = None

    def _on_confirmed(self, dialog: "HandDialog", invoice_number: str) -> None:
        dialog.set_sending()
        self._tasks.start(self._carry_out(dialog, invoice_number), name="set by hand", critical=True)

    async def _carry_out(self, dialog: "HandDialog", invoice_number: str) -> None:
        text = tr("We do not know if this was recorded. Look at the status of the link before you set it again")
        with given_back(dialog, text):
            await self._set(dialog, invoice_number)

    async def _set(self, dialog: "HandDialog", invoice_number: str) -> None:
        verbs = await self._verbs
        try:
            link = await verbs.set_by_hand.set(invoice_number, dialog.chosen(), dialog.reason())
        except NotAllowedNow:
            # It can be read by now, or a call of it waits for its answer.
            dialog.replaced_by_change()
            self.told.emit(_not_needed(await verbs.session.find(invoice_number)))
        except AppError as error:
            dialog.set_problem(sentence(error, Doing.SET_BY_HAND).text)
        else:
            dialog.accept()
            self.told.emit(
                tr("{reference} set to {state} by hand.", reference=link_name(link), state=state_word(link.state))
            )

    async def _close_if_read(self, dialog: "HandDialog", link: PaymentLink) -> None:
        try:
            states = await (await self._verbs).set_by_hand.choices(link.invoice_number)
        except AppError:
            return
        if not states and isValid(dialog) and dialog.isVisible() and not dialog.is_sending:
            dialog.replaced_by_change()
            self.told.emit(_not_needed(link))


def _not_needed(link: PaymentLink) -> str:
    return tr(
        "{reference} can be read, or waits for an answer. Nothing was set by hand. Its status is {state}.",
        reference=link_name(link),
        state=state_word(link.state),
    )
