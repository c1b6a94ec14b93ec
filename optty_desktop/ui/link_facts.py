"""The facts beside the code: how much, for what, for whom, until when. Contacts are masked."""

from datetime import datetime

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from optty_desktop.core.contacts import mask_email, mask_phone
from optty_desktop.core.links import Note, PaymentLink, note_of
from optty_desktop.core.money import format_figure
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.reading_side import align_to_reading
from optty_desktop.ui.short_number import shown_description, shown_reference
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.theme import Look
from optty_desktop.ui.times import day
from optty_desktop.ui.tokens import Space, Type, Weight
from optty_desktop.ui.words import tr

_STEPS = (Type.DISPLAY.px, 40, 36, 32, 28, 24, 20)


class FigureLabel(QLabel):
    """The figure of an amount, in the largest size with room for all of it."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._fit()

    def show_figure(self, text: str) -> None:
        """Shows `text`."""
        self.setText(text)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """A large amount makes no window wider."""
        return QSize(0, Type.DISPLAY.line)

    def sizeHint(self) -> QSize:
        """As narrow: the facts around it say how wide."""
        return self.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fits the figure to the room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        def width(px: int) -> int:
            font = self._look.font_px(px, Weight.BOLD, figures=True)
            return QFontMetrics(font).horizontalAdvance(self.text())

        px = next((px for px in _STEPS if width(px) <= self.width()), _STEPS[-1])
        self.setFont(self._look.font_px(px, Weight.BOLD, figures=True))


class LinkFacts(QWidget):
    """Amount, reference, description, masked contact and due date of one link, and whether its status can be read."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._currency = plain_label("", look, Type.BODY, ink="text_muted", parent=self)
        self._figure = FigureLabel(look, self)
        self._figure.setObjectName("linkAmountLabel")
        self._reference = plain_label("", look, Type.BODY, weight=Weight.SEMIBOLD, parent=self)
        self._description = plain_label("", look, Type.ROW, weight=Weight.REGULAR, ink="text_muted", parent=self)
        self._contact = plain_label("", look, Type.ROW, weight=Weight.REGULAR, ink="text_muted", parent=self)
        self._due = plain_label("", look, Type.ROW, weight=Weight.REGULAR, ink="text_muted", parent=self)
        self._unnamed = plain_label("", look, Type.SMALL, ink="text_muted", parent=self)
        self._unnamed.setObjectName("orderUnnamedLabel")
        self._lay_out()

    def show_link(self, link: PaymentLink, now: datetime) -> None:
        """Shows the facts of `link`; `now` (UTC) tells whether it is overdue."""
        self._currency.setText(link.amount.currency)
        self._figure.show_figure(format_figure(link.amount))
        self._figure.setAccessibleName(f"{link.amount.currency} {format_figure(link.amount)}")
        self._set(self._reference, shown_reference(link))
        self._set(self._description, shown_description(link))
        self._set(self._contact, mask_email(link.email) or mask_phone(link.phone))
        is_overdue = note_of(link, now) is Note.OVERDUE
        text = (
            tr("Due {date}, overdue", date=day(link.due_at)) if is_overdue else tr("Due {date}", date=day(link.due_at))
        )
        self._set(self._due, text)
        is_unnamed = link.is_open and link.order_reference is None
        words = tr("The payment service has not named the order yet, so its status cannot be read")
        self._set(self._unnamed, words if is_unnamed else "")

    def _set(self, label: QLabel, text: str) -> None:
        label.setText(harmless(text))
        label.setVisible(bool(text))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._currency)
        column.addWidget(self._figure)
        column.addSpacing(Space.CLOSE)
        for label in (self._reference, self._description, self._contact, self._due, self._unnamed):
            label.setWordWrap(True)
            label.setMinimumHeight(Type.BODY.line)
            column.addWidget(label)
        self._figure.setFixedHeight(Type.DISPLAY.line)
        align_to_reading(self.findChildren(QLabel))

    def changeEvent(self, event: QEvent) -> None:
        """Follows the reading direction."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            align_to_reading(self.findChildren(QLabel))
