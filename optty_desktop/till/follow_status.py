"""Follow the links: read what is worth reading, as often as it is worth it, and take up what a stop left open.

The link on the screen is read most often, open links of the day now and then, old ones rarely, and one that a hint
names at once; never more than 30 reads a minute, and where these are too few each has its turn. While hints arrive by
themselves everything else is read less often. While nothing is open nothing is sent, but once after a wake or on a new
network.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import Final

from optty_desktop.core.errors import AppError, JournalProblem, ScopeRefused
from optty_desktop.core.hint_way import HintWay
from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.core.operations import Stage
from optty_desktop.till.claimed_order import look_at_order
from optty_desktop.till.counted_reads import CountedReads
from optty_desktop.till.due_links import DueLinks
from optty_desktop.till.hint_queue import HintQueue
from optty_desktop.till.hinted_reads import LOOK_AGAIN_SECONDS, HintedReads
from optty_desktop.till.interrupted import end_interrupted
from optty_desktop.till.line import Line, line_after
from optty_desktop.till.line_watch import LineWatch
from optty_desktop.till.read_ceiling import ReadCeiling
from optty_desktop.till.read_turns import ReadTurns
from optty_desktop.till.reported_payments import Report, ReportedPayments
from optty_desktop.till.session import Session
from optty_desktop.till.surroundings import LOOK_SECONDS, Surroundings

READ_AT_ONCE: Final = 15
"""How many links "check now" reads; the others follow at the usual pace."""
PATIENCE_SECONDS: Final = 15.0
"""After so long no further read begins for somebody who waits."""
_AN_INSTANT: Final = 0.001
"""A timer may be so early."""


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
        self._wake = asyncio.Event()
        self._links = DueLinks(session, self._wake.set)
        self._line = LineWatch(session.clock, on_line, jitter)
        self._ceiling = ReadCeiling(session.clock)
        self._reported = ReportedPayments(session, self._line)
        self._reads = CountedReads(session, self._links, self._line, self._ceiling, self._reported)
        self._nudged = HintQueue(self._links.asked_at)
        self._hinted = HintedReads(session, self.check, self._reads.ask)
        self._turns = ReadTurns(session.clock, self._links, self._nudged, self._ceiling, jitter)
        self._is_checking_all = False
        self._surroundings = Surroundings(session.clock, addresses)

    @property
    def line(self) -> Line:
        """The connection now."""
        return self._line.line

    @property
    def has_links(self) -> bool:
        """Whether there is anything to read."""
        return self._links.has_links

    def watch(self, invoice_number: str | None) -> None:
        """Follow this link closely from now on, and no other."""
        self._links.watch(invoice_number)
        self._wake.set()

    def nudge(self, invoice_number: str) -> None:
        """Read this link as soon as the ceiling allows, and what the inbox says of it; for hints."""
        self._nudged.add(invoice_number, self._session.clock.monotonic())
        self._wake.set()

    def report(self, invoice_number: str, order_reference: str | None) -> None:
        """The relay says that this link is paid. Counts only where reports are wanted, and where it may not be read."""
        self._reported.add(invoice_number, order_reference)
        self._wake.set()

    def set_news(self, news: HintWay) -> None:
        """How news arrive from now on; while they do by themselves, all links but doubtful ones are read less often."""
        self._line.set_news(news)
        self._links.is_live = news is HintWay.LIVE
        self._wake.set()

    def try_now(self) -> None:
        """Do not wait for the next try."""
        self._line.try_now()
        self._wake.set()

    def reconcile(self) -> None:
        """Read every link that may still move, one after the other at the usual pace: hints may be missing."""
        self._links.make_all_overdue()

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
        return await self._reads.check(invoice_number)

    async def check_all(self) -> None:
        """Read the links that wait longest, in turn; one round at a time.

        Stops at the ceiling and at the first sign of a dead line. A link that was read this moment is read when it has
        rested.
        """
        if self._is_checking_all:
            return
        self._is_checking_all = True
        try:
            for link in self._links.by_turn()[:READ_AT_ONCE]:
                if self._ceiling.wait() > 0:
                    return
                if self._rest(link.invoice_number) > 0:
                    self._links.make_overdue(link.invoice_number)
                    continue
                try:
                    await self.check(link.invoice_number)
                except AppError:
                    if not self._line.is_up:
                        return
        finally:
            self._is_checking_all = False

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
                await asyncio.sleep(self._rest(number))
                is_long = self._session.clock.monotonic() > until
                if is_long or not self._line.is_up or self._ceiling.wait() > 0:
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

    def _rest(self, number: str) -> float:
        return self._nudged.rest(number, self._session.clock.monotonic())

    def _want_again(self, number: str, pause: float | None) -> None:
        if pause is not None:
            self._nudged.add(number, self._session.clock.monotonic() + pause)
            self._wake.set()

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
                self._line.try_now()
                pause = self._pause()
            elif pause is not None:
                # The loop's own time counts too: it goes on where a clock stands still.
                pause -= max(step, self._session.clock.monotonic() - begun)
            if pause is not None and pause <= 0:
                await self._one_round()
                return

    def _has_changed(self) -> bool:
        """Whether what is known of the line may be wrong now. All ages grow by the time this computer slept."""
        seen = self._surroundings.look()
        if seen.has_changed:
            self._links.slept(seen.missed)
            self._line.surroundings_changed(seen.missed)
        return seen.has_changed

    async def _one_round(self) -> None:
        if self.line.next_try_at is not None:
            await self._try_line(self.line.next_try_at)
            return
        turn = self._turns.take()
        with suppress(AppError):
            if turn is not None and turn.is_hinted:
                await self._read_hinted(turn.invoice_number, is_its_turn=turn.is_its_own)
            elif turn is not None:
                await self.check(turn.invoice_number)

    async def _try_line(self, next_try_at: float) -> None:
        """Read for a report, or knock, whichever may be done; nothing when both have been put off meanwhile."""
        report = self._next_report()
        if report is not None and self._report_wait(report) < _AN_INSTANT:
            await self._read_reported(report)
        elif self._knock_wait(next_try_at) < _AN_INSTANT and isinstance(await self._reads.knock(), ScopeRefused):
            self._reported.try_again()

    async def _read_reported(self, report: Report) -> None:
        """Read a link that is said to be paid: a refusal of its own is what shows the report."""
        number, order = report.invoice_number, report.order_reference
        self._reported.put_off(report)
        try:
            link = await self._session.find(number)
            if link.order_reference is None and order is not None:
                await self._reads.ask(number, look_at_order(self._session, number, order))
            else:
                await self.check(number)
        except ScopeRefused:
            pass
        except AppError as error:
            # Neither a service that refuses this program nor a full disk says anything of this link alone.
            if line_after(error) is not None or isinstance(error, JournalProblem):
                self._reported.put_off_all()

    def _next_report(self) -> Report | None:
        """The report to try next: of those whose link has rested longest, the first that came."""
        return min(self._reported.untried(), key=lambda report: self._rest(report.invoice_number), default=None)

    def _report_wait(self, report: Report) -> float:
        return max(self._ceiling.wait(), self._rest(report.invoice_number))

    def _knock_wait(self, next_try_at: float) -> float:
        return max(0.0, next_try_at - self._session.clock.monotonic(), self._reads.wait_to_knock())

    async def _read_hinted(self, number: str, *, is_its_turn: bool = False) -> None:
        """Make one of the reads that hints ask for; the link stays in the queue while there are more."""
        try:
            again = await self._hinted.grant(number, is_its_turn=is_its_turn)
        except AppError as error:
            # The order has its own pause now; where the record is what fails, the link has one.
            again = LOOK_AGAIN_SECONDS if isinstance(error, JournalProblem) else 0.0
        self._want_again(number, again)

    def _pause(self) -> float | None:
        """Seconds until the next round; None when there is nothing to wait for."""
        if self.line.next_try_at is None:
            return self._turns.pause()
        report, wait = self._next_report(), self._knock_wait(self.line.next_try_at)
        return wait if report is None else min(wait, self._report_wait(report))
