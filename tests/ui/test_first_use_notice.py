"""The first use of a route at the screen: the request to look at, and a box without which nothing is sent."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget

from optty_desktop.core.environments import RouteTemplate
from optty_desktop.core.links import LinkState
from tests.fakes import LIVE, FakeAccount, link
from tests.flows.hands import is_shown, part, words
from tests.ui.desk_room import turns
from tests.ui.settings_room import SettingsRoom
from tests.waiting import until

UNTRIED = replace(LIVE, cancel_or_refund=RouteTemplate("POST", "/links/{invoiceNumber}/end", tried=False))


def room_with(state: LinkState) -> SettingsRoom:
    room = SettingsRoom(UNTRIED)
    for number in ("T2-1", "T2-2"):
        one = link(number, state)
        room.journal.saved[number] = one
        room.gateway.accounts[number] = FakeAccount(number, one.amount, state, has_order=state is LinkState.PAID)
    return room


def request_in(dialog: QWidget) -> str:
    return words(dialog, "requestLine").strip("\u2066\u2069")


async def test_a_cancel_waits_for_the_box_once_and_then_never_again() -> None:
    async with room_with(LinkState.PENDING) as room:
        room.desk._money.cancel("T2-1")
        dialog = await room.asked("cancel")
        assert request_in(dialog) == "POST http://127.0.0.1:1/links/T2-1/end"
        assert words(dialog, "firstUseText") == "First use of this route. Try it in Sandbox first."
        confirm = part(dialog, QAbstractButton, "confirmButton")
        assert not confirm.isEnabled()
        part(dialog, QAbstractButton, "triedCheck").click()
        assert confirm.isEnabled()
        await room.click(confirm)
        await until(lambda: room.gateway.accounts["T2-1"].state is LinkState.CANCELLED)
        await until(lambda: room.profiles.items["live"].cancel_or_refund.tried)  # type: ignore[union-attr]
        await turns()
        room.desk._money.cancel("T2-2")
        dialog = await room.asked("cancel")
        assert not is_shown(dialog, "triedCheck")
        assert part(dialog, QAbstractButton, "confirmButton").isEnabled()
        await room.answer(dialog, "keepButton")


async def test_a_hold_does_not_begin_without_the_box() -> None:
    async with room_with(LinkState.PAID) as room:
        room.desk._money.refund("T2-1")
        dialog = await room.asked("refund")
        assert request_in(dialog) == "POST http://127.0.0.1:1/links/T2-1/end"
        QTest.keyClick(part(dialog, QComboBox, "refundReasonCombo"), Qt.Key.Key_Down)
        hold = part(dialog, QAbstractButton, "confirmButton")
        QTest.mousePress(hold, Qt.MouseButton.LeftButton, pos=hold.rect().center())
        assert words(dialog, "triedError") == "Tick this once you have tried it in Sandbox"
        QTest.mouseRelease(hold, Qt.MouseButton.LeftButton, pos=hold.rect().center())
        assert "cancel_or_refund" not in room.gateway.calls
        part(dialog, QAbstractButton, "triedCheck").click()
        assert not is_shown(dialog, "triedError")
        await room.answer(dialog, "keepButton")
