"""Texts of servers and customers that try to be more than text: nothing becomes markup, nothing turns the line."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMessageBox, QWidget
from shiboken6 import isValid

from optty_desktop.core.links import LinkState
from optty_desktop.training.faults import Fault
from optty_desktop.ui.link_columns import Column
from tests.flows.counter import Counter
from tests.flows.hands import CTRL, click, question, words
from tests.promises import Promise
from tests.waiting import until

TURN = "\u202e"
STRANGE = f"<b>Free</b> <a href='http://evil.example'>{TURN}here\u2066 <img src=x>"
SHOWN = "<b>Free</b> <a href='http://evil.example'>\\u202ehere\\u2066 <img src=x>"
REFERENCE = f"<b>9</b>{TURN}1054"


MESSAGES = (
    "https://evil.example/pay and www.evil.example and mailto:evil@example.com",
    "<script>alert(1)</script><style>*{display:none}</style><table><tr><td>&lt;b&gt;",
    "".join(chr(turn) for turn in (0x202A, 0x202B, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x200F, 0x061C)) + "paid",
    "**bold** [link](https://evil.example) `code` {amount} %1 %s {0}",
    "line\nline\r\nline\x00\x07\x1b[31mred\t" + "\u2028\u2029",
    "x" * 10_000,
    "<a href='javascript:alert(1)'>" * 300,
)
LONGEST_SHOWN = 400
"""Characters of a sentence with the words of a server in it."""


class Eyes:
    """Looks at everything that can be seen and keeps what should not be."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.read: set[str] = set()

    def look(self) -> None:
        """Read all windows that stand now."""
        for top in QApplication.topLevelWidgets():
            if isValid(top) and top.isVisible():
                self._read(top)

    def _read(self, top: QWidget) -> None:
        if isinstance(top, QMessageBox):
            self.wrong.append(f"a message box: {top.text()}")
        for label in top.findChildren(QLabel):
            if label.textFormat() is not Qt.TextFormat.PlainText:
                self.wrong.append(f"{label.objectName()} may take markup: {label.text()}")
            if label.openExternalLinks():
                self.wrong.append(f"{label.objectName()} can be clicked")
        for widget in [top, *top.findChildren(QWidget)]:
            if widget.isVisible():
                self._check(widget)

    def _check(self, widget: QWidget) -> None:
        texts = [widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle()]
        if isinstance(widget, QLabel | QAbstractButton):
            texts.append(widget.text())
        for text in texts:
            self.read.add(text)
            if any(unicodedata.category(character) == "Cf" for character in text):
                self.wrong.append(f"{widget.objectName()} turns: {text!a}")
        if "<img" in widget.toolTip() or "<b>" in widget.toolTip():
            self.wrong.append(f"{widget.objectName()} has markup in its tooltip")


async def test_H7_no_text_becomes_markup_or_turns_a_line(counter: Counter, promise: Promise) -> None:
    eyes = Eyes()
    async with counter:
        counter.service.faults.add("token", Fault("status", status=418, message=STRANGE))
        counter.type_credentials()
        assert await counter.sign_in_refused() == f"The payment service did not accept this request: {SHOWN}"
        eyes.look()
        await counter.sign_in()

        counter.service.faults.add("create", Fault("status", status=422, message=STRANGE))
        counter.fill(referenceEdit=REFERENCE, descriptionEdit=STRANGE)
        counter.click("createLinkButton")
        await until(lambda: counter.says("formErrorLabel"))
        assert counter.says("formErrorLabel") == (
            f"The payment service did not accept this link: {SHOWN}. Nothing was created"
        )
        eyes.look()
        counter.click("createLinkButton")
        await until(lambda: counter.sees("linkReadyPane"))
        eyes.look()
        (link,) = counter.links
        number = link.invoice_number
        assert counter.row_says(number, Column.ORDER) == "<b>9</b>\\u202e1054"

        counter.service.customer.decline(number)
        await counter.refresh()
        await counter.becomes(number, LinkState.DECLINED)
        counter.service.faults.add("cancel_or_refund", Fault("status", status=400, message=STRANGE))
        dialog = await counter.ask_to_cancel(number)
        eyes.look()
        assert words(dialog, "confirmTitle") == "Cancel the link for <b>9</b>\\u202e1054, USD 182.75?"
        click(dialog, "confirmButton")
        await until(lambda: words(dialog, "confirmError"))
        eyes.look()
        await counter.answer(dialog, "keepButton")

        counter.service.customer.pay(number)
        counter.click("cancelButton")
        guard = await counter.asked("paidGuard")
        eyes.look()
        await counter.answer(guard, "keepButton")
        counter.hours.pass_by(1)  # Refund… has just taken the place of Cancel link…
        refund = await counter.ask_to_refund(number)
        eyes.look()
        counter.service.faults.add("cancel_or_refund", Fault("drop_after"))
        counter.hold(refund)
        await until(counter.doubt)
        eyes.look()
        counter.click("checkButton")
        await counter.becomes(number, LinkState.REFUNDED)
        await until(lambda: question("refund") is None)
        eyes.look()
    promise("H7", len(eyes.read), eyes.wrong, 0.0)
    assert any(SHOWN in text for text in eyes.read)


async def test_H7_no_message_of_a_server_is_more_than_text(counter: Counter, promise: Promise) -> None:
    eyes = Eyes()
    async with counter:
        await counter.sign_in()
        counter.fill(referenceEdit="Order 1054")
        for message in MESSAGES:
            counter.service.faults.add("create", Fault("status", status=422, message=message))
            counter.click("createLinkButton")
            assert not counter.says("formErrorLabel")
            await until(lambda: counter.says("formErrorLabel"))
            eyes.look()
            assert len(counter.says("formErrorLabel")) < LONGEST_SHOWN
        number = await counter.create()
        for message in MESSAGES:
            counter.service.faults.add("cancel_or_refund", Fault("status", status=400, message=message))
            await refused_cancel(counter, number, eyes)
    promise("H7", len(eyes.read), eyes.wrong, 0.0)


async def refused_cancel(counter: Counter, number: str, eyes: Eyes) -> None:
    """Try to cancel, read what comes of it, and leave the question."""
    dialog = await counter.ask_to_cancel(number)
    click(dialog, "confirmButton")
    await until(lambda: words(dialog, "confirmError"))
    eyes.look()
    assert len(words(dialog, "confirmError")) < LONGEST_SHOWN
    await counter.answer(dialog, "keepButton")


async def test_the_table_paints_a_turning_mark_as_letters(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        turned = await painted(counter, await counter.create(reference=f"Order{TURN} 1"))
        await counter.create(reference="Order 1")
        assert await painted(counter, counter.links[-1].invoice_number) != turned
        spelled = await counter.create(reference="Order\\u202e 1")
        assert await painted(counter, spelled) == turned


async def painted(counter: Counter, number: str) -> bytes:
    """The order in the row of that link, as it is painted while nobody points at it."""
    table = counter.desk.page.links.table
    counter.desk.page.links.select(counter.links[0].invoice_number)
    table.clearSelection()
    counter.key(Qt.Key.Key_N, CTRL)
    await until(lambda: len(counter.rows()) == len(counter.links))
    row = counter.desk.page.links.model.row_of(number)
    assert row is not None
    cell = table.visualRect(table.model().index(row, Column.ORDER))
    picture = table.viewport().grab(cell).toImage().convertToFormat(QImage.Format.Format_RGB32)
    return bytes(picture.constBits())
