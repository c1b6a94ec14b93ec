"""From the typed order to the code on the screen: one press, one link; and every way the form says what is missing."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit

from optty_desktop.core.links import LinkState
from optty_desktop.training.faults import Fault
from tests.flows.counter import Counter
from tests.flows.hands import CTRL, middle_of, part
from tests.waiting import until

CARD = "4242 4242 4242 4242"
CARD_WORDS = (
    "This looks like a card number. Never type card numbers here. The customer enters the card on the payment page"
)


async def test_an_order_becomes_a_link_with_its_code(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        number = await counter.create()
        await until(lambda: counter.desk.page.ready.code)
        assert counter.link(number).url == counter.says("linkEdit")
        assert counter.focus() == "copyLinkButton"
        counter.click("copyLinkButton")
        assert QGuiApplication.clipboard().text() == counter.says("linkEdit")
        assert counter.toast == "Link copied. Paste it into a message to the customer."
        assert len(counter.service.creates()) == 1
        (made,) = counter.service.ledger.links()
        assert (made.invoice_number, made.price.minor, made.price.currency) == (number, 18275, "USD")


async def test_the_button_says_the_amount(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        counter.fill("1250")
        assert counter.says("createLinkButton") == "Create link for USD 1,250.00"
        assert counter.says("amountError") == "This is more than usual for this shop. Check it with the customer"


# One press, one link


def with_the_mouse(counter: Counter) -> None:
    button = part(counter.window, QAbstractButton, "createLinkButton")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=middle_of(button))
    QTest.mouseDClick(button, Qt.MouseButton.LeftButton, pos=middle_of(button))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=middle_of(button))


def with_ctrl_enter(counter: Counter) -> None:
    for _ in range(8):
        counter.key(Qt.Key.Key_Return, CTRL)


def with_a_held_enter(counter: Counter) -> None:
    button = part(counter.window, QAbstractButton, "createLinkButton")
    button.setFocus()
    for repeats in range(8):
        held = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", autorep=repeats > 0
        )
        held.setTimestamp(10_000 + repeats)
        QApplication.sendEvent(button, held)


def with_everything(counter: Counter) -> None:
    with_the_mouse(counter)
    with_ctrl_enter(counter)


async def test_however_hard_it_is_pressed_there_is_one_link(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        for count, hurry in enumerate([with_the_mouse, with_ctrl_enter, with_a_held_enter, with_everything], start=1):
            counter.service.faults.add("create", Fault("delay", seconds=0.03))
            counter.key(Qt.Key.Key_N, CTRL)
            counter.fill()
            hurry(counter)
            assert counter.says("createLinkButton") == "Creating…"
            assert not counter.is_on("createLinkButton")
            await until(lambda: counter.sees("linkReadyPane"))
            assert len(counter.service.creates()) == count, hurry.__name__
            assert len(counter.links) == count


async def test_enter_in_a_field_goes_on_and_never_submits(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        counter.fill()
        part(counter.window, QLineEdit, "amountEdit").setFocus()
        seen = []
        for _ in range(5):
            seen.append(counter.focus())
            counter.key(Qt.Key.Key_Return)
        assert seen == ["amountEdit", "emailEdit", "phoneEdit", "descriptionEdit", "referenceEdit"]
        assert counter.service.creates() == []


# What the form asks for


async def test_an_empty_form_names_every_field_and_goes_to_the_first(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        part(counter.window, QLineEdit, "referenceEdit").setFocus()
        counter.click("createLinkButton")
        assert counter.says("formErrorLabel") == ("Fix 3 things to continue: Amount, Customer e-mail, Customer phone")
        assert counter.says("amountError") == "Enter an amount"
        assert counter.says("emailError") == "Enter the customer's e-mail address"
        assert (
            counter.says("phoneError") == "Enter a phone number with country code, like +1\u00a0202\u00a0555\u00a00100"
        )
        assert counter.focus() == "amountEdit"
        assert counter.service.creates() == []


WRONG = [
    ("amountEdit", "0", "Enter an amount above 0.00", "Amount"),
    ("amountEdit", "12.3456", "USD has 2 decimals. Enter 12.34", "Amount"),
    ("emailEdit", "", "Enter the customer's e-mail address", "Customer e-mail"),
    ("emailEdit", "name@", "Enter a full address, like name@example.com", "Customer e-mail"),
    ("phoneEdit", "", "Enter a phone number with country code, like +1\u00a0202\u00a0555\u00a00100", "Customer phone"),
    (
        "phoneEdit",
        "12",
        "Enter a phone number with country code, like +1\u00a0202\u00a0555\u00a00100",
        "Customer phone",
    ),
    ("amountEdit", CARD, CARD_WORDS, "Amount"),
    ("emailEdit", CARD, CARD_WORDS, "Customer e-mail"),
    ("phoneEdit", CARD, CARD_WORDS, "Customer phone"),
    ("descriptionEdit", f"card {CARD}", CARD_WORDS, "Description"),
    ("referenceEdit", CARD, CARD_WORDS, "Reference"),
]


async def test_each_field_says_what_is_wrong_with_it(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        for name, text, sentence, label in WRONG:
            counter.fill(**{name: text})
            counter.key(Qt.Key.Key_Return, CTRL)
            error = name.removesuffix("Edit") + "Error"
            assert counter.says(error) == sentence
            assert counter.says("formErrorLabel") == f"Fix 1 thing to continue: {label}"
            assert counter.focus() == name
            counter.fill()
            await until(lambda: counter.says("formErrorLabel") == "")
            assert counter.says(error) == ""
        assert counter.service.creates() == []


AMOUNTS = [
    ("USD", "12.3456", "USD has 2 decimals. Enter 12.34"),
    ("JPY", "12.5", "JPY has 0 decimals. Enter 12"),
    ("KWD", "12.3456", "KWD has 3 decimals. Enter 12.345"),
    ("KWD", "12.345", "Did you mean KWD 12.345 or KWD 12,345.000?"),
    ("EUR", "-5", "Enter an amount above 0.00"),
    ("EUR", "twelve", "Enter an amount in figures, like 12.50"),
]


async def test_amounts_that_no_currency_takes(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        for currency, text, sentence in AMOUNTS:
            counter.write("amountEdit", "")
            part(counter.window, QComboBox, "currencyCombo").setCurrentText(currency)
            counter.fill(amount=text)
            counter.key(Qt.Key.Key_Return, CTRL)
            assert counter.says("amountError") == sentence
        assert counter.service.creates() == []


async def test_three_decimals_go_out_as_three(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        part(counter.window, QComboBox, "currencyCombo").setCurrentText("KWD")
        counter.fill(amount="12.345")
        counter.key(Qt.Key.Key_Return, CTRL)
        counter.click("amountReading1")
        assert counter.says("createLinkButton") == "Create link for KWD 12.345"
        counter.click("createLinkButton")
        await until(lambda: counter.links)
        assert counter.service.ledger.links()[0].price.minor == 12345


# What the service does not take


async def refused(counter: Counter, fault: Fault) -> str:
    """Sign in, fill the form and send it into ``fault``; the sentence above the button."""
    await counter.sign_in()
    counter.service.faults.add("create", fault)
    counter.fill()
    counter.click("createLinkButton")
    await until(lambda: counter.says("formErrorLabel"))
    return counter.says("formErrorLabel")


def nothing_was_made(counter: Counter, calls: int = 1) -> bool:
    """Whether the form still holds everything, Create is on, and neither table nor service know a link."""
    assert len(counter.service.creates()) == calls
    is_free = counter.links == [] and counter.service.ledger.links() == []
    return is_free and counter.is_filled() and counter.is_on("createLinkButton")


async def test_refused_fields_are_marked(counter: Counter) -> None:
    messages = ("email must be an email", "phoneNumber must be a valid phone number")
    async with counter:
        sentence = await refused(counter, Fault("status", status=400, message=messages))
        assert sentence == (
            "The payment service did not accept this link: Customer e-mail, Customer phone. Nothing was created"
        )
        for name in ("emailError", "phoneError"):
            assert counter.says(name) == (
                "The payment service did not accept this. Change it, then create the link again"
            )
        assert nothing_was_made(counter)


REFUSALS = [
    (
        Fault("status", status=422, message="Merchant limit reached"),
        "The payment service did not accept this link: Merchant limit reached. Nothing was created",
    ),
    (
        Fault("status", status=429, message="Too many requests", retry_after=7),
        "The payment service is busy. Try again in 7 s. Nothing was created",
    ),
    (
        Fault("status", status=403, message="Forbidden resource"),
        "Your payment account may not do this. Ask whoever manages your payment account. Nothing was created",
    ),
    (
        Fault("status", status=404, message="Cannot POST /custom/hpp"),
        "The address in this profile is not right: the payment service does not know it. "
        "Ask whoever manages your payment account. Nothing was created",
    ),
]


async def test_a_refusal_makes_nothing_and_keeps_the_form(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        counter.fill()
        for count, (fault, sentence) in enumerate(REFUSALS, start=1):
            counter.service.faults.add("create", fault)
            counter.click("createLinkButton")
            await until(lambda: counter.says("createLinkButton") == "Create link for USD 182.75")
            assert counter.says("formErrorLabel") == sentence
            assert nothing_was_made(counter, calls=count)


async def test_after_a_refusal_the_same_form_makes_the_link(counter: Counter) -> None:
    async with counter:
        await refused(counter, Fault("status", status=422, message="Merchant limit reached"))
        counter.key(Qt.Key.Key_Return, CTRL)
        await until(lambda: counter.links)
        first, second = counter.service.creates()
        assert first.body != second.body, "a new intent has a new number"
        assert len(counter.service.ledger.links()) == 1


async def test_no_connection_before_the_first_byte_makes_nothing(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        counter.service.unplug()
        counter.fill()
        counter.click("createLinkButton")
        await until(lambda: counter.says("formErrorLabel"))
        assert counter.says("formErrorLabel") == (
            "No connection. Check the network cable or Wi-Fi, then try again. Nothing was created"
        )
        assert counter.is_filled()
        assert counter.links == []
        counter.service.plug_in()
        counter.click("createLinkButton")
        await until(lambda: counter.links)
        assert counter.links[0].state is LinkState.PENDING
        assert len(counter.service.creates()) == 1


# An address that is not trusted


STRANGE_ADDRESSES = [
    ("http://pay.optty.com/x", ""),
    ("https://optty.com@evil.example/x", ""),
    ("javascript:alert(1)", ""),
]


def is_answered(counter: Counter, calls: int) -> bool:
    """Whether that many creates were sent and the form is free again."""
    return len(counter.service.creates()) == calls and counter.says("createLinkButton") == "Create link"


async def test_a_strange_address_is_held_back(counter: Counter) -> None:
    held_back = (
        "The payment service sent an address this till does not trust. It is held back. "
        "Ask whoever manages your payment account"
    )
    QGuiApplication.clipboard().clear()
    async with counter:
        await counter.sign_in()
        for count, (url, lead) in enumerate(STRANGE_ADDRESSES, start=1):
            counter.service.faults.add("create", Fault("bad_link", url=url))
            counter.fill()
            counter.click("createLinkButton")
            await until(partial(is_answered, counter, count))
            assert counter.says("formErrorLabel") == lead + held_back
            link = counter.links[-1]
            assert link.url is None
            assert counter.desk.page.ready.code is None
            assert not counter.sees("linkReadyPane")
            assert counter.doubt().startswith("The address of this link is held back ")
            assert counter.doubt().endswith("Do not send it to the customer.")
            assert not counter.sees("detailCopyLinkButton")
            counter.key(Qt.Key.Key_C, CTRL | Qt.KeyboardModifier.ShiftModifier)
            assert QGuiApplication.clipboard().text() == ""
            assert counter.row_says(link.invoice_number) == "Pending"
            assert len(counter.links) == count
