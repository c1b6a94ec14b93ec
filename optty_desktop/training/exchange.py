"""One exchange: the request as handlers see it, the answer they give, and JSON with exact numbers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from email.message import Message
from typing import NoReturn

from starlette.types import Receive, Scope

MAX_BODY = 256 * 1024
_TITLES = {400: "Bad Request", 403: "Forbidden", 404: "Not Found", 409: "Conflict", 413: "Payload Too Large"}


@dataclass(frozen=True, slots=True)
class Call:
    """A request with its whole body. ``origin`` is this service's address, whatever name the caller used."""

    origin: str
    method: str
    path: str
    query: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The content type without its parameters."""
        message = Message()
        message["content-type"] = self.headers.get("content-type", "")
        return message.get_content_type() if self.headers.get("content-type") else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler says. ``body`` is JSON data, or bytes to be sent as they are with ``media_type``.

    ``is_lost``: the call is processed, yet its answer never leaves.
    """

    status: int
    body: object
    media_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    is_lost: bool = False

    @property
    def content(self) -> bytes:
        """The body's bytes."""
        return self.body if isinstance(self.body, bytes) else encoded(self.body).encode()


class Rejected(Exception):
    """A handler's way to stop with an error answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def error(status: int, message: str | list[str], title: str | None = None) -> Answer:
    """An error in Optty's shape; ``error`` is left out where published samples do so (401, 500)."""
    body: dict[str, object] = {"statusCode": status, "message": message}
    if title or status in _TITLES:
        body["error"] = title or _TITLES[status]
    return Answer(status, body)


def reject(status: int, message: str | list[str]) -> NoReturn:
    """Stop the handler with an error. Raises Rejected."""
    raise Rejected(error(status, message))


async def received_call(scope: Scope, receive: Receive) -> Call:
    """Read the whole request. Raises Rejected when the body is over 256 KiB or the caller is gone."""
    parts: list[bytes] = []
    size, is_more = 0, True
    while is_more:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        is_more = message.get("more_body", False)
        if size > MAX_BODY:
            reject(413, "request entity too large")
    return Call(
        origin=f"http://127.0.0.1:{scope['server'][1]}",
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        parameters=scope.get("path_params", {}),
        headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
        body=b"".join(parts),
    )


def json_body(call: Call) -> dict[str, object]:
    """The body as a JSON object, decimals exact. Raises Rejected with the published 400 text otherwise."""
    if call.media_type != "application/json":
        reject(400, "Content-Type must be application/json")
    try:
        text = call.body.decode()
    except UnicodeDecodeError:
        reject(400, "Request body must be UTF-8")
    try:
        body = json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except json.JSONDecodeError as problem:
        reject(400, _json_problem(text, problem.pos))
    except (ValueError, RecursionError):
        reject(400, "Unexpected number in JSON")
    if not isinstance(body, dict):
        reject(400, _json_problem(text, 0))
    return body


def encoded(value: object) -> str:
    """JSON text of plain data, decimals written digit for digit."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(name)}:{encoded(entry)}" for name, entry in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(encoded(entry) for entry in value) + "]"
    return json.dumps(value)


def _json_problem(text: str, position: int) -> str:
    if position >= len(text):
        return "Unexpected end of JSON input"
    return f"Unexpected token {text[position]} in JSON at position {position}"


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
