"""Hints on their way to a till: as server-sent events, or one batch at a time for proxies that hold a stream back.

Both give the same JSON: a Standard Webhooks message, so that a proxy that breaks TLS open cannot invent a hint.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from optty_desktop.relay.bell import Bell
from optty_desktop.relay.engine import Batch, Engine, gone
from optty_desktop.relay.exchange import Refused, answer, token_of, while_heard
from optty_desktop.relay.feed import Hint, PlaceGone
from optty_desktop.relay.figures import Figures
from optty_desktop.relay.moments import SECOND, stamp, written
from optty_desktop.relay.problems import RelayProblem
from optty_desktop.relay.seals import Cursor, signed_message
from optty_desktop.relay.tills import Till

SILENCE_SECONDS: Final = 15.0
"""Between two lines of a stream. A till that hears nothing for three times as long takes it for dead."""

LONGEST_WAIT: Final = 60.0
_USUAL_WAIT: Final = 25.0
_LONGEST_CURSOR: Final = 200
_HEADERS: Final = {"cache-control": "no-store", "x-accel-buffering": "no"}


class Stream:
    """Handlers of ``/v1/stream`` and ``/v1/events``."""

    def __init__(
        self, store: Engine, bell: Bell, figures: Figures, most: int, silence_seconds: float = SILENCE_SECONDS
    ) -> None:
        self._store = store
        self._bell = bell
        self._figures = figures
        self._most = most
        self._silence_seconds = silence_seconds
        self._open: Counter[str] = Counter()

    async def follow(self, request: Request) -> Response:
        """``GET /v1/stream``: from ``Last-Event-ID``, or from the head, which is then told first."""
        token = token_of(request)
        till = await self._store.admitted(token)
        text = request.headers.get("last-event-id", "")
        cursor = await self._cursor(till, text)
        try:
            await self._store.batch(token, cursor)  # while there is a status to refuse with
        except PlaceGone as lost:
            raise await gone(self._store, till.shop) from lost
        seat = ExitStack()
        seat.enter_context(self._seated(till))
        return _Lines(self._lines(token, till, cursor, is_new=not text), seat)

    async def poll(self, request: Request) -> Response:
        """``GET /v1/events?after=N&wait=25``: what is new, at once or within ``wait`` seconds; else an empty list."""
        token = token_of(request)
        till = await self._store.admitted(token)
        cursor = await self._cursor(till, request.query_params.get("after", ""))
        wait = _seconds(request.query_params.get("wait", str(_USUAL_WAIT)))
        try:
            with self._seated(till):
                batch = await while_heard(request, self._next(token, till, cursor, wait))
        except PlaceGone as lost:
            raise await gone(self._store, till.shop) from lost
        events = [self._event(till, hint) for hint in batch.hints]
        self._figures.hints_delivered += len(events)
        after = self._store.seals.cursor_text(till.shop, batch.after)
        return answer({"epoch": batch.after.epoch, "events": events, "after": after})

    async def _cursor(self, till: Till, text: str) -> Cursor:
        if not text:
            return (await self._store.ends(till.shop)).head
        cursor = self._store.seals.cursor(till.shop, text) if len(text) <= _LONGEST_CURSOR else None
        if cursor is None:
            raise await gone(self._store, till.shop)
        return cursor

    async def _lines(self, token: str, till: Till, cursor: Cursor, *, is_new: bool) -> AsyncIterator[str]:
        """Yield events and, in silence, comments; the end means that the till should ask again."""
        if is_new:
            place = self._store.seals.cursor_text(till.shop, cursor)
            head = json.dumps({"epoch": cursor.epoch, "seq": cursor.seq})
            yield f"event: head\nid: {place}\ndata: {head}\n\n"
        else:
            yield ": hello\n\n"
        while not self._bell.is_stopping:
            try:
                batch = await self._next(token, till, cursor, self._silence_seconds)
            except RelayProblem:
                return  # asked again, the relay says what it is
            for hint in batch.hints:
                place = self._store.seals.cursor_text(till.shop, hint.cursor)
                self._figures.hints_delivered += 1
                yield f"id: {place}\ndata: {json.dumps(self._event(till, hint))}\n\n"
            if not batch.hints:
                yield ":\n\n"
            cursor = batch.after

    async def _next(self, token: str, till: Till, cursor: Cursor, wait: float) -> Batch:
        """Return the next hints, or an empty batch after ``wait`` seconds. The token is looked at with every ring."""
        end = asyncio.get_running_loop().time() + wait
        with self._bell.listening(till.shop) as rung:
            while True:
                rung.clear()
                batch = await self._store.batch(token, cursor)
                if batch.hints or self._bell.is_stopping:
                    return batch
                try:
                    async with asyncio.timeout_at(end):
                        await rung.wait()
                except TimeoutError:
                    return batch

    def _event(self, till: Till, hint: Hint) -> dict[str, Any]:
        body = json.dumps(
            {
                "epoch": hint.cursor.epoch,
                "seq": hint.cursor.seq,
                "prev": hint.prev,
                "invoice": hint.invoice,
                "order": hint.order,
                "received_at": written(hint.received_at),
            }
        )
        seconds = stamp(self._store.now()) // SECOND
        name = f"{hint.cursor.epoch}-{hint.cursor.seq}"
        return signed_message(self._store.seals.signing_key(till.id), name, seconds, body)

    @contextmanager
    def _seated(self, till: Till) -> Iterator[None]:
        """Have one of the till's streams for this block. Raises Refused where it has all of them."""
        if self._open[till.id] >= self._most:
            raise Refused(429, "This till follows too many streams already.", retry_after="5")
        self._open[till.id] += 1
        self._figures.streams += 1
        try:
            yield
        finally:
            self._figures.streams -= 1
            self._open[till.id] -= 1
            if not self._open[till.id]:
                del self._open[till.id]


class _Lines(StreamingResponse):
    """A stream, and its seat, which is given back when the stream ends."""

    def __init__(self, lines: AsyncIterator[str], seat: ExitStack) -> None:
        super().__init__(lines, media_type="text/event-stream", headers=_HEADERS)
        self._seat = seat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._seat:
            await super().__call__(scope, receive, send)


def _seconds(text: str) -> float:
    if not (text.isascii() and text.replace(".", "", 1).isdigit() and len(text) <= 6):
        raise Refused(400, "wait must be a number of seconds.")
    return min(float(text), LONGEST_WAIT)
