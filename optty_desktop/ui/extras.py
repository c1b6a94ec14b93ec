"""What most links do without, folded away: items, tax, and letting the customer add a tip."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from optty_desktop.core.drafts import DraftField, LineItem, total_of
from optty_desktop.core.money import Money
from optty_desktop.ui.check_box import CheckBox
from optty_desktop.ui.draft_reader import (
    ItemEntry,
    NotReadable,
    ParseAmount,
    read_item,
    read_items,
    read_tax,
)
from optty_desktop.ui.field import Field, LineEdit
from optty_desktop.ui.field_words import field_label, problem_words
from optty_desktop.ui.line_items import LineItems
from optty_desktop.ui.sum_label import SumLabel
from optty_desktop.ui.switch import Switch
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space
from optty_desktop.ui.words import tr
from optty_desktop.ui.written_amount import carry_over, write_out


class Extras(QWidget):
    """The unfolded part. Amounts are read in the currency that `currency` returns.

    `changed` is said whenever the total may be another one.
    """

    changed = Signal()
    rows_changed = Signal()
    row_added = Signal(object)

    def __init__(
        self, look: Look, currency: Callable[[], str], parse: ParseAmount, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._currency = currency
        self._parse = parse
        self._amount: Money | None = None
        self._last_currency = currency()
        self.items = LineItems(look, self._items_problem, self)
        self.items_field = Field(look, field_label(DraftField.ITEMS), self.items, optional=True, name="lineItems")
        self.tax = LineEdit(look, "", self)
        self.tax_field = Field(
            look, field_label(DraftField.TAX), self.tax, optional=True, name="tax", check=self._tax_problem
        )
        self.hide_tax = CheckBox(look, tr("Hide the tax on the payment page"), parent=self)
        self.hide_tax.setObjectName("hideTaxCheck")
        self.tip = Switch(look, tr("Let the customer add a tip"), self)
        self.tip.setObjectName("tippingSwitch")
        self.total = SumLabel(look, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.TIGHT, 0, Space.TIGHT)
        column.setSpacing(Space.FIELD)
        for widget in (self.items_field, self.tax_field, self.hide_tax, self.tip, self.total):
            column.addWidget(widget)
        self.items.edited.connect(self._on_changed)
        self.items.rows_changed.connect(self.rows_changed)
        self.items.row_added.connect(self.row_added)
        self.items.price_left.connect(self._on_money_left)
        self.tax.textChanged.connect(self._on_changed)
        self.tax.left.connect(self._on_tax_left)
        self.tax.returnPressed.connect(self._on_return)
        self._on_changed()

    @property
    def is_untouched(self) -> bool:
        """Whether nothing is entered here."""
        has_text = self.items.has_entries() or bool(self.tax.text().strip())
        return not (has_text or self.hide_tax.isChecked() or self.tip.isChecked())

    @property
    def has_items(self) -> bool:
        """Whether the amount follows from items."""
        return self.items.has_entries()

    def stops(self) -> list[QWidget]:
        """Everything Tab stops at, in order."""
        stops: list[QWidget] = []
        for row in self.items.rows:
            stops += [*row.edits, row.remove_button]
        return [*stops, self.items.add_button, self.tax, self.hide_tax, self.tip]

    def total_amount(self) -> Money | None:
        """Items plus tax, None while they cannot be read. Lines that cannot be read yet count nothing."""
        lines = self._readable_lines()
        return total_of(lines, self._tax(), self._currency()) if lines else None

    def set_amount(self, amount: Money | None) -> None:
        """Takes the amount typed, which says how much of it is not tax."""
        self._amount = amount
        self._follow_currency()
        self._show_sum()

    def refresh(self) -> None:
        """Reads everything in the currency of now."""
        self._follow_currency()
        self._on_changed()
        for field in (self.items_field, self.tax_field):
            if field.has_error:
                field.check_now()

    def clear(self) -> None:
        """Empties everything."""
        self.items.clear()
        self.tax.clear()
        self.hide_tax.setChecked(False)
        self.tip.setChecked(False)
        for field in (self.items_field, self.tax_field):
            field.set_error(None)

    def _on_changed(self) -> None:
        self._show_sum()
        self.tax_field.set_hint(tr("Added to the items") if self.has_items else tr("Part of the amount"))
        self.changed.emit()

    def _on_tax_left(self) -> None:
        self._on_money_left(self.tax)

    def _on_money_left(self, edit: LineEdit) -> None:
        write_out(edit, self._currency(), self._parse)

    def _follow_currency(self) -> None:
        before, now = self._last_currency, self._currency()
        self._last_currency = now
        if now != before:
            for edit in (*(row.price for row in self.items.rows), self.tax):
                carry_over(edit, before, now, self._parse)

    def _on_return(self) -> None:
        self.focusNextChild()

    def _show_sum(self) -> None:
        lines, tax = self._readable_lines(), self._tax()
        parts = [(tr("{n} × {item}", n=line.quantity, item=line.name), line.total) for line in lines]
        total = self.total_amount() if lines else self._amount
        if total is None or (not lines and tax is None) or (tax is not None and tax.currency != total.currency):
            self.total.set_parts(())
            return
        if tax is not None:
            if not lines:
                parts.append((tr("Before tax"), total - tax))
            parts.append((tr("Tax"), tax))
        self.total.set_parts((*parts, (tr("Total"), total)))

    def _readable_lines(self) -> tuple[LineItem, ...]:
        lines: list[LineItem] = []
        for entry in self.items.entries():
            try:
                if not entry.is_blank:
                    lines.append(read_item(entry, self._currency(), self._parse))
            except NotReadable:
                continue
        return tuple(lines)

    def _tax(self) -> Money | None:
        try:
            return read_tax(self.tax.text(), self._currency(), self._parse)
        except NotReadable:
            return None

    def _items_problem(self, entries: Sequence[ItemEntry]) -> str | None:
        try:
            read_items(entries, self._currency(), self._parse)
        except NotReadable as problem:
            return problem_words(problem.field, problem.problem)
        return None

    def _tax_problem(self, text: str) -> str | None:
        try:
            tax = read_tax(text, self._currency(), self._parse)
        except NotReadable as problem:
            return problem_words(problem.field, problem.problem)
        is_above = tax is not None and not self.has_items and self._amount is not None and tax > self._amount
        return tr("The tax cannot be more than the amount") if is_above else None
