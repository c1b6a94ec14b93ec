"""``optty-desktop pair``: an administrator pairs a till in a terminal, and the code goes nowhere but to the relay."""

from __future__ import annotations

import asyncio
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from optty_desktop.audit_command import audit_file
from optty_desktop.cli import main
from optty_desktop.core.pairing_text import pairing_link
from optty_desktop.pair_command import run_pair
from optty_desktop.system.keychain import OsKeychain
from optty_desktop.system.paths import AppPaths
from tests.journal.places import new_folder
from tests.relay.room import Room, running
from tests.source_tree import ROOT
from tests.system.keychains import MODULE, Memory

LIMIT = 20.0


@pytest.fixture(autouse=True)
def _empty_keychain() -> Iterator[None]:
    Memory.items.clear()
    yield
    Memory.items.clear()


class Relay:
    """A real relay in a thread of its own, since the command has the loop of this one."""

    def __init__(self, room: Room, loop: asyncio.AbstractEventLoop) -> None:
        self._room, self._loop = room, loop
        self.url = f"http://127.0.0.1:{room.port}"

    def code(self) -> str:
        return asyncio.run_coroutine_threadsafe(self._room.code(), self._loop).result(LIMIT)


@contextmanager
def relay_in(folder: Path) -> Iterator[Relay]:
    ready, end = threading.Event(), asyncio.Event()
    found: list[Relay] = []

    async def serve() -> None:
        async with running(folder) as room:
            found.append(Relay(room, asyncio.get_running_loop()))
            ready.set()
            await end.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(LIMIT)
    try:
        yield found[0]
    finally:
        found[0]._loop.call_soon_threadsafe(end.set)
        thread.join(LIMIT)


@pytest.fixture
def relay() -> Iterator[Relay]:
    with ExitStack() as stack:
        yield stack.enter_context(relay_in(stack.enter_context(new_folder())))


def pair(
    monkeypatch: pytest.MonkeyPatch, url: str, typed: str, environment: str = "live", chain: str = "Memory"
) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return run_pair(url, environment, keychain=OsKeychain([f"{MODULE}:{chain}"]))


@pytest.mark.parametrize("as_link", [False, True])
def test_a_till_is_paired_with_the_code_from_standard_input(
    relay: Relay, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, as_link: bool
) -> None:
    code = relay.code()
    typed = pairing_link(relay.url, code) if as_link else code.lower().replace("-", " ")
    assert pair(monkeypatch, relay.url, f"{typed}\n") == 0
    said = capsys.readouterr()
    assert said.out.startswith("Paired as Till 1 of corner-store/main-street. ")
    assert said.err == ""
    item = Memory.items["optty-desktop relay:live", "pairing"]
    assert f'"url": "{relay.url}"' in item
    files = [path for path in Path(os.environ["HOME"]).rglob("*") if path.is_file()]
    assert not [path for path in files if code.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    ("typed", "environment", "chain", "said"),
    [
        ("0000-0000-0000\n", "live", "Memory", "This code is wrong, used or too old. "),
        ("", "live", "Memory", "Nothing was paired: a pairing code has twelve letters and digits."),
        ("0000-0000\n", "live", "Memory", "Nothing was paired: a pairing code has twelve letters and digits."),
        (
            "optty-relay:https://r.example/?code=ABCD-EF01-JKM9",
            "live",
            "Memory",
            "Nothing was paired: this link is for ",
        ),
        ("right", "sandbox", "Memory", "This relay serves live, and this till works in sandbox. "),
        ("right", "live", "Locked", "The keychain of this computer cannot be used now, so nothing was changed. "),
    ],
)
def test_what_prevents_it_is_said_in_one_line(
    relay: Relay, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str, environment: str,
    chain: str, said: str,
) -> None:  # fmt: skip
    code = relay.code()
    assert pair(monkeypatch, relay.url, code if typed == "right" else typed, environment, chain) == 1
    error = capsys.readouterr().err
    assert error.startswith(said)
    assert error.count("\n") == 1
    assert code not in error
    assert Memory.items == {}


@pytest.mark.parametrize("environment", ["training", "nowhere"])
def test_an_environment_without_a_relay_is_a_wrong_argument(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], environment: str
) -> None:
    assert pair(monkeypatch, "http://127.0.0.1:1", "", environment) == 2
    assert "this till knows sandbox, live." in capsys.readouterr().err


def test_files_that_cannot_be_used_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = AppPaths.of_this_person().network_file
    file.parent.mkdir(parents=True)
    file.write_text("proxy = ", encoding="utf-8")
    assert pair(monkeypatch, "http://127.0.0.1:1", "") == 1
    assert capsys.readouterr().err.startswith("Nothing was paired: network.toml: ")


def write_policy(text: str, mode: int = 0o644) -> Path:
    """Put the administrator's file in its place."""
    file = AppPaths.of_this_person().policies[0]
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return file


def test_an_environment_that_the_policy_does_not_allow_is_not_paired(
    relay: Relay, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_policy('environments = ["sandbox"]\n')
    assert pair(monkeypatch, relay.url, relay.code(), "live") == 2
    assert capsys.readouterr().err == "There is no such environment to pair; this till knows sandbox.\n"
    assert Memory.items == {}


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        ("x = 1\n", 0o644, ", line 1: unknown key x."),
        ("", 0o666, " may be written by others than its owner, so it is not believed."),
    ],
)
def test_a_policy_that_is_not_believed_stops_it(
    relay: Relay, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str, mode: int, said: str
) -> None:
    file = write_policy(text, mode)
    assert pair(monkeypatch, relay.url, relay.code()) == 1
    assert capsys.readouterr().err == f"Nothing was paired: {file}{said}\n"
    assert Memory.items == {}


def test_the_way_out_is_that_of_the_policy(
    relay: Relay, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_policy('[network]\nproxy = "none"\n')
    file = AppPaths.of_this_person().network_file
    file.parent.mkdir(parents=True)
    file.write_text("proxy = broken", encoding="utf-8")
    assert pair(monkeypatch, relay.url, relay.code()) == 0, "the shop's own file is not even read"
    assert capsys.readouterr().err == ""


def test_the_audit_says_who_paired_with_which_relay(
    relay: Relay, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = relay.code()
    assert pair(monkeypatch, relay.url, code) == 0
    (row,) = audit_file(AppPaths.of_this_person()).rows()
    entry = json.loads(row.text)
    assert (entry["action"], entry["after"]) == ("relay_paired", {"environment": "live", "relay": relay.url})
    assert code not in row.text
    AppPaths.of_this_person().audit_file.write_bytes(b"nothing that could be read any more" * 200)
    assert pair(monkeypatch, relay.url, relay.code()) == 1
    assert capsys.readouterr().err.startswith("Nothing was paired: the audit of this till is damaged; keep the file ")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://relay.example.com", "a relay is reached by https"),
        ("https://relay.example.com/h/x", "a relay has a plain address"),
        ("optty-relay:https://relay.example.com/?code=ABCD-EF01-JKM9", "give the address alone"),
    ],
)
def test_a_wrong_address_is_a_wrong_argument(capsys: pytest.CaptureFixture[str], address: str, said: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["pair", address])
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert said in error
    assert "ABCD" not in error


def test_in_a_shell_nobody_is_reached_and_no_traceback_is_shown() -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "optty_desktop", "pair", "http://127.0.0.1:1", "--environment", "sandbox"],
        cwd=ROOT, env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}, input="0000-0000-0000\n",
        capture_output=True, text=True, timeout=LIMIT,
    )  # fmt: skip
    assert (finished.stdout, finished.returncode) == ("", 1)
    assert finished.stderr.startswith("The keychain of this computer cannot be used now")
