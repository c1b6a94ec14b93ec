"""The named points at which a process of the till is killed. They wrap the real gateway and the real journal."""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

from optty_desktop.api.gateway import HttpGateway
from optty_desktop.api.http_clients import HttpClients
from optty_desktop.api.proxy_knock import ProxyKnock
from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.network import Proxy
from optty_desktop.core.operations import Operation, OperationKind, Stage
from optty_desktop.core.ports import CreatedLink, MoneyAnswer, OrderReading, Record
from optty_desktop.journal.journal import SqliteJournal

CREATE_POINTS = (
    *("before intent", "after intent", "connected", "half sent", "sent"),
    *("headers in", "body in", "answer in", "stored", "shown"),
)
MONEY_POINTS = (
    *("before read", "after read", "approved", "before intent", "after intent", "after second read"),
    *("before sending", "after sending", "connected", "half sent", "sent", "answer in", "stored", "settled"),
)

_OF_TRACE = {
    "connection.connect_tcp.complete": "connected",
    "http11.send_request_body.complete": "sent",
    "http11.receive_response_headers.complete": "headers in",
    "http11.receive_response_body.complete": "body in",
}
_MONEY_ROUTES = ("/custom/hpp", "/cancel-or-refund", "/refund")


class Points:
    """Kills its own process at the point that is armed."""

    def __init__(self) -> None:
        self.armed: str | None = None

    def reach(self, name: str) -> None:
        """Die here, if this is the point."""
        if name == self.armed:
            os.kill(os.getpid(), signal.SIGKILL)


class PointedClients(HttpClients):
    """The real clients; what httpcore tells about a money call are points."""

    points: Points

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str], content: bytes | None, knock: ProxyKnock
    ) -> httpx.Request:
        request = super().request(method, url, headers=headers, content=content, knock=knock)
        if url.endswith(_MONEY_ROUTES):
            request.extensions["trace"] = self._trace
        return request

    async def _trace(self, name: str, info: dict[str, Any]) -> None:
        if name == "connection.connect_tcp.complete" and self.points.armed == "half sent":
            stream = info["return_value"]
            stream.write = self._half(stream.write)
        if name in _OF_TRACE:
            self.points.reach(_OF_TRACE[name])

    def _half(self, write: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        """Write the first half of the last part that is written: of the body where there is one, else of the head."""

        async def half(buffer: bytes, **limits: Any) -> None:
            if b"content-length" not in buffer.lower() or b"content-length: 0" in buffer.lower():
                await write(buffer[: len(buffer) // 2], **limits)
                self.points.reach("half sent")
            await write(buffer, **limits)

        return half


class PointedTransport(HttpTransport):
    """The real transport with those clients."""

    points: Points

    def _load(self, proxy: Proxy | None) -> HttpClients:
        clients = PointedClients(self._ssl_context(), proxy, self._user_agent)
        clients.points = self.points
        return clients


class PointedGateway(HttpGateway):
    """The real gateway; a read and an answer are points."""

    points: Points
    reads = 0

    async def create_link(self, body: bytes) -> CreatedLink:
        answer = await super().create_link(body)
        self.points.reach("answer in")
        return answer

    async def cancel_or_refund(self, invoice_number: str) -> MoneyAnswer:
        answer = await super().cancel_or_refund(invoice_number)
        self.points.reach("answer in")
        return answer

    async def read_order(self, order_reference: str) -> OrderReading:
        self.points.reach("before read")
        self.reads += 1
        reading = await super().read_order(order_reference)
        self.points.reach("after read" if self.reads == 1 else "after second read")
        return reading


class PointedJournal(SqliteJournal):
    """The real journal; each commit of a stage is a point before and after."""

    points: Points

    async def commit(self, *records: Record) -> None:
        name = next((_stage_name(record) for record in records if isinstance(record, Operation)), None)
        self.points.reach(f"before {name}")
        await super().commit(*records)
        self.points.reach(f"after {name}")
        if name == "end":
            self.points.reach("stored")


def _stage_name(operation: Operation) -> str:
    if operation.stage is Stage.INTENT or (operation.kind, operation.stage) == (OperationKind.CREATE, Stage.SENDING):
        return "intent"
    return "sending" if operation.stage is Stage.SENDING else "end"
