"""A small world for money tests: true time, a service that pays back as often as it is asked, a network with fates.

The service is the ledger of the training server with its protection against a second refund switched off, and its
answers are read by the program's own wire code. A process of the till can die at any of its steps.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from optty_desktop.api.link_check import check_link
from optty_desktop.api.wire import created_link
from optty_desktop.api.wire_orders import money_answer, order_reading
from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import AlreadyExists, NotFound, NotSent, OutcomeUnknown, Refused, Trouble
from optty_desktop.core.events import LinkEvent
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.money import Money
from optty_desktop.core.operations import Operation, OperationKind, Stage
from optty_desktop.core.ports import CreatedLink, LinkOrder, MoneyAnswer, OrderReading, Record
from optty_desktop.till.session import Session
from optty_desktop.training import answers, lifecycle
from optty_desktop.training.customer import Customer
from optty_desktop.training.ledger import Ledger, UnknownLink
from optty_desktop.training.records import Link, Refund
from optty_desktop.training.switches import Switches
from tests.fakes import IDENTITY, START, TRAINING, FakeClock, MemoryJournal, counted_bytes

DEADLINE = 20.0
"""Seconds after which the till gives up waiting for an answer."""

T = TypeVar("T")
Step = Callable[[str], Awaitable[None]]


class Died(BaseException):
    """The process was killed. No handler of the program outlives it: everything it tries from here on dies too."""


class Fate(StrEnum):
    """What the network does with one request."""

    THROUGH = "through"
    NOT_SENT = "not_sent"
    LOST = "lost"
    NO_ANSWER = "no_answer"
    LATE = "late"


@dataclass
class Asked:
    """One money call as it reached the service: what the person wanted, and what the service made of it."""

    number: str
    kind: OperationKind
    operation_id: str
    paid_back: int = 0


class Service:
    """The pretend Optty in true time. ``at`` plans what happens later: payments, and requests that come in late."""

    def __init__(self, clock: FakeClock, *, refund_seconds: float = 0.0) -> None:
        self.clock = clock
        self.switches = Switches(is_double_refund_protected=False, refund_seconds=refund_seconds)
        references = counted_bytes()
        self.ledger = Ledger(clock=clock.now, new_reference=lambda: references(8).hex(), switches=self.switches)
        self.customer = Customer(self.ledger, lambda: references(8).hex(), self.switches)
        self.asked: list[Asked] = []
        self.bodies: list[bytes] = []
        self.names_order = True
        self.is_wordless = False
        self.is_broken = False
        self._planned: list[tuple[float, int, Callable[[], object]]] = []

    def at(self, seconds: float, happening: Callable[[], object]) -> None:
        """Plan something for a monotonic time."""
        heapq.heappush(self._planned, (seconds, len(self._planned) + len(self.asked) * 1000, happening))

    @property
    def has_plans(self) -> bool:
        """Whether something is still to happen by itself."""
        return bool(self._planned)

    def catch_up(self) -> None:
        """Everything that was due has happened. What the service refuses to whoever is gone is nobody's business."""
        while self._planned and self._planned[0][0] <= self.clock.monotonic():
            happening = heapq.heappop(self._planned)[2]
            with suppress(lifecycle.Refused, UnknownLink, Refused):
                happening()

    def double_refunds(self) -> list[str]:
        """The links whose customers got more back than they paid."""
        return [link.invoice_number for link in self.ledger.links() if link.balance.minor < 0]

    # What the routes do.

    def create(self, body: bytes) -> CreatedLink:
        self.bodies.append(body)
        asked = json.loads(body, parse_float=Decimal)
        number = asked["invoiceNumber"]
        link = Link(
            invoice_number=number,
            code=f"code-{number}",
            order_reference=f"HPP-{number}",
            price=Money.from_decimal_text(str(asked["price"]), asked["currency"]),
            description=asked["description"],
            created_at=self.ledger.now(),
            due_at=self.ledger.now() + timedelta(days=30),
        )
        try:
            self.ledger.add(link)
        except lifecycle.Refused:
            raise AlreadyExists(400, ("invoiceNumber already exists",)) from None
        document = answers.created(link, asked, f"http://127.0.0.1:1/pay/{number}", names_order=self.names_order)
        return created_link(document, b"{}", body)

    def cancel_or_refund(self, asked: Asked) -> MoneyAnswer:
        self.asked.append(asked)
        try:
            before = self.ledger.link(asked.number).balance.minor
            link = self.ledger.cancel_or_refund(asked.number)
        except UnknownLink:
            raise NotFound(404, ("Link not found",)) from None
        except lifecycle.Refused as refusal:
            raise Refused(400, (str(refusal),)) from None
        asked.paid_back = before - link.balance.minor
        if self.is_broken:
            raise ZeroDivisionError("a fault of the program")
        if self.is_wordless:
            return money_answer({}, b"{}")
        return money_answer(answers.closed(link), b"{}")

    def refund_order(self, asked: Asked, reference: str, amount: Money) -> MoneyAnswer:
        """Pays whatever is asked for, without looking at what is left."""
        self.asked.append(asked)
        now = self.ledger.now()
        settles_at = now + timedelta(seconds=self.switches.refund_seconds)
        refund = Refund(f"id-{reference}", reference, amount, "", now, settles_at)
        link = self.ledger.change(asked.number, lambda link, _: lifecycle.refund(link, refund))
        asked.paid_back = amount.minor
        return money_answer(answers.refunded(link.refunds[-1]), b"{}")

    def read(self, reference: str) -> OrderReading:
        """An order by its reference; also by the link's own number, as a service might offer it."""
        try:
            known = reference if reference.startswith("HPP-") else f"HPP-{reference}"
            link, order = self.ledger.order(known)
        except UnknownLink:
            raise NotFound(404, ("Order not found",)) from None
        return order_reading(answers.order(link, order, reference), reference)


def no_trouble(_call: str) -> Fate:
    """Everything gets through."""
    return Fate.THROUGH


class Line:
    """A gateway over a network with fates. ``step`` is awaited around each call: time passes there, and death strikes.

    ``kept`` is the till's durable record: no money call may leave that does not stand there as being sent.
    ``read_ages`` are the seconds between the last read and each money call.
    """

    def __init__(
        self,
        service: Service,
        step: Step,
        kept: MemoryJournal | None = None,
        fate: Callable[[str], Fate] = no_trouble,
        environment: Environment = TRAINING,
        late: float = 8.0,
    ) -> None:
        self.service = service
        self.environment = environment
        self.fate = fate
        self.calls: list[str] = []
        self.read_ages: list[float] = []
        self._read_at = 0.0
        self.without_intent: list[str] = []
        self._step = step
        self._kept = kept
        self.late: Callable[[], float] = lambda: late

    async def sign_in(self) -> None:
        await self._carry("sign_in", lambda: None)

    def create_body(self, order: LinkOrder) -> bytes:
        from optty_desktop.api.wire import create_body

        return create_body(order)

    async def create_link(self, body: bytes) -> CreatedLink:
        self._sending(json.loads(body)["invoiceNumber"])
        return await self._carry("create", lambda: self.service.create(body))

    def check_link(self, url: str) -> str:
        return check_link(url, self.environment)

    def accept_host(self, host: str) -> None:
        self.environment = replace(self.environment, link_hosts=(*self.environment.link_hosts, host))

    async def cancel_or_refund(self, invoice_number: str) -> MoneyAnswer:
        asked = self._asked(invoice_number)
        return await self._carry("money", lambda: self.service.cancel_or_refund(asked))

    async def read_order(self, order_reference: str) -> OrderReading:
        return await self._carry("read", lambda: self.service.read(order_reference))

    async def refund_order(
        self, order_reference: str, refund_reference: str, amount: Money, description: str
    ) -> MoneyAnswer:
        asked = self._asked(order_reference.removeprefix("HPP-"))
        return await self._carry("money", lambda: self.service.refund_order(asked, refund_reference, amount))

    async def close(self) -> None:
        """Nothing is held."""

    def _asked(self, number: str) -> Asked:
        operation = self._sending(number)
        if operation is None:
            return Asked(number, OperationKind.REFUND, "")
        return Asked(number, operation.kind, operation.operation_id)

    def _sending(self, number: str) -> Operation | None:
        if self._kept is None:
            return None
        open_ones = (one for one in self._kept.kept.values() if one.invoice_number == number and one.is_open)
        operation = next(open_ones, None)
        if operation is None or operation.stage is not Stage.SENDING:
            self.without_intent.append(number)
        return operation

    async def _carry(self, call: str, work: Callable[[], T]) -> T:
        self.calls.append(call)
        now = self.service.clock.monotonic()
        if call == "money":
            self.read_ages.append(now - self._read_at)
        self._read_at = now if call == "read" else self._read_at
        await self._step(f"{call} leaves")
        fate = self.fate(call)
        if fate is Fate.NOT_SENT:
            raise NotSent(Trouble.CONNECT)
        if fate is Fate.LATE and call != "read":
            self.service.at(self.service.clock.monotonic() + DEADLINE + self.late(), work)
        if fate in (Fate.LOST, Fate.LATE):
            raise OutcomeUnknown(Trouble.TIMEOUT)
        result = work()
        await self._step(f"{call} served")
        if fate is Fate.NO_ANSWER:
            raise OutcomeUnknown(Trouble.CUT)
        return result


@dataclass
class Life:
    """One process of the till: it counts its steps, takes ``pace`` seconds for each, and dies at ``dies_at``."""

    service: Service
    dies_at: int | None = None
    pace: float = 1.0
    steps: list[str] = field(default_factory=list)
    is_dead: bool = False

    async def step(self, name: str) -> None:
        """Take one step."""
        self.stay_dead()
        self.steps.append(name)
        self.service.clock.advance(self.pace)
        self.service.catch_up()
        if self.dies_at is not None and len(self.steps) > self.dies_at:
            self.is_dead = True
        self.stay_dead()

    def stay_dead(self) -> None:
        """Raises Died for whoever still tries something."""
        if self.is_dead:
            raise Died


class MortalJournal(MemoryJournal):
    """The record as one process holds it; the record itself outlives the process."""

    def __init__(self, kept: MemoryJournal, life: Life) -> None:
        super().__init__()
        self.saved, self.kept, self.events, self.commits = kept.saved, kept.kept, kept.events, kept.commits
        self._life = life

    async def commit(self, *records: Record) -> None:
        await self._life.step("commit begins")
        await super().commit(*records)
        await self._life.step("commit ends")

    async def link(self, invoice_number: str) -> PaymentLink | None:
        self._life.stay_dead()
        return await super().link(invoice_number)

    async def operations(self, invoice_number: str) -> Sequence[Operation]:
        self._life.stay_dead()
        return await super().operations(invoice_number)

    async def timeline(self, invoice_number: str) -> Sequence[LinkEvent]:
        self._life.stay_dead()
        return await super().timeline(invoice_number)


class WallClock:
    """The till's clock: its wall time can be set, its monotonic time cannot."""

    def __init__(self, true: FakeClock) -> None:
        self._true = true
        self.offset = timedelta()

    def set_by(self, seconds: float) -> None:
        """Somebody sets the wall clock."""
        self.offset += timedelta(seconds=seconds)

    def now(self) -> datetime:
        return self._true.now() + self.offset

    def monotonic(self) -> float:
        return self._true.monotonic()


def till_of(life: Life, line: Line, kept: MemoryJournal, random_bytes: Callable[[int], bytes] | None = None) -> Session:
    """A till in a new process over a record that was there before."""
    clock = WallClock(life.service.clock)
    return Session(line, MortalJournal(kept, life), IDENTITY, clock, random_bytes or counted_bytes())


@dataclass
class Counter:
    """A till on the small world that neither dies nor takes time."""

    environment: Environment = TRAINING
    refund_seconds: float = 0.0
    clock: FakeClock = field(default_factory=FakeClock)
    kept: MemoryJournal = field(default_factory=MemoryJournal)

    def __post_init__(self) -> None:
        self.service = Service(self.clock, refund_seconds=self.refund_seconds)
        self.random = counted_bytes()
        self.fates: dict[str, list[Fate]] = {}
        self.restart()

    def restart(self) -> None:
        """A new process over the same record."""
        self.life = Life(self.service, pace=0.0)
        self.line = Line(self.service, self.life.step, self.kept, self._fate, self.environment)
        self.wall = WallClock(self.clock)
        journal = MortalJournal(self.kept, self.life)
        self.till = Session(self.line, journal, IDENTITY, self.wall, self.random)

    def wait(self, seconds: float) -> None:
        """Time passes for everybody."""
        self.clock.advance(seconds)
        self.service.catch_up()

    def _fate(self, call: str) -> Fate:
        left = self.fates.get(call, [])
        return left.pop(0) if left else Fate.THROUGH


__all__ = ["START", "Asked", "Counter", "Died", "Fate", "Life", "Line", "MortalJournal", "Service", "WallClock"]
