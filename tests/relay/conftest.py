"""Stores of these tests lie in memory where that can be: kills and locks are no different there.

A test that asks for ``relay`` is part of the contract of both engines, and runs once for each.
"""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client

from optty_desktop.relay import event_log
from optty_desktop.relay.jetstream import engine as engine_module
from tests.journal.places import new_folder
from tests.relay import nats_server
from tests.relay.nats_server import NatsServer
from tests.relay.room import Room, running
from tests.relay.staged_line import StagedLine

Running = Callable[..., AbstractAsyncContextManager[Room]]

ENGINES = ("sqlite", "jetstream")


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Give the test a folder of its own."""
    with new_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def one_server() -> Iterator[NatsServer]:
    """Run one NATS server for all tests."""
    if nats_server.program() is None:
        pytest.skip(nats_server.MISSING)
    with new_folder() as folder, nats_server.started(folder) as server:
        yield server


@pytest.fixture
def nats(one_server: NatsServer) -> Iterator[NatsServer]:
    """Give the test an empty NATS server."""
    yield one_server
    nats_server.empty(one_server)


@pytest.fixture
def server(tmp_path: Path, one_server: NatsServer) -> Iterator[NatsServer]:
    """Run a server of the test's own, which it may stop and start."""
    with nats_server.started(tmp_path / "nats") as own:
        yield own


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return what the configuration of a relay says of its engine, for each of them."""
    if request.param == "sqlite":
        return {}
    return {"jetstream": nats_server.settings_of(request.getfixturevalue("nats"))}


@pytest.fixture
def relay(tmp_path: Path, engine: dict[str, Any]) -> Running:
    """Run a relay on what the test's relays share: ``async with relay() as room``."""
    return running_in(tmp_path, **engine)


@pytest.fixture
def file_relay(tmp_path: Path) -> Running:
    """Run a relay with a file of its own, in the test's folder."""
    return running_in(tmp_path)


@pytest.fixture
def cluster(tmp_path: Path, nats: NatsServer) -> Running:
    """Run one relay of several on the same server: ``async with cluster() as room``."""
    return running_in(tmp_path, jetstream=nats_server.settings_of(nats))


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[StagedLine]:
    """Return the lines of the relays that the test starts, in turn."""
    opened: list[StagedLine] = []

    class NotedLine(StagedLine):
        def __init__(self, client: Client) -> None:
            super().__init__(client)
            opened.append(self)

    monkeypatch.setattr(engine_module, "Link", NotedLine)
    return opened


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Catch what the relay and its libraries write, down to the smallest detail."""
    stream = io.StringIO()
    kept = [(logger, logger.level, logger.handlers, logger.propagate) for logger in loggers()]
    handler = logging.StreamHandler(stream)
    for logger in loggers()[1:]:
        logger.setLevel(logging.DEBUG)
        logger.handlers = [handler]
    with event_log.writing_to(stream):
        yield stream
    for logger, level, handlers, propagate in kept:
        logger.setLevel(level)
        logger.handlers, logger.propagate = handlers, propagate


def loggers() -> list[logging.Logger]:
    return [logging.getLogger(name) for name in ("optty_desktop.relay", "uvicorn.error", "uvicorn.access", "asyncio")]


def running_in(folder: Path, **engine: Any) -> Running:
    """Return what runs a relay: ``async with run() as room``."""

    @asynccontextmanager
    async def run(**changes: Any) -> AsyncIterator[Room]:
        async with running(folder, **engine, **changes) as room:
            yield room

    return run
