"""The money field of the link form: silent about an amount not begun, and a read-only total once there are items."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from optty_desktop.core.money import Money
from optty_desktop.ui.money_field import MoneyField
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, Type

_COMPACT_HEIGHT = 48
_CURRENCY_WIDTH, _COMPACT_CURRENCY_WIDTH = 96, 88


class AmountEditor(MoneyField):
    """A money field that waits. `must_be_given` makes an empty amount an error."""

    def __init__(
        self, look: Look, currencies: Sequence[str], parse: Callable[[str, str], Money], parent: QWidget | None = None
    ) -> None:
        self.must_be_given = False
        self._follows = False
        super().__init__(look, currencies, parse, parent)

    def problem_text(self) -> str | None:
        """What is wrong with the amount; nothing while it is only passed by, or follows from items."""
        is_empty = not self.amount_edit.text().strip()
        if self._follows or (is_empty and not self.must_be_given):
            return None
        return super().problem_text()

    def follow(self, total: Money | None, *, has_items: bool) -> None:
        """Shows `total` and takes no typing while there are items; lets it be typed again without."""
        self._follows = has_items
        self.amount_edit.setReadOnly(has_items)
        if not has_items or total == self.money():
            return
        if total is not None and total.minor > 0:
            self.set_money(total)
        else:
            self.clear()

    def set_compact(self, compact: bool) -> None:
        """Goes to the height and letters of small windows, or back."""
        height = _COMPACT_HEIGHT if compact else Height.MONEY_FIELD
        for part in (self.amount_edit, self.currency_combo):
            part.setFixedHeight(height)
        self.currency_combo.setFixedWidth(_COMPACT_CURRENCY_WIDTH if compact else _CURRENCY_WIDTH)
        role = Type.AMOUNT_INPUT_COMPACT if compact else Type.AMOUNT_INPUT
        self.amount_edit.set_largest(role.px)
