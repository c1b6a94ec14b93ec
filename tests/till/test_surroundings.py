"""Another network, a sign-in page, sleep and a dead service: the line shown is right within 15 seconds, by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import count, pairwise

import pytest

from optty_desktop.core.errors import AppError, NotSent, OutcomeUnknown, Trouble
from optty_desktop.till.follow_status import FollowStatus
from optty_desktop.till.hint_queue import SECONDS_BETWEEN_READS
from optty_desktop.till.line import Line, LineState
from optty_desktop.till.read_ceiling import MOST_A_MINUTE
from optty_desktop.till.session import Session
from optty_desktop.till.take_hints import TakeHints
from tests.fakes import IDENTITY, START, FakeOptty, MemoryJournal, counted_bytes, link
from tests.faults.virtual_time import VirtualClock, VirtualLoop
from tests.till.hinted_till import Till, hint, in_no_time

RIGHT_WITHIN = 15.0
READ_SECONDS = 8.0
"""The deadline of a read: so long may a dead line look like a slow one."""

HOME, CAFE = frozenset({"192.0.2.7"}), frozenset({"198.51.100.9"})


class SleepingClock(VirtualClock):
    """``slept`` seconds were counted by the wall alone, as on a computer whose monotonic clock stops in its sleep."""

    slept = 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self.slept)


class Place:
    """A till in a shop whose network can change. ``trouble`` is what each call meets, after ``delay`` seconds."""

    def __init__(self, *, is_open: bool = True, age: timedelta = timedelta(0)) -> None:
        self.clock = SleepingClock(asyncio.get_running_loop())
        self.gateway = FakeOptty()
        self.gateway.before = self._before
        self.trouble: AppError | None = None
        self.delay = 0.0
        self.addresses = HOME
        self.line = Line(LineState.ONLINE, self.clock.monotonic())
        self.called_at: list[float] = []
        session = Session(self.gateway, MemoryJournal(), IDENTITY, self.clock, counted_bytes())
        if is_open:
            session.book.put(link("T2-1", created_at=START - age))
        self.follow = FollowStatus(session, self._show, lambda: 1.2, lambda: self.addresses)

    async def _before(self, _call: str) -> None:
        self.called_at.append(self.clock.monotonic())
        trouble = self.trouble
        await asyncio.sleep(self.delay if trouble else 0.2)
        if trouble is not None:
            raise trouble

    def _show(self, line: Line) -> None:
        self.line = line

    @property
    def age(self) -> float | None:
        """How old the last contact is, as the header says it."""
        return None if self.line.last_contact is None else self.clock.monotonic() - self.line.last_contact

    async def becomes(self, state: LineState) -> None:
        """Wait until the line is shown so; it must not take longer than promised."""
        loop = asyncio.get_running_loop()
        end = loop.time() + RIGHT_WITHIN
        while self.line.state is not state:
            assert loop.time() < end, f"still {self.line.state} after {RIGHT_WITHIN} s"
            await asyncio.sleep(0.1)


def lived(story: Callable[[], Awaitable[None]]) -> None:
    """Live through a story in no time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(_run(story))


async def _run(story: Callable[[], Awaitable[None]]) -> None:
    await story()


async def followed(place: Place, story: Callable[[], Awaitable[None]]) -> None:
    async with asyncio.TaskGroup() as group:
        following = group.create_task(place.follow.run())
        await asyncio.sleep(40)
        await story()
        following.cancel()


@pytest.mark.parametrize("is_open", [True, False], ids=["a link is open", "nothing is open"])
def test_a_network_that_goes_and_another_that_comes(is_open: bool) -> None:
    async def story() -> None:
        place = Place(is_open=is_open)

        async def leave_and_arrive() -> None:
            place.addresses, place.trouble = frozenset(), NotSent(Trouble.CONNECT)
            await place.becomes(LineState.OFFLINE)
            await asyncio.sleep(600)
            place.addresses, place.trouble = CAFE, None
            await place.becomes(LineState.ONLINE)

        await followed(place, leave_and_arrive)

    lived(story)


@pytest.mark.parametrize(
    "trouble",
    [
        OutcomeUnknown(Trouble.NOT_JSON, status=200),
        OutcomeUnknown(Trouble.REDIRECT, status=302),
        NotSent(Trouble.TLS),
        NotSent(Trouble.UNTRUSTED),
        NotSent(Trouble.NAME_LOOKUP),
        NotSent(Trouble.PROXY_ABSENT),
    ],
    ids=lambda trouble: str(trouble.trouble),
)
def test_a_network_that_wants_a_sign_in_pauses_work_and_is_over_once_somebody_has_signed_in(trouble: AppError) -> None:
    async def story() -> None:
        place = Place()

        async def sign_in_after_a_while() -> None:
            place.addresses, place.trouble = CAFE, trouble
            await place.becomes(LineState.OFFLINE)
            await asyncio.sleep(120)
            place.trouble = None  # in the browser: no address changes
            await place.becomes(LineState.ONLINE)

        await followed(place, sign_in_after_a_while)

    lived(story)


def test_after_sleep_the_age_is_right_and_the_line_is_proven_at_once() -> None:
    async def story() -> None:
        place = Place()

        async def sleep_till_morning() -> None:
            place.trouble, place.delay = NotSent(Trouble.TIMEOUT), 5.0
            place.clock.slept += 8 * 3600
            calls = len(place.called_at)
            await asyncio.sleep(3.5)
            assert len(place.called_at) == calls + 1, "not read at once"
            assert place.age is not None
            assert place.age > 8 * 3600, "the header would say that it was checked just now"
            await place.becomes(LineState.OFFLINE)
            place.addresses, place.trouble = CAFE, None
            await place.becomes(LineState.ONLINE)
            assert place.age < 15

        await followed(place, sleep_till_morning)

    lived(story)


def test_where_the_monotonic_clock_counts_sleep_the_line_is_proven_at_once_too() -> None:
    async def story() -> None:
        place = Place(is_open=False)

        async def sleep() -> None:
            loop = asyncio.get_running_loop()
            assert isinstance(loop, VirtualLoop)
            calls = len(place.called_at)
            loop._never_waits.now += 3600
            await asyncio.sleep(3.5)
            assert len(place.called_at) == calls + 1

        await followed(place, sleep)

    lived(story)


@pytest.mark.parametrize(
    ("trouble", "delay", "state"),
    [
        (OutcomeUnknown(Trouble.SERVER, status=503), 0.2, LineState.BUSY),
        (OutcomeUnknown(Trouble.TIMEOUT), READ_SECONDS, LineState.BUSY),
        (NotSent(Trouble.TIMEOUT), 5.0, LineState.OFFLINE),
        (NotSent(Trouble.CONNECT), 0.0, LineState.OFFLINE),
    ],
)
def test_a_service_that_dies_is_known_while_a_link_of_the_day_is_open(
    trouble: AppError, delay: float, state: LineState
) -> None:
    async def story() -> None:
        place = Place()

        async def die() -> None:
            for _ in range(20):
                place.trouble, place.delay = trouble, delay
                await place.becomes(state)
                place.trouble = None
                place.follow.try_now()
                await place.becomes(LineState.ONLINE)
                await asyncio.sleep(1.7)

        await followed(place, die)

    lived(story)


def test_with_nothing_open_and_nothing_new_nothing_is_sent() -> None:
    async def story() -> None:
        place = Place(is_open=False)
        await followed(place, lambda: asyncio.sleep(3600))
        assert place.called_at == []

    lived(story)


def test_links_of_other_days_alone_are_read_rarely() -> None:
    async def story() -> None:
        place = Place(age=timedelta(days=3))
        await followed(place, lambda: asyncio.sleep(3600))
        assert 9 <= len(place.called_at) <= 14

    lived(story)


def test_a_clock_that_is_set_right_by_seconds_or_back_is_no_sleep() -> None:
    async def story() -> None:
        place = Place(is_open=False)

        async def set_the_clock() -> None:
            for change in (4.0, -3600.0, 2.0):
                place.clock.slept += change
                await asyncio.sleep(10)
            assert place.called_at == []

        await followed(place, set_the_clock)

    lived(story)


def test_an_order_that_is_answered_badly_is_read_no_more_often_after_a_change() -> None:
    async def story() -> None:
        place = Place()

        async def change_once() -> None:
            place.trouble = OutcomeUnknown(Trouble.BAD_ANSWER, status=200)
            await asyncio.sleep(60)
            before = len(place.called_at)
            await asyncio.sleep(120)
            usual = len(place.called_at) - before
            place.addresses = CAFE
            await asyncio.sleep(120)
            assert len(place.called_at) - before - usual <= usual + 1

        await followed(place, change_once)

    lived(story)


@pytest.mark.parametrize(("links", "looks_at_each", "seconds"), [(3, 3, 0.5), (1, 7, 1.7), (40, 1, 3.0)])
@in_no_time
async def test_addresses_that_flap_break_neither_the_ceiling_nor_the_rest_of_a_link(
    links: int, looks_at_each: int, seconds: float
) -> None:
    till, looks = Till(), count()
    till.follow = FollowStatus(
        till.session, lambda _line: None, lambda: 1.0, lambda: {str(next(looks) // looks_at_each)}
    )
    till.hints = TakeHints(till.session, till.follow)
    numbers = [await till.make() for _ in range(links)]
    till.follow.watch(numbers[0])
    async with till.following():
        for _ in range(100):
            await till.take(*map(hint, numbers))
            await asyncio.sleep(seconds)
    times = [at for _, at in till.reads]
    assert 10 < max(sum(begin <= at < begin + 59.99 for at in times) for begin in times) <= MOST_A_MINUTE
    for number in numbers:
        mine = [at for order, at in till.reads if order == f"HPP-{number}"]
        assert all(after - before >= SECONDS_BETWEEN_READS - 0.01 for before, after in pairwise(mine))
