"""What a refund will do, line by line, before it is done."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from optty_desktop.core.links import PaymentLink
from optty_desktop.core.money import Money, format_amount
from optty_desktop.ui.icon_view import IconView
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.short_number import link_name
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import IconSize, Space, Type, Weight
from optty_desktop.ui.words import tr


class RefundEffects(QWidget):
    """The money, the row, and that there is no way back. The first line is the text of the question."""

    def __init__(self, look: Look, link: PaymentLink, money: Passage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._money = money
        self._money.set_role(Type.ROW)
        row = Passage(look, Type.ROW, parent=self)
        row.say(tr("{reference} shows Refund on its way, then Refunded."), reference=link_name(link))
        final = Passage(look, Type.ROW, parent=self)
        final.say(tr("**A refund cannot be taken back.**"))
        head = plain_label(tr("What will happen"), look, Type.BODY, weight=Weight.SEMIBOLD, parent=self)
        self.setObjectName("refundEffectsList")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TIGHT + 1)
        column.addWidget(head)
        lines = (
            ("credit-card", "text_muted", money),
            ("undo-2", "text_muted", row),
            ("triangle-alert", "danger", final),
        )
        for icon, ink, words in lines:
            column.addLayout(self._line(look, icon, ink, words))

    def set_amount(self, amount: Money | None) -> None:
        """Name the amount that leaves the account."""
        how = harmless(self._link.paid_with, 60)
        back = tr("the {card}", card=how) if how else tr("the customer")
        if amount is None:
            self._money.say(
                tr("**The amount leaves your account** and goes back to {back}, usually in 5 to 10 days."), back=back
            )
            return
        self._money.say(
            tr("**{amount} leaves your account** and goes back to {back}, usually in 5 to 10 days."),
            amount=format_amount(amount),
            back=back,
        )

    def _line(self, look: Look, icon: str, ink: str, words: Passage) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.ROW)
        picture = IconView(look, icon, ink, IconSize.BUTTON, self)
        picture.setFixedHeight(Type.BODY.line)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        return row
