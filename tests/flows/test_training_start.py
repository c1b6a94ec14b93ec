"""Training that starts slowly or not at all: the window stays honest, and its cross works."""

from __future__ import annotations

import asyncio

import pytest

from optty_desktop import shop
from optty_desktop.training.practice import PracticeAddress, PracticeUnavailable
from tests.flows.counter import Counter
from tests.flows.hands import click, top_level, words
from tests.waiting import until


class SlowServer:
    """A practice server that never says where it listens, until it is stopped."""

    def __init__(self, *_command: object, by_hand: bool = False) -> None:
        self._is_stopped = asyncio.Event()

    async def start(self) -> PracticeAddress:
        await self._is_stopped.wait()
        raise PracticeUnavailable

    async def stop(self) -> None:
        self._is_stopped.set()


class BrokenServer(SlowServer):
    """One that cannot be started."""

    async def start(self) -> PracticeAddress:
        raise PracticeUnavailable


async def test_the_cross_works_while_training_starts(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shop, "PracticeServer", SlowServer)
    async with counter:
        click(counter.dialog, "trainingButton")
        await until(lambda: counter.shop.desk)
        counter.window.close()
        await until(counter.running.done)
    assert top_level("mainWindow") is None


async def test_what_was_pressed_early_is_ended_with_the_window(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shop, "PracticeServer", SlowServer)
    async with counter:
        click(counter.dialog, "trainingButton")
        await until(lambda: counter.shop.desk)
        counter.fill()
        counter.click("createLinkButton")
        assert counter.says("createLinkButton") == "Creating…"


async def test_training_that_cannot_start_says_so_and_lets_nobody_wait(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shop, "PracticeServer", BrokenServer)
    async with counter:
        click(counter.dialog, "trainingButton")
        await until(lambda: counter.shop.desk)
        await until(lambda: "Training could not start." in counter.banner)
        assert not counter.is_on("createLinkButton")
        counter.window.close()
        await until(counter.running.done)


async def test_a_form_that_is_filled_in_is_not_lost_without_a_question(counter: Counter) -> None:
    async with counter:
        click(counter.dialog, "trainingButton")
        await until(lambda: counter.shop.desk)
        counter.fill("99.99")
        counter.window.close()
        dialog = await counter.asked("close")
        assert words(dialog, "confirmTitle") == "Close with an order that is not sent?"
        assert words(dialog, "confirmText") == (
            "What stands in the form is lost. Links stay valid. Their status is read again at the next start."
        )
        await counter.answer(dialog, "keepButton")
        assert counter.typed("amountEdit") == "99.99"
        counter.click("clearFormButton")
        counter.window.close()
        await until(counter.running.done)
