"""The form under real keys and clicks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import QDate, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCalendarWidget,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from optty_desktop.core.drafts import LineItem, LinkDraft
from optty_desktop.core.errors import Refused
from optty_desktop.core.money import Money
from optty_desktop.system.contact_rules import ContactRules
from optty_desktop.ui.due_date_field import DueDateField
from optty_desktop.ui.due_dates import end_of_day, in_days
from optty_desktop.ui.link_form import LinkForm
from optty_desktop.ui.tokens import DARK
from tests.fakes import START, FakeClock, link
from tests.ui.stage import (
    POPUP,
    click,
    focused_name,
    make_look,
    part,
    press,
    put_on_stage,
    settle,
    turn_wheel,
    type_into,
)

Key = Qt.Key
CARD = "4242424242424242"


class CountingRules(ContactRules):
    """The real rules, and how often they were asked."""

    def __init__(self) -> None:
        self.asked = 0

    def email(self, text: str) -> str:
        self.asked += 1
        return super().email(text)


class Desk:
    """A form in a window, and what it submitted."""

    def __init__(self, qtbot: QtBot, *, is_practice: bool = False, height: int = 648) -> None:
        self.clock = FakeClock()
        self.rules = CountingRules()
        self.form = LinkForm(
            make_look(),
            ["USD", "EUR", "JPY", "KWD"],
            self.rules,
            self.clock,
            is_practice=is_practice,
            warn_above=Money(100_000, "USD"),
            limit=lambda currency: Money(500_000, "USD") if currency == "USD" else None,
        )
        self.drafts: list[LinkDraft] = []
        self.form.submitted.connect(self.drafts.append)
        self.window = put_on_stage(qtbot, self.form, 356, height)
        self.form.focus_amount()

    def line(self, name: str) -> QLineEdit:
        return part(self.form, QLineEdit, name)

    def button(self, name: str) -> QAbstractButton:
        return part(self.form, QAbstractButton, name)

    def error(self, name: str) -> str:
        label = part(self.form, QLabel, f"{name}Error")
        return label.text() if label.isVisible() else ""

    @property
    def summary(self) -> str:
        label = part(self.form, QLabel, "formErrorLabel")
        return label.text() if label.isVisible() else ""

    def fill(self) -> None:
        for name, text in (
            ("amountEdit", "182.75"),
            ("emailEdit", "guest54@example.com"),
            ("phoneEdit", "+1 202 555 0154"),
            ("descriptionEdit", "Two boxed gift sets, delivery"),
            ("referenceEdit", "Order 1054"),
        ):
            type_into(self.line(name), text)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_a_link_by_keyboard_alone(desk: Desk) -> None:
    for text in ("182.75", "guest54@example.com", "+1 202 555 0154", "Two boxed gift sets", "Order 1054"):
        target = QApplication.focusWidget()
        assert target is not None
        QTest.keyClicks(target, text)
        press(Key.Key_Return)
    assert focused_name() == "dueDateEdit"
    assert desk.drafts == []
    desk.form.submit()
    draft = desk.drafts[0]
    assert draft.amount == Money(18275, "USD")
    assert (draft.email, draft.phone) == ("guest54@example.com", "+12025550154")
    assert (draft.description, draft.reference) == ("Two boxed gift sets", "Order 1054")
    assert draft.due_at == in_days(3, START)
    assert draft.email_customer is False


def test_the_amount_is_on_the_button(desk: Desk) -> None:
    create = desk.button("createLinkButton")
    assert create.text() == "Create link"
    type_into(desk.line("amountEdit"), "1250")
    assert create.text() == "Create link for USD 1,250.00"
    part(desk.form, QComboBox, "currencyCombo").setCurrentText("JPY")
    assert create.text() == "Create link for JPY 1,250"


def test_practice_has_its_own_button(qtbot: QtBot) -> None:
    desk = Desk(qtbot, is_practice=True)
    desk.fill()
    assert desk.button("createLinkButton").text() == "Create practice link"


def test_tab_order(desk: Desk) -> None:
    seen = [focused_name()]
    for _ in range(9):
        press(Key.Key_Tab)
        seen.append(focused_name())
    assert seen == [
        "amountEdit", "emailEdit", "phoneEdit", "descriptionEdit", "referenceEdit", "dueDateEdit",
        "extrasToggle", "emailCustomerSwitch", "createLinkButton", "clearFormButton",
    ]  # fmt: skip
    desk.form.focus_amount()
    press(Key.Key_Backtab)
    assert focused_name() == "currencyCombo"


def test_tab_order_with_the_rest_unfolded(desk: Desk) -> None:
    click(desk.button("extrasToggle"))
    click(desk.button("addLineItemButton"))
    seen = [focused_name()]
    for _ in range(8):
        press(Key.Key_Tab)
        seen.append(focused_name())
    assert seen == [
        "itemNameEdit1", "itemQuantityEdit1", "itemPriceEdit1", "removeLineItemButton1", "addLineItemButton",
        "taxEdit", "hideTaxCheck", "tippingSwitch", "emailCustomerSwitch",
    ]  # fmt: skip


def test_create_with_nothing_typed_names_everything_and_goes_to_the_first(desk: Desk) -> None:
    click(desk.button("createLinkButton"))
    assert desk.drafts == []
    assert focused_name() == "amountEdit"
    assert desk.summary == "Fix 3 things to continue: Amount, Customer e-mail, Customer phone"
    assert desk.error("amount") == "Enter an amount"
    assert desk.error("email") == "Enter the customer's e-mail address"
    assert desk.error("phone") == "Enter a phone number with country code, like +1\u00a0202\u00a0555\u00a00100"
    assert desk.button("createLinkButton").isEnabled()


def test_one_thing_to_fix_and_its_link(desk: Desk) -> None:
    desk.fill()
    desk.line("emailEdit").setText("guest54@example")
    click(desk.button("createLinkButton"))
    assert desk.summary == "Fix 1 thing to continue: Customer e-mail"
    assert focused_name() == "emailEdit"
    click(desk.line("phoneEdit"))
    click(part(desk.form, QPushButton, "emailFixLink"))
    assert focused_name() == "emailEdit"
    press(Key.Key_End)
    QTest.keyClicks(desk.line("emailEdit"), ".com")
    settle()
    assert desk.error("email") == ""
    assert desk.summary == ""
    click(desk.button("createLinkButton"))
    assert len(desk.drafts) == 1


def test_a_field_is_checked_on_leaving_and_on_each_key_once_wrong(desk: Desk) -> None:
    type_into(desk.line("emailEdit"), "guest54@example")
    assert desk.error("email") == ""
    assert desk.rules.asked == 0
    press(Key.Key_Tab)
    assert desk.error("email") == "Enter a full address, like name@example.com"
    click(desk.line("emailEdit"))
    press(Key.Key_End)
    QTest.keyClicks(desk.line("emailEdit"), ".")
    assert desk.error("email") != ""
    QTest.keyClicks(desk.line("emailEdit"), "com")
    assert desk.error("email") == ""


def test_passing_by_is_no_error(desk: Desk) -> None:
    for _ in range(6):
        press(Key.Key_Tab)
    assert [desk.error(name) for name in ("amount", "email", "phone")] == ["", "", ""]


@pytest.mark.parametrize("name", ["email", "phone", "description", "reference", "amount"])
def test_a_card_number_is_refused(desk: Desk, name: str) -> None:
    desk.fill()
    edit = desk.line(f"{name}Edit")
    edit.clear()
    type_into(edit, CARD)
    press(Key.Key_Tab)
    assert desk.error(name).startswith("This looks like a card number. Never type card numbers here.")
    desk.form.submit()
    assert desk.drafts == []


@pytest.mark.parametrize("height", [560, 648])
@pytest.mark.parametrize("name", ["description", "reference"])
def test_the_whole_message_is_seen_where_the_cursor_goes(qtbot: QtBot, name: str, height: int) -> None:
    desk = Desk(qtbot, height=height)
    desk.form.set_condensed(height < 640)
    desk.fill()
    desk.line(f"{name}Edit").setText(CARD)
    desk.form.submit()
    settle()
    label, summary = part(desk.form, QLabel, f"{name}Error"), part(desk.form, QLabel, "formErrorLabel")
    assert focused_name() == f"{name}Edit"
    assert label.height() >= label.heightForWidth(label.width())
    assert label.visibleRegion().boundingRect() == label.rect()
    assert label.mapTo(desk.form, label.rect().bottomLeft()).y() < summary.y()


def test_an_unusual_amount_is_pointed_out_and_not_stopped(desk: Desk) -> None:
    desk.fill()
    desk.line("amountEdit").clear()
    type_into(desk.line("amountEdit"), "1000.01")
    assert desk.error("amount") == "This is more than usual for this shop. Check it with the customer"
    desk.form.submit()
    assert desk.drafts[0].amount == Money(100_001, "USD")


def test_an_amount_above_the_limit_is_stopped_at_its_field(desk: Desk) -> None:
    desk.fill()
    desk.line("amountEdit").clear()
    type_into(desk.line("amountEdit"), "5000.01")
    click(desk.button("createLinkButton"))
    assert desk.error("amount") == "One link may ask for USD 5,000.00 at most. Ask whoever manages this till"
    assert not desk.drafts
    assert desk.line("emailEdit").text() == "guest54@example.com", "nothing typed is lost"
    desk.line("amountEdit").clear()
    type_into(desk.line("amountEdit"), "5000.00")
    click(desk.button("createLinkButton"))
    assert [draft.amount for draft in desk.drafts] == [Money(500_000, "USD")]


def test_the_second_press_is_ignored(desk: Desk) -> None:
    desk.fill()
    create = desk.button("createLinkButton")
    click(create)
    assert create.text() == "Creating…"
    assert not create.isEnabled()
    click(create)
    desk.form.submit()
    assert len(desk.drafts) == 1
    assert not desk.line("amountEdit").isEnabled()
    desk.form.set_busy(False)
    assert create.text() == "Create link for USD 182.75"
    assert create.isEnabled()
    assert desk.line("emailEdit").text() == "guest54@example.com"


def test_a_pause_switches_create_off_and_keeps_what_was_typed(desk: Desk) -> None:
    desk.fill()
    desk.form.set_paused("Kept here until the connection is back.")
    settle()
    assert part(desk.form, QLabel, "formPausedLabel").text() == "Kept here until the connection is back."
    desk.form.submit()
    assert desk.drafts == []
    click(desk.line("descriptionEdit"))
    press(Key.Key_End)
    QTest.keyClicks(desk.line("descriptionEdit"), " today")
    desk.form.set_paused(None)
    assert desk.button("createLinkButton").isEnabled()
    desk.form.submit()
    assert desk.drafts[0].description == "Two boxed gift sets, delivery today"


def test_a_pause_outlasts_the_answer_of_a_running_create(desk: Desk) -> None:
    desk.fill()
    desk.form.submit()
    desk.form.set_paused("Kept here until the connection is back.")
    desk.form.set_busy(False)
    assert not desk.button("createLinkButton").isEnabled()
    desk.form.set_paused(None)
    assert desk.button("createLinkButton").isEnabled()


def test_a_refusal_is_shown_at_its_fields_and_can_be_put_right(desk: Desk) -> None:
    desk.fill()
    desk.form.submit()
    desk.form.show_refusal(
        Refused(400, ("email must be an email", "taxAmount must not be less than 0"),
                {"email": ("email must be an email",), "taxAmount": ("taxAmount must not be less than 0",)})
    )  # fmt: skip
    desk.form.set_busy(False)
    settle()
    assert desk.summary == ("The payment service did not accept this link: Customer e-mail, Tax. Nothing was created")
    assert desk.error("email") == "The payment service did not accept this. Change it, then create the link again"
    assert desk.error("tax") != ""
    assert desk.line("emailEdit").text() == "guest54@example.com"
    type_into(desk.line("emailEdit"), "a")
    assert desk.error("email") == ""
    desk.form.submit()
    assert len(desk.drafts) == 2


def test_after_an_answer_the_keyboard_is_where_it_was_or_where_it_is_needed(desk: Desk) -> None:
    desk.fill()
    assert focused_name() == "referenceEdit"
    desk.form.submit()
    desk.form.show_problem("Nothing was sent.")
    desk.form.set_busy(False)
    assert focused_name() == "referenceEdit"
    assert desk.summary == "Nothing was sent."
    desk.form.submit()
    desk.form.show_refusal(Refused(400, (), {"phoneNumber": ("phoneNumber is not valid",)}))
    desk.form.set_busy(False)
    assert focused_name() == "phoneEdit"


def test_an_unknown_refusal_is_shown_as_plain_text(desk: Desk) -> None:
    desk.form.show_refusal(Refused(400, ("<b>Merchant</b> not enabled.\u202e",)))
    settle()
    assert desk.summary == (
        "The payment service did not accept this link: <b>Merchant</b> not enabled.\\u202e. Nothing was created"
    )
    labels = desk.form.findChildren(QLabel)
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}


def test_items_make_a_read_only_total(desk: Desk) -> None:
    desk.fill()
    click(desk.button("extrasToggle"))
    for number, (name, quantity, price) in enumerate([("Gift set", "2", "75"), ("Delivery", "1", "10.50")], 1):
        click(desk.button("addLineItemButton"))
        type_into(desk.line(f"itemNameEdit{number}"), name)
        edit = desk.line(f"itemQuantityEdit{number}")
        edit.clear()
        type_into(edit, quantity)
        type_into(desk.line(f"itemPriceEdit{number}"), price)
    type_into(desk.line("taxEdit"), "8.03")
    amount = desk.line("amountEdit")
    assert amount.text() == "168.53"
    assert amount.isReadOnly()
    assert part(desk.form, QLabel, "totalLabel").text().split("\n") == [
        "2 × Gift set\tUSD 150.00",
        "1 × Delivery\tUSD 10.50",
        "Tax\tUSD 8.03",
        "Total\tUSD 168.53",
    ]
    desk.form.submit()
    assert desk.drafts[0].items == (
        LineItem("Gift set", 2, Money(7500, "USD")),
        LineItem("Delivery", 1, Money(1050, "USD")),
    )
    assert desk.drafts[0].amount == Money(16853, "USD")
    desk.form.set_busy(False)
    click(desk.button("removeLineItemButton1"))
    assert amount.text() == "18.53"
    click(desk.button("removeLineItemButton2"))
    assert not amount.isReadOnly()


def test_half_an_item_stops_the_link(desk: Desk) -> None:
    desk.fill()
    click(desk.button("extrasToggle"))
    click(desk.button("addLineItemButton"))
    type_into(desk.line("itemNameEdit1"), "Gift set")
    press(Key.Key_Tab)
    assert desk.error("lineItems") == ""
    click(desk.line("emailEdit"))
    assert desk.error("lineItems") == "Give every item a name and a price"
    desk.form.submit()
    assert desk.drafts == []
    assert "Items" in desk.summary


def test_tax_is_part_of_a_typed_amount(desk: Desk) -> None:
    desk.fill()
    click(desk.button("extrasToggle"))
    type_into(desk.line("taxEdit"), "200")
    press(Key.Key_Tab)
    assert desk.error("tax") == "The tax cannot be more than the amount"
    desk.line("taxEdit").clear()
    type_into(desk.line("taxEdit"), "10")
    click(desk.button("hideTaxCheck"))
    click(desk.button("tippingSwitch"))
    click(desk.button("emailCustomerSwitch"))
    desk.form.submit()
    draft = desk.drafts[0]
    assert (draft.amount, draft.tax, draft.subtotal) == (Money(18275, "USD"), Money(1000, "USD"), Money(17275, "USD"))
    assert (draft.hide_tax, draft.allow_tip, draft.email_customer) == (True, True, True)


@POPUP
def test_quick_picks_for_the_due_date(desk: Desk, qtbot: QtBot) -> None:
    desk.fill()
    due = desk.button("dueDateEdit")
    click(due)
    menu = part(desk.form, QMenu, "dueDateQuickPicks")
    qtbot.waitUntil(menu.isVisible)
    words = [action.text().split("\t")[0] for action in menu.actions()]
    assert words == ["1 hour", "End of today", "3 days", "7 days", "Other date…"]
    QTest.keyClick(menu, Key.Key_Down)
    QTest.keyClick(menu, Key.Key_Return)
    settle()
    assert due.text().startswith("Today, ")
    desk.form.submit()
    assert desk.drafts[0].due_at == START + timedelta(hours=1)


@POPUP
def test_any_other_day_but_no_past_one(desk: Desk, qtbot: QtBot) -> None:
    desk.fill()
    due = desk.button("dueDateEdit")
    due.setFocus()
    press(Key.Key_Down)
    menu = part(desk.form, QMenu, "dueDateQuickPicks")
    qtbot.waitUntil(menu.isVisible)
    menu.actions()[-1].trigger()
    menu.hide()
    calendar = desk.form.findChild(QCalendarWidget, "dueDateCalendar")
    assert calendar is not None
    qtbot.waitUntil(calendar.isVisible)
    today = START.astimezone().date()
    assert calendar.minimumDate() == QDate(today.year, today.month, today.day)
    before = calendar.selectedDate()
    turn_wheel(part(calendar, QWidget, "qt_calendar_calendarview"))
    assert calendar.selectedDate() == before
    calendar.setSelectedDate(QDate(2026, 4, 2))
    calendar.activated.emit(QDate(2026, 4, 2))
    assert due.text() == "2 Apr 2026"
    desk.form.submit()
    assert desk.drafts[0].due_at == end_of_day(QDate(2026, 4, 2).toPython())  # type: ignore[arg-type]


def test_a_date_that_has_passed_meanwhile_is_refused(desk: Desk) -> None:
    desk.fill()
    part(desk.form, DueDateField, "dueDateEdit").set_due(START + timedelta(hours=1))
    desk.clock.advance(3601)
    desk.form.submit()
    assert desk.drafts == []
    assert desk.error("dueDate") == "Choose today or a later date"
    assert desk.summary == "Fix 1 thing to continue: Due date"


def test_the_usual_date_moves_with_the_day(desk: Desk) -> None:
    desk.fill()
    desk.clock.advance(2 * 86_400)
    QApplication.sendEvent(desk.form, QEvent(QEvent.Type.WindowActivate))
    assert desk.button("dueDateEdit").text() == "26 Mar 2026"
    desk.form.submit()
    assert desk.drafts[0].due_at == in_days(5, START)


def test_the_wheel_changes_nothing(desk: Desk) -> None:
    desk.fill()
    before = snapshot(desk)
    for name in ("currencyCombo", "amountEdit", "dueDateEdit", "emailEdit"):
        turn_wheel(part(desk.form, QWidget, name))
    assert snapshot(desk) == before


def snapshot(desk: Desk) -> list[str]:
    lines = [edit.text() for edit in desk.form.findChildren(QLineEdit)]
    combo = part(desk.form, QComboBox, "currencyCombo")
    return [*lines, combo.currentText(), desk.button("dueDateEdit").text()]


def test_clear_and_reset_bring_an_empty_form(desk: Desk) -> None:
    assert desk.form.is_untouched()
    desk.fill()
    click(desk.button("emailCustomerSwitch"))
    assert not desk.form.is_untouched()
    click(desk.button("clearFormButton"))
    assert desk.form.is_untouched()
    assert focused_name() == "amountEdit"
    click(desk.button("createLinkButton"))
    desk.form.reset()
    settle()
    assert desk.summary == ""
    assert desk.error("email") == ""


@pytest.mark.parametrize(
    "touch",
    [
        lambda desk: desk.line("referenceEdit").setText("x"),
        lambda desk: desk.button("emailCustomerSwitch").click(),
        lambda desk: part(desk.form, DueDateField, "dueDateEdit").set_due(START),
        lambda desk: part(desk.form, QAbstractButton, "tippingSwitch").click(),
    ],
)
def test_anything_entered_counts_as_touched(desk: Desk, touch: Callable[[Desk], None]) -> None:
    touch(desk)
    assert not desk.form.is_untouched()


def test_use_again_fills_and_creates_nothing(desk: Desk) -> None:
    desk.form.fill_from(link("T2-9", reference="Order 7", email_customer=True, due_at=START - timedelta(days=9)))
    assert desk.drafts == []
    assert desk.line("amountEdit").text() == "182.75"
    assert desk.line("referenceEdit").text() == "Order 7"
    desk.form.submit()
    assert desk.drafts[0].due_at == in_days(3, START)
    assert desk.drafts[0].email_customer


def test_only_the_fields_scroll(qtbot: QtBot) -> None:
    desk = Desk(qtbot, height=420)
    click(desk.button("extrasToggle"))
    create = desk.button("createLinkButton")
    bottom = create.mapTo(desk.form, create.rect().bottomRight()).y()
    assert bottom < desk.form.height()
    desk.fill()
    desk.line("phoneEdit").setText("1")
    desk.form.submit()
    settle()
    phone = desk.line("phoneEdit")
    assert focused_name() == "phoneEdit"
    assert not phone.visibleRegion().isEmpty()


def test_a_low_window_shows_everything_in_less_room(qtbot: QtBot) -> None:
    desk = Desk(qtbot, is_practice=True, height=456)
    desk.form.set_condensed(True)
    settle()
    assert desk.button("extrasToggle").text() == "More: due 24 Mar, items, tax, tip"
    assert desk.button("clearFormButton").isVisible() is False
    phone, reference = desk.line("phoneEdit"), desk.line("referenceEdit")
    assert phone.mapTo(desk.form, phone.pos()).y() == reference.mapTo(desk.form, reference.pos()).y()
    assert desk.button("dueDateEdit").isVisible() is False
    switch = desk.button("emailCustomerSwitch")
    assert not switch.visibleRegion().isEmpty()
    seen = [focused_name()]
    for _ in range(6):
        press(Key.Key_Tab)
        seen.append(focused_name())
    assert seen == [
        "amountEdit", "emailEdit", "phoneEdit", "referenceEdit", "descriptionEdit", "extrasToggle",
        "emailCustomerSwitch",
    ]  # fmt: skip
    click(desk.button("extrasToggle"))
    assert desk.button("dueDateEdit").isVisible()
    desk.form.set_condensed(False)
    settle()
    assert desk.button("clearFormButton").isVisible()


def test_a_hidden_form_keeps_what_was_typed(desk: Desk) -> None:
    desk.fill()
    desk.form.hide()
    settle()
    desk.form.show()
    desk.form.submit()
    assert desk.drafts[0].reference == "Order 1054"


def test_every_control_has_a_name_and_a_hand_can_hit_it(desk: Desk) -> None:
    click(desk.button("extrasToggle"))
    click(desk.button("addLineItemButton"))
    for widget in desk.form.findChildren(QWidget):
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisible() and widget.objectName():
            named = widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text())
            assert named, widget.objectName()
            assert widget.height() >= 44, widget.objectName()


def test_the_dark_form_paints(qtbot: QtBot) -> None:
    desk = Desk(qtbot)
    light = desk.form.grab().toImage().pixelColor(2, 2)
    make_look(DARK)
    assert light.lightness() > 200


def test_a_window_read_from_right_to_left(desk: Desk) -> None:
    desk.fill()
    desk.line("emailEdit").setText("guest54@example")
    desk.window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    click(desk.button("createLinkButton"))
    assert desk.line("emailEdit").alignment() & Qt.AlignmentFlag.AlignRight
    create, clear = desk.button("createLinkButton"), desk.button("clearFormButton")
    assert clear.mapTo(desk.form, clear.rect().center()).x() < create.mapTo(desk.form, create.rect().center()).x()
    jump = part(desk.form, QPushButton, "emailFixLink")
    assert jump.geometry().right() < part(desk.form, QLabel, "formErrorLabel").width() // 2 + jump.width() // 2
    click(jump)
    assert focused_name() == "emailEdit"


def whole(desk: Desk, widget: QWidget) -> bool:
    """Whether every pixel of `widget` is on the screen."""
    return widget.visibleRegion().boundingRect() == widget.rect()


@pytest.mark.parametrize("condensed", [False, True])
@pytest.mark.parametrize("typed", ["182.75", "1234567", "999999999", "9999999999.99"])
def test_a_large_amount_keeps_all_its_figures(desk: Desk, typed: str, condensed: bool) -> None:
    desk.form.set_condensed(condensed)
    desk.window.resize(332 if condensed else 356, 648)
    amount = desk.line("amountEdit")
    type_into(amount, typed)
    press(Key.Key_Tab)
    margins = amount.textMargins()
    room = amount.width() - margins.left() - margins.right() - 4
    assert amount.fontMetrics().horizontalAdvance(amount.text()) < room
    assert amount.height() == (48 if condensed else 56)
    first = 24 if condensed else 28
    assert amount.font().pixelSize() in [px for px in (28, 24, 20, 16) if px <= first]
    if typed == "182.75":
        assert amount.font().pixelSize() == first
    amount.clear()
    assert amount.font().pixelSize() == first


def test_the_icon_of_an_error_hides_no_figure(desk: Desk) -> None:
    amount = desk.line("amountEdit")
    type_into(amount, "99999999999999")
    press(Key.Key_Tab)
    margins = amount.textMargins()
    assert desk.error("amount").startswith("Enter an amount up to")
    room = amount.width() - margins.left() - margins.right() - 4
    assert amount.fontMetrics().horizontalAdvance(amount.text()) < room


@pytest.mark.parametrize("way", ["clear", "reset"])
def test_an_empty_form_has_the_first_currency_again(desk: Desk, way: str) -> None:
    combo = part(desk.form, QComboBox, "currencyCombo")
    desk.fill()
    combo.setCurrentText("JPY")
    if way == "clear":
        click(desk.button("clearFormButton"))
    else:
        desk.form.reset()
    assert combo.currentText() == "USD"
    assert desk.line("amountEdit").placeholderText() == "0.00"


def test_use_again_keeps_the_currency_and_groups_the_phone(desk: Desk) -> None:
    desk.form.fill_from(link("T2-9", amount=Money(1250, "JPY"), phone="+12025550154"))
    assert part(desk.form, QComboBox, "currencyCombo").currentText() == "JPY"
    assert desk.line("amountEdit").text() == "1,250"
    assert desk.line("phoneEdit").text() == "+1 202 555 0154"
    desk.form.fill_from(link("T2-9", phone="+442079460018"))
    assert desk.line("phoneEdit").text() == "+442079460018"
    desk.form.submit()
    assert desk.drafts[0].phone == "+442079460018"


@pytest.mark.parametrize("condensed", [False, True])
def test_the_two_readings_are_the_next_stops(desk: Desk, condensed: bool) -> None:
    desk.form.set_condensed(condensed)
    part(desk.form, QComboBox, "currencyCombo").setCurrentText("KWD")
    type_into(desk.line("amountEdit"), "1.250")
    assert desk.line("amountEdit").height() == (48 if condensed else 56)
    seen = []
    for _ in range(3):
        press(Key.Key_Tab)
        seen.append(focused_name())
    assert seen == ["amountReading1", "amountReading2", "emailEdit"]
    assert desk.error("amount") == "Did you mean KWD 1.250 or KWD 1,250.000?"
    assert desk.line("amountEdit").height() == (48 if condensed else 56)
    for name in ("amountReading2", "amountReading1", "amountEdit"):
        press(Key.Key_Backtab)
        assert focused_name() == name
    press(Key.Key_Tab)
    press(Key.Key_Return)
    assert focused_name() == "amountEdit"
    assert desk.line("amountEdit").text() == "1.250"
    assert desk.error("email") == ""
    press(Key.Key_Tab)
    assert focused_name() == "emailEdit"
    assert desk.button("createLinkButton").text() == "Create link for KWD 1.250"


def test_a_message_of_the_half_row_has_the_whole_row(qtbot: QtBot) -> None:
    desk = Desk(qtbot, height=456)
    desk.window.resize(332, 456)
    desk.form.set_condensed(True)
    type_into(desk.line("phoneEdit"), "12")
    press(Key.Key_Tab)
    label = part(desk.form, QLabel, "phoneError")
    assert "+1\u00a0202\u00a0555\u00a00100" in label.text()
    assert label.width() > desk.line("phoneEdit").width() + desk.line("referenceEdit").width() - 30
    assert label.height() >= label.heightForWidth(label.width())
    assert whole(desk, label)
    top = label.mapTo(desk.form, label.rect().topLeft()).y()
    phone = desk.line("phoneEdit")
    assert top >= phone.mapTo(desk.form, phone.rect().bottomLeft()).y()
    desk.form.set_condensed(False)
    settle()
    assert desk.error("phone")
    below = label.mapTo(desk.form, label.rect().topLeft()).y()
    assert below < desk.line("descriptionEdit").mapTo(desk.form, desk.line("descriptionEdit").rect().topLeft()).y()


@pytest.mark.parametrize("width", [300, 332, 356, 480])
@pytest.mark.parametrize("condensed", [False, True])
@pytest.mark.parametrize("name", ["phone", "email"])
def test_a_longer_message_has_its_room_in_a_form_that_was_arranged_anew(
    desk: Desk, name: str, condensed: bool, width: int
) -> None:
    desk.window.resize(width, 700)
    desk.form.set_condensed(not condensed)
    desk.form.set_condensed(condensed)
    type_into(desk.line(f"{name}Edit"), "12")
    press(Key.Key_Tab)
    settle()
    label = part(desk.form, QLabel, f"{name}Error")
    short = label.height()
    desk.line(f"{name}Edit").setFocus()
    desk.line(f"{name}Edit").selectAll()
    QTest.keyClicks(desk.line(f"{name}Edit"), CARD)
    settle()
    assert desk.error(name).startswith("This looks like a card number.")
    assert label.height() >= label.heightForWidth(label.width())
    if width < 480:
        assert label.height() > short
    assert whole(desk, label)


@pytest.mark.parametrize("condensed", [False, True])
def test_what_unfolds_scrolls_into_view(qtbot: QtBot, condensed: bool) -> None:
    desk = Desk(qtbot, height=456)
    desk.form.set_condensed(condensed)
    settle()
    desk.button("extrasToggle").setFocus()
    press(Key.Key_Space)
    assert whole(desk, desk.button("extrasToggle"))
    assert whole(desk, desk.button("addLineItemButton"))
    for number in (1, 2, 3):
        desk.button("addLineItemButton").setFocus()
        press(Key.Key_Space)
        assert focused_name() == f"itemNameEdit{number}"
        for name in ("Name", "Price"):
            assert whole(desk, desk.line(f"item{name}Edit{number}")), (name, number)


def test_prices_and_tax_are_written_out_on_leaving(desk: Desk) -> None:
    click(desk.button("extrasToggle"))
    click(desk.button("addLineItemButton"))
    type_into(desk.line("itemNameEdit1"), "Soup")
    type_into(desk.line("itemPriceEdit1"), "50")
    press(Key.Key_Tab)
    assert desk.line("itemPriceEdit1").text() == "50.00"
    type_into(desk.line("taxEdit"), "4,5")
    press(Key.Key_Return)
    assert desk.line("taxEdit").text() == "4.50"
    assert desk.line("amountEdit").text() == "54.50"


def test_a_price_written_out_goes_over_into_another_currency(desk: Desk) -> None:
    click(desk.button("extrasToggle"))
    click(desk.button("addLineItemButton"))
    type_into(desk.line("itemNameEdit1"), "Soup")
    type_into(desk.line("itemPriceEdit1"), "1250")
    press(Key.Key_Tab)
    combo = part(desk.form, QComboBox, "currencyCombo")
    for currency, price, total in (
        ("JPY", "1,250", "1,250"),
        ("KWD", "1,250.000", "1,250.000"),
        ("USD", "1,250.00", "1,250.00"),
    ):
        combo.setCurrentText(currency)
        assert desk.line("itemPriceEdit1").text() == price
        assert desk.line("amountEdit").text() == total
    desk.line("itemPriceEdit1").clear()
    combo.setCurrentText("KWD")
    type_into(desk.line("itemPriceEdit1"), "18.75")
    press(Key.Key_Tab)
    assert desk.line("itemPriceEdit1").text() == "18.75"  # 18.750 could be read as 18,750
    assert desk.line("amountEdit").text() == "18.750"


def test_items_are_not_labelled_twice(desk: Desk) -> None:
    click(desk.button("extrasToggle"))
    click(desk.button("addLineItemButton"))
    labels = [label.text() for label in desk.form.findChildren(QLabel) if label.isVisible()]
    assert labels.count("Items") == 1
    assert "Item" not in labels
    assert desk.line("itemNameEdit1").accessibleName() == "Item name"


def test_enter_goes_on_to_a_field_that_is_seen_whole(qtbot: QtBot) -> None:
    desk = Desk(qtbot, height=330)
    for _ in range(5):
        press(Key.Key_Return)
        focused = QApplication.focusWidget()
        assert focused is not None
        assert whole(desk, focused), focused.objectName()
