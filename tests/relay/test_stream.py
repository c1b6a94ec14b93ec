"""Hints on their way to tills: in order, from where a till stopped, to nobody else, and signed."""

from __future__ import annotations

import asyncio
import random
import socket
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from itertools import pairwise

import httpx
import pytest

from optty_desktop.relay import server as relay_server
from optty_desktop.relay import store_thread
from optty_desktop.relay.command import revoke
from optty_desktop.relay.inbox import Arrival, add_hint
from tests.promises import Promise, Scaled
from tests.relay.conftest import Running
from tests.relay.room import MAIN, MARKET, OTHER_SECRET, SECRET, SIDE, Hint, PairedTill, Room, body_of, limits
from tests.waiting import until


async def test_a_stream_begins_at_the_head_and_tells_what_comes(relay: Running) -> None:
    async with relay() as room:
        await room.notify("TILL1-0")
        till = await room.pair()
        async with till.stream() as hints:
            head = await anext(hints)
            assert (head.invoice, head.seq, head.place) == ("", 1, till.facts["head"])
            for count in (1, 2, 3):
                await room.notify(f"TILL1-{count}")
            told = [await anext(hints) for _ in range(3)]
        assert [(hint.invoice, hint.seq, hint.prev) for hint in told] == [
            ("TILL1-1", 2, 1),
            ("TILL1-2", 3, 2),
            ("TILL1-3", 4, 3),
        ]
        assert {hint.epoch for hint in told} == {till.facts["epoch"]}


async def test_stream_and_long_poll_tell_the_same(relay: Running) -> None:
    async with relay() as room:
        till = await room.pair()
        await room.post_all([(body_of(f"TILL1-{count}"), SECRET) for count in range(250)], lanes=1)
        async with till.stream(till.facts["head"]) as hints:
            streamed = [await anext(hints) for _ in range(250)]
        polled = await till.everything(till.facts["head"])
        assert [one.seq for one in streamed] == [one.seq for one in polled]
        assert [one.invoice for one in polled] == [f"TILL1-{count}" for count in range(250)]


async def test_a_hint_holds_no_amount_no_status_and_no_person(relay: Running) -> None:
    async with relay() as room:
        till = await room.pair()
        await room.post(body_of("TILL1-1", "SUCCESSFUL", email="ada@example.com", amount=99.5))
        answer = await till.ask("GET", "events", params={"after": till.facts["head"], "wait": "0"})
        assert "TILL1-1" in answer.text
        for secret in ("SUCCESSFUL", "ada", "99.5"):
            assert secret not in answer.text


async def test_a_hint_names_the_order_to_read_where_the_notice_did(relay: Running) -> None:
    async with relay() as room:
        till = await room.pair()
        await room.post(body_of("TILL1-1", merchantReference="HPP-1"))
        await room.post(body_of("TILL1-2"))
        assert [hint.order for hint in await till.everything(till.facts["head"])] == ["HPP-1", ""]


async def test_a_long_poll_waits_for_news_and_no_longer(relay: Running) -> None:
    async with relay() as room:
        till = await room.pair()
        begun = time.monotonic()
        assert await till.events(till.facts["head"], wait=0.2) == ([], till.facts["head"])
        assert 0.2 <= time.monotonic() - begun < 2
        waiting = asyncio.ensure_future(till.events(till.facts["head"], wait=9))
        await until(lambda: room.service.figures.streams == 1)
        await room.notify("TILL1-1")
        hints, _ = await waiting
        assert [hint.invoice for hint in hints] == ["TILL1-1"]
        assert time.monotonic() - begun < 5


@pytest.mark.parametrize("wait", ["-1", "x", "1e9", "", "9999999", "nan", "٣", "1.2.3"])
async def test_a_wait_that_is_no_number_is_refused(relay: Running, wait: str) -> None:
    async with relay() as room:
        till = await room.pair()
        assert (await till.ask("GET", "events", params={"wait": wait})).status_code == 400


async def test_a_silent_stream_is_alive(relay: Running) -> None:
    async with relay(silence=0.05) as room:
        till = await room.pair()
        async with room.http.stream("GET", "/v1/stream", headers=till.bearer) as answer:
            lines = answer.aiter_lines()
            comments = 0
            async for line in lines:
                comments += line.startswith(":")
                if comments == 3:
                    break
        await room.notify("TILL1-1")
        assert len(await till.everything(till.facts["head"])) == 1


class Cut(Exception):
    """The line to the till is gone."""


async def lines_until_cut(chunks: AsyncIterator[bytes], left: int) -> AsyncIterator[str]:
    """Yield whole lines of the first ``left`` bytes, then fail."""
    rest = b""
    async for chunk in chunks:
        part = chunk[:left]
        left -= len(part)
        *whole, rest = (rest + part).split(b"\n")
        for line in whole:
            yield line.decode()
        if left <= 0:
            raise Cut


class CarefulTill:
    """Applies a hint when its blank line has come, and keeps the place of the last one applied."""

    def __init__(self, till: PairedTill) -> None:
        self.till = till
        self.place: str = till.facts["head"]
        self.applied: list[Hint] = []

    async def follow(self, room: Room, left: int) -> None:
        """Follow the stream until it is cut after ``left`` bytes, or until nothing is missing."""
        fields: dict[str, str] = {}
        headers = {**self.till.bearer, "last-event-id": self.place}
        async with room.http.stream("GET", "/v1/stream", headers=headers) as answer:
            async for line in lines_until_cut(answer.aiter_raw(), left):
                name, _, value = line.partition(": ")
                if line:
                    fields[name] = value
                elif "data" in fields:
                    self.applied.append(self.till.opened(httpx.Response(200, text=fields["data"]).json()))
                    self.place = fields["id"]
                    fields = {}


@pytest.mark.limit(300)
async def test_Y3_a_till_resumes_where_it_stopped(relay: Running, promise: Promise, scaled: Scaled) -> None:
    cuts, chance = scaled(40, 1000), random.Random(3)  # noqa: S311
    wrong: list[str] = []
    worst = 0.0
    async with relay(limits=limits(notices_per_second=100_000)) as room:
        till = CarefulTill(await room.pair())
        sent = 0
        for cut in range(cuts):
            posts = [(body_of(f"TILL1-{sent + count}"), SECRET) for count in range(chance.randint(1, 4))]
            sent += len(posts)
            await room.post_all(posts, lanes=1)
            begun = time.monotonic()
            try:
                # Every event has more than 300 bytes, so that the stream always holds enough to be cut.
                await till.follow(room, chance.randint(1, 300 * (sent - len(till.applied))))
                wrong.append(f"cut {cut}: the stream ended by itself")
            except Cut:
                pass
            worst = max(worst, time.monotonic() - begun)
        rest = await till.till.everything(till.place)
        numbers = [hint.seq for hint in till.applied + rest]
        wrong += [] if numbers == list(range(1, sent + 1)) else [f"{numbers} of {sent}"]
        assert len(till.applied) > cuts / 10, "the cuts left something to resume"
    promise("Y3", cuts, wrong, worst)


async def test_a_gap_shows(file_relay: Running) -> None:
    async with file_relay() as room:
        till = await room.pair()
        for count in range(5):
            await room.notify(f"TILL1-{count}")
        await room.sqlite.run(lambda connection: connection.execute("DELETE FROM hints WHERE seq = 3"))
        hints = await till.everything(till.facts["head"])
        gaps = [later.seq for earlier, later in pairwise(hints) if later.prev != earlier.seq]
        assert gaps == [4]


async def test_the_chain_of_a_shop_is_not_broken_by_another_shop(relay: Running) -> None:
    async with relay() as room:
        main, side = await room.pair(MAIN), await room.pair(SIDE)
        for count in range(6):
            await room.notify(f"TILL{1 if count % 2 else 3}-{count}")
        for till, seqs in ((main, [2, 4, 6]), (side, [1, 3, 5])):
            hints = await till.everything(till.facts["head"])
            assert [hint.seq for hint in hints] == seqs
            assert [hint.prev for hint in hints] == [0, *seqs[:-1]]


@pytest.mark.limit(120)
async def test_Y5_a_proxy_that_holds_a_stream_back_only_slows_things_down(relay: Running, promise: Promise) -> None:
    """Behind one that waits for the end of each answer, long-poll gives every hint with its own answer."""
    worst = 0.0
    async with relay() as room:
        till = await room.pair()
        place, wrong = till.facts["head"], []
        for count in range(20):
            waiting = asyncio.ensure_future(till.events(place, wait=25))
            await until(lambda: room.service.figures.streams == 1)
            begun = time.monotonic()
            await room.notify(f"TILL1-{count}")
            hints, place = await waiting  # httpx gives the answer when all of it is there
            worst = max(worst, time.monotonic() - begun)
            wrong += [] if [hint.invoice for hint in hints] == [f"TILL1-{count}"] else [str(hints)]
        promise("Y5", 20, wrong if worst < 30 else [*wrong, f"{worst} s"], worst)


async def test_Y7_no_shop_sees_anothers_hints(relay: Running, promise: Promise) -> None:
    numbers = {MAIN: "TILL1-1", SIDE: "TILL3-1", MARKET: "000098"}
    wrong: list[str] = []
    cases = 0
    async with relay() as room:
        paired = {shop: await room.pair(shop) for shop in numbers}
        begins = {shop: till.facts["head"] for shop, till in paired.items()}
        await room.notify("TILL1-1")
        await room.notify("TILL3-1")
        await room.post(body_of("000098"), OTHER_SECRET, "market")
        ends = {shop: (await till.ask("GET", "head")).json()["head"] for shop, till in paired.items()}
        for own, till in paired.items():
            seen = [hint.invoice for hint in await till.everything(begins[own])]
            wrong += [] if seen == [numbers[own]] else [f"{own} sees {seen}"]
            for other, place in [*begins.items(), *ends.items()]:
                cases += 1
                answer = await till.ask("GET", "events", params={"after": place, "wait": "0"})
                wrong += [] if answer.status_code == (200 if own == other else 410) else [f"{own} at {other}"]
                foreign = [numbers[shop] for shop in numbers if shop != own and numbers[shop] in answer.text]
                wrong += [f"{own} reads {foreign}"] if foreign else []
    promise("Y7", cases, wrong, 0.0)


DOORS = [
    ("GET", "stream"),
    ("GET", "events"),
    ("GET", "head"),
    ("POST", "renew"),
    ("PUT", "lease/TILL1-1"),
    ("DELETE", "lease/TILL1-1"),
    ("POST", "heads"),
]


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer x", "Basic eDp4", "Bearer " + "x" * 300])
async def test_without_a_good_token_nothing_is_told(relay: Running, token: str) -> None:
    async with relay() as room:
        for method, path in DOORS:
            headers = {"authorization": token} if token else {}
            answer = await room.http.request(method, f"/v1/{path}", headers=headers)
            assert answer.status_code == 401, path
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_revoked_till_is_let_go_within_five_seconds(relay: Running) -> None:
    async with relay() as room:
        till, other = await room.pair(), await room.pair(name="Till 2")
        async with till.stream() as hints, other.stream() as others:
            await anext(hints)
            await anext(others)
            begun = time.monotonic()
            with pytest.raises(StopAsyncIteration):
                await asyncio.gather(anext(hints), revoked_elsewhere(room, till))
            assert time.monotonic() - begun < 5
            assert (await till.ask("GET", "head")).status_code == 401
            await room.notify("TILL1-1")
            assert (await anext(others)).invoice == "TILL1-1"


async def revoked_elsewhere(room: Room, till: PairedTill) -> None:
    """Revoke a till as an administrator's process does, which the relay is not told of."""
    await asyncio.to_thread(revoke, room.config, till.facts["till"])


async def test_one_till_may_follow_some_streams_and_no_more(relay: Running) -> None:
    async with relay(limits=limits(streams_per_till=2)) as room:
        till, other = await room.pair(), await room.pair(name="Till 2")
        async with till.stream() as first, till.stream() as second:
            await anext(first)
            await anext(second)
            for path in ("stream", "events"):
                assert (await till.ask("GET", path)).status_code == 429
            assert (await other.ask("GET", "events", params={"wait": "0"})).status_code == 200
        await until(lambda: room.service.figures.streams == 0)
        assert (await till.ask("GET", "events", params={"wait": "0"})).status_code == 200


async def test_more_tills_than_the_store_takes_jobs_hear_of_a_hint_at_once(
    relay: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with relay() as room:
        paired = [await service_pair(room, f"Till {number}") for number in range(40)]
        waiting = [asyncio.ensure_future(till.events(till.facts["head"], wait=9)) for till in paired]
        await until(lambda: room.service.figures.streams == len(paired))
        monkeypatch.setattr(store_thread, "MOST_WAITING", 3)
        await room.notify("TILL1-1")
        for hints, _ in await asyncio.gather(*waiting):
            assert [hint.invoice for hint in hints] == ["TILL1-1"]


async def service_pair(room: Room, name: str, shop: str = MAIN) -> PairedTill:
    """Pair a till without HTTP, which lets in five a second."""
    paired = await room.service.store.pair(await room.code(shop, name), lambda _shop: None)
    assert paired is not None
    till, token = paired
    seals = room.service.store.seals
    head = seals.cursor_text(till.shop, (await room.service.store.ends(till.shop)).head)
    return PairedTill(room.http, token, {"till": till.id, "head": head}, seals.signing_key(till.id))


def many_hints(connection: sqlite3.Connection) -> None:
    """Put in more than any buffer on the way to a till takes."""
    for number in range(20_000):
        add_hint(connection, Arrival("corner-store", b"%d" % number, number), MAIN, f"TILL1-{number}", "")


def asking_for_the_stream(till: PairedTill) -> bytes:
    """The request as a till sends it that was paired before all hints."""
    head = f"GET /v1/stream HTTP/1.1\r\nhost: x\r\nlast-event-id: {till.facts['head']}\r\n"
    return f"{head}authorization: {till.bearer['authorization']}\r\n\r\n".encode()


@pytest.mark.slow
async def test_a_till_that_does_not_read_is_dropped(file_relay: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_server, "STALL_SECONDS", 0.3)
    async with file_relay() as room:
        till = await room.pair()

        await room.sqlite.run(many_hints)
        with socket.create_connection(("127.0.0.1", room.port)) as deaf:
            deaf.sendall(asking_for_the_stream(till))
            await until(lambda: room.service.figures.streams == 1)
            await until(lambda: room.service.figures.streams == 0, limit=15)
            assert room.service.figures.hints_delivered < 20_000
        assert (await till.ask("GET", "head")).status_code == 200


@pytest.mark.slow
async def test_a_till_that_reads_slowly_goes_on(file_relay: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_server, "STALL_SECONDS", 1.0)
    async with file_relay() as room:
        till = await room.pair()
        await room.sqlite.run(many_hints)
        with socket.socket() as slow:
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
            slow.connect(("127.0.0.1", room.port))
            slow.sendall(asking_for_the_stream(till))
            slow.setblocking(False)
            await until(lambda: room.service.figures.streams == 1)
            loop = asyncio.get_running_loop()
            end = loop.time() + 4.0
            while loop.time() < end:  # some 100 kB a second
                assert await loop.sock_recv(slow, 5_000)
                await asyncio.sleep(0.05)
            assert room.service.figures.streams == 1


async def test_the_end_lets_streams_and_waits_go_at_once(relay: Running) -> None:
    begun = time.monotonic()
    async with relay() as room:
        till = await room.pair()
        async with till.stream() as hints:
            await anext(hints)
            waiting = asyncio.ensure_future(till.events(till.facts["head"], wait=50))
            await until(lambda: room.service.figures.streams == 2)
            room.server.stop()
            assert [hint async for hint in hints] == []
            assert await waiting == ([], till.facts["head"])
    assert time.monotonic() - begun < 3


@pytest.mark.limit(300)
async def test_hints_with_repeats_and_disorder_reach_three_tills_once(
    relay: Running, promise: Promise, scaled: Scaled
) -> None:
    """The relay's part of S11: what was answered 200 is told, in order, to tills that come and go."""
    count, chance = scaled(400, 10_000), random.Random(11)  # noqa: S311
    posts = [(body_of(f"TILL1-{number}"), SECRET) for number in range(count)]
    posts += chance.sample(posts, count // 10)
    chance.shuffle(posts)
    wrong: list[str] = []
    begun = time.monotonic()
    async with relay(limits=limits(notices_per_second=100_000)) as room:
        paired = [await room.pair(name=f"Till {number}") for number in range(3)]
        sending = asyncio.ensure_future(room.post_all(posts))
        for till in paired:
            seen: list[Hint] = []
            place = till.facts["head"]
            while len(seen) < count:
                batch, place = await till.events(place, wait=5)
                seen += batch
            wrong += (
                [] if sorted(hint.invoice for hint in seen) == sorted({f"TILL1-{n}" for n in range(count)}) else ["!"]
            )
            wrong += [f"gap at {late.seq}" for early, late in pairwise(seen) if late.prev != early.seq]
        assert set(await sending) == {200}
    promise("S11", count * len(paired), wrong, time.monotonic() - begun)


async def test_what_the_store_cannot_keep_up_with_is_put_off_and_not_piled_up(
    file_relay: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_thread, "MOST_WAITING", 3)
    async with file_relay() as room:
        begun, go_on = threading.Event(), threading.Event()

        def long_work(_connection: sqlite3.Connection) -> None:
            begun.set()
            go_on.wait(5)

        slow = asyncio.ensure_future(room.sqlite.run(long_work))
        await until(begun.is_set)
        posts = [asyncio.ensure_future(room.post(body_of(f"TILL1-{number}"))) for number in range(20)]
        await until(lambda: sum(post.done() for post in posts) >= 16)
        go_on.set()
        await slow
        statuses = [(await post).status_code for post in posts]
        assert set(statuses) == {200, 503}
