"""From a request to an answer: one ASGI app a route, with faults where the route may have them."""

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import replace

from starlette.types import Receive, Scope, Send

from optty_desktop.training.exchange import Answer, Call, Rejected, error, received_call
from optty_desktop.training.faults import Fault, FaultDesk, Route
from optty_desktop.training.ledger import Ledger, Received
from optty_desktop.training.transport import Connection

Handler = Callable[[Call], Answer]

_logger = logging.getLogger(__name__)
_SECRET = re.compile(r"(client_secret\W{1,4})[^&\"]*")
_PORTAL = b"<!doctype html><title>Guest network</title><h1>Guest network</h1><p>Sign in to use this network.</p>"


class Endpoint:
    """Runs a handler for each request and sends its answer; whatever it raises becomes an error answer."""

    def __init__(self, handle: Handler) -> None:
        self._handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = Connection(scope, receive, send)
        try:
            call = await received_call(scope, receive)
        except Rejected as rejection:
            await connection.answer(rejection.answer)
        else:
            await self.respond(call, connection)

    async def respond(self, call: Call, connection: Connection) -> None:
        """Send the handler's answer."""
        await connection.answer(self.answer_to(call))

    def answer_to(self, call: Call) -> Answer:
        """The handler's answer, whatever happens in it."""
        try:
            return self._handle(call)
        except Rejected as rejection:
            return rejection.answer
        except Exception:
            _logger.exception("A request to the training server could not be handled")
            return error(500, "Internal server error")


class RecordedEndpoint(Endpoint):
    """An endpoint whose requests go into the ledger, secrets masked."""

    def __init__(self, handle: Handler, ledger: Ledger) -> None:
        super().__init__(handle)
        self._ledger = ledger

    async def respond(self, call: Call, connection: Connection) -> None:
        """Record the request, answer it, and record what became of it."""
        path = f"{call.path}?{call.query}" if call.query else call.path
        body = _SECRET.sub(r"\1…", call.body.decode(errors="replace"))
        request = Received(self._ledger.now(), call.method, path, body)
        self._ledger.note_received(request)
        await self.settle(call, connection, request)

    async def settle(self, call: Call, connection: Connection, request: Received) -> None:
        """Answer; the outcome is known before the first byte leaves."""
        answer = self.answer_to(call)
        request.outcome = str(answer.status)
        await connection.answer(answer)


class FaultyEndpoint(RecordedEndpoint):
    """A recorded endpoint that misbehaves as planned."""

    def __init__(self, handle: Handler, ledger: Ledger, route: Route, faults: FaultDesk) -> None:
        super().__init__(handle, ledger)
        self._route = route
        self._faults = faults

    async def settle(self, call: Call, connection: Connection, request: Received) -> None:
        """Answer as the route's next fault has it; processing happens after its pause."""
        fault = self._faults.take(self._route) or Fault("delay")
        if fault.kind != "drip":
            await asyncio.sleep(fault.seconds)
        if fault.kind == "drop_before":
            request.outcome = fault.kind
            await connection.drop()
            return
        answer = _instead(fault) or self.answer_to(call)
        is_lost = answer.is_lost or fault.kind == "drop_after"
        request.outcome = _outcome(fault, answer, is_lost=is_lost)
        if is_lost:
            await connection.drop()
        elif fault.kind == "cut_json":
            await connection.cut(answer)
        elif fault.kind == "drip":
            await connection.drip(answer, fault.seconds)
        else:
            await connection.answer(_spoiled(fault, answer))


def _outcome(fault: Fault, answer: Answer, *, is_lost: bool) -> str:
    if fault.kind == "delay":
        return "drop_after" if is_lost else str(answer.status)
    return fault.kind


def _instead(fault: Fault) -> Answer | None:
    """The answer of a fault that keeps the call from being processed."""
    match fault.kind:
        case "status":
            return _status(fault)
        case "captive_portal":
            return Answer(200, _PORTAL, "text/html; charset=utf-8")
        case "redirect":
            return Answer(302, b"", "text/html; charset=utf-8", headers={"location": fault.url})
        case "expired_token":
            return error(401, "Unauthorized")
        case _:
            return None


def _spoiled(fault: Fault, answer: Answer) -> Answer:
    """What a fault makes of a good answer."""
    if fault.kind == "status_after":
        return _status(fault)
    if fault.kind == "wrong_json":
        return replace(answer, body=["unexpected"])
    if fault.kind == "bad_link" and isinstance(answer.body, dict):
        return replace(answer, body={**answer.body, "link": fault.url})
    return answer


def _status(fault: Fault) -> Answer:
    retry_after = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
    message = fault.message if isinstance(fault.message, str) else list(fault.message)
    return replace(error(fault.status, message), headers=retry_after)
