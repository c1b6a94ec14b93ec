"""The question before money goes back: how much, why, what will happen, and then a button that must be held."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from optty_desktop.core.money import Money, format_amount
from optty_desktop.core.operations import OperationKind
from optty_desktop.core.ports import Clock
from optty_desktop.till.cancel_or_refund import Approval
from optty_desktop.till.cancel_or_refund import Look as Seen
from optty_desktop.ui.buttons import Button, ButtonKind
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.divider import Divider
from optty_desktop.ui.environment_kinds import LIVE
from optty_desktop.ui.first_use_notice import FirstUseNotice
from optty_desktop.ui.hold_button import HoldButton
from optty_desktop.ui.link_button import LinkButton
from optty_desktop.ui.refund_amount import RefundAmount
from optty_desktop.ui.refund_card import RefundCard
from optty_desktop.ui.refund_effects import RefundEffects
from optty_desktop.ui.refund_reason import RefundReason
from optty_desktop.ui.short_number import link_name
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space
from optty_desktop.ui.typed_amount import TypedAmount
from optty_desktop.ui.words import tr

_WIDTH = 600
_KEEP_SHARE, _HOLD_SHARE = 231, 309


class RefundDialog(ConfirmDialog):
    """Accepted means: refund `approval()`. `part_is_possible` where the payment service supports part refunds.

    `prefer_typing` starts with the typed amount instead of holding; so does a link that could not be read now.
    `first_use` is the request of a route that was never used: then somebody must say that it was tried elsewhere.
    """

    def __init__(
        self,
        look: Look,
        seen: Seen,
        clock: Clock,
        *,
        part_is_possible: bool,
        prefer_typing: bool = False,
        first_use: str = "",
        environment: str = LIVE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, "refund", environment=environment, width=_WIDTH, parent=parent)
        self._seen = seen
        link = seen.link
        is_all = link.refunded_minor == 0
        self._choice = RefundAmount(
            look, link.refundable, is_all=is_all, part_is_possible=part_is_possible, parent=self
        )
        self._reason = RefundReason(look, self)
        self._effects = RefundEffects(look, link, self._text, self)
        self._hold = HoldButton(look, "", clock=clock.monotonic, main=True, parent=self)
        self._first_use = FirstUseNotice(look, first_use, self, keeps_room=True) if first_use else None
        self._typed = TypedAmount(look, self)
        self._typed_button = Button(look, tr("Refund"), ButtonKind.DANGER, parent=self)
        self._switch = LinkButton(look, "", self)
        self._is_typing = prefer_typing or seen.read_at is None
        self._add_parts(look, clock)
        self._add_answers()
        self._connect()
        self._show_way()
        self._show_amount(self._choice.amount())

    def approval(self) -> Approval:
        """The decision, bound to what this dialog showed. Raises ValueError while no amount is chosen."""
        amount = self._choice.amount()
        if amount is None:
            raise ValueError("no amount is chosen")
        has_tried = self._first_use is not None and self._first_use.is_ticked
        reason, note = self._reason.reason(), self._reason.note()
        return Approval(OperationKind.REFUND, self._seen, amount, reason, note, has_tried)

    def set_sending(self) -> None:
        """Both answers off until the payment service has answered."""
        super().set_sending()
        self._typed.hide()
        self._typed_button.hide()
        self._hold.show()
        self._hold.set_busy(tr("Sending the refund…"))
        self._set_parts_enabled(False)

    def set_problem(self, text: str) -> None:
        """Say why nothing was refunded."""
        self._hold.reset()
        self._set_parts_enabled(True)
        self._show_way()
        self._typed.clear()
        super().set_problem(text)

    def replaced_by_change(self) -> None:
        """End a hold, then close."""
        self._hold.cancel_hold()
        super().replaced_by_change()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Say what is missing when the hold begins, not after a second and a half."""
        if watched is self._hold and _begins_hold(event) and not self._is_complete():
            return True
        return super().eventFilter(watched, event)

    def _is_complete(self) -> bool:
        is_filled = self._choice.check_now() and self._reason.check_now()
        return is_filled and (self._first_use is None or self._first_use.check_now())

    def _on_amount(self, amount: Money | None) -> None:
        self._hold.cancel_hold()
        self._show_amount(amount)

    def _on_held(self) -> None:
        if not self._is_typing and self._is_complete():
            self.confirm()

    def _on_typed(self) -> None:
        if self._is_typing and self._typed.is_match and self._is_complete():
            self.confirm()

    def _on_switch(self) -> None:
        self._is_typing = not self._is_typing
        self._typed.clear()
        self._show_way()
        target: QWidget = self._typed if self._is_typing else self._hold
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_amount(self, amount: Money | None) -> None:
        reference = link_name(self._seen.link)
        if amount is None:
            self.set_heading(tr("Refund a part of {reference}?", reference=reference))
            self._hold.setText(tr("Hold to refund"))
        else:
            text = format_amount(amount)
            self.set_heading(tr("Refund {amount} for {reference}?", amount=text, reference=reference))
            self._hold.setText(tr("Hold to refund {amount}", amount=text))
        self._effects.set_amount(amount)
        self._typed.ask_for(amount)

    def _show_way(self) -> None:
        """Hold or type: one of the two is there, and it carries the name of the confirming button."""
        self._hold.setVisible(not self._is_typing)
        self._typed.setVisible(self._is_typing)
        self._typed_button.setVisible(self._is_typing)
        self._hold.setObjectName("holdButton" if self._is_typing else "confirmButton")
        self._typed_button.setObjectName("confirmButton" if self._is_typing else "typedButton")
        self._typed_button.setEnabled(self._typed.is_match)
        self._switch.setText(
            tr("Hold the button instead") if self._is_typing else tr("Type the amount instead of holding")
        )
        self._switch.setVisible(self._seen.read_at is not None)

    def _set_parts_enabled(self, enabled: bool) -> None:
        for part in (self._choice, self._reason, self._first_use, self._typed, self._switch):
            if part is not None:
                part.setEnabled(enabled)

    def _add_parts(self, look: Look, clock: Clock) -> None:
        self.add(RefundCard(look, self._seen, clock, self), Space.FIELD)
        choices = QWidget(self)
        row = QHBoxLayout(choices)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.FIELD)
        row.addWidget(self._choice, 1)
        row.addWidget(self._reason, 1)
        self.add(choices, Space.ROW)
        self.add(Divider(look, self), Space.SMALL)
        self.add(self._effects, Space.ROW)
        if self._first_use is not None:
            self.add(self._first_use, Space.ROW)
        self.body.addSpacing(Space.TIGHT)

    def _add_answers(self) -> None:
        keep = self.add_keep(tr("Keep payment"), main=True)
        self.answers.setStretchFactor(keep, _KEEP_SHARE)
        self.answers.addWidget(self._hold, _HOLD_SHARE)
        typing = QHBoxLayout()
        typing.setSpacing(Space.SMALL)
        typing.addWidget(self._typed, 1)
        typing.addWidget(self._typed_button)
        self.answers.addLayout(typing, _HOLD_SHARE)
        for before, after in (
            (keep, self._hold),
            (self._hold, self._typed),
            (self._typed, self._typed_button),
            (self._typed_button, self._switch),
        ):
            self.setTabOrder(before, after)
        self._switch.setObjectName("typeInsteadButton")
        self.below.addWidget(self._switch, 0, Qt.AlignmentFlag.AlignTrailing)
        self._set_margins()

    def _connect(self) -> None:
        self._hold.installEventFilter(self)
        self._choice.changed.connect(self._on_amount)
        self._hold.confirmed.connect(self._on_held)
        self._typed.matched.connect(self._typed_button.setEnabled)
        self._typed_button.clicked.connect(self._on_typed)
        self._switch.clicked.connect(self._on_switch)


def _begins_hold(event: QEvent) -> bool:
    if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
        return event.button() == Qt.MouseButton.LeftButton
    if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
        return event.key() == Qt.Key.Key_Space and not event.isAutoRepeat()
    return False
