"""The training server as a child: found, gone when it is not wanted, and no riddle when it does not start."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import httpx
import pytest

from optty_desktop.training import practice
from optty_desktop.training.practice import PracticeServer, PracticeUnavailable
from tests.waiting import until

OWN = [sys.executable, "-m", "optty_desktop", "training-server"]
FACTS = {"url": "http://127.0.0.1:1", "client_id": "a", "client_secret": "b", "control_token": "c"}


def saying(text: str, then: str = "sys.stdin.read()") -> list[str]:
    """A program that prints ``text`` and does ``then``."""
    return [sys.executable, "-c", f"import sys, time\nprint({text!r}, flush=True)\n{then}"]


async def answers(url: str) -> bool:
    async with httpx.AsyncClient(trust_env=False) as client:
        try:
            await client.get(url)
        except httpx.TransportError:
            return False
    return True


async def test_the_real_server_starts_signs_in_and_goes(tmp_path: Path) -> None:
    server = PracticeServer(OWN, tmp_path / "ledger", "Corner Store", by_hand=True)
    address = await server.start()
    form = {"client_id": address.client_id, "client_secret": address.client_secret}
    form |= {"grant_type": "client_credentials", "scope": "merchant"}
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.post(f"{address.url}/token", data=form)).status_code == 200
    await server.stop()
    assert not await answers(address.url)
    assert (tmp_path / "ledger").exists()


async def test_a_second_stop_and_a_stop_before_the_start_do_nothing(tmp_path: Path) -> None:
    server = PracticeServer(saying(json.dumps(FACTS)), None, "Corner Store")
    await server.stop()
    await server.start()
    await server.stop()
    await server.stop()


@pytest.mark.parametrize("line", ["", "no json", "[]", "7", "null", json.dumps({"url": "http://127.0.0.1:1"})])
async def test_a_child_that_says_something_else_is_unavailable(line: str) -> None:
    server = PracticeServer(saying(line), None, "Corner Store")
    with pytest.raises(PracticeUnavailable):
        await server.start()


async def test_a_child_that_dies_at_once_is_unavailable() -> None:
    server = PracticeServer([sys.executable, "-c", "raise SystemExit(3)"], None, "Corner Store")
    with pytest.raises(PracticeUnavailable):
        await server.start()


async def test_a_program_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    server = PracticeServer([str(tmp_path / "nothing")], None, "Corner Store")
    with pytest.raises(PracticeUnavailable):
        await server.start()


async def test_a_child_that_says_nothing_is_given_up_and_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(practice, "START_SECONDS", 0.5)
    monkeypatch.setattr(practice, "_STOP_SECONDS", 0.2)
    mark = tmp_path / "still-there"
    deaf = (
        "import time, pathlib\n"
        f"mark = pathlib.Path({str(mark)!r})\n"
        "for n in range(1000):\n    mark.write_text(str(n))\n    time.sleep(0.02)\n"
    )
    server = PracticeServer([sys.executable, "-c", deaf], None, "Corner Store")
    with pytest.raises(PracticeUnavailable):
        await server.start()
    count = mark.read_text()
    await asyncio.sleep(0.1)
    assert mark.read_text() == count


async def test_a_cancelled_start_can_still_be_stopped(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    program = f"import os, sys, pathlib\npathlib.Path({str(pid)!r}).write_text(str(os.getpid()))\nsys.stdin.read()"
    server = PracticeServer([sys.executable, "-c", program], None, "Corner Store")
    start = asyncio.create_task(server.start())
    await until(lambda: pid.exists() and pid.read_text())
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    await server.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
