"""A managed till: what its administrator has set can be read in the settings and not changed there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Qt, QTimerEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QLineEdit

from optty_desktop.core.money import Money
from optty_desktop.core.network import NetworkSettings
from optty_desktop.core.policy import Policy
from optty_desktop.core.updates import UpdateMode, Updates
from optty_desktop.ui.start_problem import show_until_closed, start_problem_dialog
from tests.fakes import TRAINING
from tests.flows.hands import part
from tests.ui.desk_room import ABOUT
from tests.ui.money_links import click, dressed
from tests.ui.settings_room import SettingsRoom

FILE = "/etc/xdg/optty-desktop/policy.toml"
SET_BY = f"Set by your administrator in {FILE}"
WHOLE = Policy(
    FILE,
    "5f" * 32,
    environments=("live", "training"),
    token_hosts=("auth.shop.example",),
    api_hosts=("api.shop.example",),
    link_hosts=(".optty.com", "pay.shop.example"),
    network=NetworkSettings(),
    warn_above=Money(100_000, "USD"),
    largest=(Money(500_000, "USD"), Money(450_000, "EUR")),
    updates=Updates(UpdateMode.OFF),
)
LOCKED = ("tokenUrl", "apiUrl", "linkHosts")


def hint(room: SettingsRoom, name: str) -> str:
    """What stands below a field."""
    return room.says(f"{name}Error")


async def test_what_a_policy_sets_says_who_set_it_and_takes_no_keys() -> None:
    async with SettingsRoom(about=ABOUT._replace(policy=WHOLE)) as room:
        await room.open()
        assert [hint(room, name) for name in LOCKED] == [SET_BY] * 3
        before = room.typed("tokenUrlEdit"), room.typed("apiUrlEdit"), room.lines("linkHostsEdit").toPlainText()
        for edit in (part(room.desk.window, QLineEdit, "tokenUrlEdit"), room.lines("linkHostsEdit")):
            edit.setFocus()
            QTest.keyClicks(edit, "x")
            QTest.keyClick(edit, Qt.Key.Key_Backspace)
        after = room.typed("tokenUrlEdit"), room.typed("apiUrlEdit"), room.lines("linkHostsEdit").toPlainText()
        assert after == before
        assert not room.sees("undoConnectionButton")


async def test_the_rest_stays_to_the_shop() -> None:
    async with SettingsRoom(about=ABOUT._replace(policy=Policy(FILE, api_hosts=("api.shop.example",)))) as room:
        await room.open()
        assert [hint(room, name) for name in LOCKED] == ["", SET_BY, ""]
        room.write("profileNameEdit", "Corner")
        room.write("tokenUrlEdit", "https://auth.two.example/token")
        await room.push("saveConnectionButton")
        await room.answer(await room.asked("saveConnection"), "confirmButton")
        assert room.profiles.items["live"].name == "Corner"
        assert room.profiles.items["live"].token_url == "https://auth.two.example/token"
        assert hint(room, "apiUrl") == SET_BY


async def test_one_card_tells_what_has_no_field_of_its_own() -> None:
    async with SettingsRoom(about=ABOUT._replace(policy=WHOLE)) as room:
        await room.open()
        assert [room.says(name) for name in _CARD] == [
            f"What is set in {FILE} holds for everybody on this computer and cannot be changed here.",
            "Environments that may be used: live, training.",
            "The proxy and the trusted certificates are set there.",
            "One link may ask for at most USD 5,000.00, EUR 4,500.00.",
            "Amounts above USD 1,000.00 get a warning.",
            "Nobody is told of new versions here.",
        ]


async def test_practice_names_the_policy_too() -> None:
    async with SettingsRoom(TRAINING, about=ABOUT._replace(policy=replace(WHOLE, updates=None))) as room:
        await room.open()
        assert room.sees("trainingConnectionText")
        assert room.says("policyLimitText")
        assert not room.sees("policyUpdatesText")


async def test_a_till_without_a_policy_says_nothing_of_one() -> None:
    async with SettingsRoom() as room:
        await room.open()
        assert not any(room.sees(name) for name in _CARD)
        assert [hint(room, name) for name in LOCKED] == [""] * 3


_CARD = (
    "policyFileText", "policyEnvironmentsText", "policyNetworkText", "policyLimitText", "policyWarningText",
    "policyUpdatesText",
)  # fmt: skip


def test_a_program_that_cannot_start_says_why_in_a_window(qapp: QApplication) -> None:
    reason = f"{FILE}, line 4: unknown key limits.foo"
    dialog = start_problem_dialog(dressed(qapp), reason)
    assert part(dialog, QLabel, "confirmTitle").text() == "Payment Links cannot start"
    assert part(dialog, QLabel, "confirmText").text() == (
        f"{reason}. Ask whoever manages this till to put that right, then start Payment Links again."
    )


@pytest.mark.parametrize("closes", [lambda window: click(part(window, QAbstractButton, "keepButton")), QDialog.close])
def test_that_window_stands_until_somebody_closes_it(qapp: QApplication, closes: Callable[[QDialog], object]) -> None:
    person = _Person(closes)
    person.startTimer(1)
    show_until_closed(qapp, start_problem_dialog(dressed(qapp), "till.toml: unknown key shopp"))
    assert person.seen == ["Payment Links cannot start"] * 3
    person.deleteLater()


class _Person(QObject):
    """Looks at the window three times, then closes it."""

    def __init__(self, closes: Callable[[QDialog], object]) -> None:
        super().__init__()
        self._closes = closes
        self.seen: list[str] = []

    def timerEvent(self, event: QTimerEvent) -> None:
        """One look."""
        for window in (one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()):
            if len(self.seen) == 3:
                self._closes(window)
                return
            self.seen.append(window.windowTitle())
