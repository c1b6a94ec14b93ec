"""A till that wants reported payments asks its relay what a notice says, and believes only what is sealed."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from optty_desktop.core.hint_way import HintWay
from optty_desktop.core.hints import Hint, HintSource
from optty_desktop.core.relay_failures import NotARelay
from optty_desktop.hints.relay_events import RelayEvent, says_paid
from optty_desktop.hints.relay_reports import MOST_TRIES, MOST_WAITING
from optty_desktop.hints.relay_stream import Patience
from tests.fakes import START
from tests.hints.till_end import QUICK, TillEnd, pairing_of
from tests.hints.wire import Wire
from tests.relay.conftest import Running
from tests.relay.room import Room, body_of
from tests.waiting import until

KEY = b"k" * 32
EVENT = RelayEvent("e", 7, 6, Hint(HintSource.RELAY, "TILL1-1", None, START))
RIGHT: dict[str, object] = {"report": 7, "invoice": "TILL1-1", "kind": "ORDER_STATUS_UPDATE", "status": "SUCCESSFUL"}


def sealed(facts: dict[str, object], key: bytes = KEY) -> dict[str, object]:
    body = json.dumps(facts)
    seal = base64.b64encode(hmac.digest(key, f"report-7.1.{body}".encode(), hashlib.sha256)).decode()
    headers = {"webhook-id": "report-7", "webhook-timestamp": "1", "webhook-signature": f"v1,{seal}"}
    return {"headers": headers, "body": body}


class Asked:
    """What is asked for at a relay; ``gate`` holds every answer back, ``failing`` are never answered."""

    def __init__(self, room: Room) -> None:
        self.seqs: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.failing: set[int] = set()
        self._body = room.service.store.body
        room.service.store.body = self._answer  # type: ignore[method-assign]

    async def _answer(self, token: str, seq: int) -> bytes:
        self.seqs.append(seq)
        await self.gate.wait()
        if seq in self.failing:
            raise RuntimeError("this relay fails")
        return await self._body(token, seq)


@asynccontextmanager
async def following(
    relay: Running, *numbers: str, patience: Patience = QUICK
) -> AsyncIterator[tuple[Room, Asked, TillEnd]]:
    """Follow with a till that wants to know the notices of these links."""
    async with relay() as room, Wire(room.port) as wire:
        till = TillEnd(pairing_of((await room.pair()).facts, wire.url), patience=patience)
        till.desk.open.update(numbers)
        asked = Asked(room)
        async with till.following():
            await until(lambda: till.news[-1:] == [HintWay.LIVE])
            yield room, asked, till


@pytest.mark.parametrize("status", ["SUCCESSFUL", "paid"])
async def test_a_notice_that_calls_its_link_paid_is_reported(relay: Running, status: str) -> None:
    async with following(relay, "TILL1-1") as (room, _, till):
        await room.notify("TILL1-1", status)
        await until(lambda: till.desk.reported)
    assert (till.desk.invoices, till.desk.reported) == (["TILL1-1"], ["TILL1-1"])


@pytest.mark.parametrize(
    "body",
    [
        body_of("TILL1-1", "DECLINED"),
        body_of("TILL1-1", "REFUNDED"),
        body_of("TILL1-1", ""),
        body_of("TILL1-1").replace(b"ORDER_STATUS_UPDATE", b"REFUND_CALLBACK"),
    ],
    ids=["declined", "refunded", "nothing", "a refund that succeeded"],
)
async def test_a_notice_of_anything_else_is_not(relay: Running, body: bytes) -> None:
    async with following(relay, "TILL1-1", "TILL1-2") as (room, asked, till):
        await room.post(body)
        await room.notify("TILL1-2")
        await until(lambda: till.desk.reported)
    assert (asked.seqs, till.desk.reported) == ([1, 2], ["TILL1-2"])


async def test_a_till_that_wants_no_report_does_not_ask(relay: Running) -> None:
    async with following(relay, "TILL1-2") as (room, asked, till):
        await room.notify("TILL1-1")
        await room.notify("TILL1-2")
        await until(lambda: till.desk.reported)
    assert (till.desk.invoices, asked.seqs) == (["TILL1-1", "TILL1-2"], [2])


async def test_no_hint_waits_for_a_report_and_none_is_asked_for_links_of_others(relay: Running) -> None:
    async with following(relay, "TILL1-1", "TILL1-2") as (room, asked, till):
        asked.gate.clear()
        await room.notify("TILL1-1")
        await until(lambda: asked.seqs)
        for number in range(150):
            await room.notify(f"TILL2-{number}")
        await room.notify("TILL1-2")
        await until(lambda: till.desk.invoices[-1:] == ["TILL1-2"])
        assert till.stands_at(152)
        assert till.desk.reported == [], "the relay has said nothing yet"
        asked.gate.set()
        await until(lambda: till.desk.reported == ["TILL1-1", "TILL1-2"])
    assert (asked.seqs, till.news) == ([1, 152], [HintWay.LIVE])


async def test_a_report_that_always_fails_is_let_go_and_concerns_nothing_else(
    relay: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "optty_desktop.hints")
    numbers = [f"TILL1-{number}" for number in range(6)]
    async with following(relay, *numbers) as (room, asked, till):
        asked.failing.add(1)
        for number in numbers:
            await room.notify(number)
        await until(lambda: "nobody could say what notice 1 says: " in caplog.text)
        await until(lambda: till.desk.reported == numbers[1:])
        assert till.stands_at(6)
    assert till.desk.invoices == numbers
    assert asked.seqs.count(1) == MOST_TRIES
    assert till.news == [HintWay.LIVE]
    assert len(till.pauses) == MOST_TRIES - 1
    assert [high for _, high in till.pauses] == sorted(high for _, high in till.pauses), "ever longer pauses"


async def test_while_one_report_rests_others_are_asked_for(relay: Running) -> None:
    patience = replace(QUICK, shortest_pause=60.0, longest_pause=60.0)
    async with following(relay, "TILL1-1", "TILL1-2", patience=patience) as (room, asked, till):
        asked.failing.add(1)
        await room.notify("TILL1-1")
        await until(lambda: till.pauses)
        await room.notify("TILL1-2")
        await until(lambda: till.desk.reported == ["TILL1-2"])
    assert asked.seqs == [1, 2]


async def test_of_too_many_the_newest_are_asked_for(relay: Running) -> None:
    numbers = [f"TILL1-{number}" for number in range(MOST_WAITING + 20)]
    async with following(relay, *numbers) as (room, asked, till):
        asked.gate.clear()
        for number in numbers:
            await room.notify(number)
        await until(lambda: till.has_heard(len(numbers)))
        asked.gate.set()
        await until(lambda: till.desk.reported[-1:] == numbers[-1:])
    assert till.desk.reported == [numbers[0], *numbers[-MOST_WAITING:]], "the first was being asked for"


async def test_what_the_till_cannot_take_now_is_reported_again(relay: Running) -> None:
    async with following(relay, "TILL1-1") as (room, asked, till):
        asked.gate.clear()
        await room.notify("TILL1-1")
        await until(lambda: asked.seqs)
        till.desk.is_full = True
        asked.gate.set()
        await until(lambda: len(asked.seqs) > 1)
        till.desk.is_full = False
        await until(lambda: till.desk.reported == ["TILL1-1"])


async def test_asking_ends_with_the_following(relay: Running) -> None:
    async with following(relay, "TILL1-1") as (room, asked, _):
        asked.gate.clear()
        await room.notify("TILL1-1")
        await until(lambda: asked.seqs)
    asked.gate.set()
    assert "relay reports" not in {task.get_name() for task in asyncio.all_tasks()}


async def test_an_older_relay_that_cannot_tell_is_asked_once(relay: Running, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "httpx")
    async with following(relay, "TILL1-1", "TILL1-2") as (room, asked, till):
        routes = room.service.app.routes  # type: ignore[attr-defined]
        newer = routes[:]
        routes[:] = [one for one in newer if one.path != "/v1/events/{seq:int}"]
        await room.notify("TILL1-1")
        await until(lambda: "/v1/events/1 " in caplog.text)
        routes[:] = newer
        await room.notify("TILL1-2")
        await until(lambda: till.desk.reported)
    assert (till.desk.invoices, till.desk.reported) == (["TILL1-1", "TILL1-2"], ["TILL1-2"])
    assert (asked.seqs, till.pauses) == ([2], [])


def test_only_the_relays_own_seal_is_believed() -> None:
    assert says_paid(sealed(RIGHT), KEY, EVENT)
    with pytest.raises(NotARelay):
        says_paid(sealed(RIGHT, b"x" * 32), KEY, EVENT)


@pytest.mark.parametrize(
    "other", [{"report": 8}, {"report": True}, {"invoice": "TILL1-2"}, {"invoice": None}, {"kind": "other"}]
)
def test_a_sealed_word_about_anything_else_says_nothing(other: dict[str, object]) -> None:
    assert not says_paid(sealed(RIGHT | other), KEY, EVENT)
