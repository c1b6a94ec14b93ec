"""Notifications of Linux desktops, as freedesktop.org describes them, with an answer when somebody presses one.

Not left to Qt: its way needs an icon beside the clock, which not every desktop has, and hears of no press.
"""

import asyncio
import html
import importlib
import sys
from typing import Any, Final

from optty_desktop.core.ports import Notifier, Shown

_NAME: Final = "org.freedesktop.Notifications"
_PATH: Final = "/org/freedesktop/Notifications"
_SECONDS: Final = 5.0
"""So long the desktop may take to show one; it may have to start what does."""
_LIBRARIES: Final = ("jeepney", "jeepney.io.asyncio")
_PRESSED: Final = "default"


def desktop_notifier() -> Notifier | None:
    """What shows notifications here; None where Qt does it as well."""
    return FreedesktopNotifier() if sys.platform.startswith("linux") else None


class FreedesktopNotifier:
    """Fills ``core.ports.Notifier``. Is on the bus only while a notification is."""

    async def show(self, title: str, text: str, action: str) -> Shown:
        """Show one until it goes, and take it back when cancelled."""
        await asyncio.to_thread(_load)
        from jeepney.io.asyncio import open_dbus_connection

        try:
            async with asyncio.timeout(_SECONDS):
                bus = await open_dbus_connection(bus="SESSION")
        except _Unusable:
            return Shown.IMPOSSIBLE
        try:
            return await _shown(bus, title, text, action)
        except _Unusable:
            return Shown.IMPOSSIBLE
        finally:
            await _hang_up(bus)


_Unusable: Final = (OSError, EOFError, LookupError, RuntimeError, TimeoutError, ValueError)
"""No bus, a bus of another kind, nobody on it who shows notifications, or somebody who does not answer."""


async def _shown(bus: Any, title: str, text: str, action: str) -> Shown:
    from jeepney import DBusAddress, MatchRule, message_bus, new_method_call

    desktop = DBusAddress(_PATH, _NAME, _NAME)
    async with asyncio.timeout(_SECONDS):
        await _answer(bus, message_bus.AddMatch(MatchRule(type="signal", interface=_NAME, path=_PATH)))
        (can,) = await _answer(bus, new_method_call(desktop, "GetCapabilities"))
        # Where markup is understood, what customers and staff have typed must not become some.
        body = html.escape(text, quote=False) if "body-markup" in can else text
        hints = {"desktop-entry": ("s", "optty-desktop"), "suppress-sound": ("b", True)}
        facts = ("Payment Links", 0, "optty-desktop", title, body, [_PRESSED, action], hints, -1)
        (number,) = await _answer(bus, new_method_call(desktop, "Notify", "susssasa{sv}i", facts))
    try:
        return await _gone(bus, number)
    except asyncio.CancelledError:
        await bus.send(new_method_call(desktop, "CloseNotification", "u", (number,)))
        raise


async def _gone(bus: Any, number: int) -> Shown:
    """Wait until this notification is pressed or closed; a desktop that ends has closed it."""
    from jeepney import HeaderFields

    while True:
        try:
            message = await bus.receive()
        except (OSError, EOFError):
            return Shown.GONE
        member, body = message.header.fields.get(HeaderFields.member), message.body
        if body[:1] != (number,):
            continue
        if member == "ActionInvoked":
            return Shown.ANSWERED
        if member == "NotificationClosed":
            return Shown.GONE


async def _answer(bus: Any, call: Any) -> tuple[Any, ...]:
    """What is answered to a call. Raises RuntimeError for a refusal."""
    from jeepney import HeaderFields, MessageType

    serial = next(bus.outgoing_serial)
    await bus.send(call, serial=serial)
    while True:
        message = await bus.receive()
        if message.header.fields.get(HeaderFields.reply_serial) == serial:
            if message.header.message_type is MessageType.error:
                raise RuntimeError("the desktop refused")
            body: tuple[Any, ...] = message.body
            return body


async def _hang_up(bus: Any) -> None:
    try:
        await bus.close()
    except OSError:
        return  # the other end was faster


def _load() -> None:
    """Import what speaks on the bus, in a worker thread: the window must not wait for it."""
    for name in _LIBRARIES:
        importlib.import_module(name)
