"""Follow the links: read what is worth reading, as often as it is worth it, and take up what a stop left open.

The link on the screen is read most often, open links of the day now and then, old ones rarely; never more than
30 reads a minute. While nothing is open nothing is sent at all.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from optty_desktop.core.errors import AppError, NotSent, OutcomeUnknown, Refused, TooManyRequests, Trouble
from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import LinkState, Note, PaymentLink
from optty_desktop.core.operations import Operation, OperationKind, Stage
from optty_desktop.till.read_link import read_link
from optty_desktop.till.session import Session

MIN_SECONDS_BETWEEN_READS = 2.0
DAY = timedelta(hours=24)


class LineState(StrEnum):
    """What we know of the connection to the payment service."""

    ONLINE = "online"
    OFFLINE = "offline"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Line:
    """Connection as staff see it; times are monotonic seconds. ``next_try_at`` is None while online."""

    state: LineState
    last_contact: float | None
    next_try_at: float | None = None


class FollowStatus:
    """Reads for the whole table. ``watch`` names the link on the screen; ``run`` is one long task."""

    def __init__(self, session: Session, on_line: Callable[[Line], None], jitter: Callable[[], float]) -> None:
        self._session = session
        self._on_line = on_line
        self._jitter = jitter
        self._line = Line(LineState.ONLINE, session.clock.monotonic())
        self._watched: str | None = None
        self._watched_since = 0.0
        self._read_at: dict[str, float] = {}
        self._failures = 0
        self._wake = asyncio.Event()
        session.book.listen(self)

    @property
    def line(self) -> Line:
        """The connection now."""
        return self._line

    def watch(self, invoice_number: str | None) -> None:
        """Follow this link closely from now on, and no other."""
        if invoice_number != self._watched:
            self._watched, self._watched_since = invoice_number, self._session.clock.monotonic()
        self._wake.set()

    def links_added(self, first: int, count: int) -> None:
        """Part of the book's listener protocol: a new link may be worth following."""
        self._wake.set()

    def link_changed(self, position: int, before: PaymentLink) -> None:
        """Part of the book's listener protocol: a refund may be on its way now."""
        link = self._session.book[position]
        if (link.state, link.note) != (before.state, before.note):
            self._wake.set()

    async def take_up(self) -> int:
        """After a start: settle what a stop left open, and put every link that may still move on the table.

        An intent that was never sent ends as such; a sending without an answer becomes "Needs check" and is never sent
        again. Returns how many links need checking.
        """
        session = self._session
        for operation in await session.journal.open_operations():
            if operation.stage is not Stage.UNKNOWN:
                await self._take_up(operation)
        unsettled = await session.journal.unsettled_links()
        session.book.put_all(reversed(unsettled))
        return sum(link.state is LinkState.UNKNOWN for link in unsettled)

    async def check(self, invoice_number: str) -> PaymentLink:
        """Read one link now. Raises what the gateway raises; NotFound only means that nobody has begun to pay."""
        self._read_at[invoice_number] = self._session.clock.monotonic()
        try:
            link = await read_link(self._session, invoice_number)
        except AppError as error:
            self._trouble(error)
            raise
        if link.order_reference is not None:
            self._contact()
        return link

    async def check_all(self) -> None:
        """Read every link that can still move, in turn; stops at the first sign of a dead line."""
        for link in self._candidates():
            try:
                await self.check(link.invoice_number)
            except Refused:
                continue
            except AppError:
                return

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            self._wake.clear()
            pause = self._pause()
            try:
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            except TimeoutError:
                await self._one_round()

    def try_now(self) -> None:
        """Do not wait for the next try."""
        self._line = replace(self._line, next_try_at=self._session.clock.monotonic())
        self._wake.set()

    async def _one_round(self) -> None:
        if self._line.state is not LineState.ONLINE:
            await self._knock()
            return
        link = self._most_due()
        if link is not None:
            try:
                await self.check(link.invoice_number)
            except AppError:
                return

    async def _knock(self) -> None:
        """One call that proves the line: a read if there is one to make, else a token."""
        try:
            link = next(iter(self._candidates()), None)
            if link is not None:
                await self.check(link.invoice_number)
                return
            await self._session.gateway.sign_in()
            self._contact()
        except AppError as error:
            self._trouble(error)

    def _pause(self) -> float | None:
        """Seconds until the next round; None when there is nothing to wait for."""
        now = self._session.clock.monotonic()
        if self._line.next_try_at is not None:
            return max(0.0, self._line.next_try_at - now)
        dues = [self._due(link) for link in self._candidates()]
        return max(0.0, min(dues) - now) * self._jitter() if dues else None

    def _most_due(self) -> PaymentLink | None:
        return min(self._candidates(), key=self._due, default=None)

    def _candidates(self) -> list[PaymentLink]:
        return [link for link in self._session.book if link.order_reference and _may_move(link)]

    def _due(self, link: PaymentLink) -> float:
        """When this link should be read again, in monotonic seconds."""
        last = self._read_at.get(link.invoice_number)
        if last is None:
            return self._session.clock.monotonic()
        return last + max(MIN_SECONDS_BETWEEN_READS, self._interval(link))

    def _interval(self, link: PaymentLink) -> float:
        clock = self._session.clock
        if link.invoice_number == self._watched:
            watched_for = clock.monotonic() - self._watched_since
            return 3.0 if watched_for < 120 else 5.0 if watched_for < 600 else 15.0
        if link.state is LinkState.UNKNOWN or link.note is Note.REFUND_ON_ITS_WAY:
            return 10.0
        return 30.0 if clock.now() - link.created_at < DAY else 300.0

    async def _take_up(self, operation: Operation) -> None:
        session = self._session
        now = session.clock.now()
        if operation.stage is Stage.INTENT:
            await session.record(replace(operation, stage=Stage.NOT_SENT, outcome="stopped", changed_at=now))
            return
        link = await session.find(operation.invoice_number)
        note, kind = _STOPPED[operation.kind]
        await session.record(
            replace(link, state=LinkState.UNKNOWN, note=note, changed_at=now),
            replace(operation, stage=Stage.UNKNOWN, outcome="stopped", changed_at=now),
            LinkEvent(link.invoice_number, now, kind),
        )

    def _contact(self) -> None:
        self._failures = 0
        self._set_line(Line(LineState.ONLINE, self._session.clock.monotonic()))

    def _trouble(self, error: AppError) -> None:
        """A refusal proves the line; silence, a proxy page or a broken service do not."""
        if isinstance(error, Refused) and not isinstance(error, TooManyRequests):
            self._contact()
            return
        if not isinstance(error, NotSent | OutcomeUnknown | TooManyRequests):
            return
        self._failures += 1
        wait = getattr(error, "retry_after", None) or min(30.0, 2.0 * 2 ** (self._failures - 1))
        now = self._session.clock.monotonic()
        # A token call that the service answered badly keeps the read here too, yet the line is there.
        offline = isinstance(error, NotSent) and error.trouble is not Trouble.SERVER
        state = LineState.OFFLINE if offline else LineState.BUSY
        self._set_line(Line(state, self._line.last_contact, now + wait * self._jitter()))

    def _set_line(self, line: Line) -> None:
        self._line = line
        self._on_line(line)


_STOPPED = {
    OperationKind.CREATE: (Note.NOT_CONFIRMED, EventKind.CREATE_UNKNOWN),
    OperationKind.CANCEL: (Note.CANCEL_NOT_CONFIRMED, EventKind.CANCEL_UNKNOWN),
    OperationKind.REFUND: (Note.REFUND_NOT_CONFIRMED, EventKind.REFUND_UNKNOWN),
}


def _may_move(link: PaymentLink) -> bool:
    return (
        link.is_open
        or link.state is LinkState.UNKNOWN
        or link.note in (Note.REFUND_ON_ITS_WAY, Note.CANCEL_NOT_CONFIRMED)
    )
