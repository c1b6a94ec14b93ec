"""Load on a relay, over bare sockets: notices as fast as they are taken in, or hints to many tills that listen.

``relay_load posts PORT COUNT`` tells the milliseconds a notice; ``relay_load fan PORT HINTS TOKENS`` tells those from
the notice that was sent to each till that heard of it. ``relay_load publish URL COUNT`` publishes to JetStream alone.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
import time
from pathlib import Path

import nats
from nats.js.api import StorageType

from tests.benchmarks.programs.relay_server import SECRET, SHOPS
from tests.benchmarks.programs.told import tell

LANES = 32
_APART_SECONDS = 3.0
_NEVER_MS = 60_000.0
"""Stands for a till that had not heard when the next hint was sent."""


def body_of(number: str) -> bytes:
    """A notice of the size that Optty's have."""
    data = {"status": "SUCCESSFUL", "metadata": {"invoiceNumber": number}, "merchantReference": f"HPP-{number}"}
    return json.dumps({"event": "ORDER_STATUS_UPDATE", "data": {**data, "note": "x" * 400}}).encode()


def post_of(number: str) -> bytes:
    """The whole request."""
    body = body_of(number)
    return f"POST /h/load/{SECRET} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


async def answered(reader: asyncio.StreamReader) -> None:
    """Read one answer, which must be 200."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    assert head.startswith(b"http/1.1 200 "), head
    await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r")[0]))


async def posts(port: int, count: int) -> None:
    """Post notices of all shops over some connections at once."""
    waiting = [post_of(f"T{number % SHOPS}-{secrets.token_hex(8)}") for number in range(count)]

    async def lane() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while waiting:
            writer.write(waiting.pop())
            await answered(reader)
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(lane() for _ in range(LANES)))
    tell(each_ms=(time.perf_counter() - begun) / count * 1000)


class Fan:
    """Tills that listen, and when each heard of a hint."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.heard: dict[str, list[float]] = {}

    async def listen(self, token: str) -> asyncio.Task[None]:
        """Open a stream, and wait for its head."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(f"GET /v1/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n".encode())
        await reader.readuntil(b"event: head")
        await reader.readuntil(b"data: ")
        return asyncio.ensure_future(self._hear(reader, writer))

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            if line.startswith(b"data: "):
                at = time.perf_counter()
                number = line.partition(b'invoice\\": \\"')[2].partition(b"\\")[0].decode()
                if number:
                    self.heard[number].append(at)
        writer.close()


async def fan(port: int, hints: int, tokens: list[str]) -> None:
    """Tell all tills of one shop of some hints, one after the other."""
    fan = Fan(port)
    listening = [await fan.listen(token) for token in tokens]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    late: list[float] = []
    for _ in range(hints):
        number = f"T0-{secrets.token_hex(8)}"
        fan.heard[number] = []
        begun = time.perf_counter()
        writer.write(post_of(number))
        await answered(reader)
        await asyncio.sleep(_APART_SECONDS)
        missing = len(tokens) - len(fan.heard[number])
        late += [(at - begun) * 1000 for at in fan.heard[number]] + [_NEVER_MS] * missing
    for task in listening:
        task.cancel()
    writer.close()
    tell(late_ms=late)


async def publish(url: str, count: int) -> None:
    """Publish bodies to a stream of its own, as many at once."""
    client = await nats.connect(url)
    stream = client.jetstream()
    await stream.add_stream(name="bare", subjects=["bare.>"], storage=StorageType.FILE, max_age=60)
    bodies = [body_of(secrets.token_hex(8)) for _ in range(count)]

    async def lane() -> None:
        while bodies:
            await stream.publish("bare.x", bodies.pop())

    begun = time.perf_counter()
    await asyncio.gather(*(lane() for _ in range(LANES)))
    tell(each_ms=(time.perf_counter() - begun) / count * 1000)
    await client.close()


if __name__ == "__main__":
    what, where, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if what == "publish":
        asyncio.run(publish(where, number))
    elif what == "posts":
        asyncio.run(posts(int(where), number))
    else:
        asyncio.run(fan(int(where), number, json.loads(Path(sys.argv[4]).read_text())))
