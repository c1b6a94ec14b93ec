"""The question of a cancel or a refund while it stands on the screen, and the link behind it lives on."""

from shiboken6 import isValid

from optty_desktop.core.links import PaymentLink, may_cancel, may_refund
from optty_desktop.core.operations import OperationKind
from optty_desktop.till.cancel_or_refund import Look as Seen
from optty_desktop.ui.cancel_dialog import CancelDialog
from optty_desktop.ui.refund_dialog import RefundDialog


class OpenQuestion:
    """Once the link is not what the question is about any more, `changed` holds what it is now."""

    def __init__(self, dialog: CancelDialog | RefundDialog, seen: Seen, wanted: OperationKind) -> None:
        self.dialog, self.wanted = dialog, wanted
        self.changed: Seen | None = None
        self._seen = seen

    def notice(self, link: PaymentLink) -> None:
        """Close when `link` is the one asked about and cannot be cancelled, or not be refunded as asked, any more."""
        asked = self._seen.link
        if link.invoice_number != asked.invoice_number or self.dialog.is_sending or not isValid(self.dialog):
            return
        is_cancel = self.wanted is OperationKind.CANCEL
        is_same = may_cancel(link) if is_cancel else may_refund(link) and link.refundable == asked.refundable
        if not is_same:
            # No newer than what was read for the question: before anything is sent, it is read once more.
            self.replace(Seen(link, self._seen.read_at))

    def replace(self, seen: Seen) -> None:
        """Close without an answer; the next question is about `seen`."""
        self.changed = seen
        self.dialog.replaced_by_change()
