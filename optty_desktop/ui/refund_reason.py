"""Why money goes back. It is asked each time and kept with the record."""

from enum import StrEnum

from PySide6.QtWidgets import QVBoxLayout, QWidget

from optty_desktop.ui.card_numbers import card_number_problem
from optty_desktop.ui.combo_box import ComboBox
from optty_desktop.ui.field import Field
from optty_desktop.ui.line_edit import LineEdit
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space
from optty_desktop.ui.words import tr

_LONGEST_NOTE = 200


class Reason(StrEnum):
    """The reasons offered; the values are what the record and the payment service get."""

    RETURNED = "Customer returned goods"
    CHANGED_MIND = "Customer changed their mind"
    PAID_TWICE = "Paid twice"
    WRONG_AMOUNT = "Wrong amount"
    FRAUD = "Fraud"
    OTHER = "Other"


class RefundReason(QWidget):
    """A list to choose from, and a note that "Other" needs. Nothing is chosen beforehand."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._combo = ComboBox(look, self)
        self._combo.setObjectName("refundReasonCombo")
        self._combo.addItem(tr("Choose a reason"))
        for reason in Reason:
            self._combo.addItem(_words(reason), reason.value)
        self._field = Field(look, tr("Reason"), self._combo, name="refundReason", keeps_room=True, parent=self)
        self._field.set_hint(tr("Kept with the record. The customer does not see it."))
        self._note = LineEdit(look, "", self)
        self._note.setObjectName("refundNoteEdit")
        self._note.setMaxLength(_LONGEST_NOTE)
        self._note_field = Field(
            look,
            tr("What happened"),
            self._note,
            name="refundNote",
            check=_note_problem,
            keeps_room=True,
            parent=self,
        )
        self._note_field.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(self._field)
        column.addWidget(self._note_field)
        column.addStretch(1)
        self._combo.currentIndexChanged.connect(self._on_chosen)

    def reason(self) -> str:
        """The reason chosen, empty before one is."""
        return str(self._combo.currentData() or "")

    def note(self) -> str:
        """What was typed beside "Other"; empty for the other reasons."""
        return self._note.text().strip() if self.reason() == Reason.OTHER else ""

    def check_now(self) -> bool:
        """Say what is missing, take the keyboard there, and tell whether all is there."""
        if not self.reason():
            self._field.set_error(tr("Choose a reason"))
            self._combo.setFocus()
            return False
        if self.reason() == Reason.OTHER and not self._note_field.check_now():
            self._note.setFocus()
            return False
        return True

    def _on_chosen(self, _index: int) -> None:
        self._field.set_error(None)
        self._note_field.setVisible(self.reason() == Reason.OTHER)


def _note_problem(text: str) -> str | None:
    if not text.strip():
        return tr("Say in a few words what happened")
    return card_number_problem(text)


def _words(reason: Reason) -> str:
    match reason:
        case Reason.RETURNED:
            return tr("Customer returned goods")
        case Reason.CHANGED_MIND:
            return tr("Customer changed their mind")
        case Reason.PAID_TWICE:
            return tr("Paid twice")
        case Reason.WRONG_AMOUNT:
            return tr("Wrong amount")
        case Reason.FRAUD:
            return tr("Fraud")
        case Reason.OTHER:
            return tr("Other")
