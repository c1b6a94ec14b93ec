"""What Optty sends: stored before it is answered, once for repeats of ten minutes, and nothing is let in by chance."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from optty_desktop.relay import exchange
from optty_desktop.relay import server as relay_server
from tests.promises import Promise, Scaled
from tests.relay.conftest import Running
from tests.relay.room import MAIN, OTHER_SECRET, SECRET, Room, body_of, config_in, limits, till_number
from tests.waiting import until


async def test_a_notice_is_stored_when_it_is_answered(relay: Running) -> None:
    async with relay() as room:
        answer = await room.post(body_of("TILL1-1"))
        assert (answer.status_code, answer.json()) == (200, {"received": True})
        assert await room.kept("hints") == 1


@pytest.mark.parametrize(
    ("merchant", "secret"),
    [
        ("corner-store", SECRET[:-1]),
        ("corner-store", SECRET + "0"),
        ("corner-store", SECRET.upper()),
        ("corner-store", OTHER_SECRET),
        ("market", SECRET),
        ("nobody", SECRET),
        ("corner-store", "%00"),
        ("corner-store", "é"),
    ],
)
async def test_a_wrong_address_and_an_unknown_merchant_look_the_same(
    relay: Running, merchant: str, secret: str
) -> None:
    async with relay() as room:
        answer = await room.post(body_of("TILL1-1"), secret, merchant)
        assert (answer.status_code, answer.json()) == (404, {"error": "There is nothing here."})
        assert await room.kept("hints") + await room.kept("quarantine") == 0
        assert await room.figure('notices_total{result="wrong_address"}') == 1


async def test_two_secrets_are_good_at_once_while_one_is_replaced(relay: Running, tmp_path: Path) -> None:
    merchants = dict(config_in(tmp_path).merchants)
    new = SECRET.replace("corner", "newone")
    merchants["corner-store"] = replace(merchants["corner-store"], secrets=(SECRET, new))
    async with relay(merchants=merchants) as room:
        assert [(await room.post(body_of("TILL1-1"), one)).status_code for one in (SECRET, new)] == [200, 200]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_only_posts_are_taken(relay: Running, method: str) -> None:
    async with relay() as room:
        assert (await room.http.request(method, f"/h/corner-store/{SECRET}")).status_code == 405


@pytest.mark.parametrize("path", ["/", "/h", "/h/corner-store", f"/h/corner-store/{SECRET}/", "/v1", "/v2/head"])
async def test_there_is_nothing_elsewhere(relay: Running, path: str) -> None:
    async with relay() as room:
        assert (await room.http.post(path)).status_code == 404


@pytest.mark.parametrize(
    ("body", "result"),
    [
        (b"", "unreadable"),
        (b"<html>", "unreadable"),
        (b"[1]", "unreadable"),
        (b'{"a": 1, "a": 2}', "unreadable"),
        (b"{}", "unrouted"),
        (body_of("TILL9-1"), "unrouted"),
        (body_of("000098"), "unrouted"),
    ],
)
async def test_what_no_till_can_use_is_set_aside_and_not_sent_again(relay: Running, body: bytes, result: str) -> None:
    async with relay() as room:
        till = await room.pair()
        for _ in range(2):
            assert (await room.post(body)).status_code == 200
        assert await room.kept("quarantine") == 1
        assert await room.figure(f'notices_total{{result="{result}"}}') == 2
        assert await till.everything(till.facts["head"]) == []


async def test_a_shop_without_prefixes_gets_what_nobody_else_claims(relay: Running) -> None:
    async with relay() as room:
        till = await room.pair("market/stall")
        await room.post(body_of("000098"), OTHER_SECRET, "market")
        assert [hint.invoice for hint in await till.everything(till.facts["head"])] == ["000098"]


@pytest.mark.parametrize("is_told", [True, False], ids=["length told", "in chunks"])
@pytest.mark.parametrize(("size", "status"), [(64 * 1024, 200), (64 * 1024 + 1, 413), (900_000, 413)])
async def test_a_body_over_the_limit_is_refused(relay: Running, is_told: bool, size: int, status: int) -> None:
    async with relay() as room:
        body = b" " * (size - 2) + b"{}"

        async def parts() -> object:
            yield body[: size // 2]
            yield body[size // 2 :]

        answer = await room.http.post(f"/h/corner-store/{SECRET}", content=body if is_told else parts())  # type: ignore[arg-type]
        assert answer.status_code == status
        assert await room.figure('notices_total{result="too_large"}') == (1 if status == 413 else 0)


async def test_a_body_without_end_takes_no_memory_and_no_place(relay: Running) -> None:
    async def parts() -> object:
        for _ in range(4000):
            yield b" " * 16_384

    async with relay() as room:
        try:
            answer = await room.http.post(f"/h/corner-store/{SECRET}", content=parts())  # type: ignore[arg-type]
            assert answer.status_code == 413
        except httpx.TransportError:
            pass  # the line was cut while the client was still sending
        assert await room.kept("quarantine") == 0
        await room.notify("TILL1-1")


async def test_a_body_cut_in_the_middle_is_not_stored(relay: Running) -> None:
    async with relay() as room:
        body = body_of("TILL1-1")
        head = f"POST /h/corner-store/{SECRET} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n".encode()
        for length in (0, 1, len(body) - 1):
            _, writer = await asyncio.open_connection("127.0.0.1", room.port)
            writer.write(head + body[:length])
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        await until(lambda: room.service.figures.notices["cut"] == 3)  # type: ignore[index]
        assert await room.kept("hints") + await room.kept("quarantine") == 0


async def test_slow_heads_and_bodies_are_given_up(relay: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "BODY_SECONDS", 0.2)
    monkeypatch.setattr(relay_server, "HEAD_SECONDS", 0.2)
    whole = f"POST /h/corner-store/{SECRET} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n".encode()

    async def drip(text: bytes, step: float = 0.03) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", room.port)
        answer = asyncio.ensure_future(reader.read())
        for byte in text:
            if answer.done():
                break
            writer.write(bytes([byte]))
            await asyncio.sleep(step)
        try:
            return await answer
        except ConnectionError:
            return b""
        finally:
            writer.close()

    async with relay() as room:
        begun = time.monotonic()
        silent, slow_head, slow_body = await asyncio.gather(drip(b""), drip(whole), drip_body(room, whole))
        assert time.monotonic() - begun < 3
        assert silent == slow_head == b""
        assert slow_body.startswith(b"HTTP/1.1 408 ")
        await room.notify("TILL1-1")


async def drip_body(room: Room, head: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", room.port)
    writer.write(head + b"{")
    answer = await reader.read()
    writer.close()
    return answer


async def test_Y2_equal_bodies_of_ten_minutes_make_one_hint_and_later_ones_a_new_one(
    relay: Running, promise: Promise, scaled: Scaled
) -> None:
    links, chance = scaled(150, 2500), random.Random(2)  # noqa: S311
    wrong: list[str] = []
    worst = 0.0
    async with relay(limits=limits(notices_per_second=100_000)) as room:
        till = await room.pair()
        place = till.facts["head"]
        bodies = [body_of(f"TILL1-{count}") for count in range(links)]
        for minutes in (0, 9, 11):  # the first time, within ten minutes, after them
            room.clock.turn(minutes=0 if not minutes else (9 if minutes == 9 else 2))
            posts = bodies + [body for body in bodies if chance.random() < 0.3]
            chance.shuffle(posts)
            begun = time.monotonic()
            statuses = await room.post_all([(body, SECRET) for body in posts])
            wrong += [f"answered {status}" for status in statuses if status != 200]
            worst = max(worst, time.monotonic() - begun)
            told = [hint.invoice for hint in await till.everything(place)]
            expected = sorted(f"TILL1-{count}" for count in range(links)) * (2 if minutes == 11 else 1)
            wrong += [] if sorted(told) == sorted(expected) else [f"after {minutes} minutes: {len(told)} hints"]
    promise("Y2", 4 * links, wrong, worst)


async def test_a_clock_that_was_set_back_silences_nothing(relay: Running) -> None:
    async with relay() as room:
        await room.notify("TILL1-1")
        room.clock.turn(hours=-3)
        await room.notify("TILL1-1")
        assert await room.kept("hints") == 2


async def test_a_full_store_answers_503_and_says_so_until_there_is_room(relay: Running) -> None:
    async with relay(limits=limits(stored_bytes=60 * 4096)) as room:
        statuses = [(await room.post(body_of(till_number(), text="x" * 8000))).status_code for _ in range(60)]
        stored = statuses.count(200)
        assert 0 < stored < 60
        assert set(statuses) == {200, 503}
        assert await room.kept("hints") == stored, "what was answered 200 is there, and nothing else"
        assert (await room.http.get("/healthz")).status_code == 503
        assert await room.figure("store_failing") == 1
        room.clock.turn(days=15)
        await room.service.store.sweep(14)
        await room.notify("TILL1-1")
        assert (await room.http.get("/healthz")).json() == {"status": "ok"}


async def test_more_than_a_merchant_may_send_is_put_off(relay: Running) -> None:
    async with relay(limits=limits(notices_per_second=5)) as room:
        answers = [await room.post(body_of(f"TILL1-{count}")) for count in range(30)]
        put_off = [answer for answer in answers if answer.status_code == 429]
        assert put_off
        assert put_off[0].headers["retry-after"] == "1"
        assert await room.kept("hints") == 30 - len(put_off)
        assert (await room.post(body_of("1"), OTHER_SECRET, "market")).status_code == 200, "another merchant's own"


@pytest.mark.limit(120)
async def test_Y6_a_flood_does_not_hold_up_good_hints(relay: Running, promise: Promise, scaled: Scaled) -> None:
    seconds, rate = scaled(2, 60), scaled(150, 500)
    late: list[float] = []
    async with relay() as room:
        till = await room.pair()

        async def flood() -> None:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                begun = time.monotonic()
                forged = [(body_of(till_number(9)), SECRET) for _ in range(rate // 40)]
                await room.post_all(forged + [(b"{}", "guess")] * (rate // 40), lanes=4)
                await asyncio.sleep(max(0.0, 0.05 - (time.monotonic() - begun)))

        async def good() -> None:
            async with till.stream() as hints:
                await anext(hints)
                for count in range(seconds * 4):
                    begun = time.monotonic()
                    await room.notify(f"TILL1-{count}")
                    assert (await anext(hints)).invoice == f"TILL1-{count}"
                    late.append(time.monotonic() - begun)
                    await asyncio.sleep(0.1)

        await asyncio.gather(flood(), good())
        assert await room.kept("quarantine") <= 10_000
    late.sort()
    slow = [each for each in late[: int(len(late) * 0.95)] if each > 5]
    promise("Y6", len(late), slow, late[-1])


async def test_routes_are_read_from_the_number_alone(tmp_path: Path) -> None:
    merchant = config_in(tmp_path).merchants["corner-store"]
    found = {number: merchant.shop_of(number) for number in ("TILL1-A", "till2-a", "TILL3", "TILL", "-TILL1", "")}
    assert {number: shop.id if shop else None for number, shop in found.items()} == {
        "TILL1-A": "main-street",
        "till2-a": "main-street",
        "TILL3": "side-street",
        "TILL": None,
        "-TILL1": None,
        "": None,
    }
    assert MAIN == "corner-store/main-street"
