"""The opened link: its timeline, a look at its contacts, a check, and what leads away from it."""

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from optty_desktop.core.errors import AppError, NotAllowedNow, OutcomeUnknown
from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.core.operations import OperationKind
from optty_desktop.ui.detail_words import may_check
from optty_desktop.ui.error_words import Doing, sentence
from optty_desktop.ui.payments_page import PaymentsPage
from optty_desktop.ui.tasks import TaskRunner
from optty_desktop.ui.verbs import Verbs
from optty_desktop.ui.words import tr


class DetailFlow(QObject):
    """Follows the selection; ``opened`` and ``closed`` tell the desk which link is on the screen."""

    opened = Signal(str)
    closed = Signal()
    ready_wanted = Signal(str)

    def __init__(self, page: PaymentsPage, book: LinkBook, tasks: TaskRunner, verbs: asyncio.Future[Verbs]) -> None:
        super().__init__(page)
        self._page, self._book, self._tasks, self._verbs = page, book, tasks, verbs
        self._shown: str | None = None
        self._events: Sequence[LinkEvent] = ()
        self._checked: str | None = None
        page.links.opened.connect(self.open)
        page.links.current_changed.connect(self._on_current_changed)
        page.links.check_requested.connect(self._on_row_check)
        page.detail.closed.connect(self.close)
        page.detail.check_requested.connect(self.check)
        page.detail.contact_revealed.connect(self._on_contact_revealed)
        page.detail.use_again_requested.connect(self._on_use_again)
        book.listen(self)

    @property
    def shown(self) -> PaymentLink | None:
        """The link on the detail pane."""
        return self._book.find(self._shown) if self._shown and self._page.has_detail else None

    def open(self, invoice_number: str) -> None:
        """Show this link."""
        link = self._book.find(invoice_number)
        if link is None:
            return
        if invoice_number != self._shown or not self._page.has_detail:
            self._events = ()
            self._page.detail.show_link(link, ())
        self._shown = invoice_number
        self._page.show_detail(True)
        self._tasks.start(self._show_timeline(invoice_number), owner=self, name="timeline")
        if self._page.links.selected() != invoice_number:
            self._page.links.select(invoice_number)
        self.opened.emit(invoice_number)

    def close(self) -> None:
        """Put the detail away."""
        self._shown = None
        self._page.show_detail(False)
        self.closed.emit()

    def check(self, invoice_number: str) -> None:
        """A person asks what became of this link."""
        if self._checked is None:
            self._checked = invoice_number
            self._page.detail.set_checking(True)
            # Critical, and not called a create: it may send one again, and its answer must be stored.
            self._tasks.start(self._check(invoice_number), critical=True, name="check link")

    def links_added(self, first: int, count: int) -> None:
        """Part of the book's listener protocol."""

    def link_changed(self, position: int, before: PaymentLink) -> None:
        """Part of the book's listener protocol: the detail lives."""
        link = self._book[position]
        if link.invoice_number != self._shown:
            return
        self._page.detail.update_link(link, self._events)
        if _told_by_timeline(link) != _told_by_timeline(before):
            self._tasks.start(self._show_timeline(link.invoice_number), owner=self, name="timeline")

    def _on_current_changed(self, invoice_number: str | None) -> None:
        if invoice_number is not None and self._page.has_detail and invoice_number != self._shown:
            self.open(invoice_number)

    def _on_row_check(self, invoice_number: str) -> None:
        self.open(invoice_number)
        link = self._book.find(invoice_number)
        if link is not None and may_check(link):
            self.check(invoice_number)

    def _on_contact_revealed(self, invoice_number: str) -> None:
        self._tasks.start(self._note_reveal(invoice_number), critical=True, name="note reveal")

    def _on_use_again(self, invoice_number: str) -> None:
        link, form = self._book.find(invoice_number), self._page.form
        if link is None:
            return
        self.close()
        self._page.show_form()
        if form.is_untouched():
            form.fill_from(link)
        else:
            form.show_problem(tr("The form holds an order that is not sent yet. Send it or clear it first"))
        form.focus_amount()

    async def _show_timeline(self, invoice_number: str) -> None:
        try:
            verbs = await self._verbs
            events = await verbs.session.timeline(invoice_number)
            may_settle = await verbs.settle_by_hand.unanswered(invoice_number) is not None
            may_set = bool(await verbs.set_by_hand.choices(invoice_number))
        except AppError as error:
            self._say(invoice_number, sentence(error, Doing.CHECK).text)
            return
        link = self._book.find(invoice_number)
        if link is not None and self._shown == invoice_number:
            self._events = events
            self._page.detail.update_link(link, events)
            self._page.detail.offer_settling(may_settle)
            self._page.detail.offer_hand(may_set)

    async def _note_reveal(self, invoice_number: str) -> None:
        try:
            session = (await self._verbs).session
            now, operator = session.clock.now(), session.identity.operator
            await session.record(LinkEvent(invoice_number, now, EventKind.CONTACT_SHOWN, operator))
        except AppError as error:
            self._say(invoice_number, sentence(error, Doing.CHECK).text)
            return
        await self._show_timeline(invoice_number)

    async def _check(self, invoice_number: str) -> None:
        """Read it; a create without an answer is sent again by this press, with the same number and bytes."""
        try:
            verbs = await self._verbs
            operation = await verbs.session.open_operation(invoice_number)
            is_create = operation is not None and operation.kind is OperationKind.CREATE
            if is_create:
                link = await verbs.create_link.repeat(invoice_number)
            else:
                link = await verbs.follow_status.check(invoice_number)
        except NotAllowedNow:
            return
        except OutcomeUnknown as error:
            # After a create sent again the card in the pane says by itself what is not known.
            self._say(invoice_number, None if is_create else sentence(error, Doing.CHECK).text)
        except AppError as error:
            self._say(invoice_number, sentence(error, Doing.CHECK).text)
        else:
            self._after_check(link, was_create=is_create)
        finally:
            self._checked = None
            self._page.detail.set_checking(False)
            await self._show_timeline(invoice_number)

    def _say(self, invoice_number: str, text: str | None) -> None:
        """What came of it, on the pane of that link only."""
        if invoice_number == self._shown:
            self._page.detail.show_problem(text)

    def _after_check(self, link: PaymentLink, *, was_create: bool) -> None:
        if link.invoice_number != self._shown:
            return
        if was_create and link.url is not None and link.state is LinkState.PENDING:
            self.close()
            self.ready_wanted.emit(link.invoice_number)
        elif link.order_reference is None:
            self._page.detail.show_problem(
                tr("The payment service has not named the order of this link yet. Its status cannot be read")
            )


def _told_by_timeline(link: PaymentLink) -> tuple[object, ...]:
    """What changes with an entry, or with what may be said by hand."""
    return link.state, link.note, link.refunded_minor, link.order_reference
