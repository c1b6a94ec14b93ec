"""The question before a status is set by hand: why it is not known, what was seen, why it is said, and who signs."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.core.money import format_amount
from optty_desktop.core.ports import Clock
from optty_desktop.ui.environment_kinds import LIVE
from optty_desktop.ui.message import Message, MessageKind
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.short_number import link_name
from optty_desktop.ui.signed_dialog import SignedDialog
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Type, Weight
from optty_desktop.ui.told_choice import ToldChoice
from optty_desktop.ui.words import tr

_NAMES: Final[Mapping[LinkState, str]] = {
    LinkState.PAID: "handPaidRadio",
    LinkState.CANCELLED: "handCancelledRadio",
    LinkState.REFUNDED: "handRefundedRadio",
    LinkState.EXPIRED: "handExpiredRadio",
    LinkState.PENDING: "handPendingRadio",
}


class HandDialog(SignedDialog):
    """Accepted means: the link is `chosen()`, for `reason()`."""

    def __init__(
        self,
        look: Look,
        link: PaymentLink,
        states: Sequence[LinkState],
        clock: Clock,
        *,
        operator: str,
        environment: str = LIVE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, "hand", clock, operator=operator, environment=environment, parent=parent)
        self._states = _HandStates(look, link, states, self)
        amount = format_amount(link.amount)
        reference = link_name(link)
        heading = tr("Set the status of {reference}, {amount}, by hand?", reference=reference, amount=amount)
        self.set_heading(heading, icon="triangle-alert", ink="warning")
        self.begin(link.invoice_number)
        self._text.say(_what_is_not_known(link))
        self.finish(self._states, keep=tr("Leave it as it is"), confirm=tr("Set by hand"), busy=tr("Recording…"))

    def chosen(self) -> LinkState:
        """What the person has seen. Raises ValueError while nothing is chosen."""
        state = self._states.chosen()
        if state is None:
            raise ValueError("nothing is chosen")
        return state

    def is_answered(self) -> bool:
        """Whether a status is chosen; says so where none is."""
        return self._states.check_now()


class _HandStates(QWidget):
    """What may be said. Nothing is chosen beforehand."""

    def __init__(self, look: Look, link: PaymentLink, states: Sequence[LinkState], parent: QWidget) -> None:
        super().__init__(parent)
        self._choices: dict[LinkState, ToldChoice] = {}
        self._error = Message(look, "handStateError", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = Passage(look, Type.SMALL, weight=Weight.SEMIBOLD, parent=self)
        head.setText(tr("What do you see there?"))
        column.addWidget(head)
        column.addWidget(self._error)
        group = QButtonGroup(self)
        for state in states:
            sentence, consequence = _words(state, link)
            choice = ToldChoice(look, sentence, self)
            choice.setObjectName(_NAMES[state])
            choice.tell(consequence)
            choice.toggled.connect(self._error.clear)
            group.addButton(choice)
            column.addWidget(choice)
            self._choices[state] = choice

    def chosen(self) -> LinkState | None:
        return next((state for state, choice in self._choices.items() if choice.isChecked()), None)

    def check_now(self) -> bool:
        if self.chosen() is not None:
            return True
        self._error.show_text(tr("Choose what the payment service shows"), MessageKind.ERROR)
        next(iter(self._choices.values())).setFocus()
        return False


def _what_is_not_known(link: PaymentLink) -> str:
    if link.order_reference is None:
        return tr(
            "The payment service has not named the order of this link, so this till cannot read whether it was paid. "
            "**Look for it in the portal of the payment service**, under this invoice number."
        )
    return tr(
        "The payment service does not let this account read the order, so this till cannot know whether it was paid. "
        "**Look for it in the portal of the payment service**, under this invoice number."
    )


def _words(state: LinkState, link: PaymentLink) -> tuple[str, str]:
    """What was seen as a sentence, and what becomes of the row."""
    match state:
        case LinkState.PAID:
            return (
                tr("The payment service shows it as paid"),
                tr(
                    "Nobody has checked that {amount} came in. Hand over goods only if you have seen that amount "
                    "there. The row becomes Paid, marked “Set by hand”, in no sum. A refund is made in the portal.",
                    amount=format_amount(link.amount),
                ),
            )
        case LinkState.CANCELLED:
            return (
                tr("The payment service shows it as cancelled"),
                tr("The row becomes Cancelled, marked “Set by hand”. Nothing is sent."),
            )
        case LinkState.REFUNDED:
            return (
                tr("The payment service shows it as refunded"),
                tr("The row becomes Refunded, marked “Set by hand”, in no sum. Nothing is sent."),
            )
        case LinkState.PENDING:
            return (
                tr("The payment service shows it as open: nobody has paid"),
                tr(
                    "What was said by hand is taken back. The row becomes Pending again, and the link can be cancelled."
                ),
            )
        case _:
            return (
                tr("The payment service shows it as expired"),
                tr("The row becomes Expired, marked “Set by hand”. Nothing is sent."),
            )
