"""Typing amounts with real keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from optty_desktop.core.money import Money, parse_amount
from optty_desktop.ui.buttons import Button
from optty_desktop.ui.field import Field
from optty_desktop.ui.money_field import MoneyField
from tests.ui.ui_room import Heard, new_look, show


class Till:
    """A money field in its labelled field, with something to go to next."""

    def __init__(self, qtbot: QtBot) -> None:
        look = new_look()
        self.window = QWidget()
        self.money = MoneyField(look, ["USD", "KWD", "JPY"], parse_amount)
        self.field = Field(look, "Amount", self.money, name="amount")
        self.next = QLineEdit()
        column = QVBoxLayout(self.window)
        column.addWidget(self.field)
        column.addWidget(self.next)
        show(qtbot, self.window)
        self.edit = self.money.amount_edit
        self.edit.setFocus()
        self.heard = Heard(self.money.amount_changed)

    def type(self, text: str) -> None:
        """Type into the amount; other scripts come as from an input method, QTest knows no keys for them."""
        if text.isascii():
            QTest.keyClicks(self.edit, text)
        else:
            self.edit.insert(text)

    def leave(self) -> None:
        """Go on with Tab."""
        QTest.keyClick(self.edit, Qt.Key.Key_Tab)


@pytest.mark.parametrize(
    ("currency", "typed", "minor", "shown"),
    [
        ("USD", "1250", 125000, "1,250.00"),
        ("USD", "12,5", 1250, "12.50"),
        ("USD", "1,250", 125000, "1,250.00"),
        ("USD", "12.5", 1250, "12.50"),
        ("JPY", "1250", 1250, "1,250"),
        ("KWD", "18.75", 18750, "18.750"),
        ("USD", "\u0661\u0662\u0663\u066b\u0664\u0665", 12345, "123.45"),
    ],
)
def test_amounts_are_read_and_written_out(qtbot: QtBot, currency: str, typed: str, minor: int, shown: str) -> None:
    till = Till(qtbot)
    till.money.set_currency(currency)
    till.type(typed)
    assert till.edit.text() == typed
    till.leave()
    assert (till.money.money(), till.edit.text()) == (Money(minor, currency), shown)
    assert till.money.problem_text() is None
    assert not till.field.has_error


def test_each_key_tells_the_amount(qtbot: QtBot) -> None:
    till = Till(qtbot)
    till.type("12")
    till.edit.clear()
    assert till.heard.calls == [(Money(100, "USD"),), (Money(1200, "USD"),), (None,)]


@pytest.mark.parametrize(
    ("currency", "typed", "words"),
    [
        ("USD", "", "Enter an amount"),
        ("USD", "0", "Enter an amount above 0.00"),
        ("JPY", "0", "Enter an amount above 0"),
        ("JPY", "12.5", "JPY has 0 decimals. Enter 12"),
        ("KWD", "1,250", "Did you mean KWD 1.250 or KWD 1,250.000?"),
        ("USD", "abc", "Enter an amount in figures, like 12.50"),
        ("KWD", "abc", "Enter an amount in figures, like 12.500"),
        ("JPY", "abc", "Enter an amount in figures, like 12"),
        ("USD", "99999999999", "Enter an amount up to USD 9,999,999,999.99"),
    ],
)
def test_what_is_wrong_is_said_on_leaving(qtbot: QtBot, currency: str, typed: str, words: str) -> None:
    till = Till(qtbot)
    till.money.set_currency(currency)
    till.type(typed)
    assert not till.field.has_error
    till.leave()
    assert till.field.error_text() == words
    assert till.money.money() is None
    assert till.edit.is_wrong
    assert till.edit.accessibleDescription() == words


def test_a_card_number_is_refused(qtbot: QtBot) -> None:
    till = Till(qtbot)
    till.type("4242 4242 4242 4242")
    till.leave()
    assert till.field.error_text().startswith("This looks like a card number.")
    assert till.money.money() is None


def test_two_readings_are_offered_as_buttons(qtbot: QtBot) -> None:
    till = Till(qtbot)
    till.money.set_currency("KWD")
    till.type("1,250")
    till.leave()
    first, second = (till.window.findChild(Button, f"amountReading{place}") for place in (1, 2))
    assert isinstance(first, Button)
    assert isinstance(second, Button)
    assert (first.text(), second.text()) == ("KWD 1.250", "KWD 1,250.000")
    QTest.mouseClick(second, Qt.MouseButton.LeftButton)
    assert till.money.money() == Money(1250000, "KWD")
    assert not till.field.has_error
    assert not second.isVisible()


def test_a_pasted_code_chooses_the_currency(qtbot: QtBot) -> None:
    till = Till(qtbot)
    till.edit.insert("KWD 18.75")
    till.leave()
    assert (till.money.currency(), till.edit.text()) == ("KWD", "18.750")
    till.money.set_currency("USD")
    assert (till.money.money(), till.edit.text()) == (Money(1875, "USD"), "18.75")
    till.edit.setText("EUR 5.00")
    assert till.money.problem_text() == "EUR is not in the list. Choose a currency from the list"
    assert till.money.money() is None


def test_another_currency_reads_what_was_typed_again(qtbot: QtBot) -> None:
    till = Till(qtbot)
    till.type("1250")
    till.leave()
    till.money.set_currency("JPY")
    assert (till.money.money(), till.edit.text()) == (Money(1250, "JPY"), "1,250")
    till.money.set_currency("KWD")
    assert (till.money.money(), till.edit.text()) == (Money(1250000, "KWD"), "1,250.000")
    assert till.edit.placeholderText() == "0.000"


def test_decimals_another_currency_lacks_are_never_read_as_thousands(qtbot: QtBot) -> None:
    till = Till(qtbot)
    till.money.set_money(Money(18123, "KWD"))
    till.money.set_currency("USD")
    assert till.money.money() is None
    assert till.money.problem_text() == "USD has 2 decimals. Enter 18.12"
    till.leave()
    assert till.field.error_text() == "USD has 2 decimals. Enter 18.12"
    till.money.set_currency("KWD")
    assert till.money.money() == Money(18123, "KWD")


def test_set_and_clear(qtbot: QtBot) -> None:
    till = Till(qtbot)
    till.money.set_money(Money(18275, "USD"))
    assert (till.edit.text(), till.money.money()) == ("182.75", Money(18275, "USD"))
    till.money.clear()
    assert (till.edit.text(), till.money.money(), till.money.currency()) == ("", None, "USD")
    with pytest.raises(ValueError, match="EUR"):
        till.money.set_money(Money(1, "EUR"))


def test_names_and_sizes(qtbot: QtBot) -> None:
    till = Till(qtbot)
    assert (till.money.currency_combo.objectName(), till.edit.objectName()) == ("currencyCombo", "amountEdit")
    assert (till.money.currency_combo.accessibleName(), till.edit.accessibleName()) == ("Currency", "Amount")
    assert (till.money.currency_combo.width(), till.edit.height()) == (96, 56)
    assert till.money.focusProxy() is till.edit
