"""From the pressed button to the code on the screen."""

import asyncio
from functools import partial

from PySide6.QtCore import QObject, Signal

from optty_desktop.core.drafts import LinkDraft
from optty_desktop.core.errors import AnswerNotStored, AppError, OutcomeUnknown, Refused, UnsafeLink
from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.operations import OperationKind
from optty_desktop.ui.customer_screen import CustomerScreen
from optty_desktop.ui.error_words import Doing, sentence
from optty_desktop.ui.own_link import show_own_link
from optty_desktop.ui.payments_page import PaymentsPage
from optty_desktop.ui.qr_code import QrCode, QrProblem, make_qr
from optty_desktop.ui.tasks import TaskRunner
from optty_desktop.ui.verbs import Verbs
from optty_desktop.ui.words import tr


class CreateFlow(QObject):
    """One create at a time; closing the window waits for its answer.

    `order_begun` says that what was about the order before is over.
    """

    order_begun = Signal()

    def __init__(
        self,
        page: PaymentsPage,
        book: LinkBook,
        tasks: TaskRunner,
        verbs: asyncio.Future[Verbs],
        customer: CustomerScreen,
    ) -> None:
        super().__init__(page)
        self._page, self._book, self._tasks, self._verbs = page, book, tasks, verbs
        self._customer = customer
        self._shown: str | None = None
        self._doubtful: str | None = None
        page.form.submitted.connect(self._on_submitted)
        book.listen(self)

    @property
    def shown(self) -> PaymentLink | None:
        """The link on the ready pane."""
        return self._book.find(self._shown) if self._shown else None

    def show(self, link: PaymentLink) -> None:
        """Put a link on the ready pane; its code follows when it is drawn and read back."""
        self._shown = link.invoice_number
        code = self._begin_code(link)
        self._page.ready.show_link(link)
        self._page.show_ready(True)
        if code is not None:
            self._tasks.start(self._show_code(link.invoice_number, code), owner=self, name="show code")

    def show_form(self) -> None:
        """The form again, as it was left."""
        self._shown = None
        self.order_begun.emit()
        if self._doubtful is not None:
            self._forget_doubtful()
        self._page.show_form()
        self._page.form.focus_amount()

    def links_added(self, first: int, count: int) -> None:
        """Part of the book's listener protocol."""

    def link_changed(self, position: int, before: PaymentLink) -> None:
        """Part of the book's listener protocol: the shown link lives."""
        link = self._book[position]
        if link.invoice_number == self._shown:
            self._page.ready.update_link(link)
        if link.invoice_number == self._doubtful and (link.state, link.url) != (before.state, before.url):
            self._forget_doubtful()
        self._customer.link_changed(link)

    def _on_submitted(self, draft: LinkDraft) -> None:
        self.order_begun.emit()
        self._page.form.set_busy(True)
        self._tasks.start(self._create(draft), critical=True, name=OperationKind.CREATE)

    async def _create(self, draft: LinkDraft) -> None:
        form = self._page.form
        try:
            verbs = await self._verbs
            link = await verbs.create_link.create(draft)
        except (OutcomeUnknown, UnsafeLink, AnswerNotStored) as error:
            # What was typed lives on in the row; a filled form would invite a second link for the same order.
            form.reset()
            number = error.details.get("invoice_number", "")
            # Where the card of the opened row says the same, nothing else does: two instructions are one too many.
            if not isinstance(error, OutcomeUnknown) or number not in self._book:
                form.show_problem(sentence(error, Doing.CREATE).text)
            self._show_doubtful(number)
        except AppError as error:
            if type(error) is Refused:
                form.show_refusal(error)  # only this one speaks of what was typed
            else:
                form.show_problem(sentence(error, Doing.CREATE).text)
        else:
            form.reset()
            self.show(link)
            show_own_link(self._page.links, link.invoice_number)
            verbs.follow_status.watch(link.invoice_number)
        finally:
            form.set_busy(False)

    def _show_doubtful(self, invoice_number: str) -> None:
        """Open the row the sentence speaks of; the sentence goes when the row is clear or a new link is begun."""
        if invoice_number in self._book:
            self._doubtful = invoice_number
            show_own_link(self._page.links, invoice_number)
            has_keyboard = self._page.form.waits_with_keyboard
            self._page.links.opened.emit(invoice_number)
            if has_keyboard:
                self._page.detail.focus_next_step()

    def _forget_doubtful(self) -> None:
        self._doubtful = None
        if self._page.form.is_untouched():
            self._page.form.reset()

    def _begin_code(self, link: PaymentLink) -> asyncio.Future[QrCode] | None:
        """Begin to draw and read back the code in a worker, while the window lays out the pane it belongs to."""
        if link.url is None:
            return None
        draw = partial(make_qr, link.url, at_most=self._page.ready.most_modules())
        return asyncio.get_running_loop().run_in_executor(None, draw)

    async def _show_code(self, invoice_number: str, drawn: asyncio.Future[QrCode]) -> None:
        code: QrCode | None = None
        problem: str | None = None
        try:
            code = await drawn
        except QrProblem:
            problem = tr("This link does not make a readable code. Use Copy link instead")
        if self._shown == invoice_number:
            self._page.ready.set_qr(code, problem)
            self._customer.set_code(invoice_number, code)
