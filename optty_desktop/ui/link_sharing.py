"""Getting a link to the customer: copy it, copy a message, show, print or save its code."""

import asyncio

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import PaymentLink, may_copy_address
from optty_desktop.ui.clipboard import put_on_clipboard
from optty_desktop.ui.customer_message import customer_message
from optty_desktop.ui.customer_screen import CustomerScreen
from optty_desktop.ui.payments_page import PaymentsPage
from optty_desktop.ui.qr_code import QrCode, QrProblem, make_qr
from optty_desktop.ui.qr_export import PictureSaver, SlipPrinter
from optty_desktop.ui.slip import slip_of
from optty_desktop.ui.tasks import TaskRunner
from optty_desktop.ui.theme import Look
from optty_desktop.ui.words import tr


class LinkSharing(QObject):
    """``told`` carries what worked, for the toast; ``problem`` what did not."""

    told = Signal(str)
    problem = Signal(str)

    def __init__(
        self,
        look: Look,
        page: PaymentsPage,
        book: LinkBook,
        tasks: TaskRunner,
        customer: CustomerScreen,
        shop: str,
        kind: EnvironmentKind,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._book, self._tasks, self._customer = book, tasks, customer
        self._shop, self._kind = shop, kind
        self._saver, self._printer = PictureSaver(window), SlipPrinter(look, window)
        self._saver.saved.connect(self.told)
        self._saver.not_saved.connect(self.problem)
        self._printer.printed.connect(self.told)
        self._printer.not_printed.connect(self.problem)
        page.ready.copied.connect(self.told)
        page.ready.show_to_customer_requested.connect(self.show_to_customer)
        page.ready.print_requested.connect(self.print_slip)
        page.ready.save_image_requested.connect(self.save_image)
        page.detail.copy_link_requested.connect(self.copy_link)
        page.detail.copy_number_requested.connect(self.copy_number)
        page.detail.receipt_requested.connect(self.print_slip)
        page.detail.copy_details_requested.connect(self.copy_details)

    def copy_link(self, invoice_number: str) -> None:
        """Copy the whole address of a link that can still be paid, or was."""
        link = self._book.find(invoice_number)
        if link is not None and link.url is not None and may_copy_address(link):
            put_on_clipboard(link.url)
            self.told.emit(tr("Link copied. Paste it into a message to the customer."))

    def copy_message(self, invoice_number: str) -> None:
        """Copy the message to the customer."""
        link = self._book.find(invoice_number)
        if link is not None and link.url is not None and link.is_open:
            put_on_clipboard(customer_message(link, self._shop))
            self.told.emit(tr("Message copied."))

    def copy_number(self, invoice_number: str) -> None:
        """Copy the whole number, under which the payment service knows the link."""
        put_on_clipboard(invoice_number)
        self.told.emit(tr("Invoice number copied."))

    def copy_details(self, details: str) -> None:
        """Copy what support asks for: ids, times and states, no contacts."""
        put_on_clipboard(details)
        self.told.emit(tr("Details copied. Paste them into a message to support."))

    def show_to_customer(self, invoice_number: str) -> None:
        """Show the code on the second screen, or hide it again."""
        link = self._book.find(invoice_number)
        self._tasks.start(self._toggle(link), owner=self, name="customer screen")

    def toggle_customer_screen(self, link: PaymentLink | None) -> None:
        """The same for the link that is meant now, or the name of the shop when there is none."""
        self._tasks.start(self._toggle(link), owner=self, name="customer screen")

    def print_slip(self, invoice_number: str) -> None:
        """Print a slip with the code, or the receipt once it is paid."""
        link = self._book.find(invoice_number)
        if link is not None:
            self._tasks.start(self._print(link), owner=self, name="print slip")

    def save_image(self, invoice_number: str) -> None:
        """Save the code as a picture."""
        link = self._book.find(invoice_number)
        if link is not None:
            self._tasks.start(self._save(link), owner=self, name="save image")

    async def _toggle(self, link: PaymentLink | None) -> None:
        if link is not None and link.is_open:
            self._customer.set_code(link.invoice_number, await self._code(link))
        if not self._customer.toggle(link):
            self.problem.emit(tr("There is no second screen. Connect one, then show the code again."))

    async def _print(self, link: PaymentLink) -> None:
        code = await self._code(link) if link.is_open else None
        self._printer.open(slip_of(link, self._shop, self._kind, code))

    async def _save(self, link: PaymentLink) -> None:
        code = await self._code(link)
        if code is not None:
            self._saver.open(code, link.reference or link.invoice_number)

    async def _code(self, link: PaymentLink) -> QrCode | None:
        if link.url is None:
            return None
        try:
            return await asyncio.to_thread(make_qr, link.url)
        except QrProblem:
            self.problem.emit(tr("This link does not make a readable code. Use Copy link instead."))
            return None
