"""A real NATS server on the loopback, with its files in a folder of the test and every write flushed."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO

import nats
from nats.js.errors import NotFoundError

from optty_desktop.relay.config import JetStream

FLUSHES_SINCE = (2, 10)
"""The first version that can flush every write: before, a power cut may take what was acknowledged for two minutes."""

MISSING = "there is no nats-server here; the libraries locked for work bring one, as does Debian's package nats-server"

_START_SECONDS = 20.0


@cache
def program() -> str | None:
    """Return the server that is locked with the libraries, else the system's, or None."""
    places = [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath), "/usr/sbin"]
    return shutil.which("nats-server", path=os.pathsep.join(places))


@cache
def version() -> tuple[int, ...]:
    """Return the version of the server."""
    said = subprocess.run([program() or "", "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in re.findall(r"\d+", said)[:3])


class NatsServer:
    """One server process. Its ports stay the same when it is started again."""

    def __init__(self, folder: Path, *settings: str, name: str = "alone", port: int = -1) -> None:
        """Write the configuration; ``settings`` are more lines of it."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = port
        self.route_port = 0
        self.settings = settings
        self.name = name
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"nats://127.0.0.1:{self.port}"

    @property
    def store(self) -> Path:
        """Where its streams lie."""
        return self.folder / "store"

    def start(self) -> None:
        """Start it and wait until it listens."""
        flush = "sync_interval: always" if version() >= FLUSHES_SINCE else ""
        lines = [
            f'server_name: "{self.name}"',
            f'listen: "127.0.0.1:{self.port}"',
            f'ports_file_dir: "{self.folder}"',
            f'jetstream {{ store_dir: "{self.store}", max_mem: 64MB, max_file: 4GB, {flush} }}',
            *self.settings,
        ]
        (self.folder / "server.conf").write_text("\n".join(lines))
        self._log = (self.folder / "log").open("ab")
        command = [program() or "", "-c", str(self.folder / "server.conf")]
        self._process = subprocess.Popen(command, stdout=self._log, stderr=self._log, stdin=subprocess.DEVNULL)
        ports = self._ports()
        self.port = _port_of(ports["nats"])
        self.route_port = _port_of(ports["cluster"]) if "cluster" in ports else 0

    def kill(self) -> None:
        """End it as a power switch would, as far as the process goes."""
        self._signal(signal.SIGKILL)
        self._wait()

    def stop(self) -> None:
        """End it in order."""
        if self._process is not None:
            self._signal(signal.SIGCONT)
            self._signal(signal.SIGTERM)
            self._wait()

    def pause(self) -> None:
        """Let it stand still: its connections stay, and it answers nothing."""
        assert self._process is not None
        self._signal(signal.SIGSTOP)
        os.waitpid(self._process.pid, os.WUNTRACED)  # on a busy computer it runs on for a moment

    def go_on(self) -> None:
        """End the pause."""
        self._signal(signal.SIGCONT)

    def lose_disk(self) -> None:
        """Remove what a killed server has stored."""
        shutil.rmtree(self.store)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def _wait(self) -> None:
        assert self._process is not None
        assert self._log is not None
        self._process.wait(20)
        self._log.close()
        self._ports_file().unlink(missing_ok=True)
        self._process = None

    def _ports(self) -> dict[str, list[str]]:
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end:
            try:
                ports: dict[str, list[str]] = json.loads(self._ports_file().read_text())
            except (OSError, ValueError):
                time.sleep(0.02)
                continue
            return ports
        raise AssertionError(f"nats-server does not start: {(self.folder / 'log').read_text()[-2000:]}")

    def _ports_file(self) -> Path:
        assert self._process is not None
        return self.folder / f"nats-server_{self._process.pid}.ports"


def _port_of(addresses: list[str]) -> int:
    return int(addresses[0].rpartition(":")[2])


@contextmanager
def started(folder: Path) -> Iterator[NatsServer]:
    """Run a single server around a block."""
    server = NatsServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def settings_of(*servers: NatsServer, replicas: int = 1) -> JetStream:
    """Return what a relay's file says of servers."""
    return JetStream(tuple(server.url for server in servers), replicas)


def empty(server: NatsServer) -> None:
    """Remove all streams of a server."""

    async def work() -> None:
        client = await nats.connect(server.url)
        try:
            manager = client.jsm()
            for info in await manager.streams_info():
                await manager.delete_stream(info.config.name or "")
        except NotFoundError:
            pass
        finally:
            await client.close()

    asyncio.run(work())
