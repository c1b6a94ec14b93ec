"""Tab goes through every dialog as the eye does, and comes to the act last."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QRadioButton, QWidget

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.route_import import FoundRequest, RequestRole
from optty_desktop.till.cancel_or_refund import Look as Seen
from optty_desktop.ui.cancel_dialog import CancelDialog
from optty_desktop.ui.code_dialog import CodeDialog
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.import_questions import ChooseRequestDialog, DeleteFilesDialog
from optty_desktop.ui.licence_dialog import LicenceDialog
from optty_desktop.ui.notice_dialog import NoticeDialog
from optty_desktop.ui.refund_dialog import RefundDialog
from optty_desktop.ui.shortcuts_dialog import ShortcutsDialog
from optty_desktop.ui.sign_in_dialog import EnvironmentChoice, SignInDialog
from optty_desktop.ui.support_dialog import SupportDialog
from optty_desktop.ui.theme import Look
from tests.fakes import FakeClock
from tests.ui.money_links import desk, dressed, paid_link, pending_link
from tests.ui.questions import ACKNOWLEDGED, QUESTIONS
from tests.ui.stage import settle

__all__ = ["desk"]

REQUEST = "POST https://api.example.com/links/T2-1050/cancel-or-refund"


def _refund_of_a_part(look: Look, window: QWidget) -> RefundDialog:
    """Everything it can ask is there: a part, another reason, a first use, the typed amount."""
    seen = Seen(paid_link(), 1000.0)
    dialog = RefundDialog(
        look, seen, FakeClock(), part_is_possible=True, prefer_typing=True, first_use=REQUEST, parent=window
    )
    part = dialog.findChild(QRadioButton, "refundPartRadio")
    reason = dialog.findChild(QComboBox, "refundReasonCombo")
    assert part is not None
    assert reason is not None
    part.setChecked(True)
    reason.setCurrentIndex(reason.count() - 1)
    return dialog


def _cancel_unread(look: Look, window: QWidget) -> CancelDialog:
    return CancelDialog(look, Seen(pending_link(), None), FakeClock(), first_use=REQUEST, parent=window)


def _choose_request(look: Look, window: QWidget) -> ChooseRequestDialog:
    found = [FoundRequest(RequestRole.CANCEL_OR_REFUND, n, f"Refund {n}", "POST", REQUEST) for n in (1, 2)]
    return ChooseRequestDialog(look, found, environment=EnvironmentKind.LIVE, parent=window)


def _sign_in(look: Look, window: QWidget) -> SignInDialog:
    live = EnvironmentChoice("live", "Live", EnvironmentKind.LIVE, "Real customers and real money")
    return SignInDialog(look, [live], keychain_available=True, parent=window)


def _support(look: Look, window: QWidget) -> SupportDialog:
    dialog = SupportDialog(look, EnvironmentKind.LIVE, window)
    dialog.show_report("Environment live\n" * 90)
    return dialog


def _code(look: Look, window: QWidget) -> CodeDialog:
    dialog = CodeDialog(look, EnvironmentKind.LIVE, window)
    dialog.show_link(pending_link(), None)
    return dialog


DIALOGS = {
    **QUESTIONS,
    **ACKNOWLEDGED,
    "refund of a part": _refund_of_a_part,
    "cancel, not read": _cancel_unread,
    "choose a request": _choose_request,
    "delete files": lambda look, window: DeleteFilesDialog(look, ["a.json"], environment="live", parent=window),
    "notice": lambda look, window: NoticeDialog(look, "Not refunded", "Nothing was changed", parent=window),
    "licence": lambda look, window: LicenceDialog(look, "Licence", Path(__file__), environment="live", parent=window),
    "shortcuts": lambda look, window: ShortcutsDialog(look, window),
    "support file": _support,
    "code": _code,
    "sign in": _sign_in,
}


def stops(dialog: QDialog) -> list[QWidget]:
    """Where Tab goes, from where the keyboard is until it is there again."""
    start = dialog.focusWidget()
    assert start is not None
    found = [start]
    while len(found) < 40:
        QTest.keyClick(found[-1], Qt.Key.Key_Tab)
        now = dialog.focusWidget()
        assert now is not None
        if now is start:
            return found
        found.append(now)
    raise AssertionError("Tab does not come back")


def goes_on(before: QRect, after: QRect, *, rtl: bool) -> bool:
    """Whether the eye goes from one to the other: further on in the line, or down."""
    is_further = after.right() < before.left() if rtl else after.left() > before.right()
    return is_further or after.top() >= before.bottom() or before.contains(after)


@pytest.mark.parametrize("rtl", [False, True], ids=["ltr", "rtl"])
@pytest.mark.parametrize("name", DIALOGS)
def test_tab_reads_the_dialog(qapp: QApplication, desk: QWidget, name: str, rtl: bool) -> None:
    dialog = DIALOGS[name](dressed(qapp), desk)
    if rtl:
        dialog.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    dialog.open()
    dialog.activateWindow()
    settle()
    order = stops(dialog)
    if isinstance(dialog, ConfirmDialog):
        # The safe answer has the keyboard; from there Tab reads the question down to the answer that changes something.
        assert order.pop(0).objectName() == "keepButton"
    else:
        order = order[(first := order.index(min(order, key=lambda stop: place(dialog, stop).top()))) :] + order[:first]
    for before, after in pairwise(order):
        is_on = goes_on(place(dialog, before), place(dialog, after), rtl=rtl)
        assert is_on, f"{before.objectName()}, then {after.objectName()}"


def place(dialog: QDialog, stop: QWidget) -> QRect:
    """Where it stands in the dialog."""
    return QRect(stop.mapTo(dialog, QPoint(0, 0)), stop.size())
