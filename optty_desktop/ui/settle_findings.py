"""What the person has seen at the payment service: one of the ends this operation can have had."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from optty_desktop.core.links import PaymentLink
from optty_desktop.core.operations import Operation
from optty_desktop.till.settle_by_hand import Found
from optty_desktop.ui.message import Message, MessageKind, plain_label
from optty_desktop.ui.settle_words import finding_words
from optty_desktop.ui.theme import Look
from optty_desktop.ui.times import clock_time_seconds
from optty_desktop.ui.tokens import Space, Type, Weight
from optty_desktop.ui.told_choice import ToldChoice
from optty_desktop.ui.words import tr

_NAMES = {
    Found.EXISTS: "settleExistsRadio",
    Found.DOES_NOT_EXIST: "settleDoesNotExistRadio",
    Found.CANCELLED: "settleCancelledRadio",
    Found.STILL_OPEN: "settleStillOpenRadio",
    Found.REFUNDED: "settleRefundedRadio",
    Found.NOT_REFUNDED: "settleNotRefundedRadio",
}


class SettleFindings(QWidget):
    """Nothing is chosen beforehand. `wait` says how long it still is until a finding can be chosen."""

    def __init__(
        self,
        look: Look,
        link: PaymentLink,
        operation: Operation,
        findings: Sequence[Found],
        wait: Callable[[Found], timedelta],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._wait = wait
        self._words = {found: finding_words(found, operation, link) for found in findings}
        self._choices = {found: ToldChoice(look, words.sentence, self) for found, words in self._words.items()}
        self._error = Message(look, "settleFindingError", self)
        head = plain_label(tr("What do you see there?"), look, Type.SMALL, weight=Weight.SEMIBOLD, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        # In line with what is asked: below it would push the choices away, or be out of sight where they scroll.
        self._error.keep_room()
        first = QHBoxLayout()
        first.setSpacing(Space.ROW)
        first.addWidget(head)
        first.addWidget(self._error, 1)
        column.addLayout(first)
        group = QButtonGroup(self)
        for found, choice in self._choices.items():
            choice.setObjectName(_NAMES[found])
            choice.setEnabled(False)
            group.addButton(choice)
            column.addWidget(choice)
            choice.toggled.connect(self._error.clear)

    def chosen(self) -> Found | None:
        """The finding chosen, None before one is."""
        return next((found for found, choice in self._choices.items() if choice.isChecked()), None)

    def show_time(self, now: datetime) -> None:
        """Let everything be chosen whose time has come; of the rest say when that is, seen from `now` (UTC)."""
        for found, choice in self._choices.items():
            if choice.isEnabled():
                continue
            wait = self._wait(found)
            choice.setEnabled(not wait)
            choice.tell(_too_early(now + wait) if wait else self._words[found].consequence)

    def check_now(self) -> bool:
        """Say that something must be chosen, take the keyboard there, and tell whether it is."""
        if self.chosen() is not None:
            return True
        self._error.show_text(tr("Choose what the payment service shows"), MessageKind.ERROR)
        next(choice for choice in self._choices.values() if choice.isEnabled()).setFocus()
        return False


def _too_early(moment: datetime) -> str:
    return tr(
        "Can be chosen from {time}. Until then, what was sent may still come in.", time=clock_time_seconds(moment)
    )
