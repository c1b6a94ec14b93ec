"""Versions in the whole program: a newer one is hinted at over real https, and what came with this one is told once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sign_manifest
from PySide6.QtGui import QAction

from optty_desktop import __version__
from optty_desktop.ui.theme import Look
from tests.flows.counter import TILL, Counter
from tests.flows.hands import click, question
from tests.flows.hours import Hours
from tests.flows.service import Service
from tests.update_host import CERTIFICATES, KEY, UpdateHost, package_name
from tests.waiting import until


@pytest.fixture
def host() -> Iterator[UpdateHost]:
    with UpdateHost() as running:
        yield running


def counter_of(look: Look, service: Service, hours: Hours, host: UpdateHost) -> Counter:
    """A till whose shop has an authority and a server of its own."""
    lines = ["[updates]", 'mode = "notice"', f'manifest_url = "{host.manifest_url}"']
    lines.append(f'public_key = "{sign_manifest.public_part(KEY)}"')
    counter = Counter(look, service, hours, till=TILL + "\n".join(lines) + "\n")
    shutil.copy(CERTIFICATES / "authority.pem", counter.paths.config)
    counter.paths.network_file.write_text('extra_ca = "authority.pem"\n', encoding="utf-8")
    return counter


async def test_a_newer_version_is_hinted_at_and_work_goes_on(
    look: Look, service: Service, hours: Hours, host: UpdateHost, tmp_path: Path
) -> None:
    package = tmp_path / package_name("9.1.0")
    package.write_bytes(b"x")
    host.announce(sign_manifest.signed([package], KEY, now=hours.now(), days=30, sequence=1))
    async with counter_of(look, service, hours, host) as counter:
        await counter.sign_in()
        await until(lambda: counter.window.findChildren(QAction, "updateAction"))
        counter.window.findChildren(QAction, "updateAction")[0].trigger()
        await until(lambda: counter.says("updateText"))
        assert counter.says("updateText").startswith("Version 9.1.0 is ready.")
        counter.click("navPaymentsButton")
        await until(lambda: counter.sees("amountEdit"))
        await counter.create()


async def test_a_server_for_updates_that_is_broken_disturbs_nobody(
    look: Look, service: Service, hours: Hours, host: UpdateHost
) -> None:
    host.announce(b"<html>Down for maintenance. Install https://evil.example now!</html>")
    async with counter_of(look, service, hours, host) as counter:
        await counter.sign_in()
        await until(lambda: host.asked)
        await counter.create()
        assert counter.banner == ""
        counter.click("navSettingsButton")
        counter.click("settingsAboutButton")
        await until(lambda: "cannot be read" in counter.says("updateText"))
        assert "evil" not in counter.says("updateText")


async def test_what_came_with_an_update_is_told_at_the_first_start_and_not_at_the_second(
    counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "CHANGELOG.md"
    log.write_text(f"## [{__version__}]\n### Fixed\n- The print.\n", encoding="utf-8")
    monkeypatch.setattr("optty_desktop.newer_version.change_log", lambda: log)
    counter.paths.seen_version_file.write_text("0.0.1\n", encoding="ascii")
    async with counter:
        await counter.sign_in()
        dialog = await counter.asked("news")
        await counter.answer(dialog, "keepButton")
        assert counter.focus() == "amountEdit"
    assert counter.paths.seen_version_file.read_text(encoding="ascii") == f"{__version__}\n"
    async with counter:
        await counter.sign_in()
        await counter.create()
        assert question("news") is None
        counter.click("navSettingsButton")
        counter.click("settingsAboutButton")
        click(counter.window, "newsButton")
        await counter.answer(await counter.asked("news"), "keepButton")


async def test_the_first_day_is_noted_and_tells_nothing(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        await until(counter.paths.seen_version_file.exists)
        assert question("news") is None
