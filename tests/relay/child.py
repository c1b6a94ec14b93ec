"""A relay in a process of its own that kills itself at a named point of taking a notice in."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from pathlib import Path

from nats.js.api import PubAck
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from optty_desktop.relay.app import RelayService
from optty_desktop.relay.config import JetStream
from optty_desktop.relay.jetstream import engine
from optty_desktop.relay.jetstream.link import Link
from optty_desktop.relay.server import RelayServer, bound_socket
from tests.relay.room import config_in

POINTS = ("request in", "body in", "before insert", "before commit", "after commit", "before answer", "half answered")
JETSTREAM_POINTS = (
    "request in",
    "body in",
    "before sending",
    "sent",
    "acknowledged",
    "before answer",
    "half answered",
)
HASTY = "answers before it stores"
MARKED = "KILL"
"""The query of the notice at which the process is to die."""


class Points:
    """Kills its own process at the armed point of a marked notice."""

    def __init__(self, armed: str) -> None:
        self.armed = armed
        self.is_marked = False

    def reach(self, name: str) -> None:
        if self.is_marked and name == self.armed:
            os.kill(os.getpid(), signal.SIGKILL)


class PointedConnection(sqlite3.Connection):
    """The real connection; the insert of a hint and each commit are points."""

    points: Points

    def execute(self, statement: str, *values: object) -> sqlite3.Cursor:
        if statement.startswith("INSERT INTO hints"):
            self.points.reach("before insert")
        if statement != "COMMIT":
            return super().execute(statement, *values)  # type: ignore[arg-type]
        self.points.reach("before commit")
        cursor = super().execute(statement)
        self.points.reach("after commit")
        return cursor


class PointedLink(Link):
    """The real line to NATS; a hint before it is sent, sent, and acknowledged is a point."""

    points: Points

    async def put(self, subject: str, data: bytes, headers: dict[str, str], last: int | None = None) -> PubAck:
        self.points.reach("before sending")
        putting = asyncio.ensure_future(super().put(subject, data, headers, last))
        await asyncio.sleep(0)
        await self._client.flush()
        self.points.reach("sent")
        ack = await putting
        self.points.reach("acknowledged")
        return ack


def pointed(points: Points, app: ASGIApp) -> ASGIApp:
    """Wrap the relay's app; what goes in and out are points."""

    async def pointed_app(scope: Scope, receive: Receive, send: Send) -> None:
        points.is_marked = points.is_marked or scope["query_string"] == MARKED.encode()
        points.reach("request in")

        async def pointed_receive() -> Message:
            message = await receive()
            points.reach("body in")
            return message

        async def pointed_send(message: Message) -> None:
            points.reach("before answer")
            await send(message)
            points.reach("half answered")

        async def hasty_app() -> None:
            await pointed_receive()
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body", "body": b""})
            points.reach(HASTY)

        if points.armed == HASTY:
            await hasty_app()
        else:
            await app(scope, pointed_receive, pointed_send)

    return pointed_app


async def serve(folder: Path, armed: str, servers: tuple[str, ...] = ()) -> None:
    """Serve until killed, from a file or from NATS servers; say the port first."""
    points = Points(armed)
    PointedConnection.points = PointedLink.points = points
    engine.Link = PointedLink  # type: ignore[attr-defined]

    def connect(path: Path) -> sqlite3.Connection:
        return sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=PointedConnection)

    config = config_in(folder, jetstream=JetStream(servers, 1) if servers else None)
    service = await RelayService.open(config, connect=connect)
    server = RelayServer(pointed(points, service.app), config, service.let_go)
    with bound_socket(config) as listener:
        os.write(1, f"{listener.getsockname()[1]}\n".encode())
        await asyncio.gather(server.serve(sockets=[listener]), service.keep_in_order())


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), sys.argv[2], tuple(sys.argv[3:])))
