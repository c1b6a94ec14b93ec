"""What every question has in common: the safe answer first, nothing by accident, the veil, the way back."""

from __future__ import annotations

import asyncio
import random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget

from optty_desktop.core.operations import OperationKind
from optty_desktop.till.cancel_or_refund import Look as Seen
from optty_desktop.ui.cancel_dialog import CancelDialog
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.environment_kinds import LIVE, SANDBOX, TRAINING
from optty_desktop.ui.guard_dialogs import CancelBecameRefundDialog, PaidGuardDialog
from optty_desktop.ui.refund_dialog import RefundDialog
from optty_desktop.ui.scrim import Scrim
from optty_desktop.ui.tasks import ask
from optty_desktop.ui.tokens import LIGHT
from tests.fakes import START, FakeClock
from tests.ui.money_links import click, desk, dressed, paid_link, part, pending_link, press
from tests.ui.questions import ACKNOWLEDGED, QUESTIONS
from tests.waiting import until

__all__ = ["desk"]

Key = Qt.Key


@pytest.fixture(params=QUESTIONS)
def question(request: pytest.FixtureRequest, qapp: QApplication, desk: QWidget) -> ConfirmDialog:
    dialog = QUESTIONS[request.param](dressed(qapp), desk)
    assert dialog.property("kind") == request.param
    dialog.open()
    dialog.activateWindow()
    QApplication.processEvents()
    return dialog


def test_the_safe_answer_has_the_focus_and_stands_first(question: ConfirmDialog) -> None:
    keep, confirm = part(question, "keepButton"), part(question, "confirmButton")
    assert question.focusWidget() is keep
    assert keep.mapTo(question, keep.rect().center()).x() < confirm.mapTo(question, confirm.rect().center()).x()
    assert question.isModal()
    assert not any(button.isDefault() or button.autoDefault() for button in question.findChildren(QPushButton))


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter, Key.Key_Escape, Key.Key_Space])
def test_enter_esc_and_space_are_the_safe_answer(question: ConfirmDialog, key: Key) -> None:
    confirmed: list[None] = []
    question.confirmed.connect(lambda: confirmed.append(None))
    press(question, key)
    assert not question.isVisible()
    assert question.result() == QDialog.DialogCode.Rejected.value
    press(question, key, key)
    assert not confirmed


def test_a_storm_of_enter_space_and_esc_never_confirms(qapp: QApplication, desk: QWidget) -> None:
    chance = random.Random(20260321)  # noqa: S311  no secret
    keys = [Key.Key_Return, Key.Key_Enter, Key.Key_Space, Key.Key_Escape]
    look = dressed(qapp)
    for make in QUESTIONS.values():
        for _ in range(4):
            dialog = make(look, desk)
            confirmed: list[None] = []
            dialog.confirmed.connect(lambda seen=confirmed: seen.append(None))
            dialog.open()
            for _ in range(12):
                press(dialog, chance.choice(keys))
            assert not confirmed
            assert dialog.result() == QDialog.DialogCode.Rejected.value
            dialog.deleteLater()


def test_tab_stays_inside(question: ConfirmDialog) -> None:
    seen = set()
    for _ in range(25):
        press(question, Key.Key_Tab)
        focused = question.focusWidget()
        assert focused is not None
        assert focused.window() is question
        seen.add(focused.objectName())
    assert {"keepButton", "confirmButton"} <= seen
    assert question.isVisible()


def test_the_window_behind_is_veiled_and_gets_the_keyboard_back(question: ConfirmDialog, desk: QWidget) -> None:
    veil = desk.findChild(Scrim)
    assert veil is not None
    assert veil.geometry() == desk.rect()
    desk.resize(1000, 600)
    assert veil.geometry() == desk.rect()
    assert desk.grab().toImage().pixelColor(500, 300) != QColor(LIGHT.window)
    press(question, Key.Key_Escape)
    QApplication.processEvents()
    assert desk.findChild(Scrim) is None
    behind = part(desk, "behind")
    assert desk.focusWidget() is behind
    assert QApplication.focusWidget() is behind


def test_the_confirming_press_is_an_answer(qapp: QApplication, desk: QWidget) -> None:
    look = dressed(qapp)
    for kind in ("cancel", "close", "signOut", "leaveTraining"):
        dialog = QUESTIONS[kind](look, desk)
        dialog.open()
        click(part(dialog, "confirmButton"))
        assert dialog.result() == QDialog.DialogCode.Accepted.value
        assert not dialog.isVisible()


def test_while_sending_nothing_closes_it_and_nothing_is_sent_twice(qapp: QApplication, desk: QWidget) -> None:
    dialog = CancelDialog(dressed(qapp), Seen(pending_link(), 1000.0), FakeClock(), parent=desk)
    sent: list[None] = []

    def send() -> None:
        sent.append(None)
        dialog.set_sending()

    dialog.confirmed.connect(send)
    dialog.open()
    confirm = part(dialog, "confirmButton")
    click(confirm)
    assert dialog.is_sending
    assert confirm.text() == "Cancelling…"
    assert not confirm.isEnabled()
    assert not part(dialog, "keepButton").isEnabled()
    click(confirm)
    press(dialog, Key.Key_Escape, Key.Key_Return)
    dialog.close()
    assert dialog.isVisible()
    assert len(sent) == 1
    dialog.set_problem("No connection. Check the network cable or Wi-Fi, then try again. Nothing was cancelled")
    error = dialog.findChild(QLabel, "confirmError")
    assert error is not None
    assert error.isVisible()
    assert dialog.focusWidget() is part(dialog, "keepButton")
    click(confirm)
    assert len(sent) == 2
    dialog.accept()
    assert not dialog.isVisible()


async def test_asked_by_a_coroutine_it_stays_until_the_answer_is_there(qapp: QApplication, desk: QWidget) -> None:
    dialog = CancelDialog(dressed(qapp), Seen(pending_link(), 1000.0), FakeClock(), parent=desk)
    dialog.confirmed.connect(dialog.set_sending)
    answer = asyncio.ensure_future(ask(dialog))
    await until(dialog.isVisible)
    click(part(dialog, "confirmButton"))
    press(dialog, Key.Key_Escape)
    await asyncio.sleep(0)
    assert not answer.done()
    dialog.accept()
    assert await answer == QDialog.DialogCode.Accepted.value


def test_a_change_of_the_link_closes_it_even_while_sending(question: ConfirmDialog) -> None:
    question.set_sending()
    question.replaced_by_change()
    assert not question.isVisible()
    assert question.was_replaced
    assert question.result() == QDialog.DialogCode.Rejected.value


@pytest.mark.parametrize(("environment", "word"), [(LIVE, ""), (TRAINING, "TRAINING"), (SANDBOX, "SANDBOX")])
def test_frame_and_title_name_the_environment(qapp: QApplication, environment: str, word: str) -> None:
    dialog = CancelDialog(dressed(qapp), Seen(pending_link(), 1000.0), FakeClock(), environment=environment)
    dialog.open()
    image = dialog.grab().toImage()
    edge = {LIVE: LIGHT.surface, TRAINING: LIGHT.training_band, SANDBOX: LIGHT.sandbox_band}[environment]
    for x, y in ((1, 60), (image.width() - 2, 60), (300, 1), (300, image.height() - 2)):
        assert image.pixelColor(x, y) == QColor(edge)
    assert dialog.windowTitle().endswith(word)
    dialog.reject()


def test_cancel_says_the_exact_words(qapp: QApplication, desk: QWidget) -> None:
    dialog = CancelDialog(dressed(qapp), Seen(pending_link(), 1000.0), FakeClock(), parent=desk)
    title, text = dialog.findChild(QLabel, "confirmTitle"), dialog.findChild(QLabel, "confirmText")
    assert title is not None
    assert text is not None
    assert title.text() == "Cancel the link for Order 1053, USD 245.00?"
    assert text.text().endswith(
        ":08. The customer can no longer use this link. "
        "If the customer pays in the next seconds, the payment service sends the money back."
    )
    approval = dialog.approval()
    assert (approval.kind, approval.amount, approval.look.read_at) == (
        OperationKind.CANCEL,
        pending_link().amount,
        1000.0,
    )


def test_a_link_that_cannot_be_read_needs_its_amount(qapp: QApplication, desk: QWidget) -> None:
    dialog = CancelDialog(dressed(qapp), Seen(pending_link(), None), FakeClock(), parent=desk)
    dialog.open()
    text = dialog.findChild(QLabel, "confirmText")
    assert text is not None
    assert "cannot be read now" in text.text()
    confirm = part(dialog, "confirmButton")
    click(confirm)
    assert dialog.isVisible()
    typed = dialog.findChild(QWidget, "typedAmountEdit")
    assert typed is not None
    QTest.keyClicks(typed, "245.0")
    assert confirm.isEnabled()
    QTest.keyClicks(typed, "1")
    assert not confirm.isEnabled()
    QTest.keyClick(typed, Key.Key_Backspace)
    QTest.keyClick(typed, Key.Key_Return)
    assert dialog.isVisible()
    click(confirm)
    assert dialog.result() == QDialog.DialogCode.Accepted.value


def test_strong_words_and_braces_of_a_customer_change_nothing(qapp: QApplication, desk: QWidget) -> None:
    odd = pending_link(reference="**{amount}** <b>x</b> \u202e")
    dialog = PaidGuardDialog(dressed(qapp), odd, START, parent=desk)
    text = dialog.findChild(QLabel, "confirmText")
    assert text is not None
    assert "on **{amount}** <b>x</b> \\u202e while" in text.text()
    assert text.textFormat() is Qt.TextFormat.PlainText


def test_paid_guard_shows_both_times(qapp: QApplication, desk: QWidget) -> None:
    dialog = PaidGuardDialog(dressed(qapp), paid_link(paid_at=START), START.replace(second=8), parent=desk)
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert "Stop: this link has just been paid" in words
    assert "Nothing has been cancelled or refunded." in words
    assert any(word.endswith("36:00") for word in words)
    assert any(word.endswith("36:08") for word in words)
    assert part(dialog, "confirmButton").text() == "Refund USD 64.00…"


def test_cancel_became_refund_stays_until_it_was_read(qapp: QApplication, desk: QWidget) -> None:
    dialog = CancelBecameRefundDialog(dressed(qapp), paid_link(), parent=desk)
    printed: list[str] = []
    dialog.print_requested.connect(printed.append)
    dialog.open()
    press(dialog, Key.Key_Escape, Key.Key_Escape)
    dialog.close()
    click(part(dialog, "printButton"))
    assert dialog.isVisible()
    assert printed == ["T2-1050"]
    press(dialog, Key.Key_Escape)
    assert dialog.isVisible()
    click(part(dialog, "keepButton"))
    assert not dialog.isVisible()
    assert dialog.result() == QDialog.DialogCode.Accepted.value


def test_cancel_became_refund_leads_to_a_new_link(qapp: QApplication, desk: QWidget) -> None:
    dialog = CancelBecameRefundDialog(dressed(qapp), paid_link(), parent=desk)
    wanted: list[str] = []
    dialog.new_link_requested.connect(wanted.append)
    dialog.open()
    click(part(dialog, "newLinkButton"))
    assert not dialog.isVisible()
    assert wanted == ["T2-1050"]


@pytest.mark.parametrize("kind", ACKNOWLEDGED)
def test_what_is_only_acknowledged_has_no_changing_answer(qapp: QApplication, desk: QWidget, kind: str) -> None:
    dialog = ACKNOWLEDGED[kind](dressed(qapp), desk)
    assert dialog.property("kind") == kind
    assert dialog.findChild(QPushButton, "confirmButton") is None
    assert part(dialog, "keepButton").isEnabled()


def test_it_fits_on_a_small_screen_and_still_shows_its_answers(qapp: QApplication, desk: QWidget) -> None:
    dialog = RefundDialog(dressed(qapp), Seen(paid_link(), None), FakeClock(), part_is_possible=True, parent=desk)
    dialog.open()
    QApplication.processEvents()
    assert dialog.height() <= dialog.screen().availableSize().height()
    bottom = part(dialog, "keepButton")
    assert dialog.rect().contains(bottom.geometry())
    dialog.reject()
