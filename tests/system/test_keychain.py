"""The client secret goes into a named keychain or nowhere."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from optty_desktop.core.environments import Credentials
from optty_desktop.core.errors import KeychainProblem
from optty_desktop.core.pairing import RelayPairing
from optty_desktop.system.keychain import ALLOWED_BACKENDS, OsKeychain
from tests.fakes import START
from tests.source_tree import ROOT
from tests.system.keychains import MODULE, Memory, Prompting

CANARY = "canary-secret-7c1f"
CREDENTIALS = Credentials("shop-1", CANARY)
PAIRING = RelayPairing(
    *("live", "https://relay.example.com", "corner-store/main-street", "ab" * 8, "Till 1", CANARY, f"whsec_{CANARY}"),
    paired_at=START,
)


@pytest.fixture(autouse=True)
def _empty_keychains() -> Iterator[None]:
    Memory.items.clear()
    Memory.threads.clear()
    Prompting.answered.clear()
    Prompting.asked.clear()
    yield
    Prompting.answered.set()


def keychain(*classes: str, time_limit: float = 5.0) -> OsKeychain:
    return OsKeychain([f"{MODULE}:{name}" for name in classes], time_limit)


# Keeping credentials


async def test_credentials_are_kept_by_environment_and_erased() -> None:
    chain = keychain("Memory")
    assert await chain.is_available()
    assert await chain.load("live") is None
    await chain.store("live", CREDENTIALS)
    await chain.store("sandbox", Credentials("shop-2", "é ü"))
    assert await chain.load("live") == CREDENTIALS
    assert await chain.load("sandbox") == Credentials("shop-2", "é ü")
    await chain.erase("live")
    assert await chain.load("live") is None
    assert {service for service, _ in Memory.items} == {"optty-desktop:sandbox"}


async def test_erasing_nothing_is_no_problem() -> None:
    await keychain("Memory").erase("live")
    assert Memory.items == {}


async def test_new_credentials_replace_the_old_ones_in_the_one_item() -> None:
    chain = keychain("Memory")
    await chain.store("live", CREDENTIALS)
    await chain.store("live", Credentials("shop-1", "new"))
    assert len(Memory.items) == 1
    assert CANARY not in str(Memory.items)


async def test_the_loops_thread_never_waits_for_a_keychain() -> None:
    chain = keychain("Memory")
    await chain.store("live", CREDENTIALS)
    await chain.load("live")
    await chain.erase("live")
    assert len(Memory.threads) == 1
    assert threading.get_ident() not in Memory.threads


@pytest.mark.parametrize(
    "item", ["", "{", "[]", "null", '{"client_id": "a"}', '{"client_id": "a", "client_secret": 7}', f'"{CANARY}"']
)
async def test_an_item_of_another_shape_is_a_problem_that_does_not_show_it(item: str) -> None:
    Memory.items["optty-desktop:live", "credentials"] = item
    with pytest.raises(KeychainProblem) as caught:
        await keychain("Memory").load("live")
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None


# Keeping a pairing with the relay


async def test_a_pairing_is_kept_beside_the_credentials_and_outlives_them() -> None:
    chain = keychain("Memory")
    await chain.store("live", CREDENTIALS)
    assert await chain.load_pairing("live") is None
    for pairing in (PAIRING, replace(PAIRING, token="renewed", paired_at=None)):
        await chain.store_pairing(pairing)
        assert await chain.load_pairing("live") == pairing
    assert await chain.load_pairing("sandbox") is None
    await chain.erase("live")
    assert set(Memory.items) == {("optty-desktop relay:live", "pairing")}
    await chain.erase_pairing("live")
    await chain.erase_pairing("live")
    assert Memory.items == {}


async def test_a_renewed_token_takes_the_place_of_the_one_it_came_from_and_of_no_other() -> None:
    chain = keychain("Memory")
    renewed, later = replace(PAIRING, token="renewed"), replace(PAIRING, token="later")
    assert not await chain.renew_pairing(PAIRING, renewed), "a till that was unpaired stays so"
    assert Memory.items == {}
    await chain.store_pairing(PAIRING)
    assert await chain.renew_pairing(PAIRING, renewed)
    assert not await chain.renew_pairing(PAIRING, later)
    assert await chain.load_pairing("live") == renewed


async def test_an_end_that_is_asked_for_beside_a_renewal_is_the_end() -> None:
    chain = keychain("Memory")
    for _ in range(20):
        await chain.store_pairing(PAIRING)
        await asyncio.gather(
            chain.erase_pairing("live"), chain.renew_pairing(PAIRING, replace(PAIRING, token="renewed"))
        )
        assert Memory.items == {}


@pytest.mark.parametrize("item", ["", "[]", "{", '{"url": "https://r.example"}', '{"url": 7}', f'"{CANARY}"'])
async def test_a_pairing_of_another_shape_is_none_and_is_replaced_by_the_next(item: str) -> None:
    chain = keychain("Memory")
    Memory.items["optty-desktop relay:live", "pairing"] = item
    assert await chain.load_pairing("live") is None
    await chain.store_pairing(PAIRING)
    assert await chain.load_pairing("live") == PAIRING


@pytest.mark.parametrize("change", [{"token": ""}, {"token": 7}, {"paired_at": "noon"}, {"paired_at": "2026-03-21"}])
async def test_half_a_pairing_is_none(change: dict[str, object]) -> None:
    chain = keychain("Memory")
    await chain.store_pairing(PAIRING)
    place = ("optty-desktop relay:live", "pairing")
    Memory.items[place] = json.dumps({**json.loads(Memory.items[place]), **change})
    assert await chain.load_pairing("live") is None


async def test_a_keychain_that_refuses_a_pairing_says_so_without_its_own_words() -> None:
    chain = keychain("Locked")
    for call in (
        chain.load_pairing("live"),
        chain.store_pairing(PAIRING),
        chain.erase_pairing("live"),
        chain.renew_pairing(PAIRING, PAIRING),
    ):
        with pytest.raises(KeychainProblem) as caught:
            await call
        assert "canary" not in str(caught.value)


# Which keychain


async def test_the_first_that_works_here_is_used() -> None:
    chain = OsKeychain([f"{MODULE}:NotHere", "no_such_module:Keyring", f"{MODULE}:NoSuchClass", f"{MODULE}:Memory"])
    await chain.store("live", CREDENTIALS)
    assert CANARY in str(Memory.items)


@pytest.mark.parametrize("classes", [[], ["NotHere"], ["Weak"], ["NotHere", "Weak"]])
async def test_K1_without_a_keychain_that_works_nothing_is_kept(classes: list[str]) -> None:
    chain = keychain(*classes)
    assert not await chain.is_available()
    for call in (chain.store("live", CREDENTIALS), chain.load("live"), chain.erase("live")):
        with pytest.raises(KeychainProblem):
            await call
    assert Memory.items == {}


async def test_a_keychain_that_starts_later_is_found() -> None:
    chain = keychain("Weak")
    assert not await chain.is_available()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{MODULE}.Weak.priority", 5)
        assert await chain.is_available()


def test_K1_only_keychains_of_operating_systems_are_named() -> None:
    assert {name.partition(":")[0] for name in ALLOWED_BACKENDS} == {
        "keyring.backends.SecretService",
        "keyring.backends.kwallet",
        "keyring.backends.Windows",
        "keyring.backends.macOS",
    }


PLAIN_TEXT_BACKEND = """
import pathlib
from keyring.backend import KeyringBackend

class Keyring(KeyringBackend):
    priority = 99

    def set_password(self, service, username, password):
        pathlib.Path("leak.txt").write_text(password)

    def get_password(self, service, username):
        return None

    def delete_password(self, service, username):
        pass
"""

TRY_TO_STORE = f"""
import asyncio, sys
from optty_desktop.core.environments import Credentials
from optty_desktop.core.errors import KeychainProblem
from optty_desktop.system.keychain import OsKeychain

async def main():
    chain = OsKeychain()
    assert not await chain.is_available()
    try:
        await chain.store("live", Credentials("shop-1", "{CANARY}"))
    except KeychainProblem:
        print("refused")

asyncio.run(main())
"""

SET_UPS: dict[str, dict[str, str]] = {
    "nothing": {},
    "plain text by variable": {"PYTHON_KEYRING_BACKEND": "plain_text.Keyring"},
    "null by variable": {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
    "fail by variable": {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
    "chainer by variable": {"PYTHON_KEYRING_BACKEND": "keyring.backends.chainer.ChainerBackend"},
    "a bus that is not there": {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus"},
}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere a keychain is always there")
@pytest.mark.parametrize("installed", [False, True], ids=["", "and by entry point and configuration"])
@pytest.mark.parametrize("set_up", SET_UPS)
def test_K1_no_other_back_end_gets_the_secret(tmp_path: Path, home: Path, set_up: str, *, installed: bool) -> None:
    (tmp_path / "plain_text.py").write_text(PLAIN_TEXT_BACKEND)
    if installed:
        package = tmp_path / "plain_text-1.dist-info"
        package.mkdir()
        (package / "METADATA").write_text("Metadata-Version: 2.1\nName: plain-text\nVersion: 1\n")
        (package / "entry_points.txt").write_text("[keyring.backends]\nplain = plain_text\n")
        for folder in (home / "config" / "python_keyring", home / "data" / "python_keyring"):
            folder.mkdir(parents=True)
            (folder / "keyringrc.cfg").write_text("[backend]\ndefault-keyring=plain_text.Keyring\n")
    environment = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "PYTHONPATH": f"{ROOT}:{tmp_path}",
        "PYTHONDONTWRITEBYTECODE": "1",
        **SET_UPS[set_up],
    }
    finished = subprocess.run(
        [sys.executable, "-c", TRY_TO_STORE], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=20
    )
    assert (finished.stdout, finished.returncode) == ("refused\n", 0), finished.stderr
    files = [path for folder in (tmp_path, home) for path in folder.rglob("*") if path.is_file()]
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]


# Keychains that refuse or hang


async def test_a_refusal_is_told_without_the_keychains_own_words() -> None:
    chain = keychain("Locked")
    assert await chain.is_available()
    for call in (chain.load("live"), chain.store("live", CREDENTIALS), chain.erase("live")):
        with pytest.raises(KeychainProblem) as caught:
            await call
        assert "canary" not in str(caught.value)


async def test_a_prompt_nobody_answers_ends_by_the_time_limit() -> None:
    chain = keychain("Prompting", time_limit=0.1)
    begun = time.monotonic()
    with pytest.raises(KeychainProblem, match="in time"):
        await chain.load("live")
    assert time.monotonic() - begun < 1


async def test_while_a_prompt_hangs_no_second_one_is_raised() -> None:
    chain = keychain("Prompting", time_limit=0.1)
    for _ in range(3):
        with pytest.raises(KeychainProblem):
            await chain.load("live")
    Prompting.answered.set()
    assert await chain.load("sandbox") is None
    assert Prompting.asked == ["optty-desktop:live", "optty-desktop:sandbox"]


async def test_a_caller_that_is_cancelled_stays_cancelled() -> None:
    chain = keychain("Prompting")
    loading = asyncio.ensure_future(chain.load("live"))
    await asyncio.sleep(0)
    loading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loading


HANG = f"""
import asyncio
from optty_desktop.core.errors import KeychainProblem
from optty_desktop.system.keychain import OsKeychain

async def main():
    try:
        await OsKeychain(["{MODULE}:Prompting"], 0.2).load("live")
    except KeychainProblem:
        print("in time")

asyncio.run(main())
"""


def test_a_prompt_that_hangs_does_not_hold_up_the_end_of_the_program() -> None:
    finished = subprocess.run([sys.executable, "-c", HANG], cwd=ROOT, capture_output=True, text=True, timeout=10)
    assert (finished.stdout, finished.returncode) == ("in time\n", 0), finished.stderr


async def test_the_program_waits_a_moment_for_its_keychain_and_no_longer() -> None:
    idle = OsKeychain([])
    await idle.rest(60)
    begun = time.monotonic()
    busy = OsKeychain([], time_limit=60)
    release = threading.Event()
    running = asyncio.create_task(busy._call(release.wait))
    await asyncio.sleep(0)
    await busy.rest(0.1)
    assert 0.1 <= time.monotonic() - begun < 5
    release.set()
    await busy.rest(60)
    assert await running
