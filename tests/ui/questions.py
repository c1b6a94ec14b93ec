"""Every question there is, made with what it asks about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtWidgets import QCheckBox, QWidget

from optty_desktop.core.operations import OperationKind
from optty_desktop.till.cancel_or_refund import Look as Seen
from optty_desktop.till.confirm_rebuilt import Rebuilt
from optty_desktop.till.settle_by_hand import Found, SettleByHand
from optty_desktop.ui.cancel_dialog import CancelDialog
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.export_dialog import ExportDialog
from optty_desktop.ui.guard_dialogs import AlreadyDoneDialog, CancelBecameRefundDialog, PaidGuardDialog
from optty_desktop.ui.leaving_dialogs import CloseDialog, LeaveTrainingDialog, SignOutDialog
from optty_desktop.ui.rebuilt_dialog import RebuiltDialog
from optty_desktop.ui.refund_dialog import RefundDialog
from optty_desktop.ui.rescue_dialog import RescueDialog
from optty_desktop.ui.settle_dialog import SettleDialog
from optty_desktop.ui.theme import Look
from tests.fakes import START, FakeClock, session
from tests.ui.doubts import doubtful, unanswered
from tests.ui.money_links import paid_link, pending_link

Make = Callable[[Look, QWidget], ConfirmDialog]


def _settle_dialog(look: Look, window: QWidget) -> SettleDialog:
    link = doubtful(OperationKind.REFUND)
    operation, findings = unanswered(link, OperationKind.REFUND), (Found.REFUNDED,)
    wait = SettleByHand(session()).wait
    return SettleDialog(
        look, link, operation, findings, partial(wait, operation), FakeClock(), operator="Cashier 1", parent=window
    )


def compared(dialog: RebuiltDialog) -> RebuiltDialog:
    """With the check mark without which nothing can be confirmed."""
    check = dialog.findChild(QCheckBox, "comparedCheck")
    assert check is not None
    check.setChecked(True)
    return dialog


QUESTIONS: dict[str, Make] = {
    "cancel": lambda look, window: CancelDialog(look, Seen(pending_link(), 1000.0), FakeClock(), parent=window),
    "refund": lambda look, window: RefundDialog(
        look, Seen(paid_link(), 1000.0), FakeClock(), part_is_possible=True, parent=window
    ),
    "settle": _settle_dialog,
    "paidGuard": lambda look, window: PaidGuardDialog(look, paid_link(), START, hands_off=0, parent=window),
    "close": lambda look, window: CloseDialog(look, to_check=1, parent=window),
    "signOut": lambda look, window: SignOutDialog(look, "Live", parent=window),
    "leaveTraining": lambda look, window: LeaveTrainingDialog(look, parent=window),
    "rescue": lambda look, window: RescueDialog(look, date(2026, 3, 20), parent=window),
    "rebuilt": lambda look, window: compared(RebuiltDialog(look, Rebuilt(), "Sara", parent=window)),
    "export": lambda look, window: ExportDialog(look, parent=window),
}
ACKNOWLEDGED: dict[str, Make] = {
    "alreadyDone": lambda look, window: AlreadyDoneDialog(look, paid_link(), (), FakeClock(), parent=window),
    "cancelBecameRefund": lambda look, window: CancelBecameRefundDialog(look, paid_link(), parent=window),
}
