"""The fresh link: what staff copy, what the customer scans, and what happens once it is paid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import zxingcpp
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.links import LinkState, Note, PaymentLink
from optty_desktop.core.money import Money
from optty_desktop.ui.icon_view import IconView
from optty_desktop.ui.link_edit import LinkEdit
from optty_desktop.ui.link_progress import LinkProgress
from optty_desktop.ui.link_ready_pane import LinkReadyPane
from optty_desktop.ui.qr_card import QrCard
from optty_desktop.ui.qr_code import make_qr
from optty_desktop.ui.qr_view import QrView
from optty_desktop.ui.times import clock_time, day
from tests.fakes import START, FakeClock, link
from tests.ui.stage import POPUP, click, focused_name, make_look, part, picture_of, press, put_on_stage, settle

URL = "https://pay.example.com/l/7Q4M2XKD"


def fresh(state: LinkState = LinkState.PENDING, **changes: object) -> PaymentLink:
    return link("T2-1", state, url=URL, reference="Order 1054", email_customer=True, **changes)


class Desk:
    """A pane in a window, and everything it asks for."""

    def __init__(self, qtbot: QtBot, kind: EnvironmentKind = EnvironmentKind.LIVE, height: int = 648) -> None:
        self.clock = FakeClock()
        self.pane = LinkReadyPane(make_look(), self.clock, shop="Corner Store", kind=kind)
        self.window = put_on_stage(qtbot, self.pane, 664, height)
        self.asked: list[tuple[str, str]] = []
        self.new_links = 0
        for name in ("cancel_requested", "copied", "show_to_customer_requested", "print_requested"):
            getattr(self.pane, name).connect(lambda text, name=name: self.asked.append((name, text)))
        self.pane.save_image_requested.connect(lambda text: self.asked.append(("save_image_requested", text)))
        self.pane.new_link_requested.connect(self._count)

    def _count(self) -> None:
        self.new_links += 1

    def show(self, shown: PaymentLink) -> None:
        self.pane.show_link(shown)
        self.pane.set_qr(make_qr(shown.url) if shown.url else None, None)
        settle()

    def button(self, name: str) -> QPushButton:
        return part(self.pane, QPushButton, name)

    def words(self) -> list[str]:
        return [label.text() for label in self.pane.findChildren(QLabel) if label.isVisible() and label.text()]

    def scanned(self) -> str | None:
        image = picture_of(self.window).convertToFormat(QImage.Format.Format_Grayscale8)
        found = zxingcpp.read_barcode(image)
        return found.text if found is not None else None


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    yield Desk(qtbot)
    QGuiApplication.clipboard().clear()


def test_the_focus_is_on_copy_link_and_enter_copies_the_whole_address(desk: Desk) -> None:
    desk.show(fresh())
    assert focused_name() == "copyLinkButton"
    press(Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == URL
    assert desk.asked == [("copied", "Link copied. Paste it into a message to the customer.")]


def test_the_host_is_read_first_and_copying_from_the_line_takes_everything(desk: Desk) -> None:
    desk.show(fresh())
    line = part(desk.pane, LinkEdit, "linkEdit")
    assert line.text() == "pay.example.com/l/7Q4M2XKD"
    click(line)
    QTest.keyClicks(line, "x")
    press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert line.text() == "pay.example.com/l/7Q4M2XKD"
    assert QGuiApplication.clipboard().text() == URL


def test_the_message_to_the_customer(desk: Desk) -> None:
    desk.show(fresh())
    click(desk.button("copyMessageButton"))
    date = day(START + timedelta(days=3))
    assert QGuiApplication.clipboard().text() == (
        "Hello, here is your payment link from Corner Store for USD 182.75 (Order 1054). "
        f"It is valid until {date}: {URL}"
    )
    assert desk.asked == [("copied", "Message copied.")]


def test_what_is_shown_is_what_is_scanned_and_contacts_are_masked(desk: Desk) -> None:
    desk.show(fresh())
    assert desk.scanned() == URL
    assert part(desk.pane, QLabel, "linkAmountLabel").text() == "182.75"
    assert "g•••54@example.com" in desk.words()
    assert not any("guest54" in words for words in desk.words())


def test_nothing_moves_when_the_code_arrives(desk: Desk) -> None:
    desk.pane.show_link(fresh())
    settle()
    before = places(desk.pane)
    assert desk.scanned() is None
    desk.pane.set_qr(make_qr(URL), None)
    settle()
    assert places(desk.pane) == before
    assert desk.scanned() == URL


def places(pane: QWidget) -> dict[str, QRect]:
    """Where everything that is seen stands."""
    return {w.objectName(): w.geometry() for w in pane.findChildren(QWidget) if w.isVisible() and w.objectName()}


def test_a_code_of_another_link_is_not_shown(desk: Desk) -> None:
    desk.pane.show_link(fresh())
    desk.pane.set_qr(make_qr("https://pay.example.com/l/0THER"), None)
    settle()
    assert desk.pane.code is None
    assert desk.scanned() is None


def test_paid_takes_the_code_away_at_once(desk: Desk) -> None:
    desk.show(fresh())
    paid = fresh(state=LinkState.PAID, paid_at=START + timedelta(minutes=3))
    desk.pane.update_link(paid)
    settle()
    assert desk.scanned() is None
    assert part(desk.pane, QrView, "qrCodeView").isHidden()
    assert f"Paid USD 182.75 at {clock_time(START + timedelta(minutes=3))}" in desk.words()
    assert not desk.button("copyLinkButton").isEnabled()
    assert not desk.button("cancelLinkButton").isEnabled()
    assert "This link is paid. Refund it from its row in the list" in desk.words()
    click(desk.button("printReceiptButton"))
    assert desk.asked == [("print_requested", "T2-1")]


def test_a_refund_on_its_way_is_not_plain_paid(desk: Desk) -> None:
    desk.show(fresh())
    desk.pane.update_link(fresh(state=LinkState.PAID))
    settle()
    green = desk.pane.accessibleName()
    desk.pane.update_link(fresh(state=LinkState.PAID, note=Note.REFUND_ON_ITS_WAY))
    settle()
    assert (green, desk.pane.accessibleName()) == ("Paid", "Refund on its way")
    assert {"Refund on its way", "The payment service has not confirmed the refund yet."} < set(desk.words())
    assert desk.button("printReceiptButton").isVisible()


@pytest.mark.parametrize(("note", "words"), [(Note.REFUND_FAILED, "Refund failed"), (Note.PAID_LATE, "Paid late")])
def test_what_is_noted_about_a_payment_stands_below_the_tick(desk: Desk, note: Note, words: str) -> None:
    desk.show(fresh())
    desk.pane.update_link(fresh(state=LinkState.PAID, note=note))
    settle()
    assert words in desk.words()


@pytest.mark.parametrize("height", [648, 620, 541, 528, 208])
@pytest.mark.parametrize("state", [LinkState.PAID, LinkState.CANCELLED, LinkState.EXPIRED, LinkState.IN_PROGRESS])
def test_no_button_moves_when_the_state_changes(qtbot: QtBot, state: LinkState, height: int) -> None:
    desk = Desk(qtbot, height=height)
    desk.show(fresh())
    before = {b.objectName(): b.geometry() for b in desk.pane.findChildren(QPushButton) if b.isVisible()}
    desk.pane.update_link(fresh(state=state))
    settle()
    after = {b.objectName(): b.geometry() for b in desk.pane.findChildren(QPushButton) if b.isVisible()}
    assert {name: after[name] for name in before} == before


def test_a_late_code_does_not_come_back_after_paid(desk: Desk) -> None:
    desk.pane.show_link(fresh())
    desk.pane.update_link(fresh(state=LinkState.PAID))
    desk.pane.set_qr(make_qr(URL), None)
    settle()
    assert desk.scanned() is None


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (LinkState.CANCELLED, "This link was cancelled"),
        (LinkState.EXPIRED, "This link has expired"),
        (LinkState.REFUNDED, "This payment was refunded"),
        (LinkState.UNKNOWN, "This link needs checking"),
    ],
)
def test_a_closed_link_cannot_be_scanned_or_copied(desk: Desk, state: LinkState, words: str) -> None:
    desk.show(fresh())
    desk.pane.update_link(fresh(state=state))
    settle()
    assert desk.scanned() is None
    assert words in desk.words()
    desk.pane.copy_link()
    desk.pane.copy_message()
    assert desk.asked == []


@pytest.mark.parametrize("state", [LinkState.PENDING, LinkState.IN_PROGRESS, LinkState.DECLINED])
def test_an_open_link_keeps_its_code(desk: Desk, state: LinkState) -> None:
    desk.show(fresh())
    desk.pane.update_link(fresh(state=state))
    settle()
    assert desk.scanned() == URL


def test_other_links_are_ignored(desk: Desk) -> None:
    desk.show(fresh())
    desk.pane.update_link(link("T2-2", LinkState.PAID, amount=Money(100, "USD")))
    assert desk.pane.link == fresh()


def test_a_running_payment_cannot_be_cancelled_and_the_reason_is_said(desk: Desk) -> None:
    desk.show(fresh())
    click(desk.button("cancelLinkButton"))
    assert desk.asked == [("cancel_requested", "T2-1")]
    desk.pane.update_link(fresh(state=LinkState.IN_PROGRESS))
    settle()
    assert not desk.button("cancelLinkButton").isEnabled()
    assert "The customer is paying right now. Wait for the result before cancelling" in desk.words()


def test_no_cancel_without_a_connection(desk: Desk) -> None:
    desk.show(fresh())
    desk.pane.set_paused(True)
    settle()
    assert not desk.button("cancelLinkButton").isEnabled()
    assert "Cancelling is paused until the connection is back." in desk.words()
    desk.pane.set_paused(False)
    assert desk.button("cancelLinkButton").isEnabled()


def test_the_buttons_ask_for_their_link(desk: Desk) -> None:
    desk.show(fresh())
    for name in ("showToCustomerButton", "printButton", "saveImageButton", "newLinkButton"):
        click(desk.button(name))
    assert desk.asked == [
        ("show_to_customer_requested", "T2-1"),
        ("print_requested", "T2-1"),
        ("save_image_requested", "T2-1"),
    ]
    assert desk.new_links == 1


def test_progress_follows_the_link(desk: Desk) -> None:
    desk.show(fresh())
    progress = part(desk.pane, LinkProgress, "linkProgress")
    assert [step.word for step in progress.steps] == ["Created", "E-mailed", "Not started yet", "Paid"]
    desk.pane.update_link(fresh(state=LinkState.DECLINED))
    assert [step.word for step in progress.steps] == ["Created", "E-mailed", "Declined", "Paid"]
    desk.pane.update_link(replace(fresh(state=LinkState.PAID), email_customer=False))
    assert [step.word for step in progress.steps] == ["Created", "Started", "Paid"]
    assert "Paid" in progress.accessibleName()


def test_training_never_says_that_an_e_mail_was_sent(qtbot: QtBot) -> None:
    desk = Desk(qtbot, EnvironmentKind.TRAINING)
    desk.show(fresh())
    assert "Practice only. No e-mail is sent" in desk.words()
    assert "E-mail sent by the payment service" not in desk.words()


@POPUP
def test_a_low_window_keeps_the_code_and_moves_the_rest_into_a_menu(qtbot: QtBot) -> None:
    desk = Desk(qtbot, height=456)
    desk.pane.set_condensed(True)
    desk.show(fresh())
    assert desk.scanned() == URL
    assert part(desk.pane, LinkProgress, "linkProgress").isHidden()
    assert desk.button("printButton").isHidden()
    cancel = desk.button("cancelLinkButton")
    assert desk.pane.rect().contains(cancel.mapTo(desk.pane, cancel.rect().bottomRight()))
    click(desk.button("moreButton"))
    menu = part(desk.pane, QMenu, "moreMenu")
    qtbot.waitUntil(menu.isVisible)
    for action in menu.actions():
        action.trigger()
    menu.hide()
    assert desk.asked == [("print_requested", "T2-1"), ("save_image_requested", "T2-1")]


def is_whole(widget: QWidget) -> bool:
    """Whether all of it is seen."""
    return widget.visibleRegion().boundingRect() == widget.rect()


@pytest.mark.parametrize(("width", "height"), [(675, 208), (472, 200)])
def test_a_pane_too_low_for_the_code_has_it_one_press_away(qtbot: QtBot, width: int, height: int) -> None:
    desk = Desk(qtbot, height=height)
    desk.pane.set_condensed(True)
    desk.show(fresh())
    desk.window.resize(width, height)
    settle()
    copy, show_code = desk.button("copyLinkButton"), desk.button("showCodeButton")
    assert focused_name() == "copyLinkButton"
    assert is_whole(copy)
    assert is_whole(show_code)
    for button in desk.pane.findChildren(QPushButton):
        assert button.isHidden() or button.mapTo(desk.pane, button.rect().topRight()).x() < width
    click(show_code)
    dialog = part(desk.window, QDialog, "codeDialog")
    qtbot.waitUntil(dialog.isActiveWindow)
    found = zxingcpp.read_barcode(picture_of(dialog).convertToFormat(QImage.Format.Format_Grayscale8))
    assert found is not None
    assert found.text == URL
    desk.pane.update_link(fresh(state=LinkState.PAID))
    settle()
    assert zxingcpp.read_barcode(picture_of(dialog).convertToFormat(QImage.Format.Format_Grayscale8)) is None
    assert any(label.text().startswith("Paid USD 182.75 at ") for label in dialog.findChildren(QLabel))
    press(Qt.Key.Key_Return)
    assert dialog.isHidden()
    assert not show_code.isEnabled()
    qtbot.waitUntil(desk.window.isActiveWindow)
    assert focused_name() == "newLinkButton"
    assert desk.pane.accessibleName().startswith("Paid USD 182.75 at ")


@pytest.mark.parametrize("name", ["linkEdit", "copyMessageButton", "moreButton", "cancelLinkButton", "newLinkButton"])
def test_what_gets_the_keyboard_is_brought_into_view(qtbot: QtBot, name: str) -> None:
    desk = Desk(qtbot, height=208)
    desk.show(fresh())
    wanted = part(desk.pane, QWidget, name)
    wanted.setFocus()
    settle()
    assert is_whole(wanted)


def test_a_till_of_677_px_with_a_banner_keeps_the_progress(qtbot: QtBot) -> None:
    desk = Desk(qtbot, height=541)
    desk.show(fresh())
    assert desk.scanned() == URL
    assert is_whole(part(desk.pane, LinkProgress, "linkProgress"))
    desk.pane.update_link(fresh(state=LinkState.IN_PROGRESS))
    settle()
    assert is_whole(part(desk.pane, LinkProgress, "linkProgress")), "the reason under the buttons has its room"
    assert is_whole(desk.button("cancelLinkButton"))


def test_a_long_address_gets_a_larger_card_or_a_way_out(desk: Desk) -> None:
    long = replace(fresh(), url="https://pay.example.com/l/" + "a" * 260)
    desk.show(long)
    card = desk.pane.findChild(QrCard)
    assert card is not None
    if desk.scanned() is None:
        assert desk.button("showCodeButton").isVisible()
    else:
        assert card.width() > 335
    least = make_qr(str(long.url), at_most=desk.pane.most_modules())
    desk.pane.set_qr(least, None)
    settle()
    assert desk.scanned() == long.url


def test_a_problem_with_the_code_is_said(desk: Desk) -> None:
    desk.pane.show_link(fresh())
    desk.pane.set_qr(None, "This link does not make a readable code. Use Copy link instead")
    settle()
    assert "This link does not make a readable code. Use Copy link instead" in desk.words()
    assert desk.button("copyLinkButton").isEnabled()


def test_every_label_shows_plain_text(desk: Desk) -> None:
    desk.show(replace(fresh(), description="<b>bold</b>\u202e<img src=x>"))
    assert "<b>bold</b>\\u202e<img src=x>" in desk.words()
    assert {label.textFormat() for label in desk.pane.findChildren(QLabel)} == {Qt.TextFormat.PlainText}


def test_the_code_is_never_mirrored(desk: Desk) -> None:
    desk.show(fresh())
    view = part(desk.pane, QrView, "qrCodeView")
    before = view.grab().toImage()
    desk.window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    settle()
    assert view.grab().toImage() == before
    assert desk.scanned() == URL


@pytest.mark.parametrize("condensed", [False, True])
@pytest.mark.parametrize(
    ("state", "icon", "token", "words"),
    [
        (LinkState.PENDING, "circle-check", "success", "Link ready to send"),
        (LinkState.DECLINED, "octagon-x", "danger", "Declined, the customer can try again"),
        (LinkState.IN_PROGRESS, "info", "info", "The customer is paying"),
    ],
)
def test_the_heading_follows_an_open_link(
    desk: Desk, state: LinkState, icon: str, token: str, words: str, condensed: bool
) -> None:
    desk.pane.set_condensed(condensed)
    desk.show(fresh())
    desk.pane.update_link(fresh(state=state))
    settle()
    assert words in desk.words()
    assert desk.scanned() == URL
    head = next(label for label in desk.pane.findChildren(QLabel) if label.text() == words)
    sign = next(view for view in desk.pane.findChildren(IconView) if view.isVisible())
    assert sign.mapTo(desk.pane, sign.rect().center()).x() < head.mapTo(desk.pane, head.rect().topLeft()).x()
    seen = picture_of(desk.window).copy(QRect(sign.mapTo(desk.window, QPoint(0, 0)), sign.size()))
    assert seen == on_white(make_look().pixmap(icon, token, sign.width(), 1.0))


def on_white(pixmap: QPixmap) -> QImage:
    """The icon on the ground of the pane."""
    image = QImage(pixmap.size(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.drawPixmap(0, 0, pixmap)
    painter.end()
    return image


@pytest.mark.parametrize("state", [LinkState.PENDING, LinkState.IN_PROGRESS])
def test_without_the_name_of_the_order_nothing_is_checked_and_that_is_said(desk: Desk, state: LinkState) -> None:
    sentence = "The payment service has not named the order yet, so its status cannot be read"
    progress = part(desk.pane, LinkProgress, "linkProgress")
    desk.show(fresh(state=state, order_reference=None))
    assert "checking live" not in progress.accessibleName()
    assert "not checked" in [step.detail for step in progress.steps]
    assert sentence in desk.words()
    label = part(desk.pane, QLabel, "orderUnnamedLabel")
    assert label.height() >= label.heightForWidth(label.width())
    desk.pane.update_link(fresh(state=state))
    settle()
    assert "checking live" in [step.detail for step in progress.steps]
    assert sentence not in desk.words()


def test_when_the_link_is_paid_the_keyboard_goes_on_to_new_link_and_a_late_enter_presses_nothing(desk: Desk) -> None:
    desk.show(fresh())
    desk.pane.update_link(fresh(state=LinkState.PAID))
    settle()
    assert focused_name() == "newLinkButton"
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
        press(key)
    assert (desk.new_links, desk.asked) == (0, [])
    assert QGuiApplication.clipboard().text() == ""
    desk.clock.advance(1.0)
    press(Qt.Key.Key_Return)
    assert desk.new_links == 1


def test_the_pointer_need_not_wait_when_the_link_is_paid(desk: Desk) -> None:
    desk.show(fresh())
    desk.pane.update_link(fresh(state=LinkState.PAID))
    click(desk.button("newLinkButton"))
    assert desk.new_links == 1


def test_a_status_change_leaves_the_keyboard_where_it_can_stay(desk: Desk) -> None:
    desk.show(fresh())
    desk.button("newLinkButton").setFocus()
    desk.pane.update_link(fresh(state=LinkState.PAID))
    settle()
    assert focused_name() == "newLinkButton"
    press(Qt.Key.Key_Return)
    assert desk.new_links == 1
    desk.show(fresh())
    desk.button("cancelLinkButton").setFocus()
    desk.pane.update_link(fresh(state=LinkState.IN_PROGRESS))
    settle()
    assert focused_name() == "copyLinkButton"


@pytest.mark.parametrize("minor", [18275, 123_456_700, 999_999_999_999])
def test_a_large_amount_is_whole_and_makes_the_pane_no_wider(desk: Desk, minor: int) -> None:
    desk.show(fresh(amount=Money(minor, "USD")))
    figure = part(desk.pane, QLabel, "linkAmountLabel")
    assert figure.fontMetrics().horizontalAdvance(figure.text()) <= figure.width()
    assert desk.window.width() == 664
    assert part(desk.pane, QPushButton, "copyLinkButton").width() <= 664 - 335
    assert figure.font().pixelSize() == (44 if minor == 18275 else figure.font().pixelSize())


def test_our_own_number_is_shown_short(desk: Desk) -> None:
    number = "T2-01KGC3Q8ZV-7R2M0W5TYHP2ME4K"
    desk.show(replace(fresh(), invoice_number=number, reference=number))
    assert "T2 · P2ME4K" in desk.words()
    assert not any(number in words for words in desk.words())
