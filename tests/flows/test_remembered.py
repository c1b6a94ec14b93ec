"""What a till remembers: the kept secret opens the next day, a new one replaces it, and signing out erases it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtWidgets import QAbstractButton, QLineEdit

from optty_desktop.system.keychain import OsKeychain
from optty_desktop.training.tokens import TokenDesk
from tests.flows.counter import Counter
from tests.flows.hands import click, part
from tests.system.keychains import MODULE, Memory
from tests.waiting import until

ITEM = ("optty-desktop:sandbox", "credentials")


@pytest.fixture(autouse=True)
def _keychain(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put a keychain in memory in the place of the computer's."""
    Memory.items.clear()
    monkeypatch.setattr("optty_desktop.equipment.OsKeychain", partial(OsKeychain, [f"{MODULE}:Memory"]))
    yield
    Memory.items.clear()


def kept_secret() -> str | None:
    item = Memory.items.get(ITEM)
    return None if item is None else json.loads(item)["client_secret"]


async def remember(counter: Counter) -> None:
    box = part(counter.dialog, QAbstractButton, "rememberCheck")
    await until(box.isEnabled)
    if not box.isChecked():
        click(counter.dialog, "rememberCheck")


async def filled_in(counter: Counter) -> None:
    await until(lambda: part(counter.dialog, QLineEdit, "clientIdEdit").text())


async def come_in_with_what_is_kept(counter: Counter) -> None:
    await filled_in(counter)
    click(counter.dialog, "signInButton")


async def works(counter: Counter) -> None:
    await until(lambda: counter.shop.desk)
    await until(lambda: counter.desk._verbs.done())


def give_new_secret(counter: Counter, secret: str) -> None:
    """The service accepts another secret from now on, and no token made from the old one."""
    tokens: TokenDesk = counter.service.server._service._tokens
    tokens._keys = replace(tokens._keys, client_secret=secret)
    tokens._issued.clear()


async def test_the_next_day_begins_with_the_secret_of_the_keychain_and_signing_out_erases_it(counter: Counter) -> None:
    await counter.open()
    await remember(counter)
    await counter.sign_in()
    await until(kept_secret)
    await counter.close()
    async with counter:
        await come_in_with_what_is_kept(counter)
        await works(counter)
        assert kept_secret() == counter.service.server.client_secret
        await counter.sign_out()
        await until(lambda: not Memory.items)


async def test_a_new_secret_counts_at_once_and_takes_the_place_of_the_old_one(counter: Counter) -> None:
    await counter.open()
    await remember(counter)
    await counter.sign_in()
    await until(kept_secret)
    give_new_secret(counter, "n3w-secret")
    await counter.close()
    async with counter:
        await filled_in(counter)
        assert "not accepted" in await counter.sign_in_refused()
        counter.type_credentials(secret="n3w-secret")
        await remember(counter)
        click(counter.dialog, "signInButton")
        await works(counter)
        await until(lambda: kept_secret() == "n3w-secret")
        assert len(Memory.items) == 1
        await counter.create()
    async with counter:
        await come_in_with_what_is_kept(counter)
        await works(counter)


async def test_who_does_not_want_to_be_remembered_any_more_is_forgotten(counter: Counter) -> None:
    await counter.open()
    await remember(counter)
    await counter.sign_in()
    await until(kept_secret)
    await counter.close()
    async with counter:
        await until(lambda: part(counter.dialog, QAbstractButton, "rememberCheck").isChecked())
        click(counter.dialog, "rememberCheck")
        click(counter.dialog, "signInButton")
        await works(counter)
        await until(lambda: not Memory.items)
