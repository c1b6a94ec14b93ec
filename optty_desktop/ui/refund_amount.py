"""How much goes back: all that is left, or a part of it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from optty_desktop.core.money import AmountTooLarge, Money, format_amount, parse_amount
from optty_desktop.ui.field import Field
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.money_field import MoneyField
from optty_desktop.ui.radio_button import RadioButton
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space, Type, Weight
from optty_desktop.ui.words import tr


class RefundAmount(QWidget):
    """`changed` carries the amount chosen, or None while a part is not typed rightly."""

    changed = Signal(object)

    def __init__(
        self, look: Look, left: Money, *, is_all: bool, part_is_possible: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._left = left
        words = tr("All of it, {amount}") if is_all else tr("All that is left, {amount}")
        self._full = RadioButton(look, words.format(amount=format_amount(left)), self)
        self._part = RadioButton(look, tr("Part of it"), self)
        self._money = MoneyField(look, [left.currency], self._parse, self, compact=True)
        self._field = Field(
            look,
            tr("Part to refund, up to {amount}", amount=format_amount(left)),
            self._money,
            name="refundAmount",
            keeps_room=True,
        )
        self._set_up(look, part_is_possible=part_is_possible)

    def amount(self) -> Money | None:
        """The amount chosen, never more than what is left."""
        return self._left if self._full.isChecked() else self._money.money()

    def check_now(self) -> bool:
        """Say what is wrong with a part, take the keyboard there, and tell whether it is right."""
        if self._full.isChecked() or self._field.check_now():
            return True
        self._money.setFocus()
        return False

    def _parse(self, text: str, currency: str) -> Money:
        money = parse_amount(text, currency)
        if money.currency == self._left.currency and money > self._left:
            raise AmountTooLarge(self._left)
        return money

    def _on_choice(self) -> None:
        self._field.setVisible(self._part.isChecked())
        if self._part.isChecked():
            self._money.setFocus()
        self.changed.emit(self.amount())

    def _on_amount(self, _money: object) -> None:
        self.changed.emit(self.amount())

    def _set_up(self, look: Look, *, part_is_possible: bool) -> None:
        self._full.setObjectName("refundFullRadio")
        self._part.setObjectName("refundPartRadio")
        self._money.amount_edit.setObjectName("refundAmountEdit")
        self._full.setChecked(True)
        self._part.setVisible(part_is_possible)
        self._field.hide()
        group = QButtonGroup(self)
        group.addButton(self._full)
        group.addButton(self._part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = plain_label(tr("How much to refund"), look, Type.SMALL, weight=Weight.SEMIBOLD, parent=self)
        for widget in (head, self._full, self._part):
            column.addWidget(widget)
        column.insertSpacing(1, Space.LABEL)
        column.addWidget(self._field)
        column.addStretch(1)
        self._part.toggled.connect(self._on_choice)
        self._money.amount_changed.connect(self._on_amount)
