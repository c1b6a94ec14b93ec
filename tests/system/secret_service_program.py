"""Run by ``test_secret_service`` below a session bus of its own: speaks to a real key ring and says what came of it."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection

from optty_desktop.core.environments import Credentials
from optty_desktop.core.errors import KeychainProblem
from optty_desktop.core.pairing import RelayPairing
from optty_desktop.system.keychain import OsKeychain

SECRET_SERVICE = ("keyring.backends.SecretService:Keyring",)
FIRST, SECOND = Credentials("shop-1", "canary one"), Credentials("shop-1", "canary two é ü")
PAIRING = RelayPairing("sandbox", "https://relay.shop", "shop/one", "ab", "Till é", "canary token", "canary key")
DBUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
TIME_LIMIT = 1.0


async def keep_and_forget() -> None:
    """Store, load, rotate and erase; a second process-wide keychain sees each change at once."""
    chain, other = OsKeychain(SECRET_SERVICE), OsKeychain(SECRET_SERVICE)
    assert await chain.is_available()
    assert await chain.load("live") is None
    await chain.store("live", FIRST)
    await chain.store("sandbox", SECOND)
    assert await other.load("live") == FIRST
    await chain.store("live", SECOND)
    assert await other.load("live") == SECOND
    assert await chain.load("live") == SECOND
    await other.erase("live")
    await other.erase("live")
    assert await chain.load("live") is None
    assert await chain.load("sandbox") == SECOND
    assert await chain.load_pairing("sandbox") is None
    await chain.store_pairing(PAIRING)
    assert await other.load_pairing("sandbox") == PAIRING
    await other.erase("sandbox")
    assert await chain.load_pairing("sandbox") == PAIRING, "signing out keeps the pairing"
    await other.erase_pairing("sandbox")
    assert await chain.load_pairing("sandbox") is None
    await chain.store_proxy_password("till", "canary proxy")
    assert await other.load_proxy_password("till") == "canary proxy"
    await chain.erase_proxy_password("till")
    assert await other.load_proxy_password("till") is None


async def meet_a_lock() -> None:
    """There is nobody to ask: the key ring itself says no."""
    await refused_in_time()


async def meet_a_silent_prompt() -> None:
    """The key ring asks a prompt that takes the question and never answers, as when nobody sits there."""
    prompter: Any = open_dbus_connection(bus="SESSION")
    taken = new_method_call(DBUS, "RequestName", "su", ("org.gnome.keyring.SystemPrompter", 0))
    prompter.send_and_get_reply(taken)
    begun = time.monotonic()
    await refused_in_time()
    assert time.monotonic() - begun >= 3 * TIME_LIMIT, "the prompt did not hang"
    prompter.close()


async def refused_in_time() -> None:
    """Every call ends in time with a problem, while this thread, which a window would have, goes on working."""
    chain = OsKeychain(SECRET_SERVICE, TIME_LIMIT)
    gaps = asyncio.ensure_future(largest_gap())
    calls: tuple[Callable[[], Awaitable[object]], ...] = (
        lambda: chain.load("live"),
        lambda: chain.store("live", FIRST),
        lambda: chain.erase("live"),
    )
    for call in calls:
        begun = time.monotonic()
        said = await problem_of(call())
        assert said, "a locked key ring gave something"
        assert "canary" not in said
        assert time.monotonic() - begun < TIME_LIMIT + 0.5
    gaps.cancel()
    assert (await gaps) < 0.2, "the thread of the window waited"


async def problem_of(call: Awaitable[object]) -> str:
    """Return what a call that must fail says, or nothing."""
    try:
        await call
    except KeychainProblem as problem:
        return str(problem)
    return ""


async def largest_gap() -> float:
    """Return the longest time between two turns of the loop, until cancelled."""
    largest, last = 0.0, time.monotonic()
    try:
        while True:
            await asyncio.sleep(0.01)
            largest, last = max(largest, time.monotonic() - last), time.monotonic()
    except asyncio.CancelledError:
        return largest


if __name__ == "__main__":
    asyncio.run({"unlocked": keep_and_forget, "locked": meet_a_lock, "prompting": meet_a_silent_prompt}[sys.argv[1]]())
    print("held")  # noqa: T201  read by the test
