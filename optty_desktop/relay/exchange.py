"""One exchange over HTTP: what a handler may refuse with, and how a body and a token are read."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from optty_desktop.relay import event_log
from optty_desktop.relay.problems import (
    CursorGone,
    HeadContradicted,
    LeaseHeld,
    NotPaired,
    OtherEnvironment,
    StoreUnavailable,
)

BODY_SECONDS: Final = 10.0
_DRAINED_BYTES: Final = 2**20
_SMALL_BODY: Final = 4096
_LONGEST_TOKEN: Final = 200
_NO_STORE: Final = {"cache-control": "no-store"}

T = TypeVar("T")
Handler = Callable[[Request], Awaitable[Response]]


class Refused(Exception):
    """A handler's way to stop with an error; ``str()`` is a sentence for the caller."""

    def __init__(self, status: int, sentence: str, **headers: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def answer(body: dict[str, Any], status: int = 200, **headers: str) -> Response:
    """Return JSON that nobody keeps."""
    return JSONResponse(body, status, {**_NO_STORE, **headers})


class Endpoint:
    """The ASGI app of a handler; whatever it raises becomes an error answer, and nothing of it is written down."""

    def __init__(self, handle: Handler) -> None:
        self._handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._handle(Request(scope, receive))
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001  the caller gets an answer whatever happens
            response = _refusal(error)
        try:
            await response(scope, receive, send)
        except Exception as error:
            _tell_unexpected(error)
            raise  # which ends the connection: the status is sent, so that is all that can be said


def _refusal(error: Exception) -> Response:
    sentence = {"error": str(error)}
    match error:
        case Refused():
            return answer(sentence, error.status, **error.headers)
        case NotPaired():
            return answer(sentence, 401, **{"www-authenticate": "Bearer"})
        case LeaseHeld():
            return answer({**sentence, "expires_in": error.seconds}, 409)
        case OtherEnvironment():
            return answer({**sentence, "environment": error.environment}, 409)
        case HeadContradicted():
            return answer(sentence, 409)
        case CursorGone():
            return answer({**sentence, **error.place}, 410)
        case StoreUnavailable():
            return answer(sentence, 503, **{"retry-after": "5"})
        case _:
            _tell_unexpected(error)
            return answer({"error": "The relay failed."}, 500)


def _tell_unexpected(error: Exception) -> None:
    event_log.alarm("unexpected", error=event_log.places(error))


async def body_of(request: Request, most: int) -> bytes:
    """Return the whole body. Raises Refused for one that is too large or too slow, ClientDisconnect for half a one."""
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                size += len(part)
                # What is too much is read on for a while and dropped: an answer before the end would be lost.
                if size > _DRAINED_BYTES:
                    break
                if size <= most:
                    parts.append(part)
    except TimeoutError as late:
        raise Refused(408, "The body did not come in time.", connection="close") from late
    if size > most:
        raise Refused(413, "The body is too large.", connection="close")
    return b"".join(parts)


async def while_heard(request: Request, work: Awaitable[T]) -> T:
    """Return what ``work`` returns; it is given up when whoever asked has gone. Raises as it does, ClientDisconnect."""
    try:
        async with asyncio.TaskGroup() as group:
            leaving = group.create_task(_left(request))
            result = await work
            leaving.cancel()
    except ExceptionGroup as found:
        raise found.exceptions[0] from None
    return result


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    raise ClientDisconnect


async def object_of(request: Request) -> dict[str, Any]:
    """Return a small JSON object. Raises Refused."""
    try:
        document = json.loads(await body_of(request, _SMALL_BODY))
    except (ValueError, RecursionError) as error:
        raise Refused(400, "The body must be a JSON object.") from error
    if not isinstance(document, dict):
        raise Refused(400, "The body must be a JSON object.")
    return document


def token_of(request: Request) -> str:
    """Return the bearer token. Raises NotPaired."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not 1 <= len(token) <= _LONGEST_TOKEN:
        raise NotPaired("A till token is needed.")
    return token
