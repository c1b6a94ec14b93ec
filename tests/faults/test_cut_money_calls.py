"""A money call whose line breaks after any byte: the till never claims more than it knows and never sends twice."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from optty_desktop.api.environments import training_environment
from optty_desktop.api.gateway import HttpGateway
from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.environments import Credentials
from optty_desktop.core.errors import AppError, NotSent, OutcomeUnknown, Refused
from optty_desktop.core.money import Money
from optty_desktop.core.ports import LinkOrder
from optty_desktop.training.records import Link
from optty_desktop.training.server import TrainingServer
from tests.api.test_wire import DRAFT
from tests.fakes import FakeClock
from tests.faults.cases import Cases
from tests.faults.cutting_proxy import Cut, CuttingProxy, End, Passage, Way
from tests.promises import Promise, Scaled

EVERY = 25
"""Bytes between two cuts of an ordinary run."""

PRICE = Money(6400, "USD")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One money call. ``done`` says how often the service carried it out; ``is_refused`` that it never will."""

    name: str
    send: Callable[[HttpGateway, str], Awaitable[object]]
    done: Callable[[TrainingServer, str], int]
    needs_link: bool = True
    is_refused: bool = False


async def create(gateway: HttpGateway, number: str) -> object:
    draft = replace(DRAFT, amount=PRICE, due_at=datetime.now(UTC) + timedelta(days=1))
    return await gateway.create_link(gateway.create_body(LinkOrder(number, draft, "Order 1", "Phone order")))


async def cancel_or_refund(gateway: HttpGateway, number: str) -> object:
    return await gateway.cancel_or_refund(number)


async def refund_order(gateway: HttpGateway, number: str) -> object:
    return await gateway.refund_order(f"HPP-{number}", f"R-{number}", Money(100, "USD"), "Broken")


async def refund_too_much(gateway: HttpGateway, number: str) -> object:
    return await gateway.refund_order(f"HPP-{number}", f"R-{number}", Money(6401, "USD"), "Too much")


def links(server: TrainingServer, number: str) -> int:
    return int(server.ledger.has(number))


def refunds(server: TrainingServer, number: str) -> int:
    return len(server.ledger.link(number).refunds)


EXCHANGES = [
    Exchange("create", create, links, needs_link=False),
    Exchange("cancel or refund", cancel_or_refund, refunds),
    Exchange("order refund", refund_order, refunds),
    Exchange("refused refund", refund_too_much, refunds, is_refused=True),
]


class Line:
    """A gateway on one end, the pretend service on the other, and the proxy that cuts between them."""

    def __init__(self, exchange: Exchange, server: TrainingServer, proxy: CuttingProxy, gateway: HttpGateway) -> None:
        self.exchange, self.server, self.proxy, self._gateway = exchange, server, proxy, gateway
        self._cases = 0
        self.tried: list[tuple[Cut | None, str, list[Passage], object]] = []

    async def call(self, cut: Cut | None) -> list[Passage]:
        """Make one call of its own invoice number over a line cut like this; note what came of it."""
        self._cases += 1
        number = f"C-{self._cases:05d}"
        if self.exchange.needs_link:
            paid_link(self.server, number)
        before, self.proxy.cut = len(self.proxy.passages), cut
        try:
            outcome: object = await self.exchange.send(self._gateway, number)
        except AppError as error:
            outcome = error
        passages = self.proxy.passages[before:]
        self.tried.append((cut, number, passages, outcome))
        return passages

    async def settle(self) -> None:
        """Return when the service has carried out all it was given: it takes one request after the other."""
        await self.call(None)


def paid_link(server: TrainingServer, number: str) -> None:
    """Put a paid link on the service's books."""
    now = server.ledger.now()
    server.ledger.add(Link(number, f"code-{number}", f"HPP-{number}", PRICE, "Cake", now, now + timedelta(days=1)))
    server.customer.pay(number)


def problem_of(line: Line, cut: Cut | None, number: str, passages: list[Passage], outcome: object) -> str:
    """What is wrong with an outcome, judged by what went over the line and what stands in the ledger."""
    whole_requests = sum(passage.has_whole_request for passage in passages)
    whole_answer = any(passage.has_whole_answer for passage in passages)
    done = line.exchange.done(line.server, number)
    if len(passages) != 1 or whole_requests > 1:
        return f"sent {len(passages)} times"
    if done != (0 if line.exchange.is_refused else whole_requests):
        return f"done {done} times after {whole_requests} whole requests"
    if isinstance(outcome, OutcomeUnknown):
        is_timid = whole_answer and (cut is None or cut.end is End.FIN)
        return "unknown despite a whole answer" if is_timid else ""
    if isinstance(outcome, NotSent):
        return "not sent, yet the service had it" if whole_requests else ""
    if isinstance(outcome, Refused) is not line.exchange.is_refused or not whole_answer:
        return f"{outcome!r} after {bytes(passages[0].down)!r}"
    return ""


async def cut_everywhere(exchange: Exchange, end: End, every: int, transport: HttpTransport) -> Cases:
    """Cut one exchange after each ``every``-th byte of request and answer, and judge each outcome."""
    cases = Cases()
    with TrainingServer() as server:
        server.switches.is_double_refund_protected = False
        async with CuttingProxy(int(server.url.rpartition(":")[2])) as proxy:
            keys = Credentials(server.client_id, server.client_secret)
            gateway = HttpGateway(training_environment(proxy.url), keys, transport, FakeClock())
            line = Line(exchange, server, proxy, gateway)
            await line.call(None)  # with the token call before it
            whole = (await line.call(None))[0]
            line.tried.clear()
            for way, length in ((Way.UP, len(whole.up)), (Way.DOWN, len(whole.down))):
                for after in sorted({*range(0, length, every), length - 1, length}):
                    begun = time.monotonic()
                    await line.call(Cut(way, after, end))
                    cases.worst = max(cases.worst, time.monotonic() - begun)
            await line.settle()
            await transport.close()
        for cut, number, passages, outcome in line.tried:
            cases.add((exchange.name, cut), problem_of(line, cut, number, passages, outcome))
    return cases


@pytest.mark.limit(300)
@pytest.mark.parametrize("end", End, ids=lambda end: str(end.value))
@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda exchange: str(exchange.name))
async def test_a_cut_money_call_is_never_misjudged_and_never_sent_twice(
    exchange: Exchange, end: End, transport: HttpTransport, promise: Promise, scaled: Scaled
) -> None:
    cases = await cut_everywhere(exchange, end, scaled(EVERY, 1), transport)
    assert cases.count > 16
    cases.report(promise, "cut")


async def test_a_client_that_tries_again_by_itself_pays_back_twice() -> None:
    """The control: what this file looks for does happen to a gateway without care."""
    twice = 0
    with TrainingServer() as server:
        server.switches.is_double_refund_protected = False
        async with CuttingProxy(int(server.url.rpartition(":")[2])) as proxy:
            fresh = {"Connection": "close"}
            async with httpx.AsyncClient(base_url=proxy.url, headers=fresh, trust_env=False) as client:
                keys = {"client_id": server.client_id, "client_secret": server.client_secret}
                form = {**keys, "grant_type": "client_credentials", "scope": "merchant"}
                token = (await client.post("/token", data=form)).json()["access_token"]
                for case, after in enumerate(range(0, 200, 20)):
                    number = f"C-{case:05d}"
                    paid_link(server, number)
                    proxy.cut = Cut(Way.DOWN, after, End.FIN)
                    await insist(client, f"/training/links/{number}/cancel-or-refund", token)
                    twice += server.ledger.link(number).balance.minor < 0
    assert twice == 10


async def insist(client: httpx.AsyncClient, path: str, token: str) -> None:
    """Send until there is an answer."""
    for _ in range(5):
        try:
            await client.post(path, headers={"Authorization": f"Bearer {token}"})
        except httpx.TransportError:
            continue
        return
    raise AssertionError("no answer in five tries")
