"""What is kept long enough is let go of, down to the bytes in the file and in its log."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from optty_desktop.relay import inbox
from optty_desktop.relay.command import erase
from tests.relay.conftest import Running
from tests.relay.room import PairedTill, body_of, bytes_kept, running
from tests.waiting import until

CANARY = "ada.lovelace@example.com"


async def test_bodies_are_gone_after_fourteen_days_from_file_and_log(tmp_path: Path) -> None:
    async with running(tmp_path) as room:
        for number in range(40):
            await room.post(body_of(f"TILL1-{number}", email=CANARY))
            await room.post(json.dumps({"email": CANARY, "n": number}).encode())
        assert CANARY.encode() in bytes_kept(tmp_path)
        room.clock.turn(days=13.9)
        assert await room.service.store.sweep(14) == 0
        room.clock.turn(days=0.2)
        assert await room.service.store.sweep(14) == 80
        assert CANARY.encode() not in bytes_kept(tmp_path), "while the relay runs"
    assert CANARY.encode() not in bytes_kept(tmp_path)


async def test_the_relay_sweeps_by_itself_when_it_starts(tmp_path: Path) -> None:
    async with running(tmp_path) as room:
        await room.post(body_of("TILL1-1", email=CANARY))
        clock = room.clock
    clock.turn(days=15)
    async with running(tmp_path, clock):
        await until(lambda: CANARY.encode() not in bytes_kept(tmp_path))


async def test_what_is_stored_about_a_link_is_erased_when_asked(tmp_path: Path) -> None:
    async with running(tmp_path) as room:
        till = await room.pair()
        await room.post(body_of("TILL1-1", email=CANARY))
        await room.post(b'{"broken": "TILL1-1", "email": "' + CANARY.encode() + b'"')
        await room.post(body_of("TILL1-2", email="grace@example.com"))
        assert await asyncio.to_thread(erase, room.config, "TILL1-1") == 2
        assert CANARY.encode() not in bytes_kept(tmp_path)
        assert b"grace@example.com" in bytes_kept(tmp_path)
        hints = await till.everything(till.facts["head"])
        assert [hint.invoice for hint in hints] == ["TILL1-1", "TILL1-2"], "the stream has no gap"
        assert await asyncio.to_thread(erase, room.config, "TILL1-1") == 0


async def test_a_link_is_erased_and_its_hint_stays(relay: Running) -> None:
    """Whoever reads the stream later finds no gap, and a place at an erased hint is good."""
    async with relay() as room:
        till = await room.pair()
        for number in (1, 2, 3):
            await room.post(body_of(f"TILL1-{number}", email=CANARY))
        await room.post(b'{"broken": "TILL1-2", "email": "' + CANARY.encode() + b'"')
        assert await asyncio.to_thread(erase, room.config, "TILL1-2") == 2
        assert await asyncio.to_thread(erase, room.config, "TILL1-3") == 1
        assert await room.kept("quarantine") == 0
    async with relay() as room:
        till = PairedTill(room.http, till.token, till.facts, till.key)
        head = (await till.ask("GET", "head")).json()
        assert (head["seq"], head["floor"], head["epoch"]) == (3, 1, till.facts["epoch"])
        await room.notify("TILL1-4")
        hints = await till.everything(till.facts["head"])
        assert [(hint.invoice, hint.prev) for hint in hints] == [(f"TILL1-{n}", n - 1) for n in (1, 2, 3, 4)]
        _, second = await till.events(till.facts["head"])
        assert [hint.invoice for hint in await till.everything(second)] == []
        assert [hint.invoice for hint in await till.everything(head["head"])] == ["TILL1-4"]


async def test_files_are_their_owners_only(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as room:
        await room.notify("TILL1-1")
        files = list((tmp_path / "data").iterdir())
        assert len(files) == 4
        assert {path.stat().st_mode & 0o077 for path in [tmp_path / "data", *files]} == {0}


async def test_quarantine_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MOST_IN_QUARANTINE", 5)
    async with running(tmp_path) as room:
        for number in range(12):
            await room.post(f"not JSON {number}".encode())
        bodies = await room.sqlite.run(
            lambda connection: connection.execute("SELECT body FROM quarantine ORDER BY id").fetchall()
        )
    assert [body for (body,) in bodies] == [f"not JSON {number}".encode() for number in range(7, 12)]
