"""What is said when somebody else was faster."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import LinkState, Note, PaymentLink
from optty_desktop.core.operations import OperationKind
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.guard_dialogs import AlreadyDoneDialog
from optty_desktop.ui.leaving_dialogs import CloseDialog
from tests.fakes import START, FakeClock, link
from tests.ui.money_links import dressed, paid_link


def words(dialog: ConfirmDialog) -> tuple[str, str]:
    title, text = dialog.findChild(QLabel, "confirmTitle"), dialog.findChild(QLabel, "confirmText")
    assert title is not None
    assert text is not None
    return title.text(), text.text()


def done(qapp: QApplication, shown: PaymentLink, *events: LinkEvent) -> tuple[str, str]:
    return words(AlreadyDoneDialog(dressed(qapp), shown, events, FakeClock()))


def test_already_refunded_names_who_and_when(qapp: QApplication) -> None:
    back = paid_link(state=LinkState.REFUNDED, refunded_minor=6400)
    event = LinkEvent("T2-1050", START, EventKind.REFUNDED, "Cashier 2", {"amount": "USD 64.00"})
    title, text = done(qapp, back, event)
    assert title == "This payment was already refunded"
    assert text.startswith("Cashier 2 refunded USD 64.00 at ")
    assert text.endswith(". Nothing more was sent.")


def test_already_refunded_by_nobody_known(qapp: QApplication) -> None:
    title, text = done(qapp, paid_link(note=Note.REFUND_ON_ITS_WAY))
    assert title == "This payment was already refunded"
    assert text.startswith("USD 64.00 went back at ")


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (LinkState.CANCELLED, "This link was already cancelled"),
        (LinkState.EXPIRED, "This link has expired"),
        (LinkState.IN_PROGRESS, "The customer is paying right now"),
        (LinkState.UNKNOWN, "This link needs checking first"),
        (LinkState.PENDING, "This link has changed"),
        (LinkState.PAID, "This link has changed"),
    ],
)
def test_each_state_is_explained(qapp: QApplication, state: LinkState, title: str) -> None:
    said, text = done(qapp, link(state=state))
    assert said == title
    assert "sent." in text


def test_who_cancelled(qapp: QApplication) -> None:
    event = LinkEvent("T2-1", START, EventKind.CANCELLED, "Cashier 2")
    assert done(qapp, link(state=LinkState.CANCELLED), event)[1].startswith("Cashier 2 cancelled it at ")


@pytest.mark.parametrize(
    ("count", "title"), [(1, "Close with 1 link to check?"), (3, "Close with 3 links to check?"), (0, "Close the app?")]
)
def test_closing_counts_what_is_not_known(qapp: QApplication, count: int, title: str) -> None:
    assert words(CloseDialog(dressed(qapp), to_check=count))[0] == title


def test_closing_while_a_refund_runs(qapp: QApplication) -> None:
    said = words(CloseDialog(dressed(qapp), running=OperationKind.REFUND))
    assert said == (
        "Wait for the answer?",
        "A refund is being sent. The window closes as soon as the answer is stored.",
    )
