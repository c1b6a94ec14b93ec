"""Why a cancel has to wait while the customer pays, for as long as that is so: then what became of it."""

from PySide6.QtWidgets import QWidget

from optty_desktop.core.links import LinkState, Note, PaymentLink, may_cancel
from optty_desktop.core.money import format_amount
from optty_desktop.core.ports import Clock
from optty_desktop.ui.environment_kinds import LIVE
from optty_desktop.ui.guard_dialogs import what_happened
from optty_desktop.ui.notice_dialog import NoticeDialog
from optty_desktop.ui.theme import Look
from optty_desktop.ui.words import tr


class PayingDialog(NoticeDialog):
    """Only its words change: its one answer does nothing, and stays where a finger may be on its way to it."""

    def __init__(
        self, look: Look, link: PaymentLink, clock: Clock, *, environment: str = LIVE, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, *_words(link, clock), environment=environment, parent=parent)
        self._number, self._clock = link.invoice_number, clock

    def notice(self, link: PaymentLink) -> None:
        """Say what is so now, when `link` is the one this is about."""
        if link.invoice_number == self._number:
            self.say(*_words(link, self._clock))


def _words(link: PaymentLink, clock: Clock) -> tuple[str, str]:
    if link.state is LinkState.IN_PROGRESS:
        return tr("Not cancelled"), tr("The customer is paying right now. Wait for the result before cancelling")
    if link.state is LinkState.PAID and link.note is not Note.REFUND_ON_ITS_WAY:
        amount = format_amount(link.paid or link.amount)
        return (
            tr("The customer has paid"),
            tr("{amount} has arrived. It can no longer be cancelled, only refunded. Nothing was sent.", amount=amount),
        )
    if may_cancel(link):
        text = tr("Nobody has paid, so the link can still be cancelled. Nothing was sent.")
        if link.state is LinkState.DECLINED:
            return tr("The payment was declined"), text
        return tr("The customer is not paying any more"), text
    return what_happened(link, (), clock.now())
