"""A till and a real relay: paired in the window, kept over sign-out, noticed when it is shut out, ended."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from optty_desktop.core.pairing_text import pairing_link
from optty_desktop.system.keychain import OsKeychain
from tests.flows.counter import Counter
from tests.journal.places import new_folder
from tests.relay.room import MAIN, MARKET, Room, running
from tests.system.keychains import MODULE, Memory
from tests.waiting import until

ITEM = ("optty-desktop relay:sandbox", "pairing")


@pytest.fixture(autouse=True)
def _keychain(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put a keychain in memory in the place of the computer's."""
    Memory.items.clear()
    monkeypatch.setattr("optty_desktop.equipment.OsKeychain", partial(OsKeychain, [f"{MODULE}:Memory"]))
    yield
    Memory.items.clear()


@asynccontextmanager
async def relay() -> AsyncIterator[tuple[Room, str]]:
    with new_folder() as folder:
        async with running(folder) as room:
            yield room, f"http://127.0.0.1:{room.port}"


async def open_section(counter: Counter) -> None:
    counter.click("navSettingsButton")
    await until(lambda: counter.sees("settingsPage"))
    counter.click("settingsRelayButton")


async def pair(counter: Counter, url: str, code: str) -> None:
    await until(lambda: counter.sees("pairingCodeEdit"))
    counter.write("pairingCodeEdit", pairing_link(url, code))
    counter.click("pairRelayButton")


async def test_a_till_is_paired_for_good_and_says_when_it_was_shut_out(counter: Counter) -> None:
    async with counter, relay() as (room, url):
        await counter.sign_in()
        await open_section(counter)
        await pair(counter, url, await room.code(MARKET, "Till 7"))
        await until(lambda: "Till 7" in counter.says("relayTillText"))
        counter.click("checkRelayButton")
        await until(lambda: counter.says("relayStateMessage").startswith("All is well"))
        kept = Memory.items[ITEM]
        await counter.sign_out()
        assert Memory.items[ITEM] == kept
        await counter.sign_in()
        await open_section(counter)
        await until(lambda: "Till 7" in counter.says("relayTillText"))
        await room.pair(MARKET, "Till 7")  # another computer takes its name
        counter.click("checkRelayButton")
        await until(lambda: counter.says("relayStateMessage").startswith("The relay does not know this till"))
        counter.click("unpairRelayButton")
        await counter.answer(await counter.asked("unpair"), "confirmButton")
        await until(lambda: counter.sees("pairingCodeEdit"))
        assert ITEM not in Memory.items
        log = (counter.paths.logs / "optty-desktop.log").read_text()
        assert "paired with 127.0.0.1 as till " in log
        item = json.loads(kept)
        assert not [name for name in ("token", "signing_key") if item[name] in log]
        counter.click("navPaymentsButton")
        await until(lambda: not counter.sees("settingsPage"))
        await counter.create()


async def test_a_code_for_live_is_refused_in_sandbox_and_stays_good(counter: Counter) -> None:
    async with counter, relay() as (room, url):
        await counter.sign_in()
        await open_section(counter)
        code = await room.code(MAIN)
        await pair(counter, url, code)
        await until(lambda: counter.says("pairingCodeError").startswith("This relay serves live"))
        assert ITEM not in Memory.items
        assert (await room.http.post("/v1/pair", json={"code": code})).status_code == 200


async def test_a_relay_that_has_gone_is_said_and_found_again(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        await open_section(counter)
        await pair(counter, counter.service.url, "0000-0000-0000")
        await until(lambda: "is no relay" in counter.says("relayAddressError"))
        async with relay() as (room, url):
            code = await room.code(MARKET, "Till 7")
            gone = f"http://127.0.0.1:{counter.service.port}"
            counter.service.unplug()
            await pair(counter, gone, code)
            await until(lambda: counter.says("relayMessage").startswith("The relay at 127.0.0.1 cannot be reached"))
            counter.service.plug_in()
            counter.write("relayAddressEdit", url)
            counter.click("pairRelayButton")
            await until(lambda: "Till 7" in counter.says("relayTillText"))
