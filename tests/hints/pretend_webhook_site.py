"""webhook.site on this computer, as its own pages describe it: strict about what is asked, and counting the calls."""

from __future__ import annotations

import asyncio
import json
import uuid
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from tests.api.raw_server import Request, reply

MOST_A_MINUTE = 120
LONGEST_PAGE = 100
KNOWN = {"sorting", "per_page", "page", "date_from"}


@dataclass(frozen=True, slots=True)
class Caught:
    id: str
    created_at: str
    content: str | None

    def listed(self, token: str) -> dict[str, object]:
        return {
            "uuid": self.id,
            "type": "web",
            "token_id": token,
            "ip": "127.0.0.1",
            "method": "POST",
            "content": self.content,
            "headers": {"content-type": ["application/json"]},
            "created_at": self.created_at,
            "updated_at": self.created_at,
        }


class PretendWebhookSite:
    """One address. ``script`` answers for a RawServer; ``answers`` are sent first, whatever was asked."""

    def __init__(self) -> None:
        self.token = str(uuid.UUID(int=0xA94A7294C4AA4074AB77C4CF86FD53B1))
        self.address = f"https://webhook.site/{self.token}"
        self.caught: list[Caught] = []
        self.answers: list[bytes] = []
        self.calls: list[dict[str, str]] = []
        self.wrong: list[str] = []
        self.is_gone = False

    def catch(self, content: str | None, at: str = "2026-03-21 14:06:35") -> str:
        """Somebody sends a request to the address."""
        name = str(uuid.UUID(int=len(self.caught) + 1))
        self.caught.append(Caught(name, at, content))
        return name

    async def script(self, request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(self.answers.pop(0) if self.answers else self._answer(request))
        await writer.drain()

    def _answer(self, request: Request) -> bytes:
        parts = urlsplit(request.target)
        query = {name: values[0] for name, values in parse_qs(parts.query, strict_parsing=True).items()}
        self.calls.append(query)
        if problem := self._problem(request, parts.path, query):
            self.wrong.append(problem)
            return reply(400, b'{"message": "wrong"}')
        if self.is_gone:
            return reply(404, b'{"success": false, "error": {"message": "Token not found"}}')
        if len(self.calls) > MOST_A_MINUTE:
            return reply(429, b'{"message": "Too Many Attempts."}', retry_after="60")
        return reply(200, json.dumps(self.page(query)).encode())

    def _problem(self, request: Request, path: str, query: dict[str, str]) -> str:
        if request.method != "GET" or path != f"/token/{self.token}/requests":
            return f"{request.method} {path}"
        if "authorization" in request.headers or "cookie" in request.headers:
            return "a secret was sent"
        if set(query) - KNOWN or query.get("sorting") not in ("oldest", "newest"):
            return f"unknown {query}"
        if not 1 <= int(query.get("per_page", "50")) <= LONGEST_PAGE or int(query.get("page", "1")) < 1:
            return f"out of range {query}"
        return ""

    def page(self, query: dict[str, str]) -> dict[str, object]:
        """Return what is listed for a query, whatever was asked before."""
        wanted = [one for one in self.caught if one.created_at >= query.get("date_from", "")]
        size, number = int(query.get("per_page", "50")), int(query.get("page", "1"))
        shown = wanted[(number - 1) * size : number * size]
        return {
            "data": [one.listed(self.token) for one in shown],
            "total": len(wanted),
            "per_page": size,
            "current_page": number,
            "is_last_page": number * size >= len(wanted),
        }
