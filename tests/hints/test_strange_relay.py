"""A relay that answers in its own form, and wrongly: it is nobody there, and the till goes on trying."""

from __future__ import annotations

import asyncio
import json

import pytest

from optty_desktop.core.hint_way import HintWay
from tests.api.raw_server import RawServer, Request, reply
from tests.hints.till_end import FACTS, TillEnd, pairing_of
from tests.waiting import until

HEAD = {"epoch": "ab12", "seq": 4, "head": "place4", "renew": False, "till": "0011"}


class StrangeRelay:
    """Answers each path with one status and object; its stream says hello and ends."""

    def __init__(self, **answers: tuple[int, dict[str, object]]) -> None:
        self.answers = {"head": (200, dict[str, object](HEAD)), **answers}
        self.tokens: list[str] = []

    async def script(self, request: Request, writer: asyncio.StreamWriter) -> None:
        self.tokens.append(request.headers["authorization"].removeprefix("Bearer "))
        name = request.target.removeprefix("/v1/").partition("?")[0]
        if name in self.answers:
            status, document = self.answers[name]
            writer.write(reply(status, json.dumps(document).encode()))
        else:
            writer.write(reply(200, b": hello\n\n", "text/event-stream"))
        await writer.drain()


@pytest.mark.parametrize(
    "answers", [{"head": (410, HEAD)}, {"head": (200, HEAD | {"renew": True}), "renew": (410, HEAD)}]
)
async def test_a_place_can_only_be_gone_for_who_has_named_one(
    answers: dict[str, tuple[int, dict[str, object]]],
) -> None:
    relay = StrangeRelay(**answers)
    async with RawServer(relay.script) as server:
        till = TillEnd(pairing_of(FACTS, server.url))
        async with till.following():
            await until(lambda: len(till.pauses) >= 3)
        assert till.news == [HintWay.AWAY]
        assert (till.desk.place, till.desk.reconciles) == (None, 0)


async def test_a_relay_that_answers_rightly_again_is_followed_again() -> None:
    relay = StrangeRelay(head=(410, HEAD))
    async with RawServer(relay.script) as server:
        till = TillEnd(pairing_of(FACTS, server.url))
        async with till.following():
            await until(lambda: till.news == [HintWay.AWAY])
            relay.answers["head"] = (200, HEAD)
            await until(lambda: HintWay.LIVE in till.news)
            assert till.desk.place == "ab12 4 place4"


@pytest.mark.parametrize("token", ["tökèn-of-some-length-above", "short", "two words of some length", "x" * 201, ""])
async def test_a_new_token_that_no_header_could_carry_is_never_kept(token: str) -> None:
    relay = StrangeRelay(head=(200, HEAD | {"renew": True}), renew=(200, {"token": token}))
    async with RawServer(relay.script) as server:
        till = TillEnd(pairing_of(FACTS, server.url))
        before = till.pairings.items["training"]
        async with till.following():
            await until(lambda: len(till.pauses) >= 3)
        assert till.pairings.items["training"] == before
        assert till.news == [HintWay.AWAY]
        assert set(relay.tokens) == {before.token}
