"""A slip of paper for the customer: shop, amount, reference and either the code to scan or that it was paid."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.core.money import format_amount
from optty_desktop.ui.qr_code import QrCode
from optty_desktop.ui.qr_view import image_of
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.state_look import state_word
from optty_desktop.ui.theme import Look
from optty_desktop.ui.times import clock_time, day
from optty_desktop.ui.tokens import Weight
from optty_desktop.ui.words import tr

_CODE_MM: Final = 60.0
_WRAP = int(Qt.AlignmentFlag.AlignHCenter) | int(Qt.TextFlag.TextWrapAnywhere) | int(Qt.TextFlag.TextWordWrap)


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed. `warning` stands on top in Training and Sandbox; `code` is None on a receipt."""

    shop: str
    warning: str
    amount: str
    reference: str
    lines: tuple[str, ...]
    code: QrCode | None
    link: str


def slip_of(link: PaymentLink, shop: str, kind: EnvironmentKind, code: QrCode | None) -> Slip:
    """The slip for `link`: a receipt once it is paid, else the code, the address and the due date."""
    is_paid = link.state is LinkState.PAID
    amount = link.paid if is_paid and link.paid is not None else link.amount
    return Slip(
        shop=shop,
        warning=_warning(kind),
        amount=format_amount(amount),
        reference=harmless(link.reference or link.invoice_number),
        lines=_lines(link),
        code=code if link.is_open else None,
        link=link.url or "" if link.is_open else "",
    )


def _warning(kind: EnvironmentKind) -> str:
    match kind:
        case EnvironmentKind.TRAINING:
            return tr("TRAINING. No real payment")
        case EnvironmentKind.SANDBOX:
            return tr("TEST. No real payment")
    return ""


def _lines(link: PaymentLink) -> tuple[str, ...]:
    if link.is_open:
        return (tr("Due {date}", date=day(link.due_at)),)
    # A receipt says what has been paid, and nobody has read that.
    if link.is_reported_paid:
        return (tr("{state}, reported, not confirmed", state=state_word(link.state)),)
    if link.is_set_by_hand:
        return (tr("{state}, set by hand, not confirmed", state=state_word(link.state)),)
    if link.state is not LinkState.PAID:
        return (state_word(link.state),)
    paid_at = link.paid_at or link.changed_at
    paid = tr("Paid on {date} at {time}", date=day(paid_at), time=clock_time(paid_at))
    return (paid, harmless(link.paid_with)) if link.paid_with else (paid,)


class SlipPainter:
    """Draws a slip from the top of a page downwards, `dots_per_mm` device dots to the millimetre."""

    def __init__(self, look: Look, painter: QPainter, width: int, dots_per_mm: float) -> None:
        self._look = look
        self._painter = painter
        self._width = width
        self._scale = dots_per_mm
        self._y = 0

    def paint(self, slip: Slip) -> int:
        """Draws `slip` and returns the height used, in device dots."""
        self._painter.setPen(self._look.color("qr_dark"))
        if slip.warning:
            self._text(slip.warning, 5.0, Weight.BOLD)
        self._text(slip.shop, 4.5, Weight.SEMIBOLD)
        self._text(slip.amount, 8.0, Weight.BOLD)
        self._text(slip.reference, 4.0, Weight.SEMIBOLD)
        for line in slip.lines:
            self._text(line, 3.5, Weight.REGULAR)
        if slip.code is not None:
            self._code(slip.code)
        if slip.link:
            self._text(slip.link, 3.2, Weight.REGULAR)
        return self._y

    def _text(self, text: str, size_mm: float, weight: int) -> None:
        self._painter.setFont(self._look.font_px(max(1, round(size_mm * self._scale)), weight))
        room = QRect(0, self._y, self._width, round(200 * self._scale))
        taken = self._painter.boundingRect(room, _WRAP, text)
        self._painter.drawText(room, _WRAP, text)
        self._y += taken.height() + round(1.5 * self._scale)

    def _code(self, code: QrCode) -> None:
        side = min(self._width, round(_CODE_MM * self._scale))
        image = image_of(code, max(1, side // code.full_size))
        self._painter.drawImage((self._width - image.width()) // 2, self._y, image)
        self._y += image.height() + round(1.5 * self._scale)
