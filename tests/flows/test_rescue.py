"""A record that is damaged in the night: the question in the morning, work at once, and money only after a look."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton

from optty_desktop import shop
from optty_desktop.core.links import LinkState
from optty_desktop.journal.seal import seal_of
from optty_desktop.training.practice import PracticeAddress
from tests.flows.counter import Counter
from tests.flows.hands import click, part, question, words
from tests.waiting import until

DAY = 86_400
HELD_BACK = "Cancels and refunds wait until somebody has compared the record with the payment service"


def journal_of(counter: Counter, environment_id: str = "sandbox") -> Path:
    return counter.paths.journal_folder / f"{environment_id}.journal"


def copies(counter: Counter) -> list[Path]:
    return sorted(counter.paths.journal_folder.glob("backups/sandbox-*.journal"))


def set_aside(counter: Counter) -> list[bytes]:
    """What the files hold that were set aside."""
    return [path.read_bytes() for path in sorted(counter.paths.journal_folder.glob("*.damaged-*.journal"))]


def numbers_in(path: Path) -> list[str]:
    """The invoice numbers of a closed record."""
    with closing(sqlite3.connect(path)) as connection:
        return [number for (number,) in connection.execute("SELECT invoice_number FROM links ORDER BY created_at")]


def flip(path: Path) -> bytes:
    """Turn one byte of the last page over, as a worn disk does; return what the file holds then."""
    content = bytearray(path.read_bytes())
    content[-100] ^= 0xFF
    path.write_bytes(content)
    return bytes(content)


async def a_day(counter: Counter) -> str:
    """Sign in, make a link, and wait for the copy of the day; returns the number."""
    known = len(copies(counter))
    async with counter:
        await counter.sign_in()
        await until(lambda: len(copies(counter)) > known)
        number = await counter.create()
    counter.hours.pass_by(DAY)
    return number


async def morning(counter: Counter) -> None:
    """Sign in as far as the question."""
    counter.type_credentials()
    click(counter.dialog, "signInButton")
    await counter.asked("rescue")


async def test_D5_a_damaged_record_gives_way_to_its_copy_and_money_waits_for_a_look(counter: Counter) -> None:
    first = await a_day(counter)
    second = await a_day(counter)
    damaged = flip(journal_of(counter))
    async with counter:
        await morning(counter)
        dialog = await counter.asked("rescue")
        assert words(dialog, "confirmTitle") == "The record of this till is damaged"
        assert words(dialog, "confirmText") == "Nothing is thrown away: it is set aside under its own name."
        assert words(dialog, "confirmButton").startswith("Use the copy of ")
        click(dialog, "confirmButton")
        await until(lambda: counter.shop.desk and counter.desk._verbs.done())
        assert set_aside(counter) == [damaged]
        assert "Cancels and refunds wait" in counter.banner
        third = await counter.paid()
        assert counter.says("detailReasonLabel") == HELD_BACK
        assert not counter.is_on("refundButton")
        await compare(counter)
        assert counter.banner == ""
        dialog = await counter.ask_to_refund(third)
        counter.hold(dialog)
        await counter.gone(dialog)
        await counter.becomes(third, LinkState.REFUNDED)
        assert len(counter.service.closings()) == 1
    # The copy of the second day was made before its link.
    assert numbers_in(journal_of(counter)) == [first, third]
    assert second not in numbers_in(journal_of(counter))


async def compare(counter: Counter) -> None:
    """Press Show me, say that the record was compared, and let money go on."""
    counter.click("statusBannerButton")
    dialog = await counter.asked("rebuilt")
    allow = part(dialog, QAbstractButton, "confirmButton")
    assert not allow.isEnabled()
    click(dialog, "comparedCheck")
    assert allow.isEnabled()
    await counter.answer(dialog, "confirmButton")
    await until(lambda: "Cancels and refunds" not in counter.banner)


async def test_D5_without_a_copy_a_new_record_begins_and_stays_held_back_until_confirmed(counter: Counter) -> None:
    journal_of(counter).parent.mkdir(mode=0o700)
    journal_of(counter).write_bytes(b"this was never a record" * 400)
    damaged = journal_of(counter).read_bytes()
    async with counter:
        await morning(counter)
        dialog = await counter.asked("rescue")
        assert words(dialog, "confirmButton") == "Begin a new record"
        await counter.answer(dialog, "confirmButton")
        await until(lambda: counter.shop.desk and counter.desk._verbs.done())
        assert counter.banner.startswith("This record began anew on ")
        number = await counter.create()
        await counter.show(number)
        assert not counter.is_on("cancelButton")
    assert set_aside(counter) == [damaged]
    async with counter:
        await counter.sign_in()
        assert counter.banner.startswith("This record began anew on ")
        await compare(counter)
    async with counter:
        await counter.sign_in()
        assert counter.banner == ""


async def test_D5_a_copy_that_is_damaged_too_gives_way_to_an_older_one(counter: Counter) -> None:
    first = await a_day(counter)
    await a_day(counter)
    await a_day(counter)
    flip(journal_of(counter))
    newest = copies(counter)[-1]
    async with counter:
        await morning(counter)
        dialog = await counter.asked("rescue")
        # The disk goes on dying while the question is read.
        newest.write_bytes(newest.read_bytes()[:5000])
        offered = words(dialog, "confirmButton")
        click(dialog, "confirmButton")
        await until(lambda: words(dialog, "confirmError"))
        assert words(dialog, "confirmError") == "This copy is damaged too. Nothing was thrown away"
        assert words(dialog, "confirmButton") != offered
        assert journal_of(counter).exists()
        click(dialog, "confirmButton")
        await until(lambda: counter.shop.desk and counter.desk._verbs.done())
    assert numbers_in(journal_of(counter)) == [first]
    assert newest.exists()


@pytest.mark.parametrize("is_copied", [True, False], ids=["with a copy", "without"])
async def test_a_rescue_that_fails_is_said_and_done_again(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, is_copied: bool
) -> None:
    await a_day(counter)
    damaged = flip(journal_of(counter))
    if not is_copied:
        copies(counter)[0].unlink()
    async with counter:
        await morning(counter)
        dialog = await counter.asked("rescue")
        with monkeypatch.context() as full:
            full.setattr("optty_desktop.journal.rescue.mark", no_room)
            click(dialog, "confirmButton")
            await until(lambda: words(dialog, "confirmError"))
        assert words(dialog, "confirmError") == "The disk is full. Make room, then try again. Nothing was thrown away"
        assert journal_of(counter).read_bytes() == damaged
        click(dialog, "confirmButton")
        await until(lambda: counter.shop.desk and counter.desk._verbs.done())
    assert set_aside(counter) == [damaged]


def no_room(*_arguments: object) -> None:
    raise OSError(28, "no room")


async def test_the_program_ends_while_the_question_stands(counter: Counter) -> None:
    await a_day(counter)
    damaged = flip(journal_of(counter))
    async with counter:
        await morning(counter)
    assert journal_of(counter).read_bytes() == damaged
    journal_of(counter).unlink()


# Training


class ServiceNextDoor:
    """A practice server that is the service of the test."""

    counter: Counter

    def __init__(self, *_command: object, by_hand: bool = False) -> None:
        """Nothing to start."""

    async def start(self) -> PracticeAddress:
        server = self.counter.service.server
        await asyncio.sleep(0)
        return PracticeAddress(self.counter.service.url, server.client_id, server.client_secret, "")

    async def stop(self) -> None:
        """Nothing to stop."""


@pytest.fixture
def trainee(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Counter:
    """A counter whose practice record was left and then damaged."""
    monkeypatch.setattr(ServiceNextDoor, "counter", counter, raising=False)
    monkeypatch.setattr(shop, "PracticeServer", ServiceNextDoor)
    journal = journal_of(counter, "training")
    journal.parent.mkdir(mode=0o700)
    journal.write_bytes(b"")
    seal_of(journal).write_text("of another content")
    return counter


async def start_training(counter: Counter) -> None:
    click(counter.dialog, "trainingButton")
    await until(lambda: question("rescue"))


async def test_training_goes_on_with_a_new_record(trainee: Counter) -> None:
    async with trainee:
        await start_training(trainee)
        await trainee.answer(await trainee.asked("rescue"), "confirmButton")
        await until(lambda: trainee.desk._verbs.done())
        assert trainee.banner.startswith("This record began anew on ")
        number = await trainee.create()
        await trainee.show(number)
        assert not trainee.is_on("cancelButton")
        await compare(trainee)
        await trainee.answer(await trainee.ask_to_cancel(number), "confirmButton")
        await trainee.becomes(number, LinkState.CANCELLED)


async def test_training_without_its_record_says_so_and_can_be_left(trainee: Counter) -> None:
    async with trainee:
        await start_training(trainee)
        await trainee.answer(await trainee.asked("rescue"), "keepButton")
        await until(lambda: trainee.banner)
        assert trainee.banner.endswith(
            "The record of this till is damaged and was left as it is. Start Payment Links anew to go on without it"
        )
        trainee.window.close()
        await until(trainee.running.done)
    assert journal_of(trainee, "training").read_bytes() == b""
    journal_of(trainee, "training").unlink()


async def test_the_program_ends_while_training_asks(trainee: Counter) -> None:
    async with trainee:
        await start_training(trainee)
    journal_of(trainee, "training").unlink()
