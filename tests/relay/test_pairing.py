"""How a till is let in and kept out: codes for once, tokens that are renewed, leases, and the ends of audit records."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from optty_desktop.relay.command import paired_tills, revoke
from optty_desktop.relay.schema import FILE_NAME
from tests.relay.conftest import Running
from tests.relay.room import MAIN, SIDE, PairedTill, Room, bytes_kept, running

HEAD = "ab" * 32


async def pair_with(room: Room, code: object) -> int:
    return (await room.http.post("/v1/pair", json={"code": code})).status_code


def other_than(code: str) -> str:
    """The same code with another last character."""
    return code[:-1] + ("0" if code[-1] != "0" else "1")


async def status(till: PairedTill) -> int:
    return (await till.ask("GET", "head")).status_code


async def test_a_code_pairs_once(relay: Running) -> None:
    async with relay() as room:
        code = await room.code()
        assert [await pair_with(room, code) for _ in range(2)] == [200, 403]
        assert await room.figure("codes_refused_total") == 1


async def test_pairing_tells_all_that_a_till_needs(relay: Running) -> None:
    async with relay() as room:
        till = await room.pair(SIDE, "Till 7")
        assert till.facts["name"] == "Till 7"
        assert (till.facts["shop"], till.facts["environment"]) == (SIDE, "live")
        assert (till.facts["seq"], till.facts["floor"], till.facts["renew"]) == (0, 1, False)
        assert till.facts["now"] == "2026-03-24T14:31:00.000Z"
        assert till.facts["signing_key"].startswith("whsec_")
        again = (await till.ask("GET", "head")).json()
        assert again == {name: till.facts[name] for name in again}


async def test_a_code_is_read_as_people_type_it(relay: Running) -> None:
    async with relay() as room:
        code = await room.code()
        typed = f" {code.lower().replace('0', 'o').replace('1', 'i')} ".replace("-", " ")
        assert await pair_with(room, typed) == 200


async def test_five_wrong_tries_end_a_code_and_no_other(relay: Running) -> None:
    async with relay() as room:
        code, other = await room.code(), await room.code(name="Till 2")
        tries = []
        for _ in range(5):
            tries.append(await pair_with(room, other_than(code)))
            await asyncio.sleep(0.21)  # five codes a second are looked at
        assert tries == [403] * 5
        assert await pair_with(room, code) == 403
        await asyncio.sleep(0.21)
        assert await pair_with(room, other) == 200


async def test_codes_are_not_tried_faster_than_five_a_second(relay: Running) -> None:
    async with relay() as room:
        assert [await pair_with(room, "0000-0000-0000") for _ in range(7)] == [403] * 5 + [429] * 2


@pytest.mark.parametrize(("minutes", "answer"), [(9.9, 200), (10, 403)])
async def test_a_code_is_good_for_ten_minutes(relay: Running, minutes: float, answer: int) -> None:
    async with relay() as room:
        code = await room.code()
        room.clock.turn(minutes=minutes)
        assert await pair_with(room, code) == answer


async def test_a_new_code_for_a_till_ends_the_earlier_one(relay: Running) -> None:
    async with relay() as room:
        first, second = await room.code(), await room.code()
        assert [await pair_with(room, first), await pair_with(room, second)] == [403, 200]


async def test_a_code_that_is_shown_by_a_till_of_another_environment_stays_good_and_replaces_nobody(
    relay: Running,
) -> None:
    async with relay() as room:
        till, code = await room.pair(), await room.code()
        for environments in (["sandbox"], ["LIVE", 5]):
            answer = await room.http.post("/v1/pair", json={"code": code, "environment": environments})
            assert (answer.status_code, answer.json()["environment"]) == (409, "live")
        assert await status(till) == 200
        answer = await room.http.post("/v1/pair", json={"code": other_than(code), "environment": ["sandbox"]})
        assert answer.status_code == 403, "a wrong code does not tell whose shop it meant"
        answer = await room.http.post("/v1/pair", json={"code": code, "environment": ["second-shop", "live"]})
        assert answer.status_code == 200
        assert await status(till) == 401


async def test_environments_that_are_no_list_are_refused(relay: Running) -> None:
    async with relay() as room:
        answer = await room.http.post("/v1/pair", json={"code": await room.code(), "environment": "live"})
        assert answer.status_code == 400


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"x", b'{"code": 5}', b'{"code": "' + b"0" * 50 + b'"}', b"[" * 4000]
)
async def test_what_is_no_code_is_refused(relay: Running, body: bytes) -> None:
    async with relay() as room:
        assert (await room.http.post("/v1/pair", content=body)).status_code == 400


async def test_a_till_that_is_paired_anew_shuts_its_old_self_out(relay: Running) -> None:
    async with relay() as room:
        old, new = await room.pair(), await room.pair()
        assert [await status(old), await status(new)] == [401, 200]
        assert old.facts["signing_key"] != new.facts["signing_key"]


async def test_a_token_is_renewed_without_a_moment_in_which_none_works(relay: Running) -> None:
    async with relay() as room:
        till = await room.pair()
        room.clock.turn(days=30)
        assert (await till.ask("GET", "head")).json()["renew"] is True
        await till.ask("POST", "renew")  # its answer is lost on its way
        token = (await till.ask("POST", "renew")).json()["token"]
        assert await status(till) == 200
        renewed = PairedTill(room.http, token, till.facts, till.key)
        await room.notify("TILL1-1")
        assert [hint.invoice for hint in await renewed.everything(till.facts["head"])] == ["TILL1-1"]
        assert await status(till) == 401, "the first use of the new one ends the old one"
        assert (await renewed.ask("GET", "head")).json()["renew"] is False


async def test_a_token_that_nobody_renews_ends(relay: Running) -> None:
    async with relay() as room:
        till = await room.pair()
        room.clock.turn(days=59)
        assert await status(till) == 200
        room.clock.turn(days=1)
        assert await status(till) == 401
        assert (await till.ask("POST", "renew")).status_code == 401
        assert await room.figure("tills_refused_total") == 2


async def test_neither_tokens_nor_codes_are_in_the_store(tmp_path: Path) -> None:
    async with running(tmp_path) as room:
        till = await room.pair()
        renewed = (await till.ask("POST", "renew")).json()["token"]
        code = await room.code(name="Till 2")
        kept = bytes_kept(tmp_path)
    kept += bytes_kept(tmp_path)
    for secret in (till.token, renewed, code, code.replace("-", "")):
        assert secret.encode() not in kept


async def test_a_lease_is_one_tills_at_a_time(relay: Running) -> None:
    async with relay() as room:
        first, second, elsewhere = await room.pair(), await room.pair(name="Till 2"), await room.pair(SIDE)
        lease = "lease/TILL1-1"
        taken = await first.ask("PUT", lease)
        assert (taken.status_code, taken.json()) == (200, {"invoice": "TILL1-1", "expires_in": 120})
        room.clock.turn(seconds=60)
        held = await second.ask("PUT", lease)
        assert (held.status_code, held.json()) == (409, {"error": "Another till holds this link.", "expires_in": 60})
        assert (await elsewhere.ask("PUT", lease)).status_code == 200, "a number of another shop is another link"
        assert (await first.ask("PUT", lease)).json()["expires_in"] == 120, "checked again before sending"
        room.clock.turn(seconds=119.5)
        assert (await second.ask("PUT", lease)).json()["expires_in"] == 1
        room.clock.turn(seconds=0.5)
        assert (await second.ask("PUT", lease)).status_code == 200


async def test_a_lease_is_given_back_by_who_holds_it(relay: Running) -> None:
    async with relay() as room:
        first, second = await room.pair(), await room.pair(name="Till 2")
        await first.ask("PUT", "lease/A%2FB")
        assert (await second.ask("DELETE", "lease/A%2FB")).status_code == 200
        assert (await second.ask("PUT", "lease/A%2FB")).status_code == 409
        await first.ask("DELETE", "lease/A%2FB")
        assert (await second.ask("PUT", "lease/A%2FB")).status_code == 200
        assert (await first.ask("PUT", "lease/" + "x" * 101)).status_code == 400


async def test_a_lease_outlives_the_relay_and_ends_with_its_till(relay: Running) -> None:
    async with relay() as room:
        first, second = await room.pair(), await room.pair(name="Till 2")
        await first.ask("PUT", "lease/TILL1-1")
    async with relay() as room:
        second = PairedTill(room.http, second.token, second.facts, second.key)
        assert (await second.ask("PUT", "lease/TILL1-1")).status_code == 409
        await asyncio.to_thread(revoke, room.config, first.facts["till"])
        assert (await second.ask("PUT", "lease/TILL1-1")).status_code == 200


async def test_of_many_tills_that_ask_at_once_one_gets_the_lease(relay: Running) -> None:
    async with relay() as room:
        paired = [await room.pair(name=f"Till {number}") for number in range(4)]
        for link in range(10):
            answers = await asyncio.gather(*(till.ask("PUT", f"lease/TILL1-{link}") for till in paired))
            assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


async def test_audit_heads_only_go_forward(relay: Running) -> None:
    async with relay() as room:
        till, other = await room.pair(), await room.pair(name="Till 2")

        async def post(position: object, digest: object = HEAD, by: PairedTill = till) -> int:
            answer = await by.ask("POST", "heads", json={"position": position, "digest": digest})
            return answer.status_code

        assert [await post(4), await post(4), await post(9, "cd" * 32)] == [200, 200, 200]
        assert [await post(9, HEAD), await post(5)] == [409, 409], "another record, or a shorter one"
        assert await post(5, by=other) == 200
        for position, digest in ((-1, HEAD), (2**60, HEAD), (True, HEAD), ("4", HEAD), (10, "x" * 64), (10, None)):
            assert await post(position, digest) == 400
        newest = {
            line.split("\t")[0]: line.split("\t")[4] for line in await asyncio.to_thread(paired_tills, room.config)
        }
        assert newest == {till.facts["till"]: "9 " + "cd" * 32, other.facts["till"]: "5 " + HEAD}


async def test_every_audit_head_stays(file_relay: Running) -> None:
    async with file_relay() as room:
        till = await room.pair()
        for position in (4, 9):
            await till.ask("POST", "heads", json={"position": position, "digest": HEAD})
        with closing(sqlite3.connect(room.config.data / FILE_NAME)) as connection:
            rows = connection.execute("SELECT position FROM heads WHERE till = ?", (till.facts["till"],)).fetchall()
        assert rows == [(4,), (9,)]


async def test_a_till_of_a_shop_that_left_the_file_still_says_who_it_is(relay: Running) -> None:
    async with relay() as room:
        till = await room.pair(MAIN)
        market = {"market": room.config.merchants["market"]}
    async with relay(merchants=market) as room:
        head = (await PairedTill(room.http, till.token, till.facts, till.key).ask("GET", "head")).json()
        assert (head["shop"], head["environment"]) == (MAIN, "")
