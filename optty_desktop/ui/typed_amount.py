"""A field in which the amount must be typed once more before money moves."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from optty_desktop.core.money import AmountProblem, AmountUnclear, Money, format_figure, parse_amount
from optty_desktop.ui.line_edit import LineEdit
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Type
from optty_desktop.ui.words import tr

_LONGEST = 40


class TypedAmount(LineEdit):
    """`matched` tells whether what is typed equals the amount asked for. The amount is never filled in."""

    matched = Signal(bool)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "", parent)
        self._asked: Money | None = None
        self.setObjectName("typedAmountEdit")
        self.setFont(look.font(Type.BODY, figures=True))
        self.setMaxLength(_LONGEST)
        self.setAccessibleName(tr("Type the amount"))
        self.textChanged.connect(self._on_text_changed)

    @property
    def is_match(self) -> bool:
        """Whether the amount asked for stands in the field."""
        return self._asked is not None and is_same_amount(self.text(), self._asked)

    def ask_for(self, amount: Money | None) -> None:
        """The amount that must be typed; None while there is none. What was typed for another one is taken away."""
        if amount != self._asked:
            self.clear()
        self._asked = amount
        self.setPlaceholderText(tr("Type {figure}", figure=format_figure(amount)) if amount is not None else "")
        self.matched.emit(self.is_match)

    def _on_text_changed(self, _text: str) -> None:
        self.matched.emit(self.is_match)


def is_same_amount(text: str, amount: Money) -> bool:
    """Whether `text` can be read as `amount`; "18.750" has two readings, and one that is right is enough."""
    try:
        return parse_amount(text, amount.currency) == amount
    except AmountUnclear as unclear:
        return amount in unclear.readings
    except AmountProblem:
        return False
