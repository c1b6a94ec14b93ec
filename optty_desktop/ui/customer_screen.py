"""The second screen: shows the code to the customer, then the thanks; and says so when there is no second screen."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.ui.customer_window import CustomerWindow, second_screen
from optty_desktop.ui.qr_code import QrCode
from optty_desktop.ui.theme import Look


class CustomerScreen(QObject):
    """Follows one link at a time. ``toggle`` answers whether there was a screen to use."""

    def __init__(self, look: Look, shop: str, kind: EnvironmentKind, till_window: QWidget) -> None:
        super().__init__(till_window)
        self._look, self._shop, self._kind = look, shop, kind
        self._till_window = till_window
        self._window: CustomerWindow | None = None
        self._code: tuple[str, QrCode | None] | None = None
        self._shown: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether the customer sees something now."""
        return self._window is not None and self._window.isVisible()

    def set_code(self, invoice_number: str, code: QrCode | None) -> None:
        """Remember the code of the link just made. A screen that shows another customer's link lets go of it."""
        self._code = (invoice_number, code)
        if self.is_open and self._shown is not None and self._shown != invoice_number:
            self._show(None)

    def toggle(self, link: PaymentLink | None) -> bool:
        """Show ``link`` to the customer, or hide the window when it shows that already. False: no second screen."""
        wanted = link.invoice_number if link is not None and link.is_open else None
        if self.is_open and self._window is not None:
            if wanted is not None and wanted != self._shown:
                self._show(link)
                return True
            self._window.hide()
            self._shown = None
            return True
        screen = second_screen(self._till_window)
        if screen is None:
            return False
        if self._window is None:
            self._window = CustomerWindow(self._look, self._shop, self._kind)
        self._show(link)
        self._window.setGeometry(screen.geometry())
        self._window.showFullScreen()
        return True

    def link_changed(self, link: PaymentLink) -> None:
        """The followed link moved on."""
        if self._window is None or link.invoice_number != self._shown:
            return
        if link.is_unconfirmed:
            self._window.clear()  # the customer is told what was read, not what somebody says
        elif link.state is LinkState.PAID:
            self._window.show_paid(link)
        elif link.state is LinkState.DECLINED:
            self._window.show_declined()
        elif link.is_open:
            self._show(link)  # another try: the words about the last one go
        elif not link.is_open:
            self._window.clear()

    def close(self) -> None:
        """Take the window away for good."""
        if self._window is not None:
            self._window.close()
            self._window.deleteLater()
            self._window = None

    def _show(self, link: PaymentLink | None) -> None:
        if self._window is None:
            return
        has_code = link is not None and self._code is not None and self._code[0] == link.invoice_number
        if link is not None and has_code and self._code is not None and self._code[1] is not None and link.is_open:
            self._shown = link.invoice_number
            self._window.show_link(link, self._code[1])
        else:
            self._shown = None
            self._window.clear()
