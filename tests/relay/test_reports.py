"""What a relay tells of the notice behind a hint: its word alone, sealed, to a till of the shop it is for."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from optty_desktop.relay.command import office_of
from tests.relay.conftest import Running
from tests.relay.room import MAIN, SIDE, PairedTill, body_of


def opened(till: PairedTill, message: dict[str, Any]) -> dict[str, Any]:
    """Check the signature, and read what was signed."""
    headers, body = message["headers"], message["body"]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    seal = "v1," + base64.b64encode(hmac.digest(till.key, signed, hashlib.sha256)).decode()
    assert hmac.compare_digest(headers["webhook-signature"], seal)
    facts = json.loads(body)
    assert isinstance(facts, dict)
    return facts


async def test_the_word_of_a_notice_is_told_sealed_and_nothing_else_of_it(relay: Running) -> None:
    async with relay() as room:
        till = await room.pair()
        await room.post(body_of("TILL1-1", amount=99.5, email="ada@example.com"))
        (hint,) = await till.everything(till.facts["head"])
        answer = await till.ask("GET", f"events/{hint.seq}")
        assert answer.status_code == 200
        assert opened(till, answer.json()) == {
            "report": hint.seq,
            "invoice": "TILL1-1",
            "kind": "ORDER_STATUS_UPDATE",
            "status": "SUCCESSFUL",
        }
        for secret in ("99.5", "ada"):
            assert secret not in answer.text


async def test_no_other_shop_is_told_and_nobody_without_a_token(relay: Running) -> None:
    async with relay() as room:
        own, other = await room.pair(MAIN), await room.pair(SIDE)
        await room.notify("TILL1-1")
        (hint,) = await own.everything(own.facts["head"])
        assert (await other.ask("GET", f"events/{hint.seq}")).status_code == 404
        assert (await room.http.get(f"/v1/events/{hint.seq}")).status_code == 401
        other.token = "0" * 64
        assert (await other.ask("GET", f"events/{hint.seq}")).status_code == 401


async def test_what_is_not_kept_is_not_there(relay: Running) -> None:
    async with relay() as room:
        till = await room.pair()
        await room.notify("TILL1-1")
        (hint,) = await till.everything(till.facts["head"])
        for seq in (0, hint.seq + 1, 10**17, 10**30):
            assert (await till.ask("GET", f"events/{seq}")).status_code == 404
        assert (await till.ask("GET", "events/x")).status_code == 404


async def test_an_erased_body_tells_nothing_any_more(file_relay: Running) -> None:
    async with file_relay() as room:
        till = await room.pair()
        await room.notify("TILL1-1")
        (hint,) = await till.everything(till.facts["head"])
        assert office_of(room.config).erase("TILL1-1") == 1
        assert (await till.ask("GET", f"events/{hint.seq}")).status_code == 404
