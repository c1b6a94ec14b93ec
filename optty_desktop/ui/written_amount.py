"""Amounts in plain lines, such as a unit price: written out in full on leaving, and carried into another currency."""

from PySide6.QtWidgets import QLineEdit

from optty_desktop.core.money import AmountNotExact, AmountProblem, Money, format_figure
from optty_desktop.ui.draft_reader import ParseAmount


def write_out(edit: QLineEdit, currency: str, parse: ParseAmount) -> None:
    """Makes "50" into "50.00". A figure that would be read otherwise afterwards is left as it was typed."""
    money = _read(edit.text(), currency, parse)
    if money is not None and money.currency == currency:
        _write(edit, money, parse)


def carry_over(edit: QLineEdit, before: str, now: str, parse: ParseAmount) -> None:
    """Writes the value read in `before` as `now` writes it; nothing where `now` has no decimals for it."""
    money = _read(edit.text(), before, parse)
    if money is None or money.currency != before:
        return
    try:
        _write(edit, Money.from_decimal_text(money.to_decimal_text(), now), parse)
    except AmountNotExact:
        return


def _write(edit: QLineEdit, money: Money, parse: ParseAmount) -> None:
    figure = format_figure(money)
    if figure != edit.text() and _read(figure, money.currency, parse) == money:
        edit.setText(figure)


def _read(text: str, currency: str, parse: ParseAmount) -> Money | None:
    try:
        return parse(text, currency)
    except AmountProblem:
        return None
