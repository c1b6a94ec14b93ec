"""The section Connection: what is shown, what is refused at its field, what is asked, what is written, what is said."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QLabel, QRadioButton, QWidget

from optty_desktop.core.environments import Environment, RefundWith, RouteTemplate
from optty_desktop.core.errors import NotSent, RouteMissing, ScopeRefused, SignInRefused, Trouble
from optty_desktop.core.probes import ProbeLine, ProbeSign, ProbeStep
from optty_desktop.ui.leaving_flow import Ending
from optty_desktop.ui.tokens import LIGHT
from tests.fakes import IDENTITY, FakeProfiles
from tests.flows.hands import part
from tests.ui.desk_room import turns
from tests.ui.settings_room import SANDBOX, SHOP, SettingsRoom, focused

EVERYTHING = {
    "profileNameEdit": "Shop 2",
    "tokenUrlEdit": "https://auth.two.example/token",
    "apiUrlEdit": "https://api.two.example/",
    "routePathEdit": "/v2/close",
}


async def type_everything(room: SettingsRoom) -> None:
    """Change every field."""
    for name, text in EVERYTHING.items():
        room.write(name, text)
    room.write_lines("linkHostsEdit", "pay.two.example\n\n  .optty.com \npay.two.example")
    room.write_lines("routeBodyEdit", '{"number": "{invoiceNumber}"}')
    part(room.desk.window, QRadioButton, "refundByOrderRadio").setChecked(True)
    part(room.desk.window, QComboBox, "routeMethodEdit").setCurrentText("DELETE")
    await turns()


async def test_the_profile_is_shown_with_the_request_it_sends() -> None:
    async with SettingsRoom() as room:
        await room.open()
        assert room.says("settingsTitle") == "Connection to Live"
        assert room.typed("tokenUrlEdit") == "https://auth.shop.example/token"
        assert room.lines("linkHostsEdit").toPlainText() == ".optty.com\npay.shop.example"
        assert room.says("requestLine") == "POST https://api.shop.example/links/T1-1054"
        assert room.says("routeOrigin") == "Imported from shop.json on 21 Mar 2026."
        room.write("apiUrlEdit", "https://api.two.example")
        room.write_lines("routeBodyEdit", '{"n":"{invoiceNumber}"}')
        assert room.says("requestLine") == 'POST https://api.two.example/links/T1-1054\n{"n":"T1-1054"}'
        room.write("routePathEdit", "links")
        assert not room.sees("requestLine")


async def test_save_shows_each_difference_and_writes_what_was_confirmed() -> None:
    async with SettingsRoom() as room:
        await room.open()
        await type_everything(room)
        await room.push("saveConnectionButton")
        dialog = await room.asked("saveConnection")
        lines = [one.text() for one in dialog.findChildren(QLabel, "changeLine")]
        assert lines == [
            "Name: Live → Shop 2",
            "Token address: https://auth.shop.example/token → https://auth.two.example/token",
            "API address: https://api.shop.example → https://api.two.example",
            "Hosts of payment links: .optty.com, pay.shop.example → pay.two.example, .optty.com",
            "Refunds go back: By the link → By the order, parts possible",
            "Cancel or refund request: POST /links/{invoiceNumber} → DELETE /v2/close",
            'Body of the request: nothing until now → {"number": "{invoiceNumber}"}',
        ]
        assert room.profiles.items["live"] == SHOP
        await room.answer(dialog, "confirmButton")
        assert room.profiles.items["live"] == replace(
            SHOP, name="Shop 2", token_url="https://auth.two.example/token", api_url="https://api.two.example",
            link_hosts=("pay.two.example", ".optty.com"), refund_with=RefundWith.ORDER,
            cancel_or_refund=RouteTemplate("DELETE", "/v2/close", '{"number": "{invoiceNumber}"}', tried=False),
            imported=None,
        )  # fmt: skip
        assert room.says("connectionMessage") == "Saved. It holds from the next sign-in."
        assert not room.sees("routeOrigin")
        assert focused() == "saveConnectionButton"
        await room.push("signOutNowButton")
        await room.answer(await room.asked("signOut"), "confirmButton")
        assert room.desk.is_ended


async def test_what_was_saved_is_still_told_on_coming_back() -> None:
    async with SettingsRoom() as room:
        room.profiles.items["live"] = replace(SHOP, name="Shop 2")
        await room.open()
        assert room.typed("profileNameEdit") == "Shop 2"
        assert room.says("connectionMessage") == "Saved. It holds from the next sign-in."
        assert room.sees("signOutNowButton")


async def test_a_no_keeps_everything_typed_and_writes_nothing() -> None:
    async with SettingsRoom() as room:
        await room.open()
        await type_everything(room)
        await room.push("saveConnectionButton")
        await room.answer(await room.asked("saveConnection"), "keepButton")
        assert room.profiles.items["live"] == SHOP
        assert {name: room.typed(name) for name in EVERYTHING} == EVERYTHING
        await room.push("undoConnectionButton")
        assert room.typed("profileNameEdit") == "Live"
        assert not room.sees("undoConnectionButton")


async def test_what_cannot_be_written_is_said_and_nothing_typed_is_lost() -> None:
    async with SettingsRoom() as room:
        await room.open()
        await type_everything(room)
        room.profiles.is_read_only = True
        await room.push("saveConnectionButton")
        await room.answer(await room.asked("saveConnection"), "confirmButton")
        assert room.says("connectionMessage") == (
            "Nothing was saved, and what you typed is still here: environments.toml: cannot be written"
        )
        assert {name: room.typed(name) for name in EVERYTHING} == EVERYTHING
        assert not room.sees("signOutNowButton")
        room.profiles.is_read_only = False
        await room.push("saveConnectionButton")
        await room.answer(await room.asked("saveConnection"), "confirmButton")
        assert room.profiles.items["live"].name == "Shop 2"


class HeldProfiles(FakeProfiles):
    """A file on a disk that takes its time."""

    def __init__(self, *environments: Environment) -> None:
        super().__init__(*environments)
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def save(self, environment: Environment) -> None:
        self.begun.set()
        await self.go_on.wait()
        await super().save(environment)


async def test_whoever_leaves_meanwhile_waits_until_it_is_written() -> None:
    room = SettingsRoom()
    room.profiles = held = HeldProfiles(SHOP)
    async with room:
        await room.open()
        room.write("profileNameEdit", "Shop 2")
        await room.push("saveConnectionButton")
        await room.answer(await room.asked("saveConnection"), "confirmButton")
        await held.begun.wait()
        room.desk.end(Ending.CLOSE)
        await turns()
        held.go_on.set()
    assert held.items["live"].name == "Shop 2"


async def test_a_file_that_cannot_be_read_is_said() -> None:
    async with SettingsRoom() as room:
        room.profiles.problem = "environments.toml: not TOML"
        await room.open()
        expected = "Mend or remove this file, then try again: environments.toml: not TOML"
        assert room.says("connectionMessage") == expected
        assert room.typed("apiUrlEdit") == "https://api.shop.example"


async def test_nothing_changed_is_nothing_to_save() -> None:
    async with SettingsRoom() as room:
        await room.open()
        await room.push("saveConnectionButton")
        assert room.says("connectionMessage") == "Nothing has changed, so there is nothing to save."


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("profileNameEdit", " ", "Enter a name of one line, at most 60 letters"),
        ("tokenUrlEdit", "http://auth.shop.example", "Enter an address that begins with https:// and has no port"),
        ("apiUrlEdit", "https://api.shop.example:8443", "Enter an address that begins with https:// and has no port"),
        ("apiUrlEdit", "https://me@api.shop.example", "Enter a whole address, like https://api.example.com"),
        ("linkHostsEdit", "", "Enter host names in small letters, one a line, like pay.example.com"),
        ("linkHostsEdit", "ok.example\nhttps://x",
         "Enter host names in small letters, one a line, like pay.example.com"),
        ("routePathEdit", "links", "Begin the path with a slash, like /links/{invoiceNumber}"),
        ("routePathEdit", "/links", "Put {invoiceNumber} where the number of the link belongs"),
        ("routePathEdit", "/../{invoiceNumber}", "Take // and .. out of the path"),
        ("routePathEdit", "/{number}", "Use {invoiceNumber} and no other braces"),
        ("routeBodyEdit", "[1]", 'Enter a JSON object, with "{invoiceNumber}" in quotes, or nothing'),
        ("profileNameEdit", "4111 1111 1111 1111", "This looks like a card number. Never type card numbers here. "
         "The customer enters the card on the payment page"),
    ],
)  # fmt: skip
async def test_a_broken_rule_is_said_at_its_field(name: str, text: str, sentence: str) -> None:
    async with SettingsRoom() as room:
        await room.open()
        (room.write_lines if name in ("linkHostsEdit", "routeBodyEdit") else room.write)(name, text)
        await room.push("saveConnectionButton")
        assert room.says(name.replace("Edit", "Error")) == sentence
        assert focused() == name
        assert room.profiles.items["live"] == SHOP


async def test_all_that_is_wrong_is_counted_until_something_is_put_right() -> None:
    async with SettingsRoom() as room:
        await room.open()
        room.write("apiUrlEdit", "x")
        room.write("routePathEdit", "x")
        await room.push("saveConnectionButton")
        assert room.says("connectionMessage") == "Fix 2 things to continue"
        assert focused() == "apiUrlEdit"
        room.write("apiUrlEdit", "https://api.shop.example")
        assert not room.sees("connectionMessage")
        assert not room.sees("apiUrlError")
        assert room.sees("routePathError")


async def test_whoever_may_not_change_it_is_told_and_loses_nothing() -> None:
    async with SettingsRoom(identity=replace(IDENTITY, operator="")) as room:
        await room.open()
        await type_everything(room)
        await room.push("saveConnectionButton")
        await turns()
        expected = "You may not do this. Ask whoever manages this till. Nothing was saved"
        assert room.says("connectionMessage") == expected
        assert {name: room.typed(name) for name in EVERYTHING} == EVERYTHING
        assert room.profiles.items["live"] == SHOP


async def test_hosts_of_another_kind_are_refused() -> None:
    async with SettingsRoom() as room:
        room.profiles.items["sandbox"] = SANDBOX
        await room.open()
        room.write("tokenUrlEdit", SANDBOX.token_url)
        await room.push("saveConnectionButton")
        await turns()
        assert room.says("tokenUrlError") == (
            "These addresses belong to another kind of environment. Enter those of this one"
        )
        assert room.profiles.items["live"] == SHOP


async def test_a_shop_without_a_route_says_what_that_means() -> None:
    async with SettingsRoom(replace(SHOP, cancel_or_refund=None)) as room:
        await room.open()
        assert room.says("requestCaption") == (
            "Without a request nothing can be cancelled, and nothing refunded by the link."
        )
        part(room.desk.window, QComboBox, "routeMethodEdit").setCurrentText("PUT")
        assert not room.sees("undoConnectionButton")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (ProbeLine(ProbeStep.NAME, ProbeSign.FAILED, "auth.shop.example", NotSent(Trouble.NAME_LOOKUP)),
         "Name of the service found: no. Nobody knows auth.shop.example. Check the address, then the network cable or "
         "Wi-Fi"),
        (ProbeLine(ProbeStep.CONNECTION, ProbeSign.FAILED, "auth.shop.example", NotSent(Trouble.CONNECT)),
         "Connection taken: no. auth.shop.example does not answer. Check the network cable or Wi-Fi, then try again"),
        (ProbeLine(ProbeStep.TLS, ProbeSign.FAILED, "auth.shop.example", NotSent(Trouble.TLS)),
         "Connection safe: no. This computer could not make sure who answers. Check its date and time, then try again"),
        (ProbeLine(ProbeStep.CREDENTIALS, ProbeSign.FAILED, "auth.shop.example", SignInRefused(401)),
         "ID and secret accepted: no. This ID and secret were not accepted for Live. Check both, or ask whoever "
         "manages your payment account"),
        (ProbeLine(ProbeStep.READING, ProbeSign.FAILED, "api.shop.example", ScopeRefused(403)),
         "Account may read orders: no. Statuses cannot be checked with this account. Ask whoever manages your payment "
         "account"),
        (ProbeLine(ProbeStep.READING, ProbeSign.FAILED, "api.shop.example", RouteMissing(404)),
         "Account may read orders: no. api.shop.example answers, but knows no orders. Check the API address"),
    ],
)  # fmt: skip
async def test_the_test_says_which_step_failed(line: ProbeLine, sentence: str) -> None:
    async with SettingsRoom() as room:
        room.probe.failure = line
        await room.open()
        await room.push("testConnectionButton")
        said = room.all_say("probeLine")
        assert said.count(sentence) == 1
        place = said.index(sentence)
        assert not any(one.endswith(": not tested") for one in said[:place])
        assert all(one.endswith(": not tested") for one in said[place + 1 :])
        assert focused() == "testConnectionButton"
        assert room.probe.gateways == [room.gateway]


async def test_a_test_that_holds_replaces_the_one_before() -> None:
    async with SettingsRoom() as room:
        room.probe.failure = ProbeLine(ProbeStep.TLS, ProbeSign.FAILED, "x", NotSent(Trouble.TLS))
        await room.open()
        await room.push("testConnectionButton")
        room.probe.failure = None
        await room.push("testConnectionButton")
        assert room.all_say("probeLine") == [
            "Name of the service found",
            "Connection taken",
            "Connection safe",
            "ID and secret accepted",
            "Account may read orders",
        ]


async def test_sandbox_and_its_questions_wear_their_frame_and_live_has_none() -> None:
    for environment, is_loud in ((SANDBOX, True), (SHOP, False)):
        async with SettingsRoom(environment) as room:
            await room.open()
            room.write("profileNameEdit", "x")
            await room.push("saveConnectionButton")
            dialog = await room.asked("saveConnection")
            assert dialog.windowTitle().endswith("SANDBOX") is is_loud
            assert (edge_of(dialog) == QColor(LIGHT.sandbox_band)) is is_loud
            await room.answer(dialog, "keepButton")
            assert (edge_of(room.desk.window) == QColor(LIGHT.sandbox_band)) is is_loud


def edge_of(window: QWidget) -> QColor:
    """The colour at the trailing edge, half way down."""
    return window.grab().toImage().pixelColor(window.width() - 2, window.height() // 2)


async def test_tab_leaves_the_lines() -> None:
    async with SettingsRoom() as room:
        await room.open()
        room.lines("linkHostsEdit").setFocus()
        before = room.lines("linkHostsEdit").toPlainText()
        await room.key(Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
        assert focused() != "linkHostsEdit"
        assert room.lines("linkHostsEdit").toPlainText() == before


ADDRESS = "https://webhook.site/a94a7294-c4aa-4074-ab77-c4cf86fd53b1"


async def test_a_sandbox_may_have_its_notifications_caught_at_webhook_site() -> None:
    async with SettingsRoom(SANDBOX) as room:
        await room.open()
        room.write("webhookSiteEdit", "webhook.site")
        await room.push("saveConnectionButton")
        assert room.says("webhookSiteError") == (
            "Enter the address as webhook.site shows it, https://webhook.site/ with its id"
        )
        room.write("webhookSiteEdit", ADDRESS)
        await room.push("saveConnectionButton")
        dialog = await room.asked("saveConnection")
        (line,) = dialog.findChildren(QLabel, "changeLine")
        assert line.text().translate({0x2066: None, 0x2069: None}) == (
            f"Notifications at webhook.site: nothing until now → {ADDRESS}"
        )
        await room.answer(dialog, "confirmButton")
        assert room.profiles.items["sandbox"].webhook_site == ADDRESS
        room.write("webhookSiteEdit", "")
        await room.push("saveConnectionButton")
        await room.answer(await room.asked("saveConnection"), "confirmButton")
        assert room.profiles.items["sandbox"] == SANDBOX


async def test_s9_live_is_not_even_asked() -> None:
    async with SettingsRoom(SHOP) as room:
        await room.open()
        assert not room.sees("webhookSiteEdit")
