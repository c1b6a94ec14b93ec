"""What a server may take of the till: neither more time than the deadline nor more memory than the limit."""

from __future__ import annotations

import asyncio
import itertools
import subprocess
import sys
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from optty_desktop.api.exchange import CallKind
from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.errors import NotSent, OutcomeUnknown, Trouble
from tests.api.raw_server import RawServer, Request, Script, dripping, reply, stalling
from tests.faults.cases import Cases
from tests.promises import Promise
from tests.source_tree import ROOT

DEADLINE = 0.4
SLACK = 0.5
"""Seconds a call may take beyond its deadline."""

MOST_MEMORY = 64 * 1024
"""KiB above idle."""

OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
HEAD = OK + b"content-length: 100\r\n\r\n"
CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"


def flooding(first: bytes, again: bytes, pause: float = 0.0) -> Script:
    """Return a script that writes ``again`` for ever."""

    async def script(_request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(pause)

    return script


SLOW = {
    "before a word": stalling(),
    "in the status": stalling(b"HTTP/1.1 2"),
    "in the headers": stalling(OK),
    "before the body": stalling(HEAD),
    "in the body": stalling(HEAD + b'{"link":'),
    "in a chunk's size": stalling(CHUNKED + b"1"),
    "in a chunk": stalling(CHUNKED + b"10\r\n{"),
    "after a hint": stalling(b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "drip": dripping(HEAD, 0.02),
    "slow drip": dripping(HEAD + b" " * 99, 0.01),
    "endless headers": flooding(b"HTTP/1.1 200 OK\r\n", b"x-more: 1\r\n", 0.01),
    "endless hints": flooding(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.01),
    "endless packed nothing": flooding(OK + b"content-encoding: gzip\r\n\r\n" + b"\x1f\x8b\x08" + bytes(7), b"", 0.01),
}
FAST = {
    "flood of hints": flooding(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 500),
    "flood of small chunks": flooding(CHUNKED, b"1\r\n \r\n" * 2000),
    "flood of packed nothing": flooding(
        OK + b"content-encoding: deflate\r\n\r\n" + b"\x78\x9c", b"\x00\x00\x00\xff\xff" * 5000
    ),
}


async def seconds_of(transport: HttpTransport, url: str) -> float:
    """Make a call that ends in no answer; return how long it took."""
    begun = time.monotonic()
    with pytest.raises((OutcomeUnknown, NotSent)) as caught:
        await transport.send(
            "POST", url, template="/", headers={}, kind=CallKind.MONEY, deadline=DEADLINE, content=b"{}"
        )
    error = caught.value
    assert isinstance(error, OutcomeUnknown | NotSent)
    assert error.trouble in (Trouble.TIMEOUT, Trouble.TOO_LARGE), error
    return time.monotonic() - begun


async def test_H4_every_call_ends_by_its_deadline(
    transport: HttpTransport, monkeypatch: pytest.MonkeyPatch, promise: Promise
) -> None:
    """A connection is given up before the deadline, as in the program, where it has 5 seconds of 8 and more."""
    cases = Cases()
    monkeypatch.setattr("optty_desktop.api.http_clients.CONNECT_SECONDS", DEADLINE - 0.1)
    await transport.prepare()

    async def one(name: str, script: Script, scheme: str = "http") -> None:
        async with RawServer(script) as server:
            seconds = await seconds_of(transport, f"{scheme}://127.0.0.1:{server.port}")
        late = seconds - DEADLINE
        cases.add(name, f"{late:.2f} s late" if late > SLACK else "", seconds)

    handshake = one("in the TLS handshake", stalling(), "https")
    await asyncio.gather(handshake, *(one(name, script) for name, script in SLOW.items()))
    for name, script in FAST.items():
        await one(name, script)
    await transport.close()
    cases.report(promise, "H4")


# H5 Memory


def bomb(bits: int) -> bytes:
    """Return a packed body of 1 GB: one packed piece, many times."""
    packer = zlib.compressobj(9, zlib.DEFLATED, bits)
    first, again = (packer.compress(b" " * 2**24) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return first + again * 63


def rows() -> Iterator[bytes]:
    """Yield a list of a million orders, piece by piece."""
    row = b'{"merchantReference":"HPP-%d","status":"PENDING","amount":99.90,"currency":"USD"}'
    yield b"[" + row % 0
    for start in range(1, 10**6, 1000):
        yield b"".join(b"," + row % number for number in range(start, start + 1000))
    yield b"]"


def filled(piece: bytes) -> bytes:
    """Return a JSON list of exactly the size that is still taken, full of this."""
    whole = b"[" + (piece + b",") * ((2**20 - 2) // (len(piece) + 1) - 1) + piece + b"]"
    return whole + b" " * (2**20 - len(whole))


BODIES: dict[str, Callable[[], Iterator[bytes]]] = {
    "gzip": lambda: iter([bomb(31)]),
    "deflate": lambda: iter([bomb(15)]),
    "br": lambda: itertools.repeat(bytes(2**16), 2**14),
    "endless": lambda: itertools.repeat(b" " * 2**16),
    "rows": rows,
}
FULL = {
    "lists": b"[]",
    "objects": b"{}",
    "pairs": b'{"a":1}',
    "decimals": b"1.1",
    "integers": b"1000",
    "texts": b'"ab"',
    "nothing": b"null",
}


async def heavy(request: Request, writer: asyncio.StreamWriter) -> None:
    """Answer with what the path names."""
    name = request.target[1:]
    if name not in BODIES:
        body = filled(FULL[name]) if name in FULL else b"{}"
        writer.write(reply(200, body, connection="close"))
        await writer.drain()
        return
    packed = f"content-encoding: {name}\r\n" if name in ("gzip", "deflate", "br") else ""
    writer.write(OK + packed.encode() + b"transfer-encoding: chunked\r\n\r\n")
    async for piece in slowly(BODIES[name]()):
        writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        await writer.drain()
    writer.write(b"0\r\n\r\n")


async def slowly(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Let others run between two pieces."""
    for piece in pieces:
        yield piece
        await asyncio.sleep(0)


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="peaks of memory are read from Linux")
@pytest.mark.limit(60)
async def test_H5_memory_stays_bounded(promise: Promise) -> None:
    cases = Cases()
    names = [*BODIES, *FULL]
    async with RawServer(heavy) as server:
        begun = time.monotonic()
        command = [sys.executable, "-m", "tests.faults.memory_child", server.url, *names]
        finished = await asyncio.to_thread(
            subprocess.run, command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )
        seconds = time.monotonic() - begun
    lines = [line.split() for line in finished.stdout.splitlines()]
    assert [line[0] for line in lines] == names, finished.stderr
    for name, grown, outcome in lines:
        wanted = "read" if name in FULL else Trouble.BAD_ANSWER if name == "br" else Trouble.TOO_LARGE
        problem = f"{int(grown) // 1024} MiB more" if int(grown) > MOST_MEMORY else ""
        cases.add(name, problem or ("" if outcome == wanted else f"ended as {outcome}"), seconds / len(names))
    cases.report(promise, "H5")
