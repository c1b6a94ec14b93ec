"""The link people mean when they press a key, and what can be handed on of it."""

from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import PaymentLink
from optty_desktop.ui.create_flow import CreateFlow
from optty_desktop.ui.detail_flow import DetailFlow
from optty_desktop.ui.link_sharing import LinkSharing
from optty_desktop.ui.payments_page import PaymentsPage


class CurrentLink:
    """The fresh one, else the opened one, else the selected one. Without any, nothing happens."""

    def __init__(
        self, page: PaymentsPage, book: LinkBook, create: CreateFlow, detail: DetailFlow, sharing: LinkSharing
    ) -> None:
        self._page, self._book = page, book
        self._create, self._detail, self._sharing = create, detail, sharing

    def find(self) -> PaymentLink | None:
        """The link as it is now."""
        if self._page.is_ready_shown and self._create.shown is not None:
            return self._create.shown
        number = self._page.links.selected()
        return self._detail.shown or (self._book.find(number) if number else None)

    def copy_link(self) -> None:
        """Its address, to the clipboard."""
        if (link := self.find()) is not None:
            self._sharing.copy_link(link.invoice_number)

    def copy_message(self) -> None:
        """The message to the customer, to the clipboard."""
        if (link := self.find()) is not None:
            self._sharing.copy_message(link.invoice_number)

    def print_slip(self) -> None:
        """Its slip, to the printer."""
        if (link := self.find()) is not None:
            self._sharing.print_slip(link.invoice_number)

    def toggle_customer_screen(self) -> None:
        """Show it to the customer, or take it away again."""
        self._sharing.toggle_customer_screen(self.find())
