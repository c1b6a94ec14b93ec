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
from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.core.operations import Stage
from optty_desktop.till.hint_queue import SECONDS_BETWEEN_READS, HintQueue
from optty_desktop.till.hinted_reads import LOOK_AGAIN_SECONDS, HintedReads
from optty_desktop.till.interrupted import end_interrupted
from optty_desktop.till.line import Line, LineState, line_after, pause_after
from optty_desktop.till.read_ceiling import ReadCeiling
from optty_desktop.till.read_link import read_link
from optty_desktop.till.read_pace import is_followed, seconds_between_reads
from optty_desktop.till.session import Session
from optty_desktop.till.surroundings import LOOK_SECONDS, Surroundings

T = TypeVar("T")

READ_AT_ONCE = 15
"""How many links "check now" reads; the others follow at the usual pace."""
PATIENCE_SECONDS = 15.0
"""After so long no further read begins for somebody who waits."""
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
        self._moving = {link.invoice_number: link for link in session.book if is_followed(link)}
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
        """Make one of the reads that hints ask for of each link, for somebody who waits.

        Returns the links of which nothing is left to read, and those whose read failed with what failed. Of so many at
        once as "check now" reads, none above the ceiling, after the first sign of a dead line or when it takes long:
        the rest is read when its turn comes, also after a cancel.
        """
        until = self._session.clock.monotonic() + PATIENCE_SECONDS
        done: dict[str, AppError | None] = {}
        again: dict[str, float | None] = dict.fromkeys(numbers, 0.0)
        for number in numbers:
            self._nudged.drop(number)
        try:
            for number in numbers[:READ_AT_ONCE]:
                await asyncio.sleep(self._nudged.rest(number, self._session.clock.monotonic()))
                is_long = self._session.clock.monotonic() > until
                if is_long or self._line.state is not LineState.ONLINE or self._ceiling.wait() > 0:
                    break
                try:
                    again[number] = await self._hinted.grant(number)
                    if again[number] is None:
                        done[number] = None
                except AppError as error:
                    done[number] = error
        finally:
            for number, pause in again.items():
                self._want_again(number, pause)
        return done

    def _want_again(self, number: str, pause: float | None) -> None:
        if pause is not None:
            self._nudged.add(number, self._session.clock.monotonic() + pause)
            self._wake.set()

    def reconcile(self) -> None:
        """Read every link that may still move, one after the other at the usual pace: hints may be missing."""
        self._make_overdue(*self._moving)

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
        """Read the links that wait longest, in turn; one round at a time.

        Stops at the ceiling and at the first sign of a dead line. A link that was read this moment is read when it has
        rested.
        """
        if self._is_checking_all:
            return
        self._is_checking_all = True
        try:
            waiting = sorted(self._moving.values(), key=lambda link: (self._is_fresh(link), self._due(link)))
            for link in waiting[:READ_AT_ONCE]:
                if self._ceiling.wait() > 0:
                    return
                if self._is_fresh(link):
                    self._make_overdue(link.invoice_number)
                    continue
                try:
                    await self.check(link.invoice_number)
                except AppError:
                    if self._line.state is not LineState.ONLINE:
                        return
        finally:
            self._is_checking_all = False

    def _make_overdue(self, *numbers: str) -> None:
        self._read_at |= dict.fromkeys(numbers, self._session.clock.monotonic() - _OVERDUE_SECONDS)
        self._wake.set()

    def _is_fresh(self, link: PaymentLink) -> bool:
        return self._nudged.rest(link.invoice_number, self._session.clock.monotonic()) > 0

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
        link = self._most_due(but)
        if link is not None:
            # What it says of the line is told already.
            with suppress(AppError):
                await self.check(link.invoice_number)
            return
        try:
            await self._session.gateway.sign_in()
        except AppError as error:
            self._trouble(error)
        else:
            self._contact()

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
        if is_followed(link):
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
        watched_for = None
        if link.invoice_number == self._watched:
            watched_for = self._session.clock.monotonic() - self._watched_since
        is_live = self._line.news is HintWay.LIVE
        return seconds_between_reads(link, watched_for, is_of_today=self._is_of_today(link), is_live=is_live)

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
