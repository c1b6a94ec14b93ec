"""The question before something is closed by hand: where to look, what was seen there, why, and who signs."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from PySide6.QtWidgets import QWidget

from optty_desktop.core.links import PaymentLink
from optty_desktop.core.money import format_amount
from optty_desktop.core.operations import Operation
from optty_desktop.core.ports import Clock
from optty_desktop.till.settle_by_hand import Found
from optty_desktop.ui.environment_kinds import LIVE
from optty_desktop.ui.settle_findings import SettleFindings
from optty_desktop.ui.settle_words import what_is_not_known
from optty_desktop.ui.short_number import link_name
from optty_desktop.ui.signed_dialog import SignedDialog
from optty_desktop.ui.theme import Look
from optty_desktop.ui.words import tr


class SettleDialog(SignedDialog):
    """Accepted means: `operation` ended as `found()`, for `reason()`. Findings open by themselves when it is time."""

    def __init__(
        self,
        look: Look,
        link: PaymentLink,
        operation: Operation,
        findings: Sequence[Found],
        wait: Callable[[Found], timedelta],
        clock: Clock,
        *,
        operator: str,
        environment: str = LIVE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, "settle", clock, operator=operator, environment=environment, parent=parent)
        self._findings = SettleFindings(look, link, operation, findings, wait, self)
        amount = format_amount(operation.amount)
        reference = link_name(link)
        self.set_heading(tr("Close {reference}, {amount}, by hand?", reference=reference, amount=amount))
        self.begin(link.invoice_number)
        self._text.say(what_is_not_known(operation), amount=amount)
        self.finish(self._findings, keep=tr("Keep checking"), confirm=tr("Close by hand"), busy=tr("Closing…"))

    def found(self) -> Found:
        """What the person has seen. Raises ValueError while nothing is chosen."""
        found = self._findings.chosen()
        if found is None:
            raise ValueError("nothing is chosen")
        return found

    def is_answered(self) -> bool:
        """Whether a finding is chosen; says so where none is."""
        return self._findings.check_now()

    def show_time(self, now: datetime) -> None:
        """Let everything be chosen whose time has come."""
        self._findings.show_time(now)
