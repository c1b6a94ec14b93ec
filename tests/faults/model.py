"""The small model: one link, one customer, one network, one death of the process. Every schedule on a grid is lived.

A person who wants the link gone decides by what the screen says, again and again, until it is gone. In the end the
service's ledger and the till's screen are compared.
"""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from optty_desktop.core.errors import AppError
from optty_desktop.core.events import EventKind
from optty_desktop.core.links import LinkState, Note, PaymentLink, may_cancel, may_refund
from optty_desktop.core.operations import OperationKind
from optty_desktop.till.cancel_or_refund import Approval, CancelOrRefund
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.follow_status import FollowStatus
from optty_desktop.till.session import Session
from optty_desktop.training.records import Link, LinkStatus
from tests.fakes import THROUGH_ORDER, TRAINING, FakeClock, MemoryJournal, counted_bytes, draft
from tests.faults.world import Died, Fate, Life, Line, Service, till_of

TRIES = 4
"""How often the person decides anew."""

SETTLING = 40
"""Reads, a minute apart, after which everything that can be known is known."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """What happens: all moments in seconds or steps after the first look began; None for never.

    ``first`` and ``second`` are the fates of the first two money calls, ``read`` of the first two reads. ``thinks`` is
    how long the person looks at the question, ``refund_seconds`` how long a refund is on its way.
    """

    pays_at: float | None
    first: Fate = Fate.THROUGH
    second: Fate = Fate.THROUGH
    read: Fate = Fate.THROUGH
    dies_at: int | None = None
    thinks: int = 0
    refund_seconds: int = 0
    late: int = 8
    through_order: bool = False
    is_twice: bool = False


@dataclass
class Verdict:
    """What the comparison found; empty lists are good news. ``races`` are cancels that became refunds."""

    double: list[str] = field(default_factory=list)
    resent: list[str] = field(default_factory=list)
    without_intent: list[str] = field(default_factory=list)
    silent_refunds: list[str] = field(default_factory=list)
    wrong_screen: list[str] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)
    races: int = 0

    def problems(self) -> list[str]:
        """Everything that must not be."""
        return [
            *(f"paid back twice: {one}" for one in self.double),
            *(f"sent again: {one}" for one in self.resent),
            *(f"sent without intent: {one}" for one in self.without_intent),
            *(f"a cancel paid back in silence: {one}" for one in self.silent_refunds),
            *(f"the screen is wrong: {one}" for one in self.wrong_screen),
            *(f"not settled although it can be read: {one}" for one in self.unsettled),
        ]


Attempt = Callable[[Session, str, Schedule], Awaitable[None]]


def schedules(
    *, pays: range, deaths: range, thinks: tuple[int, ...] = (0, 4), wide: bool = False
) -> Iterator[Schedule]:
    """Yield the grid. ``wide`` adds fates of reads and of the second call, and refunds that take time."""
    paid = (None, -1, *pays)
    died = (None, *deaths)
    for pays_at, first, dies_at, think in itertools.product(paid, Fate, died, thinks):
        yield Schedule(pays_at, first, dies_at=dies_at, thinks=think)
        if first is Fate.LATE:
            yield Schedule(pays_at, first, dies_at=dies_at, thinks=think, late=300)
        if not wide:
            continue
        for refund_seconds, late, through_order in ((90, 8, False), (90, 300, False), (0, 8, True), (90, 8, True)):
            yield Schedule(
                pays_at,
                first,
                dies_at=dies_at,
                thinks=think,
                refund_seconds=refund_seconds,
                late=late,
                through_order=through_order,
            )
        for second, read in ((Fate.LATE, Fate.THROUGH), (Fate.NO_ANSWER, Fate.LOST), (Fate.THROUGH, Fate.NO_ANSWER)):
            yield Schedule(pays_at, first, second, read, dies_at, think)


def doubled(pays: range) -> Iterator[Schedule]:
    """Yield schedules in which the person's confirmation is acted on twice, with refunds that take time and not."""
    for pays_at, first, think, refund_seconds in itertools.product((-1, *pays), Fate, (0, 4), (0, 90)):
        yield Schedule(pays_at, first, thinks=think, refund_seconds=refund_seconds, is_twice=True)


async def act(till: Session, number: str, schedule: Schedule) -> None:
    """Look, think, decide by what is on the screen. What the till refuses is left alone."""
    verb = CancelOrRefund(till)
    with suppress(AppError):
        look = await verb.look(number)
        assert isinstance(till.gateway, Line)
        till.gateway.service.clock.advance(schedule.thinks)
        till.gateway.service.catch_up()
        kind = wanted(look.link)
        if kind is None:
            return
        amount = look.link.amount if kind is OperationKind.CANCEL else look.link.refundable
        approval = Approval(kind, look, amount, "Customer returned goods")
        await verb.carry_out(approval)
        if schedule.is_twice:
            await verb.carry_out(approval)


def wanted(link: PaymentLink) -> OperationKind | None:
    """What the screen offers to someone who wants the link gone."""
    if may_cancel(link):
        return OperationKind.CANCEL
    return OperationKind.REFUND if may_refund(link) else None


async def live(schedule: Schedule, attempt: Attempt = act) -> Verdict:
    """Live through one schedule and judge its end."""
    world = World(schedule)
    number = await world.begin()
    with suppress(Died):
        await world.first.take(attempt, number)
    till = await world.reborn()
    await world.settle(till, number, attempt)
    return await world.judge(till, number)


@dataclass
class Process:
    """One process of the till and its session."""

    life: Life
    till: Session
    schedule: Schedule

    async def take(self, attempt: Attempt, number: str) -> None:
        await attempt(self.till, number, self.schedule)


class World:
    """Everything around one schedule."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self.clock = FakeClock()
        self.service = Service(self.clock, refund_seconds=schedule.refund_seconds)
        self.kept = MemoryJournal()
        self.random = counted_bytes()
        self.lines: list[Line] = []
        self._fates = {
            "money": iter((schedule.first, schedule.second)),
            "read": iter((schedule.read, schedule.read)),
        }
        self.first = self._process(None)

    async def begin(self) -> str:
        """Make the link without trouble; from here on the grid counts."""
        made = await CreateLink(self.first.till, str).create(draft())
        number = made.invoice_number
        self.first.life.steps.clear()
        self.first.life.dies_at = self.schedule.dies_at
        if self.schedule.pays_at is not None:
            self.service.at(self.clock.monotonic() + self.schedule.pays_at, lambda: self.service.customer.pay(number))
        self.service.catch_up()
        return number

    async def reborn(self) -> Session:
        """A new process over the same record takes up what is open."""
        till = self._process(None).till
        await FollowStatus(till, lambda _line: None, lambda: 1.0).take_up()
        return till

    async def settle(self, till: Session, number: str, attempt: Attempt) -> None:
        """Read every minute; the person decides anew each time the screen offers something."""
        follow = FollowStatus(till, lambda _line: None, lambda: 1.0)
        tries = 0
        for _ in range(SETTLING):
            self.clock.advance(60)
            self.service.catch_up()
            with suppress(AppError):
                await follow.check(number)
            row = await till.find(number)
            if tries < TRIES and wanted(row) is not None:
                tries += 1
                await attempt(till, number, self.schedule)
            elif not self._may_change(row):
                break
        with suppress(AppError):
            await follow.check(number)

    def _may_change(self, row: PaymentLink) -> bool:
        """Whether more reads can bring news: of what nobody began to pay there is nothing to read."""
        if self.service.has_plans:
            return True
        if row.state is LinkState.UNKNOWN:
            return self.service.ledger.link(row.invoice_number).newest_order is not None
        return row.state not in (LinkState.CANCELLED, LinkState.REFUNDED)

    async def judge(self, till: Session, number: str) -> Verdict:
        """Compare the ledger with the screen."""
        link, row = self.service.ledger.link(number), await till.find(number)
        verdict = Verdict(double=self.service.double_refunds())
        names = [one.operation_id for one in self.service.asked if one.operation_id]
        verdict.resent = [name for name in set(names) if names.count(name) > 1]
        verdict.without_intent = [name for line in self.lines for name in line.without_intent]
        became = [one for one in self.service.asked if one.kind is OperationKind.CANCEL and one.paid_back]
        verdict.races = len(became)
        flagged = [event for event in self.kept.events if event.kind is EventKind.CANCEL_BECAME_REFUND]
        if became and not flagged and row.state is not LinkState.UNKNOWN:
            verdict.silent_refunds.append(f"{row.state} {row.note}")
        if not is_right(row, link):
            verdict.wrong_screen.append(f"{row.state} {row.note} where the service has {link.status}")
        if row.state is LinkState.UNKNOWN and link.newest_order is not None:
            verdict.unsettled.append(f"{row.note}")
        return verdict

    def _process(self, dies_at: int | None) -> Process:
        life = Life(self.service, dies_at)
        environment = THROUGH_ORDER if self.schedule.through_order else TRAINING
        line = Line(self.service, life.step, self.kept, self._fate, environment, self.schedule.late)
        self.lines.append(line)
        return Process(life, till_of(life, line, self.kept, self.random), self.schedule)

    def _fate(self, call: str) -> Fate:
        return next(self._fates.get(call, iter(())), Fate.THROUGH)


_SAME = {
    LinkStatus.CREATED: {LinkState.PENDING, LinkState.DECLINED},
    LinkStatus.PENDING: {LinkState.IN_PROGRESS},
    LinkStatus.PAID: {LinkState.PAID},
    LinkStatus.CANCELLED: {LinkState.CANCELLED},
    LinkStatus.REFUNDED: {LinkState.REFUNDED},
    LinkStatus.PARTIALLY_REFUNDED: {LinkState.REFUNDED},
    LinkStatus.REFUND_PENDING: {LinkState.PAID, LinkState.REFUNDED},
}


def is_right(row: PaymentLink, link: Link) -> bool:
    """Whether the screen says what the ledger says, or that it does not know."""
    if row.state is LinkState.UNKNOWN:
        return True
    if row.state not in _SAME[link.status]:
        return False
    if link.status is LinkStatus.REFUND_PENDING:
        return row.note is Note.REFUND_ON_ITS_WAY
    return row.refunded_minor == link.refunded.minor
