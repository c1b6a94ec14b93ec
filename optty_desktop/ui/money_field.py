"""Currency and amount: typed keyed decimal, read exactly, shown as it will be charged."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from optty_desktop.core.money import (
    AmountDecimals,
    AmountEmpty,
    AmountNotExact,
    AmountProblem,
    AmountTooLarge,
    AmountUnclear,
    AmountZero,
    Money,
    format_amount,
    format_figure,
)
from optty_desktop.ui.buttons import Button, ButtonKind
from optty_desktop.ui.card_numbers import card_number_problem
from optty_desktop.ui.combo_box import ComboBox
from optty_desktop.ui.figure_edit import FigureEdit
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, Space, Type, Weight
from optty_desktop.ui.words import tr

_CURRENCY_WIDTH = 96
_COMPACT_CURRENCY_WIDTH = 88
_COMPACT_HEIGHT = 48


class MoneyField(QWidget):
    """`parse(text, currency)` reads what is typed and raises an AmountProblem.

    `amount_changed` carries Money or None on every change. Meant as the editor of a Field, which shows
    `problem_text()`; an amount with two readings offers both as buttons.
    """

    amount_changed = Signal(object)
    edited = Signal()
    left = Signal()

    def __init__(
        self,
        look: Look,
        currencies: Sequence[str],
        parse: Callable[[str, str], Money],
        parent: QWidget | None = None,
        *,
        compact: bool = False,
    ) -> None:
        super().__init__(parent)
        self._parse = parse
        self._money: Money | None = None
        self._problem: AmountProblem | None = None
        self._card_words: str | None = None
        self._foreign = ""
        self._written: tuple[str, Money] | None = None
        height = _COMPACT_HEIGHT if compact else Height.MONEY_FIELD
        self._currency = ComboBox(look, self, height=height, weight=Weight.SEMIBOLD)
        role = Type.AMOUNT_INPUT_COMPACT if compact else Type.AMOUNT_INPUT
        self._amount = FigureEdit(look, self, largest=role.px, height=height)
        self._readings = [Button(look, "", ButtonKind.QUIET) for _ in range(2)]
        self.follow_up = QWidget(self)
        """The buttons for the two readings; the field puts them under its message."""
        self.follow_up.hide()
        self._set_up(look, currencies, compact=compact)
        self._read()

    @property
    def amount_edit(self) -> FigureEdit:
        """The line the amount is typed in."""
        return self._amount

    @property
    def readings(self) -> tuple[Button, ...]:
        """The buttons that choose between two readings, the next stops after the amount."""
        return tuple(self._readings)

    @property
    def currency_combo(self) -> ComboBox:
        """The list of currencies."""
        return self._currency

    def currency(self) -> str:
        """The code chosen."""
        return self._currency.currentText()

    def money(self) -> Money | None:
        """The amount, or None while there is nothing that can be used."""
        return self._money

    def problem_text(self) -> str | None:
        """What is wrong with the amount, in words, or None."""
        if self._card_words is not None:
            return self._card_words
        if self._foreign:
            return tr("{currency} is not in the list. Choose a currency from the list", currency=self._foreign)
        return _words(self._problem, self.currency()) if self._problem is not None else None

    def clear(self) -> None:
        """Empties the amount and keeps the currency."""
        self._written = None
        self._amount.clear()

    def set_money(self, money: Money) -> None:
        """Shows `money`. Raises ValueError for a currency that is not in the list."""
        if self._currency.findText(money.currency) < 0:
            raise ValueError(f"currency not offered: {money.currency}")
        self._choose(money.currency)
        self._write(money)

    def set_currency(self, code: str) -> None:
        """Chooses a currency of the list."""
        self._currency.setCurrentText(code)

    def set_wrong(self, wrong: bool) -> None:
        """Marks the amount."""
        self._amount.set_wrong(wrong)

    def setAccessibleDescription(self, description: str) -> None:
        """What is wrong is said where the amount is typed."""
        super().setAccessibleDescription(description)
        self._amount.setAccessibleDescription(description)

    def _on_left(self) -> None:
        self._format()
        self.left.emit()

    def _on_text_edited(self, _text: str) -> None:
        self._written = None

    def _on_text_changed(self, _text: str) -> None:
        self._read()
        self.edited.emit()

    def _on_currency_changed(self, code: str) -> None:
        self._amount.setPlaceholderText(format_figure(Money.zero(code)))
        if self._money is None:
            self._read()
        else:
            self._carry_over(self._money, code)
        self.edited.emit()

    def _carry_over(self, before: Money, code: str) -> None:
        # The value goes over, not its text: "18.750" means another amount in a currency of two decimals.
        try:
            self._write(Money.from_decimal_text(before.to_decimal_text(), code))
        except AmountNotExact:
            digits = Money.zero(code).digits
            whole, _, decimals = before.to_decimal_text().partition(".")
            minor = int(whole + decimals[:digits])
            self._money, self._problem = None, AmountDecimals(code, digits, Money(max(1, minor), code))
            self.amount_changed.emit(None)

    def _on_reading_chosen(self) -> None:
        problem, button = self._problem, self.sender()
        if isinstance(problem, AmountUnclear) and button in self._readings:
            # First, since the buttons go: the keyboard must not pass through the field that follows.
            self._amount.setFocus(Qt.FocusReason.OtherFocusReason)
            self.set_money(problem.readings[0 if button is self._readings[0] else 1])

    def _read(self) -> None:
        text = self._amount.text()
        self._money = self._problem = None
        self._foreign, self._card_words = "", card_number_problem(text)
        if self._card_words is None:
            try:
                self._take(self._known(text) or self._parse(text, self.currency()))
            except AmountProblem as problem:
                self._problem = problem
        self._offer_readings()
        self.amount_changed.emit(self._money)

    def _known(self, text: str) -> Money | None:
        written, money = self._written or ("", None)
        return money if money is not None and (text, self.currency()) == (written, money.currency) else None

    def _take(self, money: Money) -> None:
        if money.currency != self.currency():
            if self._currency.findText(money.currency) < 0:
                self._foreign = money.currency
                return
            self._choose(money.currency)  # a pasted code wins
        self._money = money

    def _choose(self, code: str) -> None:
        """Changes the list without carrying the amount over."""
        self._currency.blockSignals(True)
        self._currency.setCurrentText(code)
        self._currency.blockSignals(False)
        self._currency.update()
        self._amount.setPlaceholderText(format_figure(Money.zero(code)))

    def _format(self) -> None:
        if self._money is not None and self._amount.text() != format_figure(self._money):
            self._write(self._money)

    def _write(self, money: Money) -> None:
        # What is written out is known, not read again: 18.750 could also be typed for 18,750.
        self._written = (format_figure(money), money)
        if self._amount.text() == self._written[0]:
            self._read()
        self._amount.setText(self._written[0])

    def _offer_readings(self) -> None:
        unclear = self._problem if isinstance(self._problem, AmountUnclear) else None
        self.follow_up.setVisible(unclear is not None)
        if unclear is not None:
            for before, after in pairwise((self._amount, *self._readings)):
                QWidget.setTabOrder(before, after)
            for button, reading in zip(self._readings, unclear.readings, strict=True):
                button.setText(format_amount(reading))

    def _set_up(self, look: Look, currencies: Sequence[str], *, compact: bool) -> None:
        self.setObjectName("moneyField")
        self._currency.setObjectName("currencyCombo")
        self._currency.setAccessibleName(tr("Currency"))
        self._currency.addItems(list(currencies))
        self._currency.setFixedWidth(_COMPACT_CURRENCY_WIDTH if compact else _CURRENCY_WIDTH)
        self._amount.setObjectName("amountEdit")
        self._amount.setAccessibleName(tr("Amount"))
        self._amount.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self._amount.setPlaceholderText(format_figure(Money.zero(self.currency())))
        self._amount.left.connect(self._on_left)
        self.setFocusProxy(self._amount)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._lay_out()
        self._amount.textEdited.connect(self._on_text_edited)
        self._amount.textChanged.connect(self._on_text_changed)
        self._currency.currentTextChanged.connect(self._on_currency_changed)
        for place, button in enumerate(self._readings):
            button.setObjectName(f"amountReading{place + 1}")
            button.clicked.connect(self._on_reading_chosen)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setSpacing(Space.SMALL)
        row.addWidget(self._currency)
        row.addWidget(self._amount, 1)
        readings = QHBoxLayout(self.follow_up)
        readings.setSpacing(Space.SMALL)
        for button in self._readings:
            readings.addWidget(button)
        readings.addStretch(1)
        readings.setContentsMargins(0, Space.TIGHT, 0, 0)
        row.setContentsMargins(0, 0, 0, 0)


def _words(problem: AmountProblem, currency: str) -> str:
    match problem:
        case AmountEmpty():
            return tr("Enter an amount")
        case AmountZero():
            return tr("Enter an amount above {zero}", zero=format_figure(Money.zero(problem.currency)))
        case AmountDecimals():
            example = format_figure(problem.example)
            return tr(
                "{currency} has {n} decimals. Enter {example}",
                currency=problem.currency,
                n=problem.digits,
                example=example,
            )
        case AmountUnclear():
            first, second = (format_amount(reading) for reading in problem.readings)
            return tr("Did you mean {a} or {b}?", a=first, b=second)
        case AmountTooLarge():
            return tr("Enter an amount up to {limit}", limit=format_amount(problem.limit))
    return tr("Enter an amount in figures, like {example}", example=format_figure(_example(currency)))


def _example(currency: str) -> Money:
    whole = 12 * 10 ** Money.zero(currency).digits
    return Money(whole + whole // 24, currency)
