"""Three NATS servers on the loopback whose lines to each other can be cut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import permutations
from pathlib import Path

from tests.relay.nats_server import NatsServer

NAMES = ("one", "two", "three")
_CHUNK = 65536


class Wire:
    """A line from one server to another. While it is cut, nobody gets through, and who was connected is not."""

    def __init__(self) -> None:
        self.target = 0
        self._passing: set[asyncio.Task[None]] = set()
        self.is_cut = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> int:
        """Listen; return the port."""
        self._server = await asyncio.start_server(self._let_in, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    def cut(self) -> None:
        """Let nothing through from now on."""
        self.is_cut = True
        for writer in self._writers:
            writer.transport.abort()

    def mend(self) -> None:
        """Let everything through again."""
        self.is_cut = False

    async def close(self) -> None:
        """Listen no more."""
        self.cut()
        if self._server is not None:
            self._server.close()
        await asyncio.gather(*self._passing)

    def _let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        passing = asyncio.ensure_future(self._pass_on(reader, writer))
        self._passing.add(passing)
        passing.add_done_callback(self._passing.discard)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_writer = None
        with suppress(OSError):
            if not self.is_cut:
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        if far_writer is None:
            await _end(writer)
            return
        both = {writer, far_writer}
        self._writers |= both
        await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))
        self._writers -= both


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    await _end(writer)


async def _end(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()
    with suppress(OSError):
        await writer.wait_closed()


class Cluster:
    """The servers, by name, and the wires between them, by both names."""

    def __init__(self, folder: Path) -> None:
        self.wires = {pair: Wire() for pair in permutations(NAMES, 2)}
        self._folder = folder
        self.servers: dict[str, NatsServer] = {}

    async def open(self) -> None:
        """Start all of them."""
        ports = {pair: await wire.open() for pair, wire in self.wires.items()}
        for name in NAMES:
            routes = ", ".join(f'"nats://127.0.0.1:{ports[pair]}"' for pair in ports if pair[0] == name)
            # The address that the others are told leads nowhere: there is no way around the wires.
            settings = (
                'cluster { name: "optty", listen: "127.0.0.1:-1", advertise: "127.0.0.1:1", no_advertise: true,'
                f" routes: [{routes}] }}"
            )
            self.servers[name] = NatsServer(self._folder / name, settings, name=name)
            await self.start(name)

    async def start(self, name: str) -> None:
        """Start one of them, for the first time or again."""
        server = self.servers[name]
        await asyncio.to_thread(server.start)
        for (_, to), wire in self.wires.items():
            if to == name:
                wire.target = server.route_port

    def cut_off(self, name: str) -> None:
        """Cut every line between one server and the others."""
        for pair, wire in self.wires.items():
            if name in pair:
                wire.cut()

    def mend(self) -> None:
        """Mend all lines."""
        for wire in self.wires.values():
            wire.mend()

    async def close(self) -> None:
        """End all of them."""
        for server in self.servers.values():
            await asyncio.to_thread(server.stop)
        for wire in self.wires.values():
            await wire.close()


@asynccontextmanager
async def cluster_in(folder: Path) -> AsyncIterator[Cluster]:
    """Run a cluster around a block."""
    cluster = Cluster(folder)
    try:
        await cluster.open()
        yield cluster
    finally:
        await cluster.close()
