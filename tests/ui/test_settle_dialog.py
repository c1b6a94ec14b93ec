"""The question before closing by hand: nothing chosen beforehand, nothing too early, nothing without a reason."""

from __future__ import annotations

import random
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QWidget

from optty_desktop.core.links import PaymentLink
from optty_desktop.core.money import Money
from optty_desktop.core.operations import Operation, OperationKind
from optty_desktop.till.settle_by_hand import FINDINGS, LONGEST_REASON, Found, SettleByHand
from optty_desktop.ui.settle_dialog import SettleDialog
from optty_desktop.ui.told_choice import ToldChoice
from tests.fakes import FakeClock, session
from tests.ui.doubts import NUMBER, doubtful, unanswered
from tests.ui.money_links import click, desk, dressed, focused_in, part, press
from tests.waiting import until

__all__ = ["desk"]

Key, Kind = Qt.Key, OperationKind
TOO_EARLY = "Until then, what was sent may still come in."


class Asked:
    """An open question about an operation sent at START, and how often it was confirmed."""

    def __init__(
        self,
        app: QApplication,
        window: QWidget,
        kind: OperationKind = Kind.REFUND,
        link: PaymentLink | None = None,
        operation: Operation | None = None,
        *,
        after: float = 600,
    ) -> None:
        self.clock = FakeClock()
        self.clock.advance(after)
        link = link or doubtful(kind)
        operation = operation or unanswered(link, kind)
        wait = partial(SettleByHand(session(clock=self.clock)).wait, operation)
        self.dialog = SettleDialog(
            dressed(app), link, operation, FINDINGS[kind], wait, self.clock, operator="Cashier 1", parent=window
        )
        self.confirmed = 0
        self.dialog.confirmed.connect(self._on_confirmed)
        self.dialog.open()
        self.dialog.activateWindow()
        QApplication.processEvents()

    def _on_confirmed(self) -> None:
        self.confirmed += 1

    def words(self, name: str) -> str:
        found = self.dialog.findChild(QLabel, name)
        assert found is not None
        return found.text()

    def choices(self) -> list[ToldChoice]:
        return self.dialog.findChildren(ToldChoice)

    def choice(self, name: str) -> ToldChoice:
        found = self.dialog.findChild(ToldChoice, name)
        assert found is not None
        return found

    @property
    def reason(self) -> QLineEdit:
        found = self.dialog.findChild(QLineEdit, "settleReasonEdit")
        assert found is not None
        return found

    def answer(self, name: str = "settleRefundedRadio", reason: str = "Seen in the portal") -> None:
        """Choose with the mouse and type with keys."""
        click(self.choice(name))
        click(self.reason)
        QTest.keyClicks(self.reason, reason)


@pytest.fixture
def asked(qapp: QApplication, desk: QWidget) -> Asked:
    return Asked(qapp, desk)


def test_a_refund_without_an_answer_as_it_is_asked(asked: Asked) -> None:
    assert asked.words("confirmTitle") == "Close Order 1050, USD 64.00, by hand?"
    assert asked.words("confirmText") == (
        "We do not know if the refund of USD 64.00 went through. Look at the payment in the portal of the payment "
        "service, under this invoice number."
    )
    assert [(one.text(), one.consequence) for one in asked.choices()] == [
        ("The payment service shows it as refunded", "The row becomes Refunded. Nothing is sent."),
        (
            "The payment service shows no such refund",
            "The row becomes Paid again. Nothing is sent. You can refund it anew.",
        ),
    ]
    assert part(asked.dialog, "keepButton").text() == "Keep checking"
    assert part(asked.dialog, "confirmButton").text() == "Close by hand"
    assert asked.words("settleSignatureLabel").startswith("Signed by Cashier 1, ")
    assert asked.words("settleSignatureLabel").endswith(" It stays in the timeline.")


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_offers_its_own_ends_and_chooses_none(qapp: QApplication, desk: QWidget, kind: OperationKind) -> None:
    asked = Asked(qapp, desk, kind)
    names = [one.objectName().removeprefix("settle").removesuffix("Radio") for one in asked.choices()]
    assert names == ["".join(word.title() for word in found.split("_")) for found in FINDINGS[kind]]
    assert not any(one.isChecked() for one in asked.choices())
    assert all(one.accessibleDescription() == one.consequence != "" for one in asked.choices())
    assert asked.words("confirmText").startswith("We do not know if ")


def test_what_follows_from_a_part_is_said(qapp: QApplication, desk: QWidget) -> None:
    link = doubtful(Kind.REFUND, refunded_minor=1000)
    asked = Asked(qapp, desk, link=link, operation=unanswered(link, Kind.REFUND, amount=Money(2000, "USD")))
    assert [one.consequence for one in asked.choices()] == [
        "The row becomes Refunded in part, USD 20.00 by this refund. Nothing is sent.",
        "The row stays Refunded in part, as it was. Nothing is sent. You can refund the rest.",
    ]


def test_what_a_read_has_seen_of_a_part_is_not_counted_twice_in_what_follows(qapp: QApplication, desk: QWidget) -> None:
    link = doubtful(Kind.REFUND, refunded_minor=3000)
    asked = Asked(qapp, desk, link=link, operation=unanswered(link, Kind.REFUND, amount=Money(5000, "USD")))
    assert asked.choice("settleRefundedRadio").consequence.startswith("The row becomes Refunded in part")


def test_the_number_is_whole_and_can_be_copied(asked: Asked) -> None:
    number = asked.dialog.findChild(QLineEdit, "settleNumberEdit")
    assert number is not None
    assert (number.text(), number.isReadOnly(), number.accessibleName()) == (NUMBER, True, "Invoice number")
    click(part(asked.dialog, "copyNumberButton"))
    assert QGuiApplication.clipboard().text() == NUMBER
    assert part(asked.dialog, "copyNumberButton").text() == "Copied"
    assert asked.dialog.isVisible()
    QGuiApplication.clipboard().clear()


def test_found_and_reason_close_it(asked: Asked) -> None:
    asked.answer(reason="  Seen in the portal ")
    click(part(asked.dialog, "confirmButton"))
    assert asked.confirmed == 1
    assert asked.dialog.result() == QDialog.DialogCode.Accepted.value
    assert (asked.dialog.found(), asked.dialog.reason()) == (Found.REFUNDED, "Seen in the portal")


def test_what_is_missing_is_said_where_it_is_missing(asked: Asked) -> None:
    with pytest.raises(ValueError, match="nothing is chosen"):
        asked.dialog.found()
    click(part(asked.dialog, "confirmButton"))
    assert asked.words("settleFindingError") == "Choose what the payment service shows"
    assert focused_in(asked.dialog).objectName() == "settleRefundedRadio"
    press(asked.dialog, Key.Key_Space)
    assert asked.words("settleFindingError") == ""
    click(part(asked.dialog, "confirmButton"))
    assert asked.words("settleReasonError") == "Say in a few words what you have seen"
    assert focused_in(asked.dialog) is asked.reason
    assert asked.confirmed == 0


def test_a_card_number_is_refused(asked: Asked) -> None:
    asked.answer(reason="paid with 4242 4242 4242 4242")
    click(part(asked.dialog, "confirmButton"))
    assert asked.words("settleReasonError").startswith("This looks like a card number.")
    assert asked.confirmed == 0


def test_a_reason_is_no_longer_than_the_record_keeps_it(asked: Asked) -> None:
    asked.answer(reason="x" * (LONGEST_REASON + 5))
    assert len(asked.reason.text()) == LONGEST_REASON


@pytest.mark.parametrize(
    ("kind", "late"),
    [
        (Kind.CREATE, "settleDoesNotExistRadio"),
        (Kind.CANCEL, "settleStillOpenRadio"),
        (Kind.REFUND, "settleNotRefundedRadio"),
    ],
)
async def test_that_nothing_happened_can_be_chosen_when_it_is_time(
    qapp: QApplication, desk: QWidget, kind: OperationKind, late: str
) -> None:
    asked = Asked(qapp, desk, kind, after=120)
    assert {one.objectName() for one in asked.choices() if not one.isEnabled()} == {late}
    choice = asked.choice(late)
    assert choice.consequence.startswith("Can be chosen from ")
    assert choice.consequence.endswith(f":46:00. {TOO_EARLY}")
    click(choice)
    assert not choice.isChecked()
    asked.clock.advance(480)
    await until(choice.isEnabled)
    assert TOO_EARLY not in choice.consequence
    click(choice)
    assert choice.isChecked()


async def test_a_clock_that_is_set_back_takes_no_choice_away(asked: Asked) -> None:
    choice = asked.choice("settleNotRefundedRadio")
    click(choice)
    asked.clock.advance(-120)
    await until(lambda: ":44." in asked.words("settleSignatureLabel"))
    assert choice.isEnabled()
    assert TOO_EARLY not in choice.consequence


async def test_a_clock_that_is_set_forward_opens_no_choice(qapp: QApplication, desk: QWidget) -> None:
    asked = Asked(qapp, desk, after=120)
    asked.clock.set_forward(900)
    await until(lambda: ":53." in asked.words("settleSignatureLabel"))
    assert not asked.choice("settleNotRefundedRadio").isEnabled()


async def test_the_signature_follows_the_clock(asked: Asked) -> None:
    assert ":46." in asked.words("settleSignatureLabel")
    asked.clock.advance(60)
    await until(lambda: ":47." in asked.words("settleSignatureLabel"))


def test_while_it_is_written_and_after_a_problem(asked: Asked) -> None:
    asked.answer()
    asked.dialog.set_sending()
    assert part(asked.dialog, "confirmButton").text() == "Closing…"
    press(asked.dialog, Key.Key_Escape, Key.Key_Return, Key.Key_Space)
    click(part(asked.dialog, "confirmButton"))
    assert asked.dialog.isVisible()
    assert asked.confirmed == 0
    asked.dialog.set_problem("The disk is full. Make room, then try again. Nothing was closed")
    assert asked.words("confirmError").startswith("The disk is full.")
    assert (asked.dialog.found(), asked.dialog.reason()) == (Found.REFUNDED, "Seen in the portal")
    assert focused_in(asked.dialog) is part(asked.dialog, "keepButton")
    assert asked.reason.isEnabled()


def test_enter_never_closes_it_but_on_its_button(asked: Asked) -> None:
    asked.answer()
    press(asked.dialog, Key.Key_Return, Key.Key_Enter)
    asked.choice("settleRefundedRadio").setFocus()
    press(asked.dialog, Key.Key_Return, Key.Key_Enter)
    assert asked.confirmed == 0
    assert asked.dialog.isVisible()
    part(asked.dialog, "confirmButton").setFocus()
    press(asked.dialog, Key.Key_Return)
    assert asked.confirmed == 1


def test_tab_goes_through_all_of_it_and_round(asked: Asked) -> None:
    names = []
    for _ in range(6):
        press(asked.dialog, Key.Key_Tab)
        names.append(focused_in(asked.dialog).objectName())
    assert names == [
        "settleNumberEdit",
        "copyNumberButton",
        "settleRefundedRadio",
        "settleReasonEdit",
        "confirmButton",
        "keepButton",
    ]
    asked.choice("settleRefundedRadio").setFocus()
    press(asked.dialog, Key.Key_Down)
    assert focused_in(asked.dialog).objectName() == "settleNotRefundedRadio"


@pytest.mark.parametrize("seed", range(4))
def test_a_storm_of_keys_without_a_reason_closes_nothing(qapp: QApplication, desk: QWidget, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  no secret
    keys = [
        Key.Key_Return, Key.Key_Enter, Key.Key_Space, Key.Key_Escape, Key.Key_Tab, Key.Key_Backtab, Key.Key_Up,
        Key.Key_Down, Key.Key_Backspace,
    ]  # fmt: skip
    asked = Asked(qapp, desk)
    for _ in range(150):
        if not asked.dialog.isVisible():
            asked.dialog.open()
        press(asked.dialog, chance.choice(keys))
        asked.reason.setText(asked.reason.text().strip())
    assert asked.confirmed == 0


def test_long_names_wrap_and_strangers_text_is_harmless(qapp: QApplication, desk: QWidget) -> None:
    link = doubtful(Kind.CANCEL, reference="Order \u202e<b>1053</b>")
    asked = Asked(qapp, desk, Kind.CANCEL, link)
    assert asked.words("confirmTitle").startswith("Close Order \\u202e<b>1053</b>, ")
    choice = asked.choice("settleRefundedRadio")
    assert choice.heightForWidth(260) > choice.heightForWidth(540)
    assert choice.height() >= choice.heightForWidth(choice.width())
