"""A link on the shop's own host: held back until somebody confirms the host, and then used without a second create."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QLabel

from optty_desktop.training.faults import Fault
from tests.flows.counter import Counter
from tests.flows.hands import CTRL, click, part, words
from tests.waiting import until

URL = "https://pay.corner-store.example/p/7F3K"
HOST = "pay.corner-store.example"
HELD = (
    "This link leads to pay.corner-store.example, which this till does not know yet. "
    "It is held back until whoever manages this till confirms the host"
)


async def make_held(counter: Counter, url: str = URL) -> str:
    """Create a link whose address leads elsewhere; returns its number."""
    counter.service.faults.add("create", Fault("bad_link", url=url))
    known = len(counter.links)
    counter.fill()
    counter.click("createLinkButton")
    await until(lambda: len(counter.links) > known and counter.says("createLinkButton") == "Create link")
    return counter.links[-1].invoice_number


async def ask(counter: Counter, kind: str = "confirmHost") -> QDialog:
    """Press Confirm this host… and wait for the question, or for what is said in its place."""
    await until(lambda: counter.sees("confirmHostButton"))
    counter.click("confirmHostButton")
    return await counter.asked(kind)


def is_anywhere(folder: Path, text: str) -> bool:
    """Whether a file below the folder holds the text."""
    return any(text.encode() in file.read_bytes() for file in folder.rglob("*") if file.is_file())


async def test_a_host_of_the_shop_is_confirmed_once(counter: Counter) -> None:
    QGuiApplication.clipboard().clear()
    async with counter:
        await counter.sign_in()
        number = await make_held(counter)
        assert counter.says("formErrorLabel") == HELD
        doubt = f"The address of this link is held back {HELD}. Do not send it to the customer."
        await until(lambda: counter.doubt() == doubt)
        counter.key(Qt.Key.Key_C, CTRL | Qt.KeyboardModifier.ShiftModifier)
        assert QGuiApplication.clipboard().text() == ""
        assert not counter.sees("detailCopyLinkButton")
        dialog = await ask(counter)
        assert part(dialog, QLabel, "hostWritten").text().strip("\u2066\u2069") == HOST
        assert part(dialog, QLabel, "hostWaiting").text() == "1 link waits for it."
        click(dialog, "confirmButton")
        await until(lambda: counter.link(number).url == URL)
        await counter.gone(dialog)
        assert not counter.sees("confirmHostButton")
        counter.click("detailCopyLinkButton")
        assert QGuiApplication.clipboard().text() == URL
        assert len(counter.service.creates()) == 1
        # From now on the till knows the host.
        counter.service.faults.add("create", Fault("bad_link", url=f"{URL}-2"))
        await counter.create(reference="Order 1055")
        assert counter.links[-1].url == f"{URL}-2"
        await until(lambda: counter.desk.page.ready.code)
    assert HOST in counter.paths.environments_file.read_text(encoding="utf-8")
    assert not is_anywhere(counter.paths.logs, "/p/7F3K")


async def test_a_held_link_waits_over_a_new_start(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        number = await make_held(counter)
    async with counter:
        await counter.sign_in()
        assert counter.link(number).url is None
        await counter.show(number)
        dialog = await ask(counter)
        click(dialog, "confirmButton")
        await until(lambda: counter.link(number).url == URL)
        await counter.gone(dialog)
        assert len(counter.service.creates()) == 1


async def test_no_leaves_it_held_back(counter: Counter) -> None:
    before = counter.paths.environments_file.read_bytes()
    async with counter:
        await counter.sign_in()
        number = await make_held(counter)
        dialog = await ask(counter)
        await counter.answer(dialog, "keepButton")
        assert counter.link(number).url is None
        assert counter.sees("confirmHostButton")
    assert counter.paths.environments_file.read_bytes() == before


async def test_a_profile_that_cannot_be_written_says_so_and_keeps_the_question(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        number = await make_held(counter)
        dialog = await ask(counter)
        before = counter.paths.environments_file.read_bytes()
        counter.paths.environments_file.write_text("[[environment", encoding="utf-8")
        click(dialog, "confirmButton")
        await until(lambda: "environments.toml" in words(dialog, "confirmError"))
        assert counter.link(number).url is None
        counter.paths.environments_file.write_bytes(before)
        click(dialog, "confirmButton")
        await until(lambda: counter.link(number).url == URL)
        await counter.gone(dialog)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("https://pay.xn--pypal-4ve.example/x", "written to look like another host"),
        ("https://203.0.113.5/x", "not a full host name"),
    ],
    ids=["lookalike", "number"],
)
async def test_a_host_nobody_should_believe_is_said_and_stays(counter: Counter, url: str, sentence: str) -> None:
    async with counter:
        await counter.sign_in()
        number = await make_held(counter, url)
        dialog = await ask(counter, "notice")
        assert sentence in part(dialog, QLabel, "confirmText").text()
        await counter.answer(dialog, "keepButton")
        assert counter.link(number).url is None


@pytest.mark.parametrize(
    "url",
    ["http://pay.corner-store.example/x", "https://a@pay.corner-store.example/x", "https://pay.corner-store.example:8443/x"],
)  # fmt: skip
async def test_every_other_odd_address_has_nobody_to_confirm_it(counter: Counter, url: str) -> None:
    async with counter:
        await counter.sign_in()
        await make_held(counter, url)
        await until(lambda: counter.doubt())
        assert not counter.sees("confirmHostButton")
    assert not is_anywhere(counter.paths.data / "journals", "corner-store.example/x")
