"""Settings in the whole program: a test of the real line, and a change that is kept until it can be saved."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSlider

from optty_desktop import __version__
from optty_desktop.core.news import News
from tests.flows.counter import Counter
from tests.flows.hands import CTRL, click, part
from tests.waiting import until

HELD = ["Name of the service found", "Connection taken", "ID and secret accepted", "Account may read orders"]


def lines(counter: Counter) -> list[str]:
    """What the test of the connection says, from top to bottom."""
    return [one.text() for one in counter.window.findChildren(QLabel, "probeLine") if one.isVisible()]


async def test_the_line_is_tested_without_a_call_that_moves_money(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        counter.click("navSettingsButton")
        await until(lambda: counter.sees("settingsPage"))
        tokens, received = len(counter.service.tokens()), len(counter.service.ledger.received())
        counter.click("testConnectionButton")
        await until(lambda: lines(counter))
        assert lines(counter) == HELD
        assert len(counter.service.tokens()) == tokens + 2
        since = counter.service.ledger.received()[received:]
        assert {(one.method, one.path) for one in since if one not in counter.service.tokens()} == {
            ("GET", "/orders/connection-test")
        }


async def test_a_line_that_breaks_says_where_and_holds_again(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        counter.click("navSettingsButton")
        counter.service.unplug()
        counter.click("testConnectionButton")
        await until(lambda: lines(counter))
        assert lines(counter)[1].startswith("Connection taken: no. 127.0.0.1 does not answer.")
        counter.service.plug_in()
        counter.click("testConnectionButton")
        await until(lambda: lines(counter) == HELD)


async def test_what_was_typed_survives_a_file_that_is_not_written(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        file = counter.paths.environments_file
        before = file.read_bytes()
        counter.key(Qt.Key.Key_Comma, CTRL)
        await until(lambda: counter.sees("settingsPage"))
        counter.click("saveConnectionButton")
        await until(lambda: counter.says("connectionMessage").startswith("Nothing has changed"))
        counter.write("profileNameEdit", "Corner Store Sandbox")
        file.write_text("[[environment", encoding="utf-8")
        counter.click("saveConnectionButton")
        await until(lambda: counter.says("connectionMessage"))
        assert counter.says("connectionMessage").startswith("Nothing was saved, and what you typed is still here: ")
        assert "environments.toml" in counter.says("connectionMessage")
        assert counter.typed("profileNameEdit") == "Corner Store Sandbox"
        file.write_bytes(before)
        counter.click("navPaymentsButton")
        await counter.answer(await counter.asked("unsaved"), "confirmButton")
        assert not counter.sees("settingsPage")
        assert file.read_bytes() == before
        await counter.create()


async def test_the_volume_holds_after_the_next_start(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        counter.click("navSettingsButton")
        counter.click("settingsSoundsButton")
        part(counter.window, QSlider, "volumeSlider").setFocus()
        counter.key(Qt.Key.Key_Home)
        counter.key(Qt.Key.Key_PageUp)
        await until(lambda: counter.says("soundsMessage").startswith("Saved."))
        await counter.close()
        await counter.open()
        await counter.sign_in()
        counter.service.customer.pay(await counter.create())
        await counter.refresh()
        await until(lambda: counter.player.heard == [(News.PAID, 20)])


async def test_about_tells_the_folders_of_this_till(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        counter.click("navSettingsButton")
        counter.click("settingsAboutButton")
        assert counter.says("versionText") == f"Version {__version__}"
        shown = {one.text() for one in counter.window.findChildren(QLabel) if one.isVisible()}
        assert {str(counter.paths.config), str(counter.paths.journal_folder), str(counter.paths.logs)} <= shown
        click(counter.window, "navPaymentsButton")
        await until(lambda: not counter.sees("settingsPage"))
