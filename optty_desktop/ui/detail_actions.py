"""What can be done with the link in the detail pane, alone at its foot, with the reason where it cannot be done now."""

from functools import partial

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QVBoxLayout, QWidget

from optty_desktop.core.links import LinkState, Note, PaymentLink, may_cancel, may_refund
from optty_desktop.core.ports import Clock
from optty_desktop.ui.buttons import Button, ButtonKind
from optty_desktop.ui.error_words import no_route_text, rebuilt_text
from optty_desktop.ui.hands_off import HANDS_OFF_SECONDS
from optty_desktop.ui.message import Message, MessageKind
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space
from optty_desktop.ui.words import tr

_CLOSED = frozenset({LinkState.PAID, LinkState.REFUNDED, LinkState.CANCELLED, LinkState.EXPIRED})


class DetailActions(QWidget):
    """Refund… or Cancel link…, Use again for closed links, Copy details where something is not known.

    When the link changes and another button takes a place, none of them answers for a moment.
    """

    cancel_wanted = Signal()
    refund_wanted = Signal()
    use_again_wanted = Signal()
    details_wanted = Signal()

    def __init__(self, look: Look, clock: Clock, *, refund_is_possible: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._number = ""
        self._offered: set[Button] = set()
        self._changed_at: float | None = None
        self._refund_is_possible = refund_is_possible
        self._problem = Message(look, "detailProblem", self)
        self._reason = Message(look, "detailReasonLabel", self)
        kind = ButtonKind.DANGER_OUTLINE
        self._refund = _named(Button(look, tr("Refund…"), kind, "undo-2", parent=self), "refundButton")
        self._cancel = _named(Button(look, tr("Cancel link…"), kind, "ban", parent=self), "cancelButton")
        self._again = _named(Button(look, tr("Use again"), icon="plus", parent=self), "useAgainButton")
        self._details = _named(
            Button(look, tr("Copy details for support"), icon="copy", parent=self), "copyDetailsButton"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.PANE, Space.FIELD, Space.PANE, Space.PANE)
        column.setSpacing(Space.SMALL)
        for widget in (self._problem, self._reason, self._refund, self._cancel, self._details, self._again):
            column.addWidget(widget)
        for button, wanted in (
            (self._refund, self.refund_wanted),
            (self._cancel, self.cancel_wanted),
            (self._again, self.use_again_wanted),
            (self._details, self.details_wanted),
        ):
            button.clicked.connect(partial(self._on_pressed, wanted))

    def steps(self) -> tuple[Button, ...]:
        """What can be done with the link, the best first."""
        return (self._refund, self._cancel, self._again)

    def show_link(self, link: PaymentLink, *, has_doubt: bool, is_paused: bool, is_held_back: bool) -> None:
        """Offer what fits `link`; while paused or held back nothing that moves money."""
        is_cancel = may_cancel(link) or link.state is LinkState.IN_PROGRESS
        is_on_its_way = link.state is LinkState.PAID and link.note is Note.REFUND_ON_ITS_WAY
        # A press on Refund reads first, and says what cannot be confirmed.
        is_refund = may_refund(link) or is_on_its_way or link.is_reported_paid
        reason = self._why_off(link, is_paused=is_paused, is_held_back=is_held_back) if is_cancel or is_refund else ""
        is_closed = link.state in _CLOSED and not is_refund
        offers = {self._cancel: is_cancel, self._refund: is_refund, self._details: has_doubt, self._again: is_closed}
        self._offer(link.invoice_number, {button for button, is_offered in offers.items() if is_offered})
        for button in (self._cancel, self._refund):
            if not button.is_busy:
                button.setEnabled(not reason)
        if reason:
            self._reason.show_text(reason, MessageKind.HINT)
        else:
            self._reason.clear()

    def set_checking(self, checking: bool) -> None:
        """Say that the link is read before a question may be asked, or give the buttons back."""
        for button in (self._cancel, self._refund):
            if checking and button.isVisibleTo(self) and button.isEnabled():
                button.set_busy(tr("Checking this link…"))
            elif not checking:
                button.reset()

    def show_problem(self, text: str | None) -> None:
        """Say why nothing was done; None takes it away."""
        if text:
            self._problem.show_text(text, MessageKind.ERROR)
        else:
            self._problem.clear()

    def _offer(self, number: str, offered: set[Button]) -> None:
        if number != self._number:
            self._changed_at = None
        elif offered != self._offered:
            self._changed_at = self._clock.monotonic()
        self._number, self._offered = number, offered
        for button in (self._cancel, self._refund, self._details, self._again):
            button.setVisible(button in offered)

    def _on_pressed(self, wanted: SignalInstance, _checked: bool = False) -> None:
        since = self._changed_at
        if since is None or self._clock.monotonic() - since >= HANDS_OFF_SECONDS:
            wanted.emit()

    def _why_off(self, link: PaymentLink, *, is_paused: bool, is_held_back: bool) -> str:
        if link.state is LinkState.IN_PROGRESS:
            return tr("The customer is paying right now. Wait for the result before cancelling")
        if link.note is Note.REFUND_ON_ITS_WAY:
            return tr("A refund is on its way. Wait until the payment service confirms it")
        if not self._refund_is_possible:
            return no_route_text()
        if is_paused:
            return tr("Paused until the connection is back")
        return rebuilt_text() if is_held_back else ""


def _named(button: Button, name: str) -> Button:
    button.setObjectName(name)
    return button
