"""What only the engine on JetStream has: many relays behind one contract, servers that go and come, and their files."""

from __future__ import annotations

import asyncio
import base64
import binascii
import random
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import nats as nats_py
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from nats.js.api import PubAck, StreamInfo
from nats.js.manager import JetStreamManager

from optty_desktop.relay.command import erase, quarantine, revoke
from optty_desktop.relay.config import JetStream
from optty_desktop.relay.jetstream import engine as engine_module
from optty_desktop.relay.jetstream import link as link_module
from optty_desktop.relay.jetstream.layout import HINTS
from optty_desktop.relay.jetstream.link import Kept, Link
from optty_desktop.relay.jetstream.nkey import NKey, NotASeed
from optty_desktop.relay.problems import StoreUnavailable
from tests.relay.conftest import Running
from tests.relay.nats_server import NatsServer, settings_of
from tests.relay.room import SECRET, SIDE, PairedTill, Room, body_of, limits, running
from tests.relay.test_epochs import again, status_at
from tests.relay.test_tls import certificate_in

RIGHTS = (
    'publish: ["hint.>", "quarantine.>", "head.>", "optty.barrier", "$JS.API.>",'
    ' "$KV.optty-relay.>", "$KV.optty-codes.>", "$KV.optty-leases.>"], subscribe: "_INBOX.>"'
)
"""What the README says that the user of the relays needs."""

CANARY = "ada.lovelace@example.com"


async def by_hand(server: NatsServer, work: Callable[[JetStreamManager], Awaitable[object]]) -> None:
    """Change what a server holds with other means than the relay."""
    client = await nats_py.connect(server.url)
    try:
        await work(client.jsm())
    finally:
        await client.close()


async def eventually(ask: Callable[[], Awaitable[object]], wanted: object, limit: float = 10) -> None:
    """Ask until the answer is as wanted; the last one is shown where it never is."""
    end = asyncio.get_running_loop().time() + limit
    while (answer := await ask()) != wanted:
        assert asyncio.get_running_loop().time() < end, answer
        await asyncio.sleep(0.05)


# Many relays.


async def test_a_till_pairs_at_one_relay_and_is_served_by_another(cluster: Running) -> None:
    async with cluster() as one, cluster() as other:
        till = await one.pair()
        there = again(other, till)
        async with there.stream() as hints:
            assert (await anext(hints)).place == till.facts["head"]
            await one.notify("TILL1-1")
            await other.notify("TILL1-2")
            told = [await anext(hints) for _ in range(2)]
        assert [(hint.invoice, hint.seq, hint.prev) for hint in told] == [("TILL1-1", 1, 0), ("TILL1-2", 2, 1)]
        renewed = (await till.ask("POST", "renew")).json()["token"]
        assert (await PairedTill(other.http, renewed, till.facts, till.key).ask("GET", "head")).status_code == 200
        await eventually(lambda: status_of(till), 401)


async def status_of(till: PairedTill) -> int:
    return (await till.ask("GET", "head")).status_code


async def test_relays_that_take_in_at_once_make_one_chain_without_gaps_and_one_hint_of_equal_bodies(
    cluster: Running,
) -> None:
    chance = random.Random(8)  # noqa: S311
    many = limits(notices_per_second=100_000)
    async with cluster(limits=many) as one, cluster(limits=many) as other, cluster(limits=many) as third:
        rooms = (one, other, third)
        till = await one.pair()
        posts = [(body_of(f"TILL1-{number}"), SECRET) for number in range(150)] * 2
        parts = [chance.sample(posts, len(posts)) for _ in rooms]
        answers = await asyncio.gather(*(room.post_all(part, lanes=5) for room, part in zip(rooms, parts, strict=True)))
        assert {status for statuses in answers for status in statuses} == {200}
        for room in rooms:
            await eventually(lambda room=room: count_of(again(room, till)), 150)  # type: ignore[misc]
            hints = await again(room, till).everything(till.facts["head"])
            assert sorted(hint.invoice for hint in hints) == sorted(f"TILL1-{number}" for number in range(150))
            assert all(late.prev == early.seq for early, late in pairwise(hints))


async def count_of(till: PairedTill) -> int:
    return len(await till.everything(till.facts["head"]))


async def test_a_place_that_another_relay_told_of_a_moment_ago_is_good(cluster: Running) -> None:
    async with cluster() as one, cluster() as other:
        till = await one.pair()
        for number in range(20):
            await one.notify(f"TILL1-{number}")
            head = (await till.ask("GET", "head")).json()["head"]
            assert await status_at(again(other, till), head) == 200
        assert await other.figure("new_epochs_total") == 0


async def test_a_lease_is_one_tills_at_all_relays(cluster: Running) -> None:
    async with cluster() as one, cluster() as other:
        first, second = await one.pair(), await other.pair(name="Till 2")
        for link in range(10):
            path = f"lease/TILL1-{link}"
            answers = await asyncio.gather(first.ask("PUT", path), second.ask("PUT", path))
            assert sorted(answer.status_code for answer in answers) == [200, 409]
        await asyncio.to_thread(revoke, one.config, first.facts["till"])
        for link in range(10):
            assert (await second.ask("PUT", f"lease/TILL1-{link}")).status_code == 200


async def test_a_revoked_till_is_let_go_by_every_relay(cluster: Running) -> None:
    async with cluster() as one, cluster() as other:
        till = await one.pair()
        async with till.stream() as here, again(other, till).stream() as there:
            await anext(here)
            await anext(there)
            await asyncio.to_thread(revoke, one.config, till.facts["till"])
            assert [hint async for hint in here] == [hint async for hint in there] == []


async def test_five_wrong_tries_end_a_code_whichever_relay_they_are_made_at(cluster: Running) -> None:
    async with cluster() as one, cluster() as other:
        code = await one.code()
        wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
        for count in range(5):
            answer = await (one, other)[count % 2].http.post("/v1/pair", json={"code": wrong})
            assert answer.status_code == 403
        assert (await one.http.post("/v1/pair", json={"code": code})).status_code == 403


async def test_of_two_relays_that_are_given_a_code_at_once_one_pairs(cluster: Running) -> None:
    async with cluster() as one, cluster() as other:
        code = await one.code()
        answers = await asyncio.gather(*(room.http.post("/v1/pair", json={"code": code}) for room in (one, other)))
        assert sorted(answer.status_code for answer in answers) == [200, 403]


async def test_a_relay_that_was_not_there_reads_a_long_stream_and_shows_its_gap(
    cluster: Running, nats: NatsServer
) -> None:
    many = limits(notices_per_second=100_000)
    async with cluster(limits=many) as room:
        till, side = await room.pair(), await room.pair(SIDE)
        await room.post_all([(body_of(f"TILL{1 if n % 9 else 3}-{n}"), SECRET) for n in range(450)], lanes=1)
    await by_hand(nats, lambda manager: manager.delete_msg(HINTS, 300))
    async with cluster() as room:
        hints = await again(room, till).everything(till.facts["head"])
        assert [hint.invoice for hint in hints] == [f"TILL1-{n}" for n in range(450) if n % 9 and n != 299]
        assert [late.seq for early, late in pairwise(hints) if late.prev != early.seq] == [301]
        assert len(await again(room, side).everything(side.facts["head"])) == 50


# Stores that are not what they were.


async def test_Y4_a_stream_made_anew_under_running_relays_forces_a_reconcile(
    cluster: Running, nats: NatsServer
) -> None:
    async with cluster() as one, cluster() as other:
        till = await one.pair()
        await one.notify("TILL1-1")
        place = (await till.ask("GET", "head")).json()["head"]
        await by_hand(nats, make_anew)
        for room in (one, other):
            await eventually(lambda room=room: polled(again(room, till), place), 410)  # type: ignore[misc]
            await eventually(lambda room=room: posted(room, "TILL1-2"), 200)  # type: ignore[misc]
        head = (await till.ask("GET", "head")).json()
        assert head["epoch"] != till.facts["epoch"]
        await one.notify("TILL1-3")
        for room in (one, other):
            heard = again(room, till)
            await eventually(lambda heard=heard: invoices_after(heard, head["head"]), ["TILL1-3"])  # type: ignore[misc]
        assert await one.figure("new_epochs_total") + await other.figure("new_epochs_total") == 1


async def make_anew(manager: JetStreamManager) -> None:
    """Remove the hints, and have none from now on."""
    config = (await manager.stream_info(HINTS)).config
    await manager.delete_stream(HINTS)
    await manager.add_stream(config)


async def test_a_stream_made_anew_after_a_sweep_and_an_erasure_tells_its_own_hints_from_the_first_on(
    cluster: Running, nats: NatsServer
) -> None:
    """What outlived its hints is of the stream that is no more, and its numbers come again."""
    async with cluster() as room:
        till, side = await room.pair(), await room.pair(SIDE)
        for count in range(3):
            await room.notify(f"TILL1-{count}")
        room.clock.turn(days=15)
        assert await room.service.store.sweep(14) == 3
        await room.notify("TILL3-erased")
        assert await asyncio.to_thread(erase, room.config, "TILL3-erased") == 1
        head = (await till.ask("GET", "head")).json()
        await by_hand(nats, make_anew)
        await eventually(lambda: polled(till, head["head"]), 410)
        for one, number in ((till, "TILL1-x"), (side, "TILL3-x")):
            new = (await one.ask("GET", "head")).json()
            assert new["seq"] == 0
            await eventually(lambda number=number: posted(room, number), 200)  # type: ignore[misc]
            assert await invoices_after(one, new["head"]) == [number]
        ends = [(await one.ask("GET", "head")).json()["seq"] for one in (till, side)]
        room.clock.turn(days=15)
        assert await room.service.store.sweep(14) == 2
        assert [(await one.ask("GET", "head")).json()["seq"] for one in (till, side)] == ends
    async with cluster() as room:
        assert [(await again(room, one).ask("GET", "head")).json()["seq"] for one in (till, side)] == ends


async def polled(till: PairedTill, place: str) -> int:
    return (await till.ask("GET", "events", params={"after": place, "wait": "0"})).status_code


async def posted(room: Room, number: str) -> int:
    return (await room.post(body_of(number))).status_code


async def invoices_after(till: PairedTill, place: str) -> list[str]:
    return [hint.invoice for hint in await till.everything(place)]


async def test_Y4_servers_that_were_put_back_force_a_reconcile(tmp_path: Path, server: NatsServer) -> None:
    """A running relay notices by itself; one that was not there, when a till has the proof."""
    settings, copy = settings_of(server), tmp_path / "copy"
    async with running(tmp_path, jetstream=settings) as room:
        till = await room.pair()
        await room.notify("TILL1-1")
        server.stop()
        shutil.copytree(server.store, copy)
        server.start()
        await eventually(lambda: posted(room, "TILL1-2"), 200)
        seen = (await till.ask("GET", "head")).json()["head"]
        put_back(server, copy)
        await eventually(lambda: polled(till, till.facts["head"]), 410)
        assert await room.figure("new_epochs_total") == 1
        await eventually(lambda: posted(room, "TILL1-3"), 200)
    put_back(server, copy)
    async with running(tmp_path, jetstream=settings) as room:
        till = again(room, till)
        assert await status_at(till, till.facts["head"]) == 200, "nobody can know yet"
        assert await status_at(till, seen) == 410
        assert await status_at(till, till.facts["head"]) == 410
        assert await room.figure("new_epochs_total") == 1


def put_back(server: NatsServer, copy: Path) -> None:
    server.stop()
    server.lose_disk()
    shutil.copytree(copy, server.store)
    server.start()


class LaggingLink(Link):
    """A line to a leader that is behind with its hints until it stores another message."""

    is_behind = False

    async def info(self, stream: str) -> StreamInfo:
        info = await super().info(stream)
        if self.is_behind:
            info.state.last_seq = 0
        return info

    async def at(self, stream: str, seq: int) -> Kept | None:
        return None if self.is_behind else await super().at(stream, seq)

    async def put(self, subject: str, data: bytes, headers: dict[str, str], last: int | None = None) -> PubAck:
        ack = await super().put(subject, data, headers, last)
        LaggingLink.is_behind = False
        return ack


async def test_a_leader_that_is_behind_for_a_moment_is_no_store_put_back(
    cluster: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "Link", LaggingLink)
    async with cluster() as room:
        till = await room.pair()
        await room.notify("TILL1-1")
        _, first = await till.events(till.facts["head"])
        await room.notify("TILL1-2")
    async with cluster() as room:
        monkeypatch.setattr(LaggingLink, "is_behind", True)
        assert await invoices_after(again(room, till), first) == ["TILL1-2"]
        assert not LaggingLink.is_behind, "it was asked to be sure"
        monkeypatch.setattr(LaggingLink, "is_behind", True)
        await room.service.store.look_for_changes()
        assert await invoices_after(again(room, till), first) == ["TILL1-2"]
        assert await room.figure("new_epochs_total") == 0


async def test_what_is_let_go_of_is_gone_from_the_servers_files_and_no_token_is_in_them(
    tmp_path: Path, server: NatsServer
) -> None:
    async with running(tmp_path / "relay", jetstream=settings_of(server)) as room:
        code, till = await room.code(name="Till 2"), await room.pair()
        tokens = [till.token, (await till.ask("POST", "renew")).json()["token"]]
        for number in range(40):
            await room.post(body_of(f"TILL1-{number}", email=CANARY))
            await room.post(f"no JSON {number} {CANARY}".encode())
        assert CANARY.encode() in all_bytes(server.store)
        room.clock.turn(days=15)
        assert await room.service.store.sweep(14) == 80
        await room.post(body_of("TILL1-x", email="grace@example.com"))
        assert await asyncio.to_thread(erase, room.config, "TILL1-x") == 1
    server.stop()
    kept = all_bytes(server.store)
    server.start()
    assert b"grace@example.com" not in kept
    assert CANARY.encode() not in kept
    assert b"corner-store/main-street" in kept, "this is where tills are"
    for secret in (*tokens, code, code.replace("-", "")):
        assert secret.encode() not in kept


def all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


# Servers that go and come.


async def test_without_its_servers_a_relay_answers_503_and_ends_its_streams_until_they_are_back(
    tmp_path: Path, server: NatsServer
) -> None:
    async with running(tmp_path, jetstream=settings_of(server)) as room:
        till = await room.pair()
        async with till.stream() as hints:
            await anext(hints)
            server.stop()
            assert [hint async for hint in hints] == []
        assert await posted(room, "TILL1-1") == 503
        assert (await till.ask("GET", "events", params={"wait": "0"})).status_code == 503
        assert (await room.http.get("/healthz")).status_code == 503
        assert await room.figure("store_failing") == 1
        server.start()
        await eventually(lambda: posted(room, "TILL1-1"), 200)
        await eventually(lambda: invoices_or_status(till), ["TILL1-1"])
        assert (await room.http.get("/healthz")).status_code == 200
        async with till.stream(till.facts["head"]) as hints:
            assert (await anext(hints)).invoice == "TILL1-1"
            await room.notify("TILL1-2")
            assert (await anext(hints)).invoice == "TILL1-2"
        assert await room.figure("new_epochs_total") == 0


async def invoices_or_status(till: PairedTill) -> list[str] | int:
    answer = await till.ask("GET", "events", params={"after": till.facts["head"], "wait": "0"})
    return (
        [till.opened(event).invoice for event in answer.json()["events"]] if answer.is_success else answer.status_code
    )


async def test_a_relay_without_servers_does_not_start_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "CONNECT_SECONDS", 1.0)
    with pytest.raises(StoreUnavailable, match=r"^The relay cannot reach NATS at nats://127\.0\.0\.1:1: .+\.$"):
        async with running(tmp_path, jetstream=JetStream(("nats://127.0.0.1:1",), 1)):
            raise AssertionError("it started")


async def test_a_server_that_stands_still_is_503_within_seconds(
    tmp_path: Path, server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "REQUEST_SECONDS", 0.5)
    async with running(tmp_path, jetstream=settings_of(server)) as room:
        till = await room.pair()
        server.pause()
        assert await posted(room, "TILL1-1") == 503
        server.go_on()
        await eventually(lambda: posted(room, "TILL1-1"), 200)
        await eventually(lambda: invoices_or_status(till), ["TILL1-1"])


async def test_a_message_that_no_relay_wrote_holds_nothing_up(cluster: Running, nats: NatsServer) -> None:
    async with cluster() as room:
        till, side = await room.pair(), await room.pair(SIDE)
        client = await nats_py.connect(nats.url)
        await client.jetstream().publish("hint.market.stall", b"by hand")
        await client.close()
        await room.notify("TILL1-1")
        await room.notify("TILL3-1")
        assert await invoices_after(till, till.facts["head"]) == ["TILL1-1"]
        assert await invoices_after(side, side.facts["head"]) == ["TILL3-1"]


# The line.


def seed_of(kind: int = 20 << 3) -> tuple[str, str]:
    """Return a seed and its public key, written as the tools of NATS write them."""
    private = Ed25519PrivateKey.generate()
    raw = bytes([18 << 3 | kind >> 5, (kind & 31) << 3]) + private.private_bytes_raw()
    public = bytes([kind]) + private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    seed, name = (
        base64.b32encode(one + binascii.crc_hqx(one, 0).to_bytes(2, "little")).decode().rstrip("=")
        for one in (raw, public)
    )
    return seed, name


async def test_servers_are_asked_over_tls_with_the_relays_own_key(
    tmp_path: Path, one_server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = certificate_in(tmp_path)
    seed, public = seed_of()
    server = NatsServer(
        tmp_path / "nats",
        f'tls {{ cert_file: "{certificate}", key_file: "{key}" }}',
        f"authorization {{ users: [ {{ nkey: {public}, permissions: {{ {RIGHTS} }} }} ] }}",
    )
    server.start()
    try:
        credentials = tmp_path / "relay.nk"
        credentials.write_text(seed)
        credentials.chmod(0o600)
        settings = JetStream((server.url.replace("nats://", "tls://"),), 1, credentials, certificate)
        async with running(tmp_path, jetstream=settings) as room:
            till = await room.pair()
            for number in (1, 2):
                await room.notify(f"TILL1-{number}")
            await room.post(b"no JSON")
            assert (await till.ask("PUT", "lease/TILL1-1")).status_code == 200
            assert (await till.ask("POST", "heads", json={"position": 1, "digest": "ab" * 32})).status_code == 200
            assert len(await asyncio.to_thread(quarantine, room.config)) == 1
            assert await asyncio.to_thread(erase, room.config, "TILL1-1") == 1
            room.clock.turn(days=15)
            assert await room.service.store.sweep(14) == 3
        monkeypatch.setattr(link_module, "CONNECT_SECONDS", 1.0)
        credentials.write_text(seed_of()[0])
        for wrong in (settings, replace(settings, credentials=None), replace(settings, authority=None)):
            with pytest.raises(StoreUnavailable, match="cannot reach NATS at tls://") as problem:
                async with running(tmp_path, jetstream=wrong):
                    raise AssertionError("it started")
            assert seed not in str(problem.value)
        credentials.chmod(0o644)
        with pytest.raises(StoreUnavailable, match="everybody may use this file"):
            async with running(tmp_path, jetstream=settings):
                raise AssertionError("it started")
    finally:
        server.stop()


def test_a_seed_is_read_and_anything_else_is_none() -> None:
    seed, public = seed_of()
    assert seed.startswith("SU")
    assert NKey.from_seed(f"{seed}\n").public == public
    assert public.startswith("U")
    account = seed_of(kind=0)[0]
    for wrong in (
        "",
        "SU",
        public,
        account,
        seed[:-1],
        seed[:30] + ("A" if seed[30] != "A" else "B") + seed[31:],
        "é" * 58,
    ):
        with pytest.raises(NotASeed):
            NKey.from_seed(wrong)
    assert seed[5:20] not in repr(NKey.from_seed(seed))
