"""Makes links at a till, in turns with bare POSTs of the same body to the same service under the same loop.

Argument: how many of each. Tells milliseconds: ``bare`` (a connection each, as the program does), ``kept`` (one
connection for all), ``row`` (button pressed to row in the table), ``code`` (row in the table to code painted),
``verb`` (the same create without the form: record, wire, record, row).
"""

import asyncio
import json
import ssl
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from time import perf_counter
from typing import Any

import httpx

from optty_desktop.till.create_link import CreateLink
from optty_desktop.ui.qr_view import QrView
from tests.benchmarks.programs.till import Till, run_till
from tests.benchmarks.programs.told import tell
from tests.fakes import draft
from tests.waiting import until

WARM_UP = 10
CALM_TICKS, TICK_SECONDS = 3, 0.002


async def calm() -> None:
    """Wait until the window has nothing more to paint: ticks come in time again."""
    in_time = 0
    while in_time < CALM_TICKS:
        begun = perf_counter()
        await asyncio.sleep(TICK_SECONDS)
        in_time = in_time + 1 if perf_counter() - begun < 2 * TICK_SECONDS else 0


class PaintedCodes:
    """Notes when a code has been painted on the view of the ready pane."""

    def __init__(self) -> None:
        self.at: float | None = None
        paint = QrView.paintEvent
        noted = self

        def painted(view: Any, event: Any) -> None:
            paint(view, event)
            if view.code is not None and view.isVisible():
                noted.at = perf_counter()

        QrView.paintEvent = painted  # type: ignore[assignment, method-assign]


class BarePost:
    """The floor: the same bytes, sent by httpx alone."""

    def __init__(self, till: Till, token: str, *, keeps: bool) -> None:
        limits = httpx.Limits(max_keepalive_connections=1 if keeps else 0)
        # No TLS on the loopback: an empty context spares reading the certificates of the world.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._client = httpx.AsyncClient(base_url=till.address.url, trust_env=False, verify=context, limits=limits)
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        self._body: dict[str, Any] = {}
        self._count = 0

    def learn(self, body: bytes) -> None:
        """Take a body that the program has sent."""
        self._body = json.loads(body)

    async def send(self) -> float:
        """POST once; milliseconds."""
        self._count += 1
        content = json.dumps(self._body | {"invoiceNumber": f"BARE-{id(self)}-{self._count}"}).encode()
        begun = perf_counter()
        answer = await self._client.post("/custom/hpp", headers=self._headers, content=content)
        taken = perf_counter() - begun
        answer.raise_for_status()
        return taken * 1000

    async def close(self) -> None:
        """Close the connection."""
        await self._client.aclose()


async def token_of(till: Till) -> str:
    """A token of the service, fetched beside the program's own."""
    form = {"client_id": till.address.client_id, "client_secret": till.address.client_secret}
    form |= {"grant_type": "client_credentials", "scope": "merchant"}
    async with httpx.AsyncClient(base_url=till.address.url, trust_env=False) as client:
        answer = await client.post("/token", data=form)
    return str(answer.json()["access_token"])


class Maker:
    """Presses Create and looks when the row and the code are there."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._codes = PaintedCodes()
        self._row_at: float | None = None
        till.desk.page.links.model.rowsInserted.connect(self._on_row)

    async def make(self) -> tuple[float, float]:
        """One link: milliseconds to the row, and from there to the painted code."""
        self._till.fill_form()
        await calm()
        self._row_at = self._codes.at = None
        begun = perf_counter()
        self._till.desk.page.form.submit()
        await until(lambda: self._row_at is not None and self._is_code_painted())
        assert self._row_at is not None
        assert self._codes.at is not None
        taken = (self._row_at - begun) * 1000, (self._codes.at - self._row_at) * 1000
        self._till.desk.page.ready.new_link_requested.emit()
        await calm()
        return taken

    async def make_without_form(self) -> float:
        """One link straight from the verb: milliseconds until it returns, with the row in the table."""
        verb = CreateLink(self._till.session, str)
        order = replace(draft(), due_at=self._till.session.clock.now() + timedelta(days=3))
        await calm()
        self._row_at = None
        begun = perf_counter()
        await verb.create(order)
        taken = (perf_counter() - begun) * 1000
        assert self._row_at is not None
        await calm()
        return taken

    def _is_code_painted(self) -> bool:
        return self._codes.at is not None and self._till.desk.page.ready.code is not None

    def _on_row(self, *_where: object) -> None:
        self._row_at = perf_counter()


async def measure(till: Till, count: int) -> None:
    """Take turns."""
    token = await token_of(till)
    fresh, kept, maker = BarePost(till, token, keeps=False), BarePost(till, token, keeps=True), Maker(till)
    await maker.make()
    [operation] = await till.session.journal.operations(till.book[0].invoice_number)
    for bare in (fresh, kept):
        bare.learn(operation.body)
    taken: dict[str, list[float]] = {"bare": [], "kept": [], "row": [], "code": [], "verb": []}
    for turn in range(count + WARM_UP):
        bare_ms, kept_ms = await fresh.send(), await kept.send()
        row, code = await maker.make()
        verb = await maker.make_without_form()
        if turn >= WARM_UP:
            for name, value in zip(taken, (bare_ms, kept_ms, row, code, verb), strict=True):
                taken[name].append(value)
    await fresh.close()
    await kept.close()
    tell(**taken)


def work(count: int) -> Callable[[Till], Awaitable[None]]:
    """The measurement as the till runs it."""
    return lambda till: measure(till, count)


if __name__ == "__main__":
    sys.exit(run_till(work(int(sys.argv[1]))))
