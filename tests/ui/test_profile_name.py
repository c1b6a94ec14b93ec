"""The name of a profile is on the screen where it says more than Sandbox or Live."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel

from optty_desktop.core.environments import EnvironmentKind
from tests.fakes import TRAINING
from tests.ui.desk_room import DeskRoom
from tests.waiting import until

SANDBOX = replace(TRAINING, id="sandbox", kind=EnvironmentKind.SANDBOX, api_url="https://api.optty.com")


def words(room: DeskRoom) -> set[str]:
    """Everything that header and band say."""
    window = room.desk.window
    return {label.text() for part in (window.header, window.band) for label in part.findChildren(QLabel)}


@pytest.mark.parametrize(
    ("kind", "name", "title", "header", "band"),
    [
        (EnvironmentKind.SANDBOX, "Pretend sandbox", "Payment Links — Corner Store — Pretend sandbox — SANDBOX",
         "Pretend sandbox", "Pretend sandbox. Test account. No real money moves."),
        (EnvironmentKind.SANDBOX, "Sandbox", "Payment Links — Corner Store — SANDBOX",
         "Sandbox", "Test account. No real money moves."),
        (EnvironmentKind.LIVE, "Shop in Cairo", "Payment Links — Corner Store — Shop in Cairo", "Shop in Cairo", ""),
        (EnvironmentKind.LIVE, "Live", "Payment Links — Corner Store", "Live", ""),
    ],
)  # fmt: skip
async def test_a_name_of_its_own_is_in_title_header_and_band(
    kind: EnvironmentKind, name: str, title: str, header: str, band: str
) -> None:
    async with DeskRoom(environment=replace(SANDBOX, id=str(kind), kind=kind, name=name)) as room:
        await until(lambda: header in words(room))
        assert room.desk.window.windowTitle() == title
        assert not band or band in words(room)


async def test_a_long_name_leaves_the_header_whole() -> None:
    async with DeskRoom(environment=replace(SANDBOX, name="A very long name that somebody thought of " * 3)) as room:
        window = room.desk.window
        window.resize(960, 600)
        await until(lambda: any(word.startswith("A very long name") for word in words(room)))
        settings = window.header.settings
        assert settings.geometry().right() < window.header.width()
        assert all(label.width() <= window.width() for label in window.band.findChildren(QLabel))
