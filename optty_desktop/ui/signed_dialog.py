"""A question that is answered with a name and a reason: where to look it up, what was seen, why, and who signs."""

from datetime import datetime

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from optty_desktop.core.ports import Clock
from optty_desktop.till.settle_by_hand import LONGEST_REASON
from optty_desktop.ui.buttons import Button, ButtonKind
from optty_desktop.ui.card_numbers import card_number_problem
from optty_desktop.ui.clipboard import put_on_clipboard
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.field import Field
from optty_desktop.ui.line_edit import LineEdit
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.reading_side import align_to_reading
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.theme import Look
from optty_desktop.ui.times import clock_time
from optty_desktop.ui.tokens import Space, Type
from optty_desktop.ui.words import tr

_TICK_MS = 500


class SignedDialog(ConfirmDialog):
    """The invoice number to look up, the parts of the question, a reason and the name below it.

    A subclass says `is_answered`, takes the time in `show_time`, and builds with `begin`, its own part and `finish`, in
    the order in which Tab goes through them.
    """

    _question: QWidget
    _reason: LineEdit
    _confirm: Button

    def __init__(
        self,
        look: Look,
        kind: str,
        clock: Clock,
        *,
        operator: str,
        environment: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, kind, environment=environment, parent=parent)
        self._clock, self._operator, self._kind = clock, operator, kind
        self._number = LineEdit(look, parent=self)
        self._copy = Button(look, tr("Copy"), icon="copy", parent=self)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._on_tick)

    def reason(self) -> str:
        """Why, as typed."""
        return self._reason.text().strip()

    def is_answered(self) -> bool:
        """Whether what the question asks for is chosen; says so where it is not."""
        return True

    def show_time(self, now: datetime) -> None:
        """Show what changes with the time, seen from `now` (UTC)."""

    def begin(self, number: str) -> None:
        """Put the words and the invoice number on top."""
        self._text.set_role(Type.ROW)
        self._number.setText(number)
        self._number.setObjectName(f"{self._kind}NumberEdit")
        self._number.setCursorPosition(0)
        self._number.setReadOnly(True)
        self._number.setFont(self._look.font(Type.BODY, figures=True))
        self._number.setAccessibleName(tr("Invoice number"))
        align_to_reading([self._number])
        self._copy.setObjectName("copyNumberButton")
        self._copy.clicked.connect(self._on_copy)
        numbers = QWidget(self)
        row = QHBoxLayout(numbers)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(self._number, 1)
        row.addWidget(self._copy)
        self.add(self._text, Space.TIGHT)
        self.add(numbers, Space.FIELD)

    def finish(self, question: QWidget, *, keep: str, confirm: str, busy: str) -> None:
        """Put the question below the number, then reason, name and answers; `busy` is said while it is recorded."""
        look, name = self._look, f"{self._kind}Reason"
        self._question, self._busy = question, busy
        self._reason = LineEdit(look, tr("For example: seen in the portal"), self)
        self._reason.setMaxLength(LONGEST_REASON)
        self._reason_field = Field(
            look, tr("Reason"), self._reason, name=name, check=_reason_problem, keeps_room=True, parent=self
        )
        self._signature = Passage(look, Type.SMALL, ink="text_muted", parent=self)
        self._signature.setObjectName(f"{self._kind}SignatureLabel")
        self.add(question, Space.ROW)
        self.add(self._reason_field, Space.SMALL)
        self.add(self._signature, 0)
        self.add_keep(keep)
        self._confirm = self.add_confirm(confirm, ButtonKind.PRIMARY)
        self._on_tick()
        self._timer.start()

    def confirm(self) -> None:
        """Do it, once everything is there; else say what is missing."""
        if not self.is_answered():
            self.bring_into_view(self._question)
        elif not self._reason_field.check_now():
            self._reason.setFocus()
            self.bring_into_view(self._reason_field)
        else:
            super().confirm()

    def set_sending(self) -> None:
        """Both answers off until the record has it."""
        super().set_sending()
        self._confirm.set_busy(self._busy)
        self._set_parts_enabled(False)

    def set_problem(self, text: str) -> None:
        """Say why nothing was recorded; what was chosen and typed stays."""
        self._confirm.reset()
        self._set_parts_enabled(True)
        super().set_problem(text)

    def _on_tick(self) -> None:
        now = self._clock.now()
        self.show_time(now)
        words = tr(
            "Signed by {operator}, {time}. It stays in the timeline.",
            operator=harmless(self._operator, 60),
            time=clock_time(now),
        )
        if words != self._signature.text():
            self._signature.setText(words)

    def _on_copy(self) -> None:
        put_on_clipboard(self._number.text())
        self._copy.setText(tr("Copied"))
        self._copy.set_icon_name("check")

    def _set_parts_enabled(self, enabled: bool) -> None:
        for part in (self._question, self._reason_field):
            part.setEnabled(enabled)


def _reason_problem(text: str) -> str | None:
    if not text.strip():
        return tr("Say in a few words what you have seen")
    return card_number_problem(text)
