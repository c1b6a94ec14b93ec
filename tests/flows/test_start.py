"""The start: what the first paint did not need is loaded behind it, never by the thread of the window."""

from __future__ import annotations

import asyncio
import json
import random
import secrets
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from optty_desktop.api.environments import BUILT_IN
from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.shop import Shop
from optty_desktop.system.clock import SystemClock
from optty_desktop.system.paths import AppPaths, private_folder
from optty_desktop.system.single_instance import SingleInstance
from optty_desktop.ui.entrance import Entrance
from optty_desktop.ui.header import Header
from optty_desktop.ui.shop_front import ShopFront
from optty_desktop.ui.theme import Look
from tests.flows.hands import click, drop, files, part, top_level, words, write
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 60


def imports_after_paint(*arguments: str) -> dict[str, list[str]]:
    """Start the program, let it load everything, and return what each thread imported after the first paint."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.start_watch", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        timeout=LIMIT_SECONDS,
        check=True,
    )
    found: dict[str, list[str]] = {}
    for thread, name in json.loads(done.stdout)["seen"]:
        found.setdefault(thread, []).append(name)
    return found


@pytest.mark.parametrize("arguments", [(), ("--training",)], ids=["sign-in window", "training"])
def test_the_thread_of_the_window_imports_nothing_after_the_first_paint(arguments: tuple[str, ...]) -> None:
    found = imports_after_paint(*arguments)
    assert found.get("MainThread", []) == []
    behind = {name for names in found.values() for name in names}
    assert {"httpx", "segno", "phonenumbers"} <= behind


def test_the_keychain_is_looked_for_in_its_own_thread() -> None:
    found = imports_after_paint()
    looking = {thread for thread, names in found.items() if any(name.split(".")[0] == "keyring" for name in names)}
    assert looking == {"keychain"}


class EarlyHands:
    """The first window, there before the program behind it, and the program that takes it over."""

    def __init__(self, look: Look, *, starts_in_training: bool = False) -> None:
        if starts_in_training:
            kind = EnvironmentKind.TRAINING
            self.front = ShopFront(look, kind, shop="Corner Store", till="Till 2", operator="Cashier 1")
            self.first: Entrance | ShopFront = self.front
        else:
            self.entrance = Entrance(look, BUILT_IN, "sandbox")
            self.first = self.entrance
        self._look = look
        self._stop = asyncio.Event()
        self._instance = SingleInstance(private_folder(AppPaths.of_this_person().data))

    def take_over(self) -> Shop:
        """Load what answers the window."""
        assert self._instance.take()
        self._shop = Shop(
            self._look,
            AppPaths.of_this_person(),
            SystemClock(),
            secrets.token_bytes,
            random.SystemRandom().uniform,
            self.first,
        )
        day = self._shop.run(self._stop, self._instance, environment_id="sandbox")
        self._running = asyncio.create_task(day)
        return self._shop

    async def end(self) -> int:
        """Wait for the end of the program; its code."""
        try:
            return await self._running
        finally:
            self._instance.release()

    async def close(self) -> int:
        """End it as a signal does."""
        self._stop.set()
        return await self.end()


async def test_training_chosen_before_the_program_was_loaded_opens_it(look: Look) -> None:
    hands = EarlyHands(look)
    click(hands.entrance.dialog, "trainingButton")
    shop = hands.take_over()
    await until(lambda: shop.desk is not None and shop.desk.window.isVisible(), 15)
    assert await hands.close() == 0


async def test_a_window_closed_before_the_program_was_loaded_ends_it(look: Look) -> None:
    hands = EarlyHands(look)
    hands.entrance.dialog.close()
    hands.take_over()
    assert await hands.end() == 0


async def test_a_window_untouched_before_the_program_was_loaded_works_as_ever(look: Look) -> None:
    hands = EarlyHands(look)
    shop = hands.take_over()
    await until(lambda: shop.desk is None and hands.entrance.dialog.isVisible())
    click(hands.entrance.dialog, "trainingButton")
    await until(lambda: shop.desk is not None and shop.desk.window.isVisible(), 15)
    assert await hands.close() == 0


async def test_files_dropped_before_the_program_was_loaded_are_read_then(look: Look, tmp_path: Path) -> None:
    path = tmp_path / "optty.json"
    path.write_text("not what Postman writes", encoding="utf-8")
    hands = EarlyHands(look)
    drop(hands.entrance.dialog, files(path))
    hands.take_over()
    await until(lambda: words(hands.entrance.dialog, "loginErrorLabel"))
    assert "optty.json cannot be read as an export of Postman" in words(hands.entrance.dialog, "loginErrorLabel")
    assert await hands.close() == 0


async def test_the_front_of_the_shop_is_the_window_of_the_day(look: Look) -> None:
    hands = EarlyHands(look, starts_in_training=True)
    await until(lambda: hands.front.is_painted)
    shop = hands.take_over()
    await until(lambda: shop.desk is not None, 15)
    assert shop.desk is not None
    assert shop.desk.window is hands.front.window
    await until(lambda: part(hands.front.window, QWidget, "linkForm").isVisible())
    assert await hands.close() == 0


async def test_what_is_typed_before_there_is_a_form_is_the_amount(look: Look) -> None:
    hands = EarlyHands(look, starts_in_training=True)
    hands.front.window.activateWindow()
    await until(lambda: hands.front.window.hasFocus())
    QTest.keyClicks(hands.front.window, "64.5")
    QTest.keyClick(hands.front.window, Qt.Key.Key_Return)
    shop = hands.take_over()
    await until(lambda: shop.desk is not None, 15)
    amount = part(hands.front.window, QLineEdit, "amountEdit")
    assert amount.text() == "64.5"
    assert hands.front.window.focusWidget() is amount
    assert top_level("confirmDialog") is None
    assert await hands.close() == 0


async def test_the_cross_of_the_front_ends_the_program_once_it_is_loaded(look: Look) -> None:
    hands = EarlyHands(look, starts_in_training=True)
    hands.front.window.close()
    assert hands.front.window.isVisible()
    hands.take_over()
    assert await hands.end() == 0
    assert top_level("mainWindow") is None


async def test_what_was_asked_of_the_front_is_done_once_and_in_order(look: Look) -> None:
    hands = EarlyHands(look, starts_in_training=True)
    hands.front.header.shortcuts_requested.emit()
    shop = hands.take_over()
    await until(lambda: top_level("shortcutsDialog"), 15)
    assert shop.desk is not None
    assert len(shop.desk.window.findChildren(QWidget, "shortcutsDialog")) == 1
    assert await hands.close() == 0


def test_the_front_keeps_whatever_its_header_can_ask_for(look: Look) -> None:
    front = ShopFront(look, EnvironmentKind.TRAINING, shop="Corner Store", till="Till 2", operator="Cashier 1")
    asked = [name for name in vars(Header) if name.endswith("_requested") and name != "payments_requested"]
    assert len(asked) > 4
    for name in asked:
        getattr(front.header, name).emit()
    heard: list[str] = []
    for name in asked:
        getattr(front.header, name).connect(partial(heard.append, name))
    front.hand_over()
    front.window.close_for_good()
    front.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert heard == asked


def test_credentials_typed_before_the_program_was_loaded_are_kept_and_the_form_waits(look: Look) -> None:
    entrance = Entrance(look, BUILT_IN, "sandbox")
    write(entrance.dialog, "clientIdEdit", "merchant-1")
    write(entrance.dialog, "clientSecretEdit", "s3cret")
    click(entrance.dialog, "signInButton")
    assert entrance.request is not None
    assert (entrance.request.environment_id, entrance.request.client_id) == ("sandbox", "merchant-1")
    entrance.hand_over().deleteLater()
