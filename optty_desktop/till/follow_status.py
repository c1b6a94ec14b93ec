"""Follow the links: read what is worth reading, as often as it is worth it, and take up what a stop left open.

The link on the screen is read most often, open links of the day now and then, old ones rarely, and one that a hint
names at once, in every second read at most; never more than 30 reads a minute. While hints arrive by themselves
everything else is read less often. While nothing is open nothing is sent, but once after a wake or on a new network.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from optty_desktop.core.errors import AppError, JournalProblem, NotSent, TooManyRequests
from optty_desktop.core.hint_way import HintWay
from optty_desktop.core.links import LinkState, Note, PaymentLink
from optty_desktop.core.operations import Stage
from optty_desktop.till.hint_queue import SECONDS_BETWEEN_READS, HintQueue
from optty_desktop.till.hinted_reads import LOOK_AGAIN_SECONDS, HintedReads
from optty_desktop.till.interrupted import end_interrupted
from optty_desktop.till.line import Line, LineState, line_after, pause_after
from optty_desktop.till.read_ceiling import ReadCeiling
from optty_desktop.till.read_link import read_link
from optty_desktop.till.session import Session
from optty_desktop.till.surroundings import LOOK_SECONDS, Surroundings

T = TypeVar("T")

LIVE_FACTOR = 5.0
"""So much longer the pauses are while hints arrive by themselves."""
READ_AT_ONCE = 15
"""How many links "check now" reads; the others follow at the usual pace."""
PROOF_SECONDS = 7.0
"""While a link of the day is open, the line is proven at least this often: with the deadline of a read, a dead one is
known within 15 seconds."""
DAY = timedelta(hours=24)
_OVERDUE_SECONDS = 3600.0
"""Longer than any pause between two reads of a link."""


class FollowStatus:
    """Reads for the whole table. ``watch`` names the link on the screen; ``run`` is one long task.

    ``addresses`` are this computer's own: others than before mean another network.
    """

    def __init__(
        self,
        session: Session,
        on_line: Callable[[Line], None],
        jitter: Callable[[], float],
        addresses: Callable[[], Collection[str]] = frozenset,
    ) -> None:
        self._session = session
        self._on_line = on_line
        self._jitter = jitter
        self._line = Line(LineState.ONLINE, session.clock.monotonic())
        self._watched: str | None = None
        self._watched_since = 0.0
        self._read_at: dict[str, float] = {}
        self._asked_at: dict[str, float] = {}
        self._ceiling = ReadCeiling(session.clock)
        self._last_read = session.clock.monotonic() - self._ceiling.spacing
        self._nudged = HintQueue(self._asked_at)
        self._hinted = HintedReads(session, self.check, self._ask)
        self._was_hinted = False
        self._failures = 0
        self._is_checking_all = False
        self._wake = asyncio.Event()
        self._surroundings = Surroundings(session.clock, addresses)
        # Kept along with the book: looking through a hundred thousand links before each read would be felt.
        self._moving = {link.invoice_number: link for link in session.book if _is_followed(link)}
        session.book.listen(self)

    @property
    def line(self) -> Line:
        """The connection now."""
        return self._line

    @property
    def has_links(self) -> bool:
        """Whether there is anything to read."""
        return bool(self._moving)

    def watch(self, invoice_number: str | None) -> None:
        """Follow this link closely from now on, and no other."""
        if invoice_number != self._watched:
            self._watched, self._watched_since = invoice_number, self._session.clock.monotonic()
        self._wake.set()

    def nudge(self, invoice_number: str) -> None:
        """Read this link as soon as the ceiling allows, and what the inbox says of it; for hints."""
        self._nudged.add(invoice_number, self._session.clock.monotonic())
        self._wake.set()

    def set_news(self, news: HintWay) -> None:
        """How news arrive from now on; while they do by themselves, all links but doubtful ones are read less often."""
        self._set_line(replace(self._line, news=news))
        self._wake.set()

    async def read_hinted(self, numbers: Sequence[str]) -> dict[str, AppError | None]:
        """Make the reads that hints ask for of these links now, for somebody who waits. Returns which, and what failed.

        At most so many at once as "check now" reads, and none after the first sign of a dead line: the others are read
        when their turn comes.
        """
        done: dict[str, AppError | None] = {}
        for number in numbers[:READ_AT_ONCE]:
            self._nudged.drop(number)
        for number in numbers[:READ_AT_ONCE]:
            if self._line.state is LineState.ONLINE:
                try:
                    await self._grant_all(number)
                    done[number] = None
                    continue
                except AppError as error:
                    done[number] = error
            self.nudge(number)
        return done

    async def _grant_all(self, number: str) -> None:
        again: float | None = 0.0
        while again == 0.0:
            again = await self._hinted.grant(number)
        if again is not None:
            self._nudged.add(number, self._session.clock.monotonic() + again)

    def reconcile(self) -> None:
        """Read every link that may still move, one after the other at the usual pace: hints may be missing."""
        self._read_at |= dict.fromkeys(self._moving, self._session.clock.monotonic() - _OVERDUE_SECONDS)
        self._wake.set()

    def links_added(self, first: int, count: int) -> None:
        """Part of the book's listener protocol: a new link may be worth following."""
        for position in range(first, first + count):
            self._sort_in(self._session.book[position])
        self._wake.set()

    def link_changed(self, position: int, before: PaymentLink) -> None:
        """Part of the book's listener protocol: a refund may be on its way now."""
        link = self._session.book[position]
        self._sort_in(link)
        if (link.state, link.note, link.order_reference) != (before.state, before.note, before.order_reference):
            self._wake.set()

    async def take_up(self) -> int:
        """After a start: settle what a stop left open, and put every link that may still move on the table.

        An intent that was never sent ends as such; a sending without an answer becomes "Needs check" and is never sent
        again. What hints had asked for is read first. Returns how many links need checking.
        """
        session = self._session
        for operation in await session.journal.open_operations():
            if operation.stage is not Stage.UNKNOWN:
                await end_interrupted(session, operation)
        unsettled = await session.journal.unsettled_links()
        session.book.put_all(reversed(unsettled))
        self.reconcile()
        for wish in await session.journal.read_wishes():
            self.nudge(wish.invoice_number)
        return sum(link.state is LinkState.UNKNOWN for link in unsettled)

    async def check(self, invoice_number: str) -> PaymentLink:
        """Read one link now. Raises what the gateway raises; a link without an order comes back unread."""
        now = self._session.clock.monotonic()
        self._last_read = self._read_at[invoice_number] = self._asked_at[invoice_number] = now
        link = await self._told(read_link(self._session, invoice_number))
        if link.order_reference is not None:
            self._contact()
        return link

    async def _ask(self, invoice_number: str, reading: Awaitable[T]) -> T:
        """Read an order that only a hint says is this link's. When that fails the line is proven by other means."""
        self._last_read = self._asked_at[invoice_number] = self._session.clock.monotonic()
        self._ceiling.note()
        try:
            answer = await reading
        except AppError as error:
            if isinstance(error, TooManyRequests):
                self._ceiling.halve()
            # Anybody may have chosen the order, so its failure says nothing of the line.
            elif line_after(error) is not None and self._ceiling.wait() == 0:
                await self._knock(but=invoice_number)
            raise
        self._contact()
        return answer

    async def _told(self, reading: Awaitable[T]) -> T:
        self._ceiling.note()
        try:
            return await reading
        except AppError as error:
            if isinstance(error, TooManyRequests):
                self._ceiling.halve()
            self._trouble(error)
            raise

    async def check_all(self) -> None:
        """Read the links that wait longest, in turn; stops at the first sign of a dead line. One round at a time."""
        if self._is_checking_all:
            return
        self._is_checking_all = True
        try:
            for link in sorted(self._moving.values(), key=self._due)[:READ_AT_ONCE]:
                try:
                    await self.check(link.invoice_number)
                except AppError:
                    if self._line.state is not LineState.ONLINE:
                        return
        finally:
            self._is_checking_all = False

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            self._wake.clear()
            await self._rest_and_work(self._pause())

    async def _rest_and_work(self, pause: float | None) -> None:
        """Wait, looking around now and then; one round when the pause is over or something has changed."""
        while True:
            begun = self._session.clock.monotonic()
            step = LOOK_SECONDS if pause is None else min(pause, LOOK_SECONDS)
            with suppress(TimeoutError):
                async with asyncio.timeout(step):
                    await self._wake.wait()
                return
            if self._has_changed():
                await self._knock()
                return
            if pause is not None:
                # The loop's own time counts too: it goes on where a clock stands still.
                pause -= max(step, self._session.clock.monotonic() - begun)
                if pause <= 0:
                    await self._one_round()
                    return

    def _has_changed(self) -> bool:
        """Whether what is known of the line may be wrong now. All ages grow by the time this computer slept."""
        seen = self._surroundings.look()
        if not seen.has_changed:
            return False
        self._failures = 0
        self._last_read -= seen.missed
        self._read_at.update({number: at - seen.missed for number, at in self._read_at.items()})
        if seen.missed and self._line.last_contact is not None:
            self._set_line(replace(self._line, last_contact=self._line.last_contact - seen.missed))
        return True

    def try_now(self) -> None:
        """Do not wait for the next try."""
        self._line = replace(self._line, next_try_at=self._session.clock.monotonic())
        self._wake.set()

    async def _one_round(self) -> None:
        if self._line.state is not LineState.ONLINE:
            await self._knock()
            return
        link, now = self._most_due(), self._session.clock.monotonic()
        is_due = link is not None and self._due(link) <= now
        # Hints get every second read at most: whoever sends many must not keep the news of other links away.
        is_first = is_due and (self._was_hinted or (link is not None and link.invoice_number == self._watched))
        number = None if is_first else self._nudged.take(now)
        self._was_hinted = number is not None
        with suppress(AppError):
            if number is not None:
                await self._read_hinted(number)
            elif link is not None and self._nudged.take_this(link.invoice_number, now):
                await self._read_hinted(link.invoice_number, is_its_turn=True)
            elif link is not None:
                await self.check(link.invoice_number)

    async def _read_hinted(self, number: str, *, is_its_turn: bool = False) -> None:
        """Make one of the reads that hints ask for; the link stays in the queue while there are more."""
        try:
            again = await self._hinted.grant(number, is_its_turn=is_its_turn)
        except AppError as error:
            # The order has its own pause now; where the record is what fails, the link has one.
            again = LOOK_AGAIN_SECONDS if isinstance(error, JournalProblem) else 0.0
        if again is not None:
            self._nudged.add(number, self._session.clock.monotonic() + again)

    async def _knock(self, but: str | None = None) -> None:
        """One call that proves the line: the read that is most due, ``but`` not of that link, else a token."""
        try:
            link = self._most_due(but)
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
        pauses = [pause for pause in (self._usual_pause(now), self._nudged.pause(now)) if pause is not None]
        return max(self._ceiling.wait(), min(pauses)) if pauses else None

    def _usual_pause(self, now: float) -> float | None:
        if not self._moving:
            return None
        wait = max(0.0, min(map(self._due, self._moving.values())) - now) * self._jitter()
        if any(self._is_of_today(link) for link in self._moving.values()):
            wait = min(wait, self._last_read + PROOF_SECONDS - now)
        return max(0.0, wait, self._last_read + self._ceiling.spacing - now)

    def _most_due(self, but: str | None = None) -> PaymentLink | None:
        links = (link for link in self._moving.values() if link.invoice_number != but)
        return min(links, key=self._due, default=None)

    def _sort_in(self, link: PaymentLink) -> None:
        if _is_followed(link):
            self._moving[link.invoice_number] = link
        else:
            self._moving.pop(link.invoice_number, None)

    def _due(self, link: PaymentLink) -> float:
        """When this link should be read again, in monotonic seconds."""
        last = self._read_at.get(link.invoice_number)
        if last is None:
            # Not read by this session: the age of what is known decides; a link just made is not asked about at once.
            age = (self._session.clock.now() - link.evidence.checked_at).total_seconds()
            last = self._session.clock.monotonic() - max(0.0, age)
        # What hints have had read of it does not put its own order off, but for the pause between two reads.
        asked_at = self._asked_at.get(link.invoice_number, last)
        return max(last + self._interval(link), asked_at + SECONDS_BETWEEN_READS)

    def _interval(self, link: PaymentLink) -> float:
        clock = self._session.clock
        is_doubtful = link.state is LinkState.UNKNOWN or link.note is Note.REFUND_ON_ITS_WAY
        if link.invoice_number == self._watched:
            watched_for = clock.monotonic() - self._watched_since
            usual = 3.0 if watched_for < 120 else 5.0 if watched_for < 600 else 15.0
        elif is_doubtful:
            usual = 10.0
        else:
            usual = 30.0 if self._is_of_today(link) else 300.0
        # What became of a call of this till is not left to a hint.
        return usual * LIVE_FACTOR if self._line.news is HintWay.LIVE and not is_doubtful else usual

    def _is_of_today(self, link: PaymentLink) -> bool:
        return self._session.clock.now() - link.created_at < DAY

    def _contact(self) -> None:
        self._failures = 0
        self._set_line(self._line_now(LineState.ONLINE, self._session.clock.monotonic()))

    def _trouble(self, error: AppError) -> None:
        """What a call that did not work says about the line; trouble with one order alone says nothing."""
        state = line_after(error)
        if state is None:
            # The service is there: a line that was down is up again, though nothing was learnt.
            if self._line.state is LineState.OFFLINE and not isinstance(error, NotSent):
                self._set_line(self._line_now(LineState.ONLINE, self._line.last_contact))
            return
        self._failures += 1
        wait = pause_after(error, state, self._failures)
        now = self._session.clock.monotonic()
        self._set_line(self._line_now(state, self._line.last_contact, now + wait * self._jitter()))

    def _line_now(self, state: LineState, last_contact: float | None, next_try_at: float | None = None) -> Line:
        return Line(state, last_contact, next_try_at, self._line.news)

    def _set_line(self, line: Line) -> None:
        self._line = line
        self._on_line(line)


def _is_followed(link: PaymentLink) -> bool:
    is_moving = link.is_open or link.state is LinkState.UNKNOWN
    return link.order_reference is not None and (
        is_moving or link.note in (Note.REFUND_ON_ITS_WAY, Note.CANCEL_NOT_CONFIRMED, Note.SET_BY_HAND)
    )
