"""Who paid how much, and how fresh that knowledge is, at the top of the refund dialog."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from optty_desktop.core.links import PaymentLink
from optty_desktop.core.ports import Clock
from optty_desktop.till.cancel_or_refund import Look as Seen
from optty_desktop.ui.amount_label import AmountLabel
from optty_desktop.ui.card import Card
from optty_desktop.ui.elided_label import ElidedLabel
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.note_words import masked_contact
from optty_desktop.ui.short_number import shown_description
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.theme import Look
from optty_desktop.ui.times import clock_time, when
from optty_desktop.ui.tokens import Space, Type, Weight
from optty_desktop.ui.words import tr

_MINUTE = 60
_TICK_MS = 500
_LINE = 20


class RefundCard(Card):
    """`age_text()` follows the clock while the card is shown."""

    def __init__(self, look: Look, seen: Seen, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(look, parent, ground="surface_alt")
        self._seen = seen
        self._clock = clock
        ink = "warning" if seen.read_at is None else "text_muted"
        self._age = plain_label("", look, Type.SMALL, ink=ink, parent=self)
        self._age.setObjectName("readAgeLabel")
        self._age.setFont(look.font(Type.SMALL, figures=True))
        self._lay_out(look)
        self._show_age()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._show_age)
        self._timer.start()

    def age_text(self) -> str:
        """How long ago the link was read, or since when nothing newer is known."""
        if self._seen.read_at is None:
            time = when(self._seen.link.evidence.checked_at, self._clock.now())
            return tr("Last known at {time}, cannot be read now", time=time)
        seconds = max(0, int(self._clock.monotonic() - self._seen.read_at))
        if seconds < _MINUTE:
            return tr("Read {n} s ago", n=seconds)
        return tr("Read {n} min ago", n=seconds // _MINUTE)

    def _show_age(self) -> None:
        text = self.age_text()
        if text != self._age.text():
            self._age.setText(text)

    def _lay_out(self, look: Look) -> None:
        link = self._seen.link
        amount = AmountLabel(look, Type.AMOUNT_DIALOG, self)
        amount.set_money(link.paid or link.amount)
        paid = QVBoxLayout()
        paid.setSpacing(0)
        paid.addStretch(1)
        paid.addWidget(plain_label(tr("Customer paid"), look, Type.SMALL, ink="text_muted", parent=self))
        paid.addWidget(amount)
        paid.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.PANE + 1, Space.FIELD, Space.PANE + 1, Space.FIELD)
        row.setSpacing(Space.LARGE)
        row.addLayout(paid)
        row.addWidget(_Rule(look, self))
        row.addLayout(self._facts(look, link), 1)

    def _facts(self, look: Look, link: PaymentLink) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        who = self._line(look, masked_contact(link), Weight.SEMIBOLD, "text")
        who.setObjectName("refundContactLabel")
        column.addWidget(who)
        if description := shown_description(link):
            column.addWidget(self._line(look, description, Weight.REGULAR, "text_muted"))
        last = QHBoxLayout()
        last.setSpacing(Space.SMALL)
        how = self._line(look, _how_paid(link, self._clock), Weight.REGULAR, "text_muted", figures=True)
        last.addWidget(how, 1)
        column.addLayout(last)
        if self._seen.read_at is None:
            column.addWidget(self._age)
        else:
            last.addWidget(self._age, 0, Qt.AlignmentFlag.AlignBottom)
        return column

    def _line(self, look: Look, text: str, weight: int, ink: str, *, figures: bool = False) -> ElidedLabel:
        label = ElidedLabel(look, ink=ink, parent=self)
        label.setFont(look.font(Type.ROW, weight=weight, figures=figures))
        label.setText(text)
        label.setFixedHeight(_LINE)
        return label


def _how_paid(link: PaymentLink, clock: Clock) -> str:
    with_what = harmless(link.paid_with, 60) or tr("Paid")
    with_what = with_what[:1].upper() + with_what[1:]
    if link.paid_at is None:
        return with_what
    time, moment = clock_time(link.paid_at), when(link.paid_at, clock.now())
    if time == moment:
        return tr("{card}, today at {time}", card=with_what, time=time)
    return tr("{card}, {time}", card=with_what, time=moment)


class _Rule(QWidget):
    """An upright line between two parts."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setFixedWidth(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("divider"))
        painter.end()
