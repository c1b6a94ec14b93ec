"""One seed, one history: a till, its customers, a bad network, a full disk, a clock that is set, and sudden deaths.

True time is virtual. After each step the ledger is looked at; at the end the till must say what the ledger says, or
that it does not know.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from optty_desktop.core.errors import AppError, DiskFull
from optty_desktop.core.events import EventKind
from optty_desktop.core.links import LinkState, Note, PaymentLink, may_follow
from optty_desktop.core.money import Money
from optty_desktop.core.operations import LEGAL_STAGES, Operation, OperationKind
from optty_desktop.core.ports import Record
from optty_desktop.till.cancel_or_refund import Approval, CancelOrRefund
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.follow_status import FollowStatus
from optty_desktop.till.session import Session
from optty_desktop.training.lifecycle import Refused
from tests.fakes import IDENTITY, THROUGH_ORDER, TRAINING, MemoryJournal, counted_bytes, draft
from tests.faults.model import is_right, wanted
from tests.faults.virtual_time import VirtualClock, VirtualLoop
from tests.faults.world import Died, Fate, Life, Line, MortalJournal, Service, WallClock

TROUBLED = 15 * 60.0
"""Seconds of trouble."""

QUIET = 40 * 60.0
"""Seconds after it, in which all that can be known becomes known."""

CLOSING = 5 * 60.0
"""The last of them, in which nobody asks for anything: a refund of the service takes a while, and a read sees it."""


@dataclass
class History:
    """What one seed has shown."""

    seed: int
    problems: list[str] = field(default_factory=list)
    links: int = 0
    money_calls: int = 0
    deaths: int = 0
    races: int = 0
    unknown: int = 0


def simulate(seed: int, verb: type[CancelOrRefund] = CancelOrRefund) -> History:
    """Live through the history of this seed."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        simulation = Simulation(seed, runner.get_loop(), verb)
        runner.get_loop().set_exception_handler(simulation.note_loop_error)
        return runner.run(simulation.run())


class CheckedJournal(MortalJournal):
    """The record, which notes every step that the tables do not allow."""

    def __init__(self, simulation: Simulation, life: Life) -> None:
        super().__init__(simulation.kept, life)
        self._simulation = simulation

    async def commit(self, *records: Record) -> None:
        if self._simulation.is_disk_full:
            raise DiskFull
        for record in records:
            self._check(record)
        await super().commit(*records)

    def _check(self, record: Record) -> None:
        broken = self._simulation.history.problems
        if isinstance(record, Operation):
            before = self.kept.get(record.operation_id)
            if before and record.stage is not before.stage and record.stage not in LEGAL_STAGES[before.stage]:
                broken.append(f"{record.kind} from {before.stage} to {record.stage}")
        elif isinstance(record, PaymentLink):
            link = self.saved.get(record.invoice_number)
            if link and not may_follow(link.state, record.state):
                broken.append(f"link from {link.state} to {record.state}")


class SlowLife(Life):
    """A process whose steps take random time."""

    def __init__(self, simulation: Simulation) -> None:
        super().__init__(simulation.service)
        self._simulation = simulation

    async def step(self, name: str) -> None:
        self.stay_dead()
        pick = self._simulation.random
        is_commit = name.startswith("commit")
        await asyncio.sleep(pick.uniform(0.001, 0.05) if is_commit else pick.expovariate(1 / 0.4))
        self._simulation.look()
        self.stay_dead()


class Simulation:
    """One history."""

    def __init__(self, seed: int, loop: asyncio.AbstractEventLoop, verb: type[CancelOrRefund]) -> None:
        self.history = History(seed)
        self.random = random.Random(seed)  # noqa: S311  a history must be the same each time
        self.clock = VirtualClock(loop)
        self.service = Service(self.clock, refund_seconds=self.random.choice((0.0, 0.0, 20.0, 200.0)))
        self.kept = MemoryJournal()
        self.is_disk_full = self.is_line_down = False
        self._verb = verb
        self._bytes = counted_bytes()
        self._environment = self.random.choice((TRAINING, TRAINING, THROUGH_ORDER))
        self._badness = self.random.choice((0.0, 0.1, 0.3, 0.6))
        self._lines: list[Line] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._is_troubled = True
        self._is_closing = False

    async def run(self) -> History:
        """Trouble, then quiet, then the comparison."""
        self._start()
        people: list[Coroutine[Any, Any, None]] = [self._customers(), self._deaths(), self._disk(), self._network()]
        troubles = [asyncio.ensure_future(one) for one in (*people, self._wall_clock())]
        await asyncio.sleep(TROUBLED)
        await _end(troubles)
        self.is_disk_full = self.is_line_down = self._is_troubled = False
        if self.life.is_dead:
            await _end(self._tasks)
            self._start()
        await asyncio.sleep(QUIET - CLOSING)
        self._is_closing = True
        await asyncio.sleep(CLOSING)
        for operation in await self.kept.open_operations():
            if operation.kind is OperationKind.CREATE:
                with suppress(AppError):
                    await CreateLink(self.till, str).repeat(operation.invoice_number)
        await asyncio.sleep(60)
        self.look()
        await self._judge()
        await _end(self._tasks)
        return self.history

    def note_loop_error(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """A task that failed with nobody looking is a problem, unless it died."""
        if not isinstance(context.get("exception"), Died):
            self.history.problems.append(f"nobody looked at {context['message']}: {context.get('exception')!r}")

    def look(self) -> None:
        """After each step: nothing has been paid back twice, nothing was sent that does not stand in the record."""
        self.service.catch_up()
        self._note("paid back twice", self.service.double_refunds())
        self._note("sent without intent", [name for line in self._lines for name in line.without_intent])
        names = [one.operation_id for one in self.service.asked]
        self._note("sent again", [name for name in names if names.count(name) > 1])
        numbers = [one.invoice_number for one in self.kept.kept.values() if one.is_open]
        self._note("two open operations", [number for number in numbers if numbers.count(number) > 1])

    def _note(self, what: str, where: list[str]) -> None:
        problem = f"{what}: {where[0]}" if where else ""
        if problem and problem not in self.history.problems:
            self.history.problems.append(problem)

    # The till and who stands at it.

    def _start(self) -> None:
        """A new process over the same record."""
        self.life = SlowLife(self)
        line = Line(self.service, self.life.step, self.kept, self._fate, self._environment)
        line.late = lambda: self.random.uniform(0, 300)
        self._lines.append(line)
        self.wall = WallClock(self.clock)
        self.till = Session(line, CheckedJournal(self, self.life), IDENTITY, self.wall, self._bytes)
        self._tasks = [asyncio.ensure_future(self._work(self.till))]

    async def _work(self, till: Session) -> None:
        follow = FollowStatus(till, lambda _line: None, lambda: self.random.uniform(0.8, 1.2))
        with suppress(Died):
            while True:
                with suppress(AppError):
                    await follow.take_up()
                    break
                await asyncio.sleep(20)
            self._tasks.append(asyncio.ensure_future(_until_death(follow.run())))
            verbs = CreateLink(till, str), self._verb(till)
            while True:
                await asyncio.sleep(self.random.expovariate(1 / 25))
                with suppress(AppError):
                    await self._do_something(till, follow, *verbs)

    async def _do_something(
        self, till: Session, follow: FollowStatus, create: CreateLink, verb: CancelOrRefund
    ) -> None:
        if self._is_troubled and (not len(till.book) or self.random.random() < 0.15):
            follow.watch((await create.create(draft())).invoice_number)
            return
        if self._is_closing or not len(till.book):
            return
        number = self.random.choice(list(till.book)).invoice_number
        operation = await till.open_operation(number)
        if operation is not None and operation.kind is OperationKind.CREATE:
            await create.repeat(number)
        elif self.random.random() < 0.3:
            await follow.check(number)
        else:
            await self._want_it_gone(till, verb, number)

    async def _want_it_gone(self, till: Session, verb: CancelOrRefund, number: str) -> None:
        look = await verb.look(number)
        kind = wanted(look.link)
        if kind is None:
            return
        await asyncio.sleep(self.random.choice((0, 1, 2.9, 3.1, 10)))
        amount = look.link.amount if kind is OperationKind.CANCEL else look.link.refundable
        if kind is OperationKind.REFUND and till.environment.may_refund_parts and self.random.random() < 0.6:
            amount = Money(self.random.randint(1, amount.minor), amount.currency)
        approval = Approval(kind, look, amount, "Customer returned goods")
        presses = [verb.carry_out(approval) for _ in range(self.random.choice((1, 1, 1, 2)))]
        for result in await asyncio.gather(*presses, return_exceptions=True):
            if isinstance(result, Died):
                raise result
        if self.random.random() < 0.2:
            await verb.carry_out(approval)

    # What happens around it.

    async def _customers(self) -> None:
        while True:
            await asyncio.sleep(self.random.expovariate(1 / 8))
            links = self.service.ledger.links()
            if not links:
                continue
            number = self.random.choice(links).invoice_number
            customer = self.service.customer
            act = self.random.choice((customer.start, customer.pay, customer.pay, customer.decline, customer.cancel))
            with suppress(Refused):
                act(number)

    async def _deaths(self) -> None:
        while True:
            await asyncio.sleep(self.random.expovariate(1 / 200))
            self.life.is_dead = True
            self.history.deaths += 1
            await _end(self._tasks)
            await asyncio.sleep(self.random.uniform(0, 60))
            self._start()

    async def _disk(self) -> None:
        while True:
            await asyncio.sleep(self.random.expovariate(1 / 300))
            self.is_disk_full = True
            await asyncio.sleep(self.random.expovariate(1 / 20))
            self.is_disk_full = False

    async def _network(self) -> None:
        while True:
            await asyncio.sleep(self.random.expovariate(1 / 200))
            self.is_line_down = True
            await asyncio.sleep(self.random.expovariate(1 / 40))
            self.is_line_down = False

    async def _wall_clock(self) -> None:
        while True:
            await asyncio.sleep(self.random.expovariate(1 / 300))
            self.wall.set_by(self.random.choice((-7200, -60, 60, 7200)))

    def _fate(self, _call: str) -> Fate:
        if self.is_line_down:
            return self.random.choice((Fate.NOT_SENT, Fate.LOST))
        if self._is_troubled and self.random.random() < self._badness:
            return self.random.choice(list(Fate))
        return Fate.THROUGH

    # The end.

    async def _judge(self) -> None:
        history = self.history
        links = self.service.ledger.links()
        history.links, history.money_calls = len(links), len(self.service.asked)
        flagged = {one.invoice_number for one in self.kept.events if one.kind is EventKind.CANCEL_BECAME_REFUND}
        became = {one.number for one in self.service.asked if one.kind is OperationKind.CANCEL and one.paid_back}
        history.races = len(became)
        for link in links:
            if link.invoice_number not in self.kept.saved:
                history.problems.append(f"the till does not know {link.invoice_number}")
                continue
            row = await self.till.find(link.invoice_number)
            where = f"{row.invoice_number}: {row.state} {row.note} where the service has {link.status}"
            history.unknown += row.state is LinkState.UNKNOWN
            # A link whose order the service never named cannot be read: what was last known stays on the screen.
            is_readable = row.order_reference is not None
            if not is_right(row, link) and (is_readable or row.note is not Note.REFUND_ON_ITS_WAY):
                history.problems.append(f"the screen is wrong, {where}")
            if row.state is LinkState.UNKNOWN and link.newest_order and is_readable:
                history.problems.append(f"not settled, {where}")
            if row.invoice_number in became - flagged and row.state is not LinkState.UNKNOWN:
                history.problems.append(f"a cancel paid back in silence, {where}")


async def _until_death(work: Coroutine[Any, Any, None]) -> None:
    with suppress(Died):
        await work


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    """Cancel and wait until they are gone."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
