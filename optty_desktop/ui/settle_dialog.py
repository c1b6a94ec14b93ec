"""The question before something is closed by hand: where to look, what was seen there, why, and who signs."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from optty_desktop.core.links import PaymentLink
from optty_desktop.core.money import format_amount
from optty_desktop.core.operations import Operation
from optty_desktop.core.ports import Clock
from optty_desktop.till.settle_by_hand import LONGEST_REASON, Found
from optty_desktop.ui.buttons import Button, ButtonKind
from optty_desktop.ui.card_numbers import card_number_problem
from optty_desktop.ui.clipboard import put_on_clipboard
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.environment_kinds import LIVE
from optty_desktop.ui.field import Field
from optty_desktop.ui.line_edit import LineEdit
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.reading_side import align_to_reading
from optty_desktop.ui.settle_findings import SettleFindings
from optty_desktop.ui.settle_words import what_is_not_known
from optty_desktop.ui.short_number import shown_reference
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.theme import Look
from optty_desktop.ui.times import clock_time
from optty_desktop.ui.tokens import Space, Type
from optty_desktop.ui.words import tr

_TICK_MS = 500


class SettleDialog(ConfirmDialog):
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
        super().__init__(look, "settle", environment=environment, parent=parent)
        self._clock, self._operator = clock, operator
        self._number = LineEdit(look, parent=self)
        self._copy = Button(look, tr("Copy"), icon="copy", parent=self)
        self._findings = SettleFindings(look, link, operation, findings, wait, self)
        self._reason = LineEdit(look, tr("For example: seen in the portal"), self)
        self._reason_field = Field(
            look,
            tr("Reason"),
            self._reason,
            name="settleReason",
            check=_reason_problem,
            keeps_room=True,
            parent=self,
        )
        self._signature = Passage(look, Type.SMALL, ink="text_muted", parent=self)
        self._say(link, operation)
        self._add_parts(look, link)
        self.add_keep(tr("Keep checking"))
        self._confirm = self.add_confirm(tr("Close by hand"), ButtonKind.PRIMARY)
        self._show_time()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._show_time)
        self._timer.start()

    def found(self) -> Found:
        """What the person has seen. Raises ValueError while nothing is chosen."""
        found = self._findings.chosen()
        if found is None:
            raise ValueError("nothing is chosen")
        return found

    def reason(self) -> str:
        """Why, as typed."""
        return self._reason.text().strip()

    def confirm(self) -> None:
        """Close it, once everything is there; else say what is missing."""
        if not self._findings.check_now():
            self.bring_into_view(self._findings)
        elif not self._reason_field.check_now():
            self._reason.setFocus()
            self.bring_into_view(self._reason_field)
        else:
            super().confirm()

    def set_sending(self) -> None:
        """Both answers off until the record has it."""
        super().set_sending()
        self._confirm.set_busy(tr("Closing…"))
        self._set_parts_enabled(False)

    def set_problem(self, text: str) -> None:
        """Say why nothing was closed; what was chosen and typed stays."""
        self._confirm.reset()
        self._set_parts_enabled(True)
        super().set_problem(text)

    def _say(self, link: PaymentLink, operation: Operation) -> None:
        amount = format_amount(operation.amount)
        reference = harmless(shown_reference(link), 60)
        self.set_heading(tr("Close {reference}, {amount}, by hand?", reference=reference, amount=amount))
        self._text.set_role(Type.ROW)
        self._text.say(what_is_not_known(operation), amount=amount)

    def _show_time(self) -> None:
        now = self._clock.now()
        self._findings.show_time(now)
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
        for part in (self._findings, self._reason_field):
            part.setEnabled(enabled)

    def _add_parts(self, look: Look, link: PaymentLink) -> None:
        self._number.setText(link.invoice_number)
        self._number.setObjectName("settleNumberEdit")
        self._number.setCursorPosition(0)
        self._number.setReadOnly(True)
        self._number.setFont(look.font(Type.BODY, figures=True))
        self._number.setAccessibleName(tr("Invoice number"))
        align_to_reading([self._number])
        self._copy.setObjectName("copyNumberButton")
        self._copy.clicked.connect(self._on_copy)
        self._reason.setMaxLength(LONGEST_REASON)
        self._signature.setObjectName("settleSignatureLabel")
        numbers = QWidget(self)
        row = QHBoxLayout(numbers)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(self._number, 1)
        row.addWidget(self._copy)
        self.add(self._text, Space.TIGHT)
        self.add(numbers, Space.FIELD)
        self.add(self._findings, Space.ROW)
        self.add(self._reason_field, Space.SMALL)
        self.add(self._signature, 0)


def _reason_problem(text: str) -> str | None:
    if not text.strip():
        return tr("Say in a few words what you have seen")
    return card_number_problem(text)
