"""Setting a status by hand at the desk: where it is offered, what it asks, what it writes, and what shows it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QDialog, QLabel, QLineEdit

from optty_desktop.core.errors import DiskFull, ScopeRefused
from optty_desktop.core.events import EventKind
from optty_desktop.core.links import LinkState, PaymentLink, Source
from optty_desktop.till.session import TillIdentity
from optty_desktop.ui.hand_dialog import HandDialog
from optty_desktop.ui.table_summary import SummaryLabel
from tests.fakes import IDENTITY, FakeAccount, link
from tests.flows.hands import is_shown, part, words
from tests.ui.desk_room import DeskRoom, turns
from tests.waiting import until

NUMBER = "T2-1"
REASON = "Seen in the portal"
Key = Qt.Key


class Room(DeskRoom):
    """A desk with one link whose order the service has not named."""

    def __init__(self, kept: PaymentLink | None = None, identity: TillIdentity = IDENTITY) -> None:
        super().__init__([kept or link(NUMBER, order_reference=None)], identity=identity)

    @property
    def link(self) -> PaymentLink:
        found = self.book.find(NUMBER)
        assert found is not None
        return found

    def sees(self, name: str) -> bool:
        return is_shown(self.desk.window, name)

    def says(self, name: str) -> str:
        return words(self.desk.window, name).translate({0x2066: None, 0x2069: None})

    async def show_detail(self) -> None:
        self.desk._detail.open(NUMBER)
        await turns()

    async def ask(self) -> HandDialog:
        await self.show_detail()
        await until(lambda: self.sees("setByHandButton"))
        await self.click(part(self.desk.window, QAbstractButton, "setByHandButton"))
        found = await until(lambda: next((d for d in self.dialogs() if isinstance(d, HandDialog)), None))
        assert found is not None
        return found

    def dialogs(self) -> list[QDialog]:
        return [one for one in self.desk.window.findChildren(QDialog) if one.isVisible()]

    async def fill(self, dialog: QDialog, name: str = "handPaidRadio") -> None:
        await self.click(part(dialog, QAbstractButton, name))
        QTest.keyClicks(part(dialog, QLineEdit, "handReasonEdit"), REASON)

    async def confirm(self, dialog: QDialog) -> None:
        await self.click(part(dialog, QAbstractButton, "confirmButton"))
        await turns()


@pytest.mark.parametrize(
    ("name", "state", "word"),
    [
        ("handPaidRadio", LinkState.PAID, "Paid"),
        ("handCancelledRadio", LinkState.CANCELLED, "Cancelled"),
        ("handRefundedRadio", LinkState.REFUNDED, "Refunded"),
        ("handExpiredRadio", LinkState.EXPIRED, "Expired"),
    ],
)
async def test_what_was_seen_is_shown_as_the_word_of_a_person(name: str, state: LinkState, word: str) -> None:
    async with Room() as room:
        dialog = await room.ask()
        await room.fill(dialog, name)
        await room.confirm(dialog)
        await until(lambda: not room.dialogs())
        assert (room.link.state, room.link.is_set_by_hand) == (state, True)
        assert room.link.evidence.source is Source.BY_HAND
        assert room.says("toastText") == f"Order {NUMBER} set to {word} by hand."
        assert room.says("detailNoteLabel") == "Set by hand"
        assert room.says("detailSentenceLabel") == "Not confirmed by the payment service"
        await until(lambda: room.says("detailSourceLabel").startswith("Set by Cashier 1 at "))
        event = room.journal.events[-1]
        assert (event.kind, event.actor, event.facts["reason"]) == (EventKind.SET_BY_HAND, "Cashier 1", REASON)
        assert room.gateway.calls == []


async def test_paid_by_hand_says_what_is_not_known_and_counts_no_money() -> None:
    async with Room() as room:
        dialog = await room.ask()
        assert (
            "Hand over goods only if you have seen that amount"
            in part(dialog, QAbstractButton, "handPaidRadio").accessibleDescription()
        )
        await room.fill(dialog)
        await room.confirm(dialog)
        await until(lambda: not room.dialogs())
        await turns()
        (label,) = room.desk.window.findChildren(SummaryLabel)
        summary = " ".join(label.lines())
        assert "1 set by hand, not in the sums" in summary
        assert "Paid USD" not in summary
        for name in ("refundButton", "cancelButton", "receiptButton"):
            assert not room.sees(name)


async def test_what_was_said_by_mistake_is_taken_back() -> None:
    async with Room() as room:
        dialog = await room.ask()
        await room.fill(dialog)
        await room.confirm(dialog)
        await until(lambda: not room.dialogs())
        assert not room.sees("cancelButton")
        dialog = await room.ask()
        await room.fill(dialog, "handPendingRadio")
        await room.confirm(dialog)
        await until(lambda: not room.dialogs())
        assert (room.link.state, room.link.is_set_by_hand) == (LinkState.PENDING, False)
        assert room.says("detailSentenceLabel") == "Not paid yet"
        await until(lambda: room.says("detailSourceLabel").startswith("Set by Cashier 1 at "))
        await until(lambda: room.sees("cancelButton"))


async def test_nothing_is_set_without_a_choice_and_a_reason() -> None:
    async with Room() as room:
        dialog = await room.ask()
        await room.confirm(dialog)
        assert part(dialog, QLabel, "handStateError").text() == "Choose what the payment service shows"
        await room.click(part(dialog, QAbstractButton, "handPaidRadio"))
        await room.confirm(dialog)
        assert part(dialog, QLabel, "handReasonError").text() == "Say in a few words what you have seen"
        await room.press(Key.Key_Escape)
        await until(lambda: not room.dialogs())
        assert room.link.state is LinkState.PENDING


async def test_enter_and_esc_are_the_safe_answer() -> None:
    async with Room() as room:
        dialog = await room.ask()
        await room.fill(dialog)
        part(dialog, QAbstractButton, "keepButton").setFocus()
        await room.press(Key.Key_Return)
        await until(lambda: not room.dialogs())
        assert room.journal.events == []


async def test_what_can_be_read_is_not_said_by_hand_until_reads_are_refused() -> None:
    async with Room(link(NUMBER)) as room:
        await room.show_detail()
        assert not room.sees("setByHandButton")

        async def refuse(call: str) -> None:
            raise ScopeRefused(403)

        room.gateway.before = refuse
        room.clock.advance(3)
        await room.press(Key.Key_F5)
        await until(lambda: "read" in room.gateway.calls)
        await turns()
        await room.show_detail()
        await until(lambda: room.sees("setByHandButton"))


async def test_a_read_that_comes_meanwhile_closes_the_question() -> None:
    async with Room() as room:
        dialog = await room.ask()
        await room.fill(dialog)
        known = replace(room.link, order_reference=f"HPP-{NUMBER}", state=LinkState.IN_PROGRESS)
        room.gateway.accounts[NUMBER] = FakeAccount(NUMBER, known.amount, LinkState.IN_PROGRESS, has_order=True)
        room.book.put(known)
        await until(lambda: not room.dialogs())
        assert room.says("toastText").endswith("Nothing was set by hand. Its status is In progress.")
        assert EventKind.SET_BY_HAND not in [event.kind for event in room.journal.events]


async def test_what_cannot_be_recorded_is_said_and_nothing_typed_is_lost() -> None:
    async with Room() as room:
        dialog = await room.ask()
        await room.fill(dialog)
        room.journal.fail_with = DiskFull()
        await room.confirm(dialog)
        await until(lambda: part(dialog, QLabel, "confirmError").text())
        assert room.link.state is LinkState.PENDING
        assert part(dialog, QLineEdit, "handReasonEdit").text() == REASON
        room.journal.fail_with = None
        await room.confirm(dialog)
        await until(lambda: not room.dialogs())
        assert room.link.is_set_by_hand


async def test_whoever_has_no_name_may_not() -> None:
    async with Room(identity=replace(IDENTITY, operator="")) as room:
        dialog = await room.ask()
        await room.fill(dialog)
        await room.confirm(dialog)
        await until(lambda: part(dialog, QLabel, "confirmError").text())
        assert part(dialog, QLabel, "confirmError").text() == (
            "You may not do this. Ask whoever manages this till. Nothing was set"
        )
        assert room.link.state is LinkState.PENDING
