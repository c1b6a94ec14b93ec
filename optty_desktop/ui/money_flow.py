"""Cancel and refund at the screen: look first, ask the right question, send once, say what came of it."""

import asyncio
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QWidget
from shiboken6 import isValid

from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import AppError, ScopeRefused
from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import LinkState, Note, PaymentLink, may_cancel, may_refund
from optty_desktop.core.money import format_amount
from optty_desktop.core.operations import OperationKind
from optty_desktop.core.ports import Clock
from optty_desktop.till.cancel_or_refund import ChangedMeanwhile
from optty_desktop.till.cancel_or_refund import Look as Seen
from optty_desktop.till.outcomes import Ending, Outcome
from optty_desktop.ui.cancel_dialog import CancelDialog
from optty_desktop.ui.error_words import Doing, cannot_confirm_text, no_route_text, sentence
from optty_desktop.ui.given_back import given_back
from optty_desktop.ui.guard_dialogs import AlreadyDoneDialog, CancelBecameRefundDialog, PaidGuardDialog
from optty_desktop.ui.notice_dialog import CheckingDialog
from optty_desktop.ui.open_question import OpenQuestion
from optty_desktop.ui.paying_dialog import PayingDialog
from optty_desktop.ui.question_flow import QuestionFlow
from optty_desktop.ui.refund_dialog import RefundDialog
from optty_desktop.ui.short_number import link_name
from optty_desktop.ui.tasks import TaskRunner, ask_once
from optty_desktop.ui.theme import Look
from optty_desktop.ui.verbs import Verbs
from optty_desktop.ui.words import tr

LOOK_SECONDS = 5.0
_DOING = {OperationKind.CANCEL: Doing.CANCEL, OperationKind.REFUND: Doing.REFUND}


class MoneyFlow(QuestionFlow):
    """``needs_check``, ``new_link_wanted``, ``slip_wanted`` and ``became_refund`` carry the number of a link.

    The last one comes with the dialog that must not be overlooked.
    """

    needs_check = Signal(str)
    new_link_wanted = Signal(str)
    slip_wanted = Signal(str)
    became_refund = Signal(str)

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
        super().__init__(look, window, book, clock, tasks, verbs, environment)
        self._pressed_at = clock.now()
        self._question: OpenQuestion | None = None
        self._paying: PayingDialog | None = None
        self._to_be_read: set[asyncio.Task[None]] = set()

    async def has_been_read(self) -> None:
        """Wait until a person has read what must not be overlooked."""
        while self._to_be_read:
            await asyncio.wait(self._to_be_read)

    def link_changed(self, position: int, before: PaymentLink) -> None:
        """Part of the book's listener protocol: what stands on the screen may be out of date, and a cancel whose end
        was not known may have turned out to be a refund.
        """
        link = self._book[position]
        if self._question is not None:
            self._question.notice(link)
        if self._paying is not None and isValid(self._paying):
            self._paying.notice(link)
        was_refunded = link.state is LinkState.REFUNDED or link.note is Note.REFUND_ON_ITS_WAY
        if before.note is Note.CANCEL_NOT_CONFIRMED and was_refunded:
            self._tell_of_refund(link)

    def cancel(self, invoice_number: str) -> None:
        """Somebody pressed Cancel."""
        self._press(invoice_number, OperationKind.CANCEL)

    def refund(self, invoice_number: str) -> None:
        """Somebody pressed Refund."""
        self._press(invoice_number, OperationKind.REFUND)

    def _press(self, invoice_number: str, wanted: OperationKind) -> None:
        if self._begin(partial(self._guided, invoice_number, wanted), f"ask to {wanted}"):
            self._pressed_at = self._clock.now()

    async def _guided(self, invoice_number: str, wanted: OperationKind) -> None:
        if not self._profile.may_refund:
            await self._say_nothing_done(wanted, no_route_text())
            return
        seen = await self._read(invoice_number, wanted)
        while seen is not None:
            wanted, seen = await self._ask(seen, wanted)

    async def _read(self, invoice_number: str, wanted: OperationKind) -> Seen | None:
        """A fresh read behind "Checking this link…"; None when it could not be made, and then nothing may be sent."""
        try:
            verbs = await self._verbs
        except AppError as error:
            await self._say_nothing_done(wanted, sentence(error, _DOING[wanted]).text)
            return None
        checking = CheckingDialog(self._look, environment=self._environment, parent=self._window)
        checking.open()
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                return await verbs.cancel_or_refund.look(invoice_number)
        except ScopeRefused:
            text = cannot_confirm_text()
        except (AppError, TimeoutError):
            text = tr("We could not check this link. Nothing was changed. Try again when the connection is back")
        finally:
            if isValid(checking):
                checking.done(QDialog.DialogCode.Accepted.value)
                checking.deleteLater()
        await self._say_nothing_done(wanted, text)
        return None

    async def _ask(self, seen: Seen, wanted: OperationKind) -> tuple[OperationKind, Seen | None]:
        """One dialog. Returns what to ask next: the same link seen anew, or nothing."""
        link = seen.link
        first_use = (await self._verbs).cancel_or_refund.first_use(wanted, link)
        if wanted is OperationKind.CANCEL and may_cancel(link):
            dialog = CancelDialog(
                self._look,
                seen,
                self._clock,
                first_use=first_use,
                environment=self._environment,
                parent=self._window,
            )
            return wanted, await self._decide(dialog, seen, wanted)
        if wanted is OperationKind.REFUND and may_refund(link):
            refund = RefundDialog(
                self._look,
                seen,
                self._clock,
                part_is_possible=self._profile.may_refund_parts,
                first_use=first_use,
                environment=self._environment,
                parent=self._window,
            )
            return wanted, await self._decide(refund, seen, wanted)
        if wanted is OperationKind.CANCEL and may_refund(link):
            guard = PaidGuardDialog(
                self._look, link, self._pressed_at, environment=self._environment, parent=self._window
            )
            wants_refund = await ask_once(guard)
            if not wants_refund:
                return wanted, None
            return OperationKind.REFUND, await self._read(link.invoice_number, OperationKind.REFUND)
        await self._say_why_not(seen, wanted)
        return wanted, None

    async def _say_why_not(self, seen: Seen, wanted: OperationKind) -> None:
        if seen.link.state is LinkState.IN_PROGRESS:
            await self._say_paying(seen.link)
            return
        if seen.link.state is LinkState.UNKNOWN:
            await self._say_nothing_done(wanted, tr("This link needs checking first. Nothing was changed"))
            return
        events = await (await self._verbs).session.timeline(seen.link.invoice_number)
        await ask_once(
            AlreadyDoneDialog(
                self._look, seen.link, events, self._clock, environment=self._environment, parent=self._window
            )
        )

    async def _say_paying(self, link: PaymentLink) -> None:
        self._paying = PayingDialog(self._look, link, self._clock, environment=self._environment, parent=self._window)
        try:
            await ask_once(self._paying)
        finally:
            self._paying = None

    async def _decide(self, dialog: CancelDialog | RefundDialog, seen: Seen, wanted: OperationKind) -> Seen | None:
        """Wait for the answer and carry it out behind the dialog. Returns the link when it changed meanwhile."""
        question = self._question = OpenQuestion(dialog, seen, wanted)

        def on_confirmed() -> None:
            self._pressed_at = self._clock.now()
            dialog.set_sending()
            self._tasks.start(self._carry_out(question), name=wanted, critical=True)

        dialog.confirmed.connect(on_confirmed)
        try:
            await ask_once(dialog)
        finally:
            self._question = None
        return question.changed

    async def _carry_out(self, question: OpenQuestion) -> None:
        text = tr("We do not know what came of it. Do not send it again: check the link")
        with given_back(question.dialog, text):
            outcome = await self._sent(question)
        if outcome is not None:
            await self._say_outcome(outcome)

    async def _sent(self, question: OpenQuestion) -> Outcome | None:
        """What came of it once the question is closed; None when nothing was sent."""
        verbs = await self._verbs
        try:
            outcome = await verbs.cancel_or_refund.carry_out(question.dialog.approval())
        except ChangedMeanwhile as change:
            question.replace(change.look)
        except AppError as error:
            question.dialog.set_problem(sentence(error, _DOING[question.wanted]).text)
        else:
            question.dialog.accept()
            return outcome
        return None

    async def _say_outcome(self, outcome: Outcome) -> None:
        link = outcome.link
        if outcome.ending is Ending.CANCELLED:
            self.told.emit(tr("{reference} cancelled.", reference=link_name(link)))
        elif outcome.ending in (Ending.REFUNDED, Ending.REFUND_ON_ITS_WAY):
            self.told.emit(tr("Refund of {amount} sent.", amount=format_amount(outcome.amount)))
        elif outcome.ending is Ending.UNKNOWN:
            self.needs_check.emit(link.invoice_number)
        else:
            self._tell_of_refund(link)

    def _tell_of_refund(self, link: PaymentLink) -> None:
        task = self._tasks.start(self._say_became_refund(link), name="cancel became refund", owner=self)
        self._to_be_read.add(task)
        self.became_refund.emit(link.invoice_number)
        task.add_done_callback(self._to_be_read.discard)

    async def _say_became_refund(self, link: PaymentLink) -> None:
        dialog = CancelBecameRefundDialog(self._look, link, environment=self._environment, parent=self._window)
        dialog.print_requested.connect(self.slip_wanted)
        dialog.new_link_requested.connect(self.new_link_wanted)
        await ask_once(dialog)

    async def _say_nothing_done(self, wanted: OperationKind, text: str) -> None:
        await self._tell(tr("Not cancelled") if wanted is OperationKind.CANCEL else tr("Not refunded"), text)
