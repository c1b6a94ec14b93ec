"""What is said when something is missing or went wrong never moves a button from under the finger."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QWidget

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.refund_dialog import RefundDialog
from optty_desktop.ui.settle_dialog import SettleDialog
from optty_desktop.ui.sign_in_dialog import EnvironmentChoice, SignInDialog
from tests.ui.money_links import desk, dressed
from tests.ui.questions import QUESTIONS
from tests.ui.stage import click, part, settle

__all__ = ["desk"]

PROBLEM = "The payment service is not answering. Nothing was lost. Try again in a minute. Nothing was refunded"
REFUSED = "This ID and secret were not accepted for Live. Check both, or ask whoever manages your payment account"


def places(window: QWidget) -> dict[str, QPoint]:
    """Where the buttons stand on the screen."""
    buttons = [button for button in window.findChildren(QAbstractButton) if button.isVisible()]
    return {button.objectName(): button.mapToGlobal(QPoint(0, 0)) for button in buttons if button.objectName()}


def said(window: QWidget, name: str) -> str:
    label = part(window, QLabel, name)
    return label.text() if label.isVisible() else ""


def opened(qapp: QApplication, desk: QWidget, kind: str) -> ConfirmDialog:
    dialog = QUESTIONS[kind](dressed(qapp), desk)
    dialog.open()
    dialog.activateWindow()
    settle()
    return dialog


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_problem_moves_no_answer(qapp: QApplication, desk: QWidget, kind: str) -> None:
    dialog = opened(qapp, desk, kind)
    before = places(dialog)
    dialog.set_problem(PROBLEM)
    settle()
    assert said(dialog, "confirmError") == PROBLEM
    assert places(dialog) == before
    label = part(dialog, QLabel, "confirmError")
    assert dialog.rect().contains(label.mapTo(dialog, label.rect().bottomRight()))


def _no_reason(dialog: QWidget) -> None:
    """Nothing has been chosen."""


def _no_note(dialog: QWidget) -> None:
    reason = part(dialog, QComboBox, "refundReasonCombo")
    reason.setCurrentIndex(reason.count() - 1)


def _no_part(dialog: QWidget) -> None:
    part(dialog, QAbstractButton, "refundPartRadio").click()


@pytest.mark.parametrize(
    ("prepare", "error"),
    [(_no_reason, "refundReasonError"), (_no_note, "refundNoteError"), (_no_part, "refundAmountError")],
)
def test_what_a_refund_lacks_moves_no_button(
    qapp: QApplication, desk: QWidget, prepare: Callable[[QWidget], None], error: str
) -> None:
    dialog = opened(qapp, desk, "refund")
    assert isinstance(dialog, RefundDialog)
    prepare(dialog)
    settle()
    before, hint = places(dialog), said(dialog, error)
    hold = part(dialog, QAbstractButton, "confirmButton")
    QTest.mousePress(hold, Qt.MouseButton.LeftButton)
    settle()
    assert said(dialog, error) not in ("", hint)
    assert places(dialog) == before
    QTest.mouseRelease(hold, Qt.MouseButton.LeftButton)


def test_what_closing_by_hand_lacks_moves_no_button(qapp: QApplication, desk: QWidget) -> None:
    dialog = opened(qapp, desk, "settle")
    assert isinstance(dialog, SettleDialog)
    before = places(dialog)
    click(part(dialog, QAbstractButton, "confirmButton"))
    assert said(dialog, "settleFindingError")
    assert places(dialog) == before
    choice = part(dialog, QAbstractButton, "settleRefundedRadio")
    choice.setEnabled(True)
    choice.click()
    settle()
    before = places(dialog)
    click(part(dialog, QAbstractButton, "confirmButton"))
    assert said(dialog, "settleReasonError")
    assert places(dialog) == before


@pytest.mark.parametrize("size", [(960, 640), (1366, 700), (400, 640)])
def test_what_the_sign_in_says_moves_no_button(qapp: QApplication, size: tuple[int, int]) -> None:
    live = EnvironmentChoice("live", "Live", EnvironmentKind.LIVE, "Real customers and real money")
    dialog = SignInDialog(dressed(qapp), [live], keychain_available=True)
    dialog.resize(*size)
    dialog.show()
    settle()
    before = places(dialog)
    part(dialog, QAbstractButton, "signInButton").click()
    settle()
    assert said(dialog, "clientIdError")
    assert said(dialog, "clientSecretError")
    assert places(dialog) == before
    dialog.reset()
    settle()
    if size[0] < 600:
        return  # too narrow for the whole sentence on two lines
    dialog.show_problem(REFUSED)
    settle()
    assert said(dialog, "loginErrorLabel") == REFUSED
    assert places(dialog) == before
