"""The way in, and each reason why it may be shut: one sentence, and what was typed stays."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from subprocess import PIPE, Popen

import pytest

from optty_desktop.training.faults import Fault
from optty_desktop.ui.theme import Look
from tests.flows.counter import Counter
from tests.flows.hands import click, words
from tests.flows.hours import Hours
from tests.flows.service import Service, free_port
from tests.waiting import until

NOT_ACCEPTED = (
    "This ID and secret were not accepted for Sandbox. Check both, or ask whoever manages your payment account"
)
NO_CONNECTION = "No connection. Check the network cable or Wi-Fi, then try again"
NETWORK_SIGN_IN = "This network wants a sign-in of its own. Open a web browser, sign in there, then try again"
NOT_SAFE = "This computer could not make sure who answers. Check its date and time, then try again"
NOT_ANSWERING = "The payment service is not answering. Nothing was lost. Try again in a minute"
WRONG_ADDRESS = (
    "The address in this profile is not right: the payment service does not know it. "
    "Ask whoever manages your payment account"
)


def keeps_what_was_typed(counter: Counter) -> bool:
    """Whether ID and secret still stand in the window, ready for another try."""
    typed = [words(counter.dialog, name) for name in ("clientIdEdit", "clientSecretEdit")]
    button = words(counter.dialog, "signInButton")
    return all(typed) and button == "Sign in to Sandbox"


async def refused_for(counter: Counter, secret: str | None = None) -> str:
    async with counter:
        counter.type_credentials(secret=secret)
        sentence = await counter.sign_in_refused()
        assert keeps_what_was_typed(counter)
        assert counter.shop.desk is None
    return sentence


async def test_a_wrong_secret_is_said_and_nothing_is_lost(counter: Counter) -> None:
    assert await refused_for(counter, secret="not-the-secret") == NOT_ACCEPTED
    assert len(counter.service.tokens()) == 1


async def test_after_a_wrong_secret_the_right_one_works(counter: Counter) -> None:
    async with counter:
        counter.type_credentials(secret="not-the-secret")
        await counter.sign_in_refused()
        await counter.sign_in()
        assert counter.window.isVisible()


async def test_no_network(look: Look, service: Service, hours: Hours) -> None:
    counter = Counter(look, service, hours, token_url=f"http://127.0.0.1:{free_port()}/token")
    assert await refused_for(counter) == NO_CONNECTION


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault("captive_portal"), NETWORK_SIGN_IN),
        (Fault("redirect"), NETWORK_SIGN_IN),
        (Fault("status", status=503), NOT_ANSWERING),
        (Fault("cut_json"), NOT_ANSWERING),
        (Fault("wrong_json"), NOT_ANSWERING),
        (Fault("drop_after"), NOT_ANSWERING),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else "",
)
async def test_an_answer_that_is_none(counter: Counter, fault: Fault, sentence: str) -> None:
    counter.service.faults.add("token", fault)
    assert await refused_for(counter) == sentence
    assert len(counter.service.tokens()) == 1


async def test_a_busy_service_names_the_pause(counter: Counter) -> None:
    fault = Fault("status", status=429, message="Too many requests", retry_after=12)
    counter.service.faults.add("token", fault)
    assert await refused_for(counter) == "The payment service is busy. Try again in 12 s"


@pytest.mark.parametrize("path", ["/no/such/route", "/pay/no/page"], ids=["in JSON", "as a web page"])
async def test_a_host_that_is_not_the_service(look: Look, service: Service, hours: Hours, path: str) -> None:
    counter = Counter(look, service, hours, token_url=service.url + path)
    assert await refused_for(counter) == WRONG_ADDRESS


async def test_a_host_without_encryption(look: Look, service: Service, hours: Hours) -> None:
    secure = service.url.replace("http://", "https://")
    counter = Counter(look, service, hours, token_url=f"{secure}/token")
    assert await refused_for(counter) == NOT_SAFE


async def test_an_empty_secret_is_asked_for_and_nothing_is_sent(counter: Counter) -> None:
    async with counter:
        click(counter.dialog, "signInButton")
        assert words(counter.dialog, "clientIdError") == "Enter the client ID"
        assert words(counter.dialog, "clientSecretError") == "Enter the client secret"
        assert counter.service.tokens() == []


# The record


def journal_of(counter: Counter) -> Callable[[], sqlite3.Connection]:
    """What connects to the record of the Sandbox."""
    counter.paths.journal_folder.mkdir(mode=0o700)
    return lambda: sqlite3.connect(counter.paths.journal_folder / "sandbox.journal")


async def test_a_damaged_record_is_left_as_it_is_until_somebody_decides(counter: Counter) -> None:
    counter.paths.journal_folder.mkdir(mode=0o700)
    journal = counter.paths.journal_folder / "sandbox.journal"
    journal.write_bytes(b"this was never a record" * 400)
    before = journal.read_bytes()
    async with counter:
        counter.type_credentials()
        click(counter.dialog, "signInButton")
        await counter.answer(await counter.asked("rescue"), "keepButton")
        assert words(counter.dialog, "loginErrorLabel") == (
            "The record of this till is damaged and was left as it is. Sign in again to go on without it"
        )
        assert keeps_what_was_typed(counter)
        assert journal.read_bytes() == before
        journal.unlink()


async def test_a_record_of_a_newer_program(counter: Counter) -> None:
    with closing(journal_of(counter)()) as record:
        record.execute("PRAGMA user_version = 999")
    assert await refused_for(counter) == (
        "A newer version of this program wrote the record. Start that version, or update this one"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder that nobody may write, not even root")
async def test_a_record_that_may_not_be_written(counter: Counter) -> None:
    counter.paths.journal_folder.symlink_to("/sys/kernel")
    assert await refused_for(counter) == (
        "This user may not write the record on this computer. Ask whoever manages this till"
    )


async def test_a_folder_in_the_place_of_the_record(counter: Counter) -> None:
    (counter.paths.journal_folder / "sandbox.journal").mkdir(parents=True)
    counter.paths.journal_folder.chmod(0o700)
    assert await refused_for(counter) == (
        "The record on this computer cannot be opened or written. Ask whoever manages this till"
    )


HOLDER = (
    "import sqlite3, sys; record = sqlite3.connect(sys.argv[1], isolation_level=None); "
    "record.execute('PRAGMA locking_mode = EXCLUSIVE'); record.execute('BEGIN EXCLUSIVE'); "
    "print('held', flush=True); sys.stdin.read()"
)


@pytest.fixture
def holder(counter: Counter) -> Iterator[Popen[bytes]]:
    """Another process that holds the record until its input ends."""
    journal_of(counter)().close()
    journal = counter.paths.journal_folder / "sandbox.journal"
    with Popen([sys.executable, "-I", "-c", HOLDER, str(journal)], stdin=PIPE, stdout=PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process


async def test_a_record_in_use_by_another_program(counter: Counter, holder: Popen[bytes]) -> None:
    async with counter:
        counter.type_credentials()
        assert await counter.sign_in_refused() == (
            "Another window of this program uses the record. Close that one, then try again"
        )
        assert keeps_what_was_typed(counter)
        assert holder.stdin is not None
        holder.stdin.close()
        await asyncio.to_thread(holder.wait)
        click(counter.dialog, "signInButton")
        await until(lambda: counter.shop.desk)


# The session


async def test_a_token_that_ended_is_renewed_without_a_word(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        counter.service.faults.add("create", Fault("expired_token"))
        await counter.create()
        assert [one.outcome for one in counter.service.creates()] == ["expired_token", "200"]
        assert len({one.body for one in counter.service.creates()}) == 1
        assert len(counter.service.tokens()) == 2
        assert len(counter.service.ledger.links()) == 1
        assert counter.banner == ""


async def test_a_session_that_is_refused_mid_day_keeps_the_form(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        counter.service.faults.add("create", Fault("expired_token"), times=2)
        counter.fill()
        counter.click("createLinkButton")
        await until(lambda: counter.says("formErrorLabel"))
        assert counter.says("formErrorLabel") == (
            "This ID and secret were not accepted. Check both, or ask whoever manages your payment account. "
            "Nothing was created"
        )
        assert counter.is_filled()
        assert counter.links == []
        assert len(counter.service.creates()) == 2


async def test_a_token_service_that_is_down_keeps_the_form(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        counter.hours.pass_by(90_000)
        counter.service.faults.add("token", Fault("status", status=503))
        counter.fill()
        counter.click("createLinkButton")
        await until(lambda: counter.says("formErrorLabel"))
        assert counter.says("formErrorLabel") == f"{NOT_ANSWERING}. Nothing was created"
        assert counter.is_filled()
        assert counter.service.creates() == []


async def test_closing_the_window_while_signing_in_leaves_no_open_record(counter: Counter) -> None:
    async with counter:
        counter.service.faults.add("token", Fault("delay", seconds=0.1))
        counter.type_credentials()
        click(counter.dialog, "signInButton")
        counter.dialog.close()
        await counter.running
        assert counter.shop.desk is None
