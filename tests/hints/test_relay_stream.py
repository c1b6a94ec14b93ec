"""Following a relay over real HTTP: every hint once, every gap noticed, and nothing believed that it did not seal."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from optty_desktop.core.errors import KeychainProblem
from optty_desktop.core.hint_way import HintWay
from optty_desktop.core.hints import HintSource
from optty_desktop.hints.relay_events import Place
from optty_desktop.relay import tills
from tests.hints.till_end import FACTS, QUICK, TillEnd, pairing_of
from tests.hints.wire import Wire
from tests.promises import Promise, Scaled
from tests.relay.conftest import Running
from tests.relay.room import SECRET, PairedTill, Room, TurnedClock, body_of, running
from tests.waiting import until

SILENCE = 0.2


@asynccontextmanager
async def linked(room: Room) -> AsyncIterator[tuple[TillEnd, Wire]]:
    """A paired till whose way to the relay is a wire."""
    async with Wire(room.port) as wire:
        yield TillEnd(pairing_of((await room.pair()).facts, wire.url)), wire


async def test_hints_arrive_with_the_order_they_name_and_the_place_moves_with_them(relay: Running) -> None:
    async with relay(silence=SILENCE) as room, linked(room) as (till, _), till.following():
        await until(lambda: till.news[-1:] == [HintWay.LIVE])
        await room.notify("TILL1-1")
        await room.post(body_of("TILL1-2", merchantReference="HPP-2"))
        await until(lambda: len(till.desk.hints) == 2)
        assert [(hint.invoice_number, hint.order_reference) for hint in till.desk.hints] == [
            ("TILL1-1", None),
            ("TILL1-2", "HPP-2"),
        ]
        assert {hint.source for hint in till.desk.hints} == {HintSource.RELAY}
        assert till.desk.hints[0].received_at == room.clock()
        place = Place.of(till.desk.place or "")
        assert place is not None
        assert place.seq == 2
        assert till.desk.reconciles == 1, "a till that begins reads everything once"


async def test_a_till_goes_on_where_it_stopped(relay: Running) -> None:
    async with relay(silence=SILENCE) as room, linked(room) as (till, _):
        async with till.following():
            await until(lambda: till.news[-1:] == [HintWay.LIVE])
        await room.post_all([(body_of(f"TILL1-{count}"), SECRET) for count in range(250)], lanes=1)
        async with till.following():
            await until(lambda: len(till.desk.hints) == 250)
        assert till.desk.invoices == [f"TILL1-{count}" for count in range(250)]
        assert till.desk.reconciles == 1


@pytest.mark.limit(600)
async def test_Y3_a_stream_that_is_cut_anywhere_misses_nothing_and_repeats_nothing(
    relay: Running, promise: Promise, scaled: Scaled
) -> None:
    cuts, chance = scaled(60, 1000), random.Random(3)  # noqa: S311  the same cuts in each run
    async with relay(silence=SILENCE) as room, linked(room) as (till, wire):
        wire.cut_after = lambda: chance.randrange(300, 4000)
        told = 0
        begun = time.perf_counter()
        async with till.following():
            await until(lambda: till.desk.place)
            while wire.cuts < cuts:
                for _ in range(chance.randrange(1, 8)):
                    await room.notify(f"TILL1-{told}")
                    told += 1
                await until(partial(till.has_heard, told), 10)
        expected = [f"TILL1-{count}" for count in range(told)]
        wrong = [] if till.desk.invoices == expected and till.desk.reconciles == 1 else [till.desk.invoices]
        promise("Y3", wire.cuts, wrong, time.perf_counter() - begun)


async def end_in(folder: Path, case: str, clock: TurnedClock) -> tuple[TillEnd, PairedTill]:
    """Leave a relay in which hints went by that the till cannot be told any more, in one of three ways."""
    async with running(folder, clock, silence=SILENCE) as room:
        paired = await room.pair()
        till = TillEnd(pairing_of(paired.facts, f"http://127.0.0.1:{room.port}"))
        async with till.following():
            await until(lambda: till.news[-1:] == [HintWay.LIVE])
            await room.notify("TILL1-1")
            await room.notify("TILL1-2")
            await until(partial(till.has_heard, 2))
        await room.notify("TILL1-3")
        await room.notify("TILL1-4")
        if case == "removed":
            await room.sqlite.run(lambda connection: connection.execute("DELETE FROM hints WHERE seq = 3"))
        elif case == "expired":
            clock.turn(days=15)
            await room.service.store.sweep(14)
    if case == "restored":
        (folder / "relay.mark").unlink()
    return till, paired


@pytest.mark.limit(300)
async def test_Y4_gaps_old_places_and_new_epochs_are_read_over(
    tmp_path: Path, promise: Promise, scaled: Scaled
) -> None:
    wrong: list[str] = []
    cases = ["removed", "expired", "restored"] * scaled(2, 34)
    clock = TurnedClock()
    for number, case in enumerate(cases):
        folder = tmp_path / str(number)
        before, paired = await end_in(folder, case, clock)
        async with running(folder, clock, silence=SILENCE) as room:
            till = TillEnd(pairing_of(paired.facts, f"http://127.0.0.1:{room.port}"), before.desk)
            async with till.following():
                await until(lambda desk=till.desk: desk.reconciles > 1)  # type: ignore[misc]
                await room.notify("TILL1-5")
                # Its predecessor may be gone from the relay: then this hint, too, is made up for by reads.
                await until(partial(till.stands_at, 5))
                await room.notify("TILL1-6")
                await until(partial(till.stands_at, 6))
        wrong += [] if till.desk.invoices[-1] == "TILL1-6" else [case]
    promise("Y4", len(cases), wrong, 0.0)


@pytest.mark.limit(60)
async def test_Y5_a_proxy_that_holds_the_stream_back_only_makes_it_slower(relay: Running, promise: Promise) -> None:
    async with relay(silence=SILENCE) as room, linked(room) as (till, wire):
        wire.hold_seconds = 60.0
        async with till.following():
            await until(lambda: till.news[-1:] == [HintWay.HELD_BACK], 10)
            begun = time.perf_counter()
            await room.notify("TILL1-1")
            await until(lambda: till.desk.invoices == ["TILL1-1"], 10)
            worst = time.perf_counter() - begun
        assert HintWay.LIVE not in till.news
        promise("Y5", 1, 0 if worst < 30 else 1, worst)


@pytest.mark.limit(60)
async def test_Y5_a_stream_that_begins_to_be_held_back_is_noticed_and_tried_again_later(relay: Running) -> None:
    async with relay(silence=SILENCE) as room, linked(room) as (till, wire):
        till = TillEnd(pairing_of((await room.pair()).facts, wire.url), patience=replace(QUICK, stream_again=2.0))
        async with till.following():
            await until(lambda: till.news[-1:] == [HintWay.LIVE])
            wire.hold_seconds = 60.0
            await room.notify("TILL1-1")
            await until(lambda: till.desk.invoices == ["TILL1-1"], 10)
            assert till.news[-1] is HintWay.HELD_BACK
            wire.hold_seconds = 0.0
            await until(lambda: till.news[-1] is HintWay.LIVE, 10)
            await room.notify("TILL1-2")
            await until(lambda: till.desk.invoices == ["TILL1-1", "TILL1-2"])


async def test_a_relay_that_is_gone_is_said_at_once_and_found_again(relay: Running) -> None:
    async with relay(silence=SILENCE) as room, linked(room) as (till, wire), till.following():
        await until(lambda: till.news[-1:] == [HintWay.LIVE])
        right, wire.target = wire.target, 9
        await wire.break_all()
        await until(lambda: till.news[-1] is HintWay.AWAY)
        await room.notify("TILL1-1")
        wire.target = right
        await until(lambda: till.news[-1] is HintWay.LIVE)
        await until(lambda: till.desk.invoices == ["TILL1-1"])


async def test_a_revoked_till_says_so_within_five_seconds_and_is_asked_in_again(relay: Running) -> None:
    async with relay(silence=SILENCE) as room, linked(room) as (till, _), till.following():
        await until(lambda: till.news[-1:] == [HintWay.LIVE])
        begun = time.perf_counter()
        (one,) = await room.sqlite.run(tills.all_tills)
        await room.sqlite.run(lambda connection: tills.revoke(connection, one.id))
        await until(lambda: till.news[-1] is HintWay.UNPAIRED)
        assert time.perf_counter() - begun < 5


PORTAL = b"<html>Welcome to the guest network</html>"


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (b"200 OK", b"text/html", PORTAL),
        (b"302 Found\r\nlocation: http://127.0.0.1:9/", b"text/html", b""),
        (b"401 Unauthorized", b"text/html", PORTAL),
        (b"410 Gone", b"text/html", PORTAL),
        (b"200 OK", b"application/json", PORTAL),
        (b"200 OK", b"application/json", b'{"epoch": 1}'),
        (b"200 OK", b"application/json", b'{"epoch":"e","seq":1,"seq":1,"head":"x"}'),
        (b"200 OK", b"application/json", b'{"epoch":"e","seq":true,"head":"x"}'),
        (b"200 OK", b"application/json", b'{"epoch":"e","seq":1,"head":"' + b"x" * 300_000 + b'"}'),
        (b"502 Bad Gateway", b"text/html", PORTAL),
        (b"503 Busy", b"application/json", b'{"error":"later"}'),
    ],
)
async def test_a_page_of_somebody_between_is_nobody_there(status: bytes, kind: bytes, body: bytes) -> None:
    answer = b"HTTP/1.1 %s\r\ncontent-type: %s\r\ncontent-length: %d\r\n\r\n" % (status, kind, len(body)) + body

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    till = TillEnd(pairing_of(FACTS, url))
    async with till.following():
        await until(lambda: len(till.pauses) >= 3)
    server.close()
    assert till.news == [HintWay.AWAY]
    assert (till.desk.hints, till.desk.place, till.desk.reconciles) == ([], None, 0)


async def test_hints_that_another_key_has_sealed_are_not_taken(relay: Running) -> None:
    async with relay(silence=SILENCE) as room:
        mine, other = await room.pair(), await room.pair(name="Till 2")
        forged = {**mine.facts, "signing_key": other.facts["signing_key"]}
        till = TillEnd(pairing_of(forged, f"http://127.0.0.1:{room.port}"))
        async with till.following():
            await until(lambda: HintWay.LIVE in till.news)
            place = till.desk.place
            await room.notify("TILL1-1")
            await until(lambda: till.news[-1] is HintWay.AWAY)
        assert (till.desk.hints, till.desk.place) == ([], place)


async def test_nothing_is_lost_while_the_record_cannot_be_written(relay: Running) -> None:
    async with relay(silence=SILENCE) as room, linked(room) as (till, _), till.following():
        await until(lambda: till.news[-1:] == [HintWay.LIVE])
        till.desk.is_full = True
        await room.notify("TILL1-1")
        await until(lambda: till.news[-1] is HintWay.AWAY)
        till.desk.is_full = False
        await until(lambda: till.desk.invoices == ["TILL1-1"])


async def test_a_token_is_renewed_in_time_and_the_old_one_ends_with_its_first_use(relay: Running) -> None:
    async with relay(silence=SILENCE) as room, linked(room) as (till, _):
        before = till.pairings.items["training"]
        room.clock.turn(days=31)
        async with till.following():
            await until(lambda: till.news[-1:] == [HintWay.LIVE])
            after = till.pairings.items["training"]
            assert after == replace(before, token=after.token)
            assert after.token != before.token
            await room.notify("TILL1-1")
            await until(lambda: till.desk.invoices == ["TILL1-1"])
        stale = till.with_token(before.token)
        async with stale.following():
            await until(lambda: stale.news == [HintWay.UNPAIRED])


async def test_a_token_that_cannot_be_kept_is_not_used(relay: Running) -> None:
    async with relay(silence=SILENCE) as room, linked(room) as (till, wire):
        till.pairings.problem = KeychainProblem()
        room.clock.turn(days=31)
        async with till.following():
            for _ in range(2):
                await until(lambda: till.news[-1:] == [HintWay.LIVE])
                await wire.break_all()
                await until(lambda: till.news[-1] is HintWay.AWAY)


async def test_the_pauses_grow_and_are_drawn_anew_each_time() -> None:
    till = TillEnd(pairing_of(FACTS, "http://127.0.0.1:9"), patience=replace(QUICK, longest_pause=0.64))
    async with till.following():
        await until(lambda: len(till.pauses) >= 8, 10)
    longest = [most for _, most in till.pauses]
    assert longest == sorted(longest)
    assert (longest[0], longest[-1]) == (0.04, 0.64)
    assert {least for least, _ in till.pauses} == {0.01}


async def test_a_pairing_with_a_broken_key_is_no_crash() -> None:
    till = TillEnd(replace(pairing_of(FACTS, "http://127.0.0.1:9"), signing_key="whsec_é"))
    async with till.following():
        await until(lambda: till.news == [HintWay.AWAY])
