"""The section Instant status: pairing by hands, by paste and by scanner; the state; and what stands in the way."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from optty_desktop.core.errors import JournalDamaged, Trouble
from optty_desktop.core.pairing_text import pairing_link
from optty_desktop.core.relay_failures import (
    CodeRefused,
    NoRelayAnswer,
    NotARelay,
    NotPaired,
    NotReached,
    OtherEnvironment,
    RelayFailure,
    TooManyCodes,
)
from optty_desktop.ui.leaving_flow import Ending
from tests.fakes import IDENTITY, TRAINING
from tests.flows.hands import part
from tests.pretend_relay import CODE, URL
from tests.ui.desk_room import turns
from tests.ui.settings_room import SANDBOX, SHOP, SettingsRoom, focused

LINK = pairing_link(URL, CODE)


async def open_section(room: SettingsRoom) -> None:
    await room.open()
    await room.push("settingsRelayButton")


async def pair(room: SettingsRoom, code: str = CODE, address: str = URL) -> None:
    """Type address and code, and press the button."""
    room.write("relayAddressEdit", address)
    room.write("pairingCodeEdit", code)
    await room.push("pairRelayButton")
    await turns()


async def test_a_till_is_paired_and_says_as_what() -> None:
    async with SettingsRoom() as room:
        await open_section(room)
        assert room.says("settingsTitle") == "Instant status in Live"
        await pair(room, "abcd efoi jkm9")
        assert room.says("relayTillText") == "Paired as Till 1 of corner-store/main-street"
        assert room.says("relayUrlText") == URL
        assert room.says("relaySinceText") == room.says("relayHeardText")
        assert room.says("relayStateMessage") == "Paired. Payments now show up here as soon as they are made."
        assert focused() == "checkRelayButton"
        assert room.pairings.items["live"].url == URL
        assert not room.sees("pairingCodeEdit")


async def test_it_is_still_paired_on_coming_back_and_the_next_day() -> None:
    async with SettingsRoom() as room:
        await open_section(room)
        await pair(room)
        await room.push("navPaymentsButton")
        await turns()
        room.clock.advance(24 * 3600)
        await room.open()
        assert room.says("relayTillText") == "Paired as Till 1 of corner-store/main-street"
        assert room.says("relaySinceText").startswith("21 Mar, ")
        assert not room.sees("relayStateMessage")
        kept = room.pairings.items
    async with SettingsRoom() as room:
        room.pairings.items = kept
        await open_section(room)
        assert room.says("relayHeardText") == "Not since this program was started"


async def test_no_key_and_no_second_press_pairs_twice() -> None:
    async with SettingsRoom() as room:
        await open_section(room)
        answer = asyncio.Event()
        room.relay.before = answer.wait
        await pair(room)
        assert room.says("pairRelayButton") == "Pairing…"
        code = part(room.desk.window, QLineEdit, "pairingCodeEdit")
        QTest.keyClicks(code, "x")
        QTest.keyClick(code, Qt.Key.Key_Return)
        await turns()
        assert room.typed("pairingCodeEdit") == CODE
        answer.set()
        await turns()
        assert room.relay.calls == [f"pair {URL}"]
        assert room.sees("relayTillText")


async def test_closing_waits_for_a_pairing_so_that_no_code_is_used_up_for_nothing() -> None:
    async with SettingsRoom() as room:
        await open_section(room)
        answer = asyncio.Event()
        room.relay.before = answer.wait
        await pair(room)
        room.desk.end(Ending.CLOSE)
        settling = asyncio.ensure_future(room.desk.settle())
        await turns()
        assert not settling.done()
        answer.set()
        await settling
        assert room.pairings.items["live"].name == "Till 1"


@pytest.mark.parametrize("name", ["relayAddressEdit", "pairingCodeEdit"])
async def test_a_pasted_link_fills_both_lines(name: str) -> None:
    async with SettingsRoom() as room:
        await open_section(room)
        QApplication.clipboard().setText(f" {LINK}\n")
        edit = part(room.desk.window, QLineEdit, name)
        edit.setFocus()
        await room.key(Qt.Key.Key_V)
        assert (room.typed("relayAddressEdit"), room.typed("pairingCodeEdit")) == (URL, CODE)
        assert room.says("relayMessage") == "Address and code were taken from the link."
        await room.push("pairRelayButton")
        await turns()
        assert room.sees("relayTillText")


@pytest.mark.parametrize("name", ["relayAddressEdit", "pairingCodeEdit"])
@pytest.mark.parametrize("typed", [LINK, LINK.upper()])
async def test_a_scanner_types_the_link_and_its_enter_pairs(name: str, typed: str) -> None:
    async with SettingsRoom() as room:
        await open_section(room)
        room.write(name, typed)
        await room.press(Qt.Key.Key_Return)
        await turns()
        assert room.relay.calls == [f"pair {URL}"]
        assert room.sees("relayTillText")


async def test_what_is_wrong_is_said_at_its_line_and_asks_nobody() -> None:
    async with SettingsRoom() as room:
        await open_section(room)
        await room.push("pairRelayButton")
        assert room.says("relayAddressError") == "Enter the address of the relay, like https://relay.example.com"
        assert room.says("pairingCodeError").startswith("Enter all twelve letters and digits of the code")
        assert focused() == "relayAddressEdit"
        for typed, said in (
            ("http://relay.example.com", "Enter an address that begins with https://"),
            ("relay.example.com:70000", "Enter a port from 1 to 65535"),
            ("4111111111111111", "This looks like a card number. "),
            ("https://relay.example.com/h/x", "Enter the address of the relay, "),
        ):
            room.write("relayAddressEdit", typed)
            await room.press(Qt.Key.Key_Tab)
            assert room.says("relayAddressError").startswith(said)
        room.write("relayAddressEdit", "relay.example.com")
        assert not room.sees("relayAddressError")
        assert room.relay.calls == []


async def test_an_empty_line_is_no_mistake_before_the_button_is_pressed() -> None:
    async with SettingsRoom() as room:
        await open_section(room)
        for name in ("relayAddressEdit", "pairingCodeEdit", "relayAddressEdit"):
            part(room.desk.window, QLineEdit, name).setFocus()
        assert not room.sees("relayAddressError")
        assert room.says("pairingCodeError") == "Small letters and spaces are fine. It works once, within ten minutes."
        room.write("pairingCodeEdit", "ABCD")
        await room.press(Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
        assert room.says("pairingCodeError").startswith("Enter all twelve letters")


async def test_a_refused_code_stays_marked_until_it_is_another() -> None:
    async with SettingsRoom() as room:
        await open_section(room)
        await pair(room, "0000-0000-0000")
        refused = "This code is wrong, used or too old. Check it, or ask for a new one"
        assert room.says("pairingCodeError") == refused
        assert focused() == "pairingCodeEdit"
        assert room.typed("relayAddressEdit") == URL
        await room.press(Qt.Key.Key_Tab)
        assert room.says("pairingCodeError") == refused
        room.write("pairingCodeEdit", CODE)
        assert room.says("pairingCodeError") != refused
        await room.push("pairRelayButton")
        await turns()
        assert room.sees("relayTillText")


def at(failure: RelayFailure) -> RelayFailure:
    failure.details["host"] = "relay.example.com"
    return failure


@pytest.mark.parametrize("trouble", [Trouble.TLS, Trouble.UNTRUSTED, Trouble.CONNECT])
@pytest.mark.parametrize("typed", ["127.0.0.1:8787", "https://127.0.0.1:8787/"])
async def test_a_relay_on_this_computer_without_a_certificate_is_told_how_to_be_reached(
    typed: str, trouble: Trouble
) -> None:
    async with SettingsRoom() as room:
        await open_section(room)
        room.relay.failure = at(NotReached(trouble))
        await pair(room, address=typed)
        assert room.says("relayAddressError") == (
            "https://127.0.0.1:8787 did not answer as a relay with a certificate. "
            "For a relay on this computer type http://127.0.0.1:8787"
        )
        assert (room.typed("relayAddressEdit"), room.typed("pairingCodeEdit")) == (typed, CODE)


@pytest.mark.parametrize(
    ("failure", "label", "sentence"),
    [
        (at(CodeRefused()), "pairingCodeError", "This code is wrong, used or too old. "),
        (at(OtherEnvironment("sandbox")), "pairingCodeError", "This relay serves sandbox, and this till works in "),
        (at(NotARelay()), "relayAddressError", "Something answers at relay.example.com, but it is no relay. "),
        (at(NotReached(Trouble.NAME_LOOKUP)), "relayAddressError", "Nobody knows relay.example.com. "),
        (at(NotReached(Trouble.CONNECT)), "relayMessage", "The relay at relay.example.com cannot be reached. "),
        (at(NotReached(Trouble.TIMEOUT)), "relayMessage", "The relay at relay.example.com cannot be reached. "),
        (at(NotReached(Trouble.TLS)), "relayMessage", "This computer could not make sure who answers. "),
        (at(NotReached(Trouble.UNTRUSTED)), "relayMessage", "This computer does not know who vouches for the answer. "),
        (at(NotReached(Trouble.PROXY)), "relayMessage", "The proxy of this network did not let the call through. "),
        (at(NoRelayAnswer(Trouble.SERVER)), "relayMessage", "The relay at relay.example.com has a problem "),
        (at(NoRelayAnswer(Trouble.CUT)), "relayMessage", "The connection to relay.example.com broke "),
        (at(TooManyCodes()), "relayMessage", "The relay was shown too many codes at once. "),
    ],
)  # fmt: skip
async def test_each_failure_is_one_sentence_and_nothing_typed_is_lost(
    failure: RelayFailure, label: str, sentence: str
) -> None:
    async with SettingsRoom() as room:
        await open_section(room)
        room.relay.failure = failure
        await pair(room)
        assert room.says(label).startswith(sentence)
        assert (room.typed("relayAddressEdit"), room.typed("pairingCodeEdit")) == (URL, CODE)
        room.relay.failure = None
        part(room.desk.window, QPushButton, "pairRelayButton").setFocus()
        await room.press(Qt.Key.Key_Return)
        await turns()
        assert room.sees("relayTillText"), "the same press works once the cause has gone"


async def test_a_sandbox_till_does_not_pair_with_a_live_relay() -> None:
    async with SettingsRoom(SANDBOX) as room:
        await open_section(room)
        await pair(room)
        assert room.says("pairingCodeError") == (
            "This relay serves live, and this till works in Sandbox. Ask for a code for Sandbox"
        )
        assert CODE in room.relay.codes
        assert room.pairings.items == {}


async def test_a_keychain_that_loses_the_pairing_is_told_with_what_to_do() -> None:
    async with SettingsRoom() as room:
        await open_section(room)
        room.pairings.is_read_only = True
        await pair(room)
        assert room.says("relayMessage").startswith("The relay took the code, but the keychain of this computer ")
        room.pairings.is_locked = True
        await room.push("pairRelayButton")
        await turns()
        assert room.says("relayMessage").startswith("The keychain of this computer cannot be used now, ")


async def test_an_audit_that_cannot_be_written_is_told_and_the_code_stays_good() -> None:
    async with SettingsRoom() as room:
        await open_section(room)
        room.audit.problem = JournalDamaged()
        await pair(room)
        assert room.says("relayMessage") == (
            "Nothing was changed: the audit of this till is damaged; "
            "keep the file audit.db, but move it to another folder"
        )
        assert CODE in room.relay.codes
        assert room.typed("pairingCodeEdit") == CODE


async def test_a_keychain_that_cannot_be_read_is_tried_again() -> None:
    async with SettingsRoom() as room:
        room.pairings.is_locked = True
        await open_section(room)
        assert room.says("relayBlockedMessage").startswith("The keychain of this computer cannot be used now, ")
        assert not room.sees("pairingCodeEdit")
        room.pairings.is_locked = False
        await room.push("retryPairingButton")
        await turns()
        assert room.sees("pairingCodeEdit")


async def test_a_check_tells_that_all_is_well_or_what_is_not() -> None:
    async with SettingsRoom() as room:
        await open_section(room)
        await pair(room)
        before = room.says("relayHeardText")
        room.clock.advance(3600)
        await room.push("checkRelayButton")
        await turns()
        assert room.says("relayStateMessage") == "All is well: the relay answers and knows this till."
        assert room.says("relayHeardText") != before
        assert focused() == "checkRelayButton"
        room.relay.failure = at(NoRelayAnswer(Trouble.TIMEOUT))
        await room.push("checkRelayButton")
        await turns()
        assert room.says("relayStateMessage").startswith("The connection to relay.example.com broke ")
        room.relay.failure = at(NotPaired())
        await room.push("checkRelayButton")
        await turns()
        assert room.says("relayStateMessage").startswith("The relay does not know this till any more: ")
        assert room.sees("relayTillText"), "what is kept is shown until somebody ends it"


async def test_while_the_relay_is_asked_enter_presses_nothing_else() -> None:
    async with SettingsRoom() as room:
        await open_section(room)
        await pair(room)
        answer = asyncio.Event()
        room.relay.before = answer.wait
        await room.push("checkRelayButton")
        await room.press(Qt.Key.Key_Return)
        await room.press(Qt.Key.Key_Space)
        assert room.has_settings
        assert room.says("checkRelayButton") == "Asking the relay…"
        answer.set()
        await turns()
        assert focused() == "checkRelayButton"
        assert room.relay.calls[1:] == ["head"]


async def test_unpairing_asks_first_and_begins_anew_with_the_address_kept() -> None:
    async with SettingsRoom() as room:
        await open_section(room)
        await pair(room)
        await room.push("unpairRelayButton")
        await room.answer(await room.asked("unpair"), "keepButton")
        assert room.sees("relayTillText")
        await room.push("unpairRelayButton")
        await room.answer(await room.asked("unpair"), "confirmButton")
        assert room.says("relayMessage") == "This till is not paired any more."
        assert (room.typed("relayAddressEdit"), room.typed("pairingCodeEdit")) == (URL, "")
        assert focused() == "pairingCodeEdit"
        assert room.pairings.items == {}


async def test_a_pairing_that_cannot_be_erased_is_kept_and_said() -> None:
    async with SettingsRoom() as room:
        await open_section(room)
        await pair(room)
        room.pairings.is_read_only = True
        await room.push("unpairRelayButton")
        await room.answer(await room.asked("unpair"), "confirmButton")
        assert room.says("relayStateMessage").startswith("The keychain of this computer cannot be used now, ")
        assert room.sees("relayTillText")


async def test_whoever_may_not_pair_is_told_and_loses_nothing() -> None:
    async with SettingsRoom(identity=replace(IDENTITY, operator="")) as room:
        await open_section(room)
        await pair(room)
        assert room.says("relayMessage").startswith("You may not do this. Ask whoever manages this till.")
        assert room.typed("pairingCodeEdit") == CODE
        assert room.relay.calls == []


async def test_training_has_nothing_to_pair() -> None:
    async with SettingsRoom(TRAINING) as room:
        await open_section(room)
        assert room.says("trainingRelayText").startswith("Practice runs on this computer.")
        assert not room.sees("pairRelayButton")


async def test_a_name_of_the_relay_cannot_turn_the_words_around_it() -> None:
    async with SettingsRoom(SHOP) as room:
        await open_section(room)
        await pair(room)
        room.pairings.items["live"] = replace(room.pairings.items["live"], name="Till\u202e<b>1</b>")
        await room.push("navPaymentsButton")
        await turns()
        await room.open()
        assert room.says("relayTillText") == "Paired as Till\\u202e<b>1</b> of corner-store/main-street"
