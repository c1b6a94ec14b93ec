"""A till that wants reported payments asks its relay what a notice says, and believes only what is sealed."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json

import pytest

from optty_desktop.core.hint_way import HintWay
from optty_desktop.core.hints import Hint, HintSource
from optty_desktop.core.relay_failures import NotARelay
from optty_desktop.hints.relay_events import RelayEvent, says_paid
from tests.fakes import START
from tests.hints.till_end import TillEnd, pairing_of
from tests.hints.wire import Wire
from tests.relay.conftest import Running
from tests.relay.room import body_of
from tests.waiting import until

KEY = b"k" * 32
EVENT = RelayEvent("e", 7, 6, Hint(HintSource.RELAY, "TILL1-1", None, START))
RIGHT: dict[str, object] = {"report": 7, "invoice": "TILL1-1", "kind": "ORDER_STATUS_UPDATE", "status": "SUCCESSFUL"}


def sealed(facts: dict[str, object], key: bytes = KEY) -> dict[str, object]:
    body = json.dumps(facts)
    seal = base64.b64encode(hmac.digest(key, f"report-7.1.{body}".encode(), hashlib.sha256)).decode()
    headers = {"webhook-id": "report-7", "webhook-timestamp": "1", "webhook-signature": f"v1,{seal}"}
    return {"headers": headers, "body": body}


async def following(relay: Running, body: bytes, *, asks_for_reports: bool) -> list[Hint]:
    async with relay() as room, Wire(room.port) as wire:
        till = TillEnd(pairing_of((await room.pair()).facts, wire.url), asks_for_reports=asks_for_reports)
        async with till.following():
            await until(lambda: till.news[-1:] == [HintWay.LIVE])
            await room.post(body)
            await until(lambda: till.desk.hints)
        return till.desk.hints


@pytest.mark.parametrize(
    ("status", "is_paid"), [("SUCCESSFUL", True), ("paid", True), ("DECLINED", False), ("REFUNDED", False), ("", False)]
)
async def test_a_notice_that_calls_its_link_paid_is_told_so(relay: Running, status: str, is_paid: bool) -> None:
    (hint,) = await following(relay, body_of("TILL1-1", status), asks_for_reports=True)
    assert (hint.invoice_number, hint.says_paid) == ("TILL1-1", is_paid)


async def test_a_refund_that_succeeded_is_no_payment(relay: Running) -> None:
    body = body_of("TILL1-1").replace(b"ORDER_STATUS_UPDATE", b"REFUND_CALLBACK")
    (hint,) = await following(relay, body, asks_for_reports=True)
    assert not hint.says_paid


async def test_a_till_that_does_not_want_reports_does_not_ask(relay: Running) -> None:
    (hint,) = await following(relay, body_of("TILL1-1"), asks_for_reports=False)
    assert not hint.says_paid


def test_only_the_relays_own_seal_is_believed() -> None:
    assert says_paid(sealed(RIGHT), KEY, EVENT)
    with pytest.raises(NotARelay):
        says_paid(sealed(RIGHT, b"x" * 32), KEY, EVENT)


@pytest.mark.parametrize(
    "other", [{"report": 8}, {"report": True}, {"invoice": "TILL1-2"}, {"invoice": None}, {"kind": "other"}]
)
def test_a_sealed_word_about_anything_else_says_nothing(other: dict[str, object]) -> None:
    assert not says_paid(sealed(RIGHT | other), KEY, EVENT)


async def test_an_older_relay_that_cannot_tell_keeps_no_hint_away(relay: Running) -> None:
    async with relay() as room, Wire(room.port) as wire:
        routes = room.service.app.routes  # type: ignore[attr-defined]
        routes[:] = [one for one in routes if one.path != "/v1/events/{seq:int}"]
        till = TillEnd(pairing_of((await room.pair()).facts, wire.url), asks_for_reports=True)
        async with till.following():
            await until(lambda: till.news[-1:] == [HintWay.LIVE])
            await room.notify("TILL1-1")
            await until(lambda: till.desk.hints)
    assert [hint.says_paid for hint in till.desk.hints] == [False]


async def test_a_hint_whose_report_could_not_be_asked_for_comes_again(relay: Running) -> None:
    async with relay() as room, Wire(room.port) as wire:
        till = TillEnd(pairing_of((await room.pair()).facts, wire.url), asks_for_reports=True)
        body = room.service.store.body
        answers = 0

        async def failing(token: str, seq: int) -> bytes:
            nonlocal answers
            answers += 1
            if answers == 1:
                await asyncio.sleep(0)
                raise RuntimeError("the relay fails once")
            return await body(token, seq)

        room.service.store.body = failing  # type: ignore[method-assign]
        async with till.following():
            await until(lambda: till.news[-1:] == [HintWay.LIVE])
            await room.notify("TILL1-1")
            await until(lambda: till.desk.hints)
    assert [hint.says_paid for hint in till.desk.hints] == [True]
