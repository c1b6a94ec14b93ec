"""The white card of the link-ready pane: the code to scan, or the words in its place once it must not be used."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from optty_desktop.core.links import LinkState, Note, PaymentLink
from optty_desktop.core.money import format_amount
from optty_desktop.ui.buttons import Button, ButtonKind
from optty_desktop.ui.card import Card
from optty_desktop.ui.icon_view import IconView
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.note_words import note_words
from optty_desktop.ui.qr_code import QrCode
from optty_desktop.ui.qr_view import QrView
from optty_desktop.ui.state_look import STATE_LOOKS, state_word
from optty_desktop.ui.theme import Look
from optty_desktop.ui.times import clock_time
from optty_desktop.ui.tokens import Space, Type
from optty_desktop.ui.words import tr

USUAL_SIDE = 335

_TICK_GROUND = 88
_TICK = 44
_ROOM_FOR_ICON = 280
"""The smallest side at which the icon stands above heading and sentence."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What stands on the card instead of a code: icon and colour tokens, a heading and a sentence.

    `is_paid`: the money is here, and the tick says so; `has_receipt`: there is something to print.
    """

    icon: str
    ink: str
    tint: str
    heading: str
    text: str = ""
    is_paid: bool = False
    has_receipt: bool = False


def notice_of(link: PaymentLink) -> Notice | None:
    """The words in place of the code, or None while the customer may scan it."""
    looks = STATE_LOOKS[link.state]
    heading, text = _unconfirmed(link) if link.is_unconfirmed else _words(link)
    if not heading:
        return None
    if link.state is LinkState.PAID and link.note is Note.REFUND_ON_ITS_WAY:
        back = STATE_LOOKS[LinkState.REFUNDED]
        return Notice(back.icon, back.color, back.tint, heading, text, has_receipt=True)
    if link.state is LinkState.PAID and not link.is_unconfirmed:
        return Notice("check", "success", "success_tint", heading, text, is_paid=True, has_receipt=True)
    return Notice(looks.icon, looks.color, looks.tint, heading, text)


def small_screen_notice() -> Notice:
    """The words in place of a code that phones could not read on this screen."""
    words = tr("The code would be too small to scan on this screen. Use Show to customer.")
    return Notice("monitor", "text_muted", "neutral_tint", tr("No room for the QR code"), words)


def _unconfirmed(link: PaymentLink) -> tuple[str, str]:
    if link.is_reported_paid:
        words = tr("Nobody has confirmed it. Look it up in your payment account before you hand over goods.")
        return tr("A payment was reported"), words
    return (
        tr("Set to {state} by hand", state=state_word(link.state)),
        tr("The payment service has not confirmed it."),
    )


def _words(link: PaymentLink) -> tuple[str, str]:
    match link.state:
        case LinkState.PAID:
            amount, time = format_amount(link.paid or link.amount), clock_time(link.paid_at or link.changed_at)
            return tr("Paid {amount} at {time}", amount=amount, time=time), _after_paid(link)
        case LinkState.CANCELLED:
            return tr("This link was cancelled"), tr("The customer can no longer use it.")
        case LinkState.EXPIRED:
            return tr("This link has expired"), tr("The payment service closed it unpaid. Make a new link.")
        case LinkState.REFUNDED:
            return tr("This payment was refunded"), tr("The customer can no longer use the link.")
        case LinkState.UNKNOWN:
            return tr("This link needs checking"), tr("Do not send it until it is clear what happened.")
    if link.url is None:
        return tr("There is no address to show"), tr("Press Check to ask the payment service again.")
    return "", ""


def _after_paid(link: PaymentLink) -> str:
    """What the tick does not say."""
    if link.note is Note.REFUND_ON_ITS_WAY:
        return tr("The payment service has not confirmed the refund yet.")
    if link.note is not Note.AMOUNT_DIFFERS:
        return note_words(link.note, link) if link.note is not None else ""
    return tr(
        "The payment does not match this link: {paid} instead of {asked}. Do not hand over goods. Ask a manager",
        paid=format_amount(link.paid or link.amount),
        asked=format_amount(link.amount),
    )


class QrCard(QWidget):
    """A square that never changes its size while its content does."""

    receipt_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._view = QrView(look, USUAL_SIDE, self)
        self._plate = Card(look, self)
        self._tick = IconView(look, "check", "success", _TICK, self._plate, box=_TICK_GROUND)
        self._heading = plain_label("", look, Type.TITLE, parent=self._plate)
        self._text = plain_label("", look, Type.BODY, ink="text_muted", parent=self._plate)
        self._receipt = Button(look, tr("Print receipt"), ButtonKind.SECONDARY, "printer", parent=self._plate)
        self._receipt.setObjectName("printReceiptButton")
        self._receipt.clicked.connect(self.receipt_requested)
        self._lay_out()
        self.set_side(USUAL_SIDE)
        self.show_code(None)

    @property
    def view(self) -> QrView:
        """The part that paints the code."""
        return self._view

    @property
    def heading(self) -> str:
        """The words that stand in place of the code, empty while it shows one."""
        return "" if self._plate.isHidden() else self._heading.text()

    def set_side(self, side: int) -> None:
        """Changes the square."""
        self.setFixedSize(side, side)
        self._view.set_side(side)
        self._plate.setGeometry(0, 0, side, side)

    def show_code(self, code: QrCode | None) -> None:
        """Shows `code`, or an empty card of the same size while it is being made."""
        self._view.set_code(code)
        self._view.show()
        self._plate.hide()

    def show_notice(self, notice: Notice) -> None:
        """Takes the code away and says why."""
        self._view.set_code(None)
        self._view.hide()
        self._tick.setVisible(self.width() >= _ROOM_FOR_ICON)
        self._tick.set_icon(notice.icon, "surface" if notice.is_paid else notice.ink)
        self._tick.set_ground("success" if notice.is_paid else notice.tint, _TICK_GROUND // 2)
        self._heading.setText(notice.heading)
        self._text.setText(notice.text)
        self._text.setVisible(bool(notice.text))
        self._receipt.setVisible(notice.has_receipt)
        self._plate.show()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._plate)
        column.setContentsMargins(Space.SECTION, Space.SECTION, Space.SECTION, Space.SECTION)
        column.setSpacing(Space.PANE)
        column.addStretch(1)
        column.addWidget(self._tick, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._heading, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addWidget(self._receipt, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
