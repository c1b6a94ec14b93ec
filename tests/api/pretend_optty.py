"""A pretend Optty of raw bytes: gives out tokens and answers every other call with what the test lined up."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs

from optty_desktop.core.environments import Environment, EnvironmentKind, RouteTemplate
from tests.api.raw_server import RawServer, Request, Script, always, reply


class PretendOptty:
    """``answers`` are used one a call; ``tokens_given`` are in order. ``refused`` tokens get a 401."""

    def __init__(self) -> None:
        self.answers: deque[bytes | Script] = deque()
        self.token_answers: deque[bytes | Script] = deque()
        self.tokens_given: list[str] = []
        self.refused: set[str] = set()
        self.expires_in = 86400
        self._server = RawServer(self._serve)

    async def __aenter__(self) -> Self:
        await self._server.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._server.__aexit__(kind, error, traceback)

    @property
    def environment(self) -> Environment:
        """The profile that leads here."""
        return Environment(
            id="training",
            name="Training",
            kind=EnvironmentKind.TRAINING,
            token_url=f"{self._server.url}/token",
            api_url=self._server.url,
            link_hosts=("127.0.0.1", ".optty.com"),
            cancel_or_refund=RouteTemplate("POST", "/links/{invoiceNumber}/close"),
        )

    @property
    def token_requests(self) -> list[Request]:
        """All token calls."""
        return [request for request in self._server.requests if request.target == "/token"]

    @property
    def token_calls(self) -> list[dict[str, str]]:
        """The forms of all token calls."""
        forms = [parse_qs(request.body.decode()) for request in self.token_requests]
        return [{name: values[0] for name, values in form.items()} for form in forms]

    @property
    def calls(self) -> list[Request]:
        """All other calls."""
        return [request for request in self._server.requests if request.target != "/token"]

    def will_answer(self, body: object, status: int = 200) -> None:
        """Line up a JSON answer."""
        self.answers.append(reply(status, json.dumps(body).encode()))

    def will_give(self, token: str) -> None:
        """Line up a token."""
        self.token_answers.append(reply(200, json.dumps({"access_token": token, "expires_in": 300}).encode()))

    async def _serve(self, request: Request, writer: asyncio.StreamWriter) -> None:
        if request.target == "/token":
            await self._run(self.token_answers.popleft() if self.token_answers else self._token(), request, writer)
        elif request.headers.get("authorization", "").removeprefix("Bearer ") in self.refused:
            await self._run(reply(401, b'{"statusCode":401,"message":"Unauthorized"}'), request, writer)
        else:
            await self._run(self.answers.popleft(), request, writer)

    def _token(self) -> bytes:
        self.tokens_given.append(f"token-{len(self.tokens_given) + 1}")
        answer = {"access_token": self.tokens_given[-1], "expires_in": self.expires_in, "token_type": "Bearer"}
        return reply(200, json.dumps(answer).encode())

    async def _run(self, answer: bytes | Script, request: Request, writer: asyncio.StreamWriter) -> None:
        if isinstance(answer, bytes):
            # So that no test leaves a connection open behind it.
            answer = always(answer.replace(b"\r\n", b"\r\nconnection: close\r\n", 1))
        await answer(request, writer)
