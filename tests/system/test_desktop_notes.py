"""Notifications on a real session bus, with a desktop of the test's own at its other end."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from jeepney import (
    DBusAddress,
    HeaderFields,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.asyncio import DBusRouter, Proxy, open_dbus_connection

from optty_desktop.core.ports import Shown
from optty_desktop.system.desktop_notes import FreedesktopNotifier
from tests.waiting import until

NAME = "org.freedesktop.Notifications"
PLACE = DBusAddress("/org/freedesktop/Notifications", NAME, NAME)
CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={path}</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
"""

pytestmark = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="not installed: dbus-daemon")


class Bus:
    """A session bus that starts nothing by itself."""

    def __init__(self, daemon: subprocess.Popen[str]) -> None:
        self._daemon = daemon

    async def strangers(self) -> int:
        """How many are connected, but for who asks."""
        connection: Any = await open_dbus_connection(bus="SESSION")
        async with DBusRouter(connection) as router:
            (names,) = await Proxy(message_bus, router).ListNames()
        await connection.close()
        return len([name for name in names if name.startswith(":")]) - 1

    def end(self) -> None:
        """The session is over."""
        self._daemon.terminate()


@pytest.fixture
def bus(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    config, path = home / "bus.conf", home / "run" / "bus"
    config.write_text(CONFIG.format(path=path), encoding="utf-8")
    program = shutil.which("dbus-daemon") or ""
    command = [program, f"--config-file={config}", "--nofork", "--print-address=1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as daemon:
        assert daemon.stdout is not None
        assert daemon.stdout.readline()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={path}")
        made = Bus(daemon)
        yield made
        made.end()


class Desk:
    """A desktop that shows notifications, and takes back those it is asked to."""

    def __init__(self, connection: Any, can: list[str]) -> None:
        self._connection, self._can = connection, can
        self.shown: dict[int, tuple[Any, ...]] = {}
        self.refuses = self.is_silent = False
        self._count = 40

    async def serve(self) -> None:
        while True:
            call = await self._connection.receive()
            if call.header.message_type is MessageType.method_call and not self.is_silent:
                await self._connection.send(self._answer(call))

    def _answer(self, call: Any) -> Any:
        member = call.header.fields[HeaderFields.member]
        if self.refuses:
            return new_error(call, "org.freedesktop.DBus.Error.Failed")
        if member == "GetCapabilities":
            return new_method_return(call, "as", (self._can,))
        if member == "Notify":
            self._count += 1
            self.shown[self._count] = call.body
            return new_method_return(call, "u", (self._count,))
        self.shown.pop(call.body[0], None)
        return new_method_return(call)

    async def press(self, number: int) -> None:
        await self._connection.send(new_signal(PLACE, "ActionInvoked", "us", (number, "default")))

    async def close(self, number: int) -> None:
        await self._connection.send(new_signal(PLACE, "NotificationClosed", "uu", (number, 1)))


@asynccontextmanager
async def desktop(*can: str) -> AsyncIterator[Desk]:
    connection: Any = await open_dbus_connection(bus="SESSION")
    async with DBusRouter(connection) as router:
        await Proxy(message_bus, router).RequestName(NAME)
    desk = Desk(connection, list(can))
    serving = asyncio.create_task(desk.serve())
    try:
        yield desk
    finally:
        serving.cancel()
        await asyncio.wait([serving])
        await connection.close()


def show(text: str = "Paid: USD 182.75, Order 1054") -> asyncio.Task[Shown]:
    return asyncio.create_task(FreedesktopNotifier().show("Payment Links", text, "Show it"))


async def test_a_press_is_an_answer(bus: Bus) -> None:
    async with desktop() as desk:
        showing = show()
        number = await until(lambda: next(iter(desk.shown), 0))
        name, replaces, icon, title, text, actions, hints, _time = desk.shown[number]
        assert (name, replaces, icon) == ("Payment Links", 0, "optty-desktop")
        assert (title, text) == ("Payment Links", "Paid: USD 182.75, Order 1054")
        assert actions == ["default", "Show it"]
        assert hints["suppress-sound"] == ("b", True), "the till has sounds of its own"
        await desk.press(number + 1)
        await desk.close(number + 1)
        assert not showing.done(), "that was another one"
        await desk.press(number)
        assert await showing is Shown.ANSWERED


async def test_one_that_is_closed_is_gone_and_the_bus_is_left(bus: Bus) -> None:
    async with desktop() as desk:
        showing = show()
        number = await until(lambda: next(iter(desk.shown), 0))
        assert await bus.strangers() == 2
        await desk.close(number)
        assert await showing is Shown.GONE
        assert await bus.strangers() == 1


async def test_one_that_is_not_wanted_any_more_is_taken_back(bus: Bus) -> None:
    async with desktop() as desk:
        showing = show()
        await until(lambda: desk.shown)
        showing.cancel()
        await asyncio.wait([showing])
        assert showing.cancelled()
        await until(lambda: not desk.shown)


@pytest.mark.parametrize(
    ("can", "text"), [("body", "<b>Order & 1</b>"), ("body-markup", "&lt;b&gt;Order &amp; 1&lt;/b&gt;")]
)
async def test_what_was_typed_never_becomes_markup(bus: Bus, can: str, text: str) -> None:
    async with desktop(can) as desk:
        showing = show("<b>Order & 1</b>")
        number = await until(lambda: next(iter(desk.shown), 0))
        assert desk.shown[number][4] == text
        await desk.close(number)
        await showing


async def test_nobody_who_shows_notifications(bus: Bus) -> None:
    assert await show() is Shown.IMPOSSIBLE


async def test_a_desktop_that_refuses(bus: Bus) -> None:
    async with desktop() as desk:
        desk.refuses = True
        assert await show() is Shown.IMPOSSIBLE


async def test_a_desktop_that_says_nothing(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optty_desktop.system.desktop_notes._SECONDS", 0.2)
    async with desktop() as desk:
        desk.is_silent = True
        assert await show() is Shown.IMPOSSIBLE


@pytest.mark.parametrize("address", [None, "", "unix:path=/nowhere/bus", "tcp:host=127.0.0.1", "nonsense"])
async def test_no_bus(monkeypatch: pytest.MonkeyPatch, address: str | None) -> None:
    if address is not None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    assert await show() is Shown.IMPOSSIBLE


async def test_a_session_that_ends_takes_the_notification_along(bus: Bus) -> None:
    async with desktop() as desk:
        showing = show()
        await until(lambda: desk.shown)
        bus.end()
        assert await showing is Shown.GONE
