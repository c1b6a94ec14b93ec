"""What is said when the world moved between a look and an act: paid meanwhile, done already, refunded instead."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import LinkState, Note, PaymentLink
from optty_desktop.core.money import Money, format_amount
from optty_desktop.core.ports import Clock
from optty_desktop.ui.buttons import Button, ButtonKind
from optty_desktop.ui.card import Card
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.environment_kinds import LIVE
from optty_desktop.ui.hands_off import HANDS_OFF_SECONDS
from optty_desktop.ui.icon_view import IconView
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.short_number import link_name
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.status_chip import StatusChip
from optty_desktop.ui.theme import Look
from optty_desktop.ui.times import clock_time_seconds, when
from optty_desktop.ui.tokens import IconSize, Space, Type, Weight
from optty_desktop.ui.words import tr

_TIME_WIDTH = 71
_REFUNDS = frozenset({EventKind.REFUNDED, EventKind.REFUND_ON_ITS_WAY, EventKind.CANCEL_BECAME_REFUND})


class PaidGuardDialog(ConfirmDialog):
    """A cancel was wanted, and the money has arrived since. Accepted means: open the refund question from its start.

    It may take the place of another question under a finger that is on its way: for `hands_off` seconds only Keep
    answers.
    """

    def __init__(
        self,
        look: Look,
        link: PaymentLink,
        pressed_at: datetime,
        *,
        hands_off: float = HANDS_OFF_SECONDS,
        environment: str = LIVE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, "paidGuard", environment=environment, parent=parent)
        self.set_heading(tr("Stop: this link has just been paid"), icon="triangle-alert", ink="warning", bar=True)
        self._text.say(
            tr(
                "You pressed **Cancel** on {reference} while it was unpaid. The money has arrived since, "
                "so it can no longer be cancelled, only refunded."
            ),
            reference=link_name(link),
        )
        self.add(self._text, Space.TIGHT)
        self.add(_TwoTimes(look, link, pressed_at, self), Space.FIELD)
        self.add(_nothing_done(look, self), Space.FIELD)
        self.add_keep(tr("Keep payment"), ButtonKind.PRIMARY)
        refund = self.add_confirm(
            tr("Refund {amount}…", amount=format_amount(link.refundable)), ButtonKind.DANGER_OUTLINE
        )
        refund.setEnabled(False)
        self._hands_off = QTimer(self)
        self._hands_off.setSingleShot(True)
        self._hands_off.setInterval(round(hands_off * 1000))
        self._hands_off.timeout.connect(partial(refund.setEnabled, True))

    def showEvent(self, event: QShowEvent) -> None:
        """The time begins when it is seen."""
        super().showEvent(event)
        self._hands_off.start()


class AlreadyDoneDialog(ConfirmDialog):
    """What was wanted has happened already, or can no longer happen. There is only one answer: Close."""

    def __init__(
        self,
        look: Look,
        link: PaymentLink,
        events: Sequence[LinkEvent],
        clock: Clock,
        *,
        environment: str = LIVE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, "alreadyDone", environment=environment, parent=parent)
        title, text = what_happened(link, events, clock.now())
        self.set_heading(title, icon="info", ink="info")
        self._text.setText(text)
        self.add(self._text, Space.TIGHT)
        self.add_keep(tr("Close"))


class CancelBecameRefundDialog(ConfirmDialog):
    """Stays until somebody says that it was read: neither Esc nor the title bar closes it.

    `print_requested` and `new_link_requested` carry the invoice number; a new link closes the dialog, a slip does not.
    """

    print_requested = Signal(str)
    new_link_requested = Signal(str)

    def __init__(
        self,
        look: Look,
        link: PaymentLink,
        *,
        amount: Money | None = None,
        environment: str = LIVE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, "cancelBecameRefund", environment=environment, parent=parent)
        self._number = link.invoice_number
        self.setWindowFlag(Qt.WindowType.WindowCloseButtonHint, False)
        self.set_heading(tr("Your cancel became a refund"), icon="undo-2", ink="danger", bar=True)
        self._text.set_role(Type.ROW)
        self._text.say(
            tr(
                "The customer paid {amount} for {reference} at the very moment you cancelled. The payment service "
                "**sent the money back**. Tell the customer, and make a new link if the order still stands."
            ),
            amount=format_amount(amount or link.paid or link.amount),
            reference=link_name(link),
        )
        self.add(self._text, Space.TIGHT)
        self.answers.setSpacing(Space.SMALL)
        self.add_keep(tr("I have read this"))
        self._add(look, tr("Print"), "printer", "printButton").clicked.connect(self._on_print)
        self._add(look, tr("New link"), "plus", "newLinkButton").clicked.connect(self._on_new_link)

    def keep(self) -> None:
        """It was read."""
        self.accept()

    def reject(self) -> None:
        """Neither Esc nor the title bar counts as having read it."""

    def _on_print(self) -> None:
        self.print_requested.emit(self._number)

    def _on_new_link(self) -> None:
        self.accept()
        self.new_link_requested.emit(self._number)

    def _add(self, look: Look, text: str, icon: str, name: str) -> Button:
        button = Button(look, text, ButtonKind.SECONDARY, icon, parent=self)
        button.setObjectName(name)
        self.answers.addWidget(button, 1)
        return button


class _TwoTimes(Card):
    """When the customer paid, and when Cancel was pressed; what came first stands first."""

    def __init__(self, look: Look, link: PaymentLink, pressed_at: datetime, parent: QWidget) -> None:
        super().__init__(look, parent, ground="surface_alt")
        chip = StatusChip(look, self)
        chip.set_state(LinkState.PAID)
        not_sent = Passage(look, Type.SMALL, ink="text_muted", parent=self)
        not_sent.setText(tr("Not sent"))
        not_sent.setFixedWidth(not_sent.sizeHint().width())
        paid = Passage(look, Type.ROW, parent=self)
        paid.say(tr("Customer paid **{amount}**"), amount=format_amount(link.paid or link.amount))
        pressed = Passage(look, Type.ROW, parent=self)
        pressed.setText(tr("You pressed Cancel"))
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.PANE + 1, Space.CLOSE, Space.PANE + 1, Space.CLOSE)
        column.setSpacing(Space.TIGHT)
        paid_at = link.paid_at or link.changed_at
        rows = [self._row(look, paid_at, paid, chip), self._row(look, pressed_at, pressed, not_sent)]
        for row in rows if paid_at <= pressed_at else reversed(rows):
            column.addLayout(row)

    def _row(self, look: Look, moment: datetime, what: Passage, outcome: QWidget) -> QHBoxLayout:
        time = Passage(look, Type.ROW, ink="text_muted", parent=self)
        time.setObjectName("guardTimeLabel")
        time.setText(clock_time_seconds(moment))
        time.setFixedWidth(_TIME_WIDTH)
        row = QHBoxLayout()
        row.setSpacing(Space.ROW)
        row.addWidget(time, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(what, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(outcome, 0, Qt.AlignmentFlag.AlignVCenter)
        return row


def _nothing_done(look: Look, parent: QWidget) -> QWidget:
    line = QWidget(parent)
    words = Passage(look, Type.BODY, weight=Weight.SEMIBOLD, ink="success", parent=line)
    words.setObjectName("nothingDoneLabel")
    words.setText(tr("Nothing has been cancelled or refunded."))
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.SMALL)
    row.addWidget(IconView(look, "circle-check", "success", IconSize.BUTTON, line))
    row.addWidget(words, 1)
    return line


def what_happened(link: PaymentLink, events: Sequence[LinkEvent], now: datetime) -> tuple[str, str]:
    """Why the link cannot be cancelled or refunded now: a title, and who or what brought it there."""
    if link.state is LinkState.REFUNDED or link.note is Note.REFUND_ON_ITS_WAY:
        return _refunded(link, events, now)
    time = when(link.changed_at, now)
    match link.state:
        case LinkState.CANCELLED:
            return tr("This link was already cancelled"), _cancelled(link, events, now)
        case LinkState.EXPIRED:
            return (
                tr("This link has expired"),
                tr("The payment service closed it unpaid at {time}. Nothing was sent.", time=time),
            )
        case LinkState.IN_PROGRESS:
            return (
                tr("The customer is paying right now"),
                tr("Wait for the result before cancelling. Nothing was sent."),
            )
        case LinkState.UNKNOWN:
            return (
                tr("This link needs checking first"),
                tr("The payment service said something else than what was on the screen. Nothing was sent."),
            )
    return tr("This link has changed"), tr("It changed at {time}. Look at it again. Nothing was sent.", time=time)


def _refunded(link: PaymentLink, events: Sequence[LinkEvent], now: datetime) -> tuple[str, str]:
    event = next((event for event in events if event.kind in _REFUNDS), None)
    sent = next((event for event in events if event.kind is EventKind.REFUND_SENT), None)
    time = when(event.at if event is not None else link.changed_at, now)
    amount = event.facts.get("amount", "") if event is not None else ""
    if not amount:
        back = Money(link.refunded_minor, link.amount.currency)
        amount = format_amount(back if back.minor else link.paid or link.amount)
    who = harmless((event.actor if event is not None else "") or (sent.actor if sent is not None else ""), 60)
    title = tr("This payment was already refunded")
    if not who:
        return title, tr("{amount} went back at {time}. Nothing more was sent.", amount=amount, time=time)
    return title, tr("{who} refunded {amount} at {time}. Nothing more was sent.", who=who, amount=amount, time=time)


def _cancelled(link: PaymentLink, events: Sequence[LinkEvent], now: datetime) -> str:
    event = next((event for event in events if event.kind is EventKind.CANCELLED), None)
    time = when(event.at if event is not None else link.changed_at, now)
    if event is None or not event.actor:
        return tr("It was cancelled at {time}. Nothing more was sent.", time=time)
    return tr("{who} cancelled it at {time}. Nothing more was sent.", who=harmless(event.actor, 60), time=time)
