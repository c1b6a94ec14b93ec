"""A relay on a real port of the loopback, with a clock that the test turns, and the tills that follow it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import nats

from optty_desktop.relay.app import RelayService
from optty_desktop.relay.command import office_of
from optty_desktop.relay.config import JetStream, Limits, Merchant, RelayConfig, Shop
from optty_desktop.relay.moments import stamp
from optty_desktop.relay.server import RelayServer, bound_socket
from optty_desktop.relay.store import Store

SECRET = "corner-0123456789abcdef0123456789abcdef01234567"
OTHER_SECRET = "market-0123456789abcdef0123456789abcdef01234567"
MAIN, SIDE, MARKET = "corner-store/main-street", "corner-store/side-street", "market/stall"


class TurnedClock:
    """A clock that stands still until it is turned."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 24, 14, 31, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def turn(self, **span: float) -> None:
        self.time += timedelta(**span)


def config_in(folder: Path, **changes: Any) -> RelayConfig:
    """A chain of two shops, and another merchant with one."""
    corner = (
        Shop("corner-store", "main-street", frozenset({"TILL1", "TILL2"})),
        Shop("corner-store", "side-street", frozenset({"TILL3"})),
    )
    merchants = {
        "corner-store": Merchant("corner-store", "live", (SECRET,), corner),
        "market": Merchant("market", "sandbox", (OTHER_SECRET,), (Shop("market", "stall"),)),
    }
    return replace(RelayConfig("127.0.0.1", 0, folder, merchants), **changes)


def body_of(number: str, status: str = "SUCCESSFUL", **more: Any) -> bytes:
    """A synthetic body: Optty publishes only a part of one."""
    data = {"status": status, "initiator": "payment-link", "metadata": {"invoiceNumber": number}, **more}
    return json.dumps({"event": "ORDER_STATUS_UPDATE", "data": data}).encode()


@dataclass
class Hint:
    """What a till was told, its signature checked. ``place`` is where to go on."""

    seq: int
    prev: int
    invoice: str
    epoch: str
    place: str = ""
    order: str = ""


@dataclass
class PairedTill:
    """The till's side of the contract."""

    http: httpx.AsyncClient
    token: str
    facts: dict[str, Any]
    key: bytes = field(repr=False)

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    async def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        return await self.http.request(method, f"/v1/{path}", headers=self.bearer, **request)

    async def events(self, after: str = "", wait: float = 0) -> tuple[list[Hint], str]:
        """Take one batch by long-poll; return it and the place behind it."""
        answer = await self.ask("GET", "events", params={"after": after, "wait": str(wait)})
        assert answer.status_code == 200, answer.text
        document = answer.json()
        return [self.opened(event) for event in document["events"]], document["after"]

    async def everything(self, after: str) -> list[Hint]:
        """Take batches until there are no more."""
        found: list[Hint] = []
        while True:
            batch, after = await self.events(after)
            if not batch:
                return found
            found += batch

    def opened(self, event: dict[str, Any]) -> Hint:
        """Check the signature as Standard Webhooks has it, and read what was signed."""
        headers, body = event["headers"], event["body"]
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
        expected = "v1," + base64.b64encode(hmac.digest(self.key, signed, hashlib.sha256)).decode()
        assert hmac.compare_digest(headers["webhook-signature"], expected)
        facts = json.loads(body)
        assert set(facts) == {"epoch", "seq", "prev", "invoice", "order", "received_at"}
        return Hint(facts["seq"], facts["prev"], facts["invoice"], facts["epoch"], order=facts["order"])

    @asynccontextmanager
    async def stream(self, last: str = "") -> AsyncIterator[AsyncIterator[Hint]]:
        """Follow the stream; a head told first is a hint of no invoice."""
        headers = {**self.bearer, **({"last-event-id": last} if last else {})}
        async with self.http.stream("GET", "/v1/stream", headers=headers, timeout=30) as answer:
            assert answer.status_code == 200, await answer.aread()
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield self._hints(answer)

    async def _hints(self, answer: httpx.Response) -> AsyncIterator[Hint]:
        fields: dict[str, str] = {}
        async for line in answer.aiter_lines():
            name, _, value = line.partition(": ")
            if line and name:
                fields[name] = value
            elif fields.get("event") == "head":
                head = json.loads(fields["data"])
                yield Hint(head["seq"], 0, "", head["epoch"], fields["id"])
                fields = {}
            elif "data" in fields:
                yield replace(self.opened(json.loads(fields["data"])), place=fields["id"])
                fields = {}


@dataclass
class Room:
    """A running relay and what a test does to it."""

    service: RelayService
    config: RelayConfig
    clock: TurnedClock
    http: httpx.AsyncClient
    server: RelayServer
    port: int

    @property
    def sqlite(self) -> Store:
        """The store of a relay with a file of its own."""
        assert isinstance(self.service.store, Store)
        return self.service.store

    async def kept(self, table: str) -> int:
        """Return how many ``hints`` or bodies in ``quarantine`` are stored."""
        if self.config.jetstream:
            return await messages_in(self.config.jetstream, f"optty-{table}")
        count = f"SELECT count(*) FROM {table}"  # noqa: S608  a table named in these tests
        return int(await self.sqlite.run(lambda connection: connection.execute(count).fetchone()[0]))

    async def post(self, body: bytes, secret: str = SECRET, merchant: str = "corner-store") -> httpx.Response:
        return await self.http.post(f"/h/{merchant}/{secret}", content=body)

    async def post_all(self, posts: Sequence[tuple[bytes, str]], lanes: int = 16) -> list[int]:
        """Post bodies under secrets over some connections at once, faster than httpx can; return the statuses."""
        waiting, statuses = list(reversed(posts)), []

        async def lane() -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            while waiting:
                body, secret = waiting.pop()
                head = f"POST /h/corner-store/{secret} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n"
                writer.write(head.encode() + body)
                answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                await reader.readexactly(int(answer.partition("content-length: ")[2].partition("\r")[0]))
                statuses.append(int(answer.split()[1]))
                if "connection: close" in answer:
                    writer.close()
                    reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.close()

        await asyncio.gather(*(lane() for _ in range(lanes)))
        return statuses

    async def notify(self, number: str, status: str = "SUCCESSFUL") -> None:
        """Let Optty report a link, and have it answered 200."""
        answer = await self.post(body_of(number, status))
        assert answer.status_code == 200, answer.text

    async def code(self, shop: str = MAIN, name: str = "Till 1") -> str:
        """Let the administrator make a pairing code, beside the running relay."""
        return await asyncio.to_thread(office_of(self.config).new_code, shop, name, stamp(self.clock()))

    async def pair(self, shop: str = MAIN, name: str = "Till 1") -> PairedTill:
        answer = await self.http.post("/v1/pair", json={"code": await self.code(shop, name)})
        assert answer.status_code == 200, answer.text
        facts = answer.json()
        key = base64.b64decode(facts["signing_key"].removeprefix("whsec_"))
        return PairedTill(self.http, facts["token"], facts, key)

    async def figure(self, name: str) -> int:
        """Return one line of the metrics."""
        text = (await self.http.get("/metrics")).text
        lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
        return int(lines[f"optty_relay_{name}"])


async def messages_in(settings: JetStream, stream: str) -> int:
    """Return how many messages a stream of the relay holds."""
    client = await nats.connect(list(settings.servers))
    try:
        return (await client.jsm().stream_info(stream)).state.messages
    finally:
        await client.close()


@asynccontextmanager
async def running(
    folder: Path, clock: TurnedClock | None = None, *, silence: float = 15.0, **changes: Any
) -> AsyncIterator[Room]:
    """Run a relay in this loop until the block ends."""
    config, clock = config_in(folder, **changes), clock or TurnedClock()
    service = await RelayService.open(config, clock=clock, silence_seconds=silence)
    server = RelayServer(service.app, config, service.let_go)
    with bound_socket(config) as listener:
        port = listener.getsockname()[1]
        # no TLS on the loopback: an empty context saves loading the certificates of the world for each test
        no_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        url, limits = f"http://127.0.0.1:{port}", httpx.Limits(max_connections=64)
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=10, verify=no_tls, limits=limits) as http:
            serving = asyncio.gather(server.serve(sockets=[listener]), service.keep_in_order())
            try:
                yield Room(service, config, clock, http, server, port)
            finally:
                server.stop()
                await serving
                await service.close()


def bytes_kept(folder: Path) -> bytes:
    """Return everything that is in the files of a relay."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def till_number(till: int = 1) -> str:
    """A number as tills make them, as far as the relay looks at it."""
    return f"TILL{till}-{secrets.token_hex(8).upper()}"


def limits(**changes: int) -> Limits:
    return replace(Limits(), **changes)
