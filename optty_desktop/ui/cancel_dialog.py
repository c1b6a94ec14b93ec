"""The question before an unpaid link is cancelled. It says that the one call may send money back."""

from PySide6.QtWidgets import QWidget

from optty_desktop.core.links import LinkState
from optty_desktop.core.money import format_amount
from optty_desktop.core.operations import OperationKind
from optty_desktop.core.ports import Clock
from optty_desktop.till.cancel_or_refund import Approval
from optty_desktop.till.cancel_or_refund import Look as Seen
from optty_desktop.ui.buttons import ButtonKind
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.environment_kinds import LIVE
from optty_desktop.ui.field import Field
from optty_desktop.ui.first_use_notice import FirstUseNotice
from optty_desktop.ui.short_number import link_name
from optty_desktop.ui.theme import Look
from optty_desktop.ui.times import clock_time_seconds, when
from optty_desktop.ui.tokens import Space, Type
from optty_desktop.ui.typed_amount import TypedAmount
from optty_desktop.ui.words import tr

_UNPAID = frozenset({LinkState.PENDING, LinkState.DECLINED})


class CancelDialog(ConfirmDialog):
    """Accepted means: cancel what was `seen`. A link that could not be read now needs its amount typed.

    `first_use` is the request of a route that was never used: then somebody must say that it was tried elsewhere.
    """

    def __init__(
        self,
        look: Look,
        seen: Seen,
        clock: Clock,
        *,
        first_use: str = "",
        environment: str = LIVE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, "cancel", environment=environment, parent=parent)
        self._seen = seen
        self._clock = clock
        link = seen.link
        self.set_heading(
            tr(
                "Cancel the link for {reference}, {amount}?",
                reference=link_name(link),
                amount=format_amount(link.amount),
            )
        )
        self._text.set_role(Type.ROW)
        self._say()
        self.add(self._text, Space.TIGHT)
        self._typed = TypedAmount(look, self)
        self._add_typed(look)
        self._first_use = FirstUseNotice(look, first_use, self) if first_use else None
        if self._first_use is not None:
            self.add(self._first_use, Space.ROW)
            self._first_use.ticked.connect(self._on_changed)
        self.add_keep(tr("Keep link"))
        self._confirm = self.add_confirm(tr("Cancel link"), ButtonKind.DANGER)
        self._typed.matched.connect(self._on_changed)
        self._on_changed()

    def approval(self) -> Approval:
        """The decision, bound to what this dialog showed."""
        has_tried = self._first_use is not None and self._first_use.is_ticked
        return Approval(OperationKind.CANCEL, self._seen, self._seen.link.amount, has_tried=has_tried)

    def set_sending(self) -> None:
        """Both answers off until the payment service has answered."""
        super().set_sending()
        self._confirm.set_busy(tr("Cancelling…"))
        self._set_parts_enabled(False)

    def set_problem(self, text: str) -> None:
        """Say why the link was not cancelled."""
        self._confirm.reset()
        self._set_parts_enabled(True)
        super().set_problem(text)

    def _set_parts_enabled(self, enabled: bool) -> None:
        self._typed.setEnabled(enabled)
        if self._first_use is not None:
            self._first_use.setEnabled(enabled)

    @property
    def _needs_amount(self) -> bool:
        return self._seen.read_at is None or self._seen.link.state not in _UNPAID

    def _on_changed(self) -> None:
        is_typed = not self._needs_amount or self._typed.is_match
        self._confirm.setEnabled(is_typed and (self._first_use is None or self._first_use.is_ticked))

    def _say(self) -> None:
        link = self._seen.link
        checked_at = link.evidence.checked_at
        if self._seen.read_at is None:
            self._text.say(
                tr(
                    "Last known at {time}, cannot be read now. The customer can no longer use this link. "
                    "**If the customer has paid or pays now, the payment service sends the money back.**"
                ),
                time=when(checked_at, self._clock.now()),
            )
        elif link.state not in _UNPAID:
            self._text.say(
                tr(
                    "Nobody has the address of this link. "
                    "**If the customer has paid or pays now, the payment service sends the money back.**"
                )
            )
        else:
            self._text.say(
                tr(
                    "Not paid at {time}. The customer can no longer use this link. "
                    "**If the customer pays in the next seconds, the payment service sends the money back.**"
                ),
                time=clock_time_seconds(checked_at),
            )

    def _add_typed(self, look: Look) -> None:
        self._typed.setVisible(self._needs_amount)
        if self._needs_amount:
            self._typed.ask_for(self._seen.link.amount)
            field = Field(look, tr("Type the amount to go on"), self._typed, name="typedAmount", parent=self)
            self.add(field, Space.ROW)
