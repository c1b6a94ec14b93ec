"""How often a till reads: below the ceiling, half of it after "too many", a fifth while news arrive by themselves."""

from __future__ import annotations

import asyncio
import random

from optty_desktop.core.errors import TooManyRequests
from optty_desktop.core.hint_way import HintWay
from optty_desktop.till.read_ceiling import ReadCeiling
from tests.fakes import FakeAccount, FakeClock, link
from tests.till.hinted_till import Till, hint, in_no_time
from tests.waiting import until


def taken(ceiling: ReadCeiling, clock: FakeClock, *, seconds: int, share: bool) -> int:
    """Read whenever that is allowed, and return how often."""
    count = 0
    for _ in range(seconds):
        while (ceiling.wait_for_share() if share else ceiling.wait()) == 0:
            ceiling.note()
            count += 1
        clock.advance(1)
    return count


def test_whatever_comes_at_once_leaves_a_read_each_six_seconds_for_the_share() -> None:
    clock = FakeClock()
    ceiling = ReadCeiling(clock)
    assert taken(ceiling, clock, seconds=1, share=False) == 20
    assert taken(ceiling, clock, seconds=59, share=True) == 10


def test_the_share_is_no_more_than_a_read_each_six_seconds_where_others_want_the_rest() -> None:
    clock = FakeClock()
    ceiling = ReadCeiling(clock)
    taken(ceiling, clock, seconds=1, share=False)
    pauses: list[float] = []
    while len(pauses) < 8:
        pauses.append(ceiling.wait_for_share())
        clock.advance(pauses[-1])
        ceiling.note()
    assert pauses == [0, *[6] * 7]


def test_no_minute_holds_more_than_thirty_reads_whoever_makes_them() -> None:
    clock = FakeClock()
    ceiling = ReadCeiling(clock)
    draw = random.Random(7)  # noqa: S311  the same story for the same seed
    times: list[float] = []
    for _ in range(3000):
        if (ceiling.wait_for_share() if draw.random() < 0.5 else ceiling.wait()) == 0:
            ceiling.note()
            times.append(clock.monotonic())
        clock.advance(draw.choice([0.0, 0.1, 1.0, 5.0]))
    assert all(later - earlier >= 59.99 for earlier, later in zip(times, times[30:], strict=False))
    assert len(times) / (times[-1] - times[0]) > 25 / 60, "and it is used"


def test_each_too_many_halves_it_and_quiet_gives_it_back_step_by_step() -> None:
    clock = FakeClock()
    ceiling = ReadCeiling(clock)
    seen = [ceiling.most_a_minute]
    for _ in range(6):
        ceiling.halve()
        seen.append(ceiling.most_a_minute)
    assert seen == [30, 15, 7, 3, 2, 2, 2]
    assert ceiling.spacing == 30
    given_back = []
    for _ in range(6):
        clock.advance(300)
        given_back.append(ceiling.most_a_minute)
    assert given_back == sorted(given_back)
    assert given_back[-1] == 30


async def busy_till() -> Till:
    till = Till()
    for number in range(100):
        one = link(f"T2-{number}")
        till.gateway.accounts[one.invoice_number] = FakeAccount(one.invoice_number, one.amount)
        till.session.book.put(one)
    return till


def reads_between(till: Till, start: float, end: float) -> int:
    return sum(start <= at < end for _, at in till.reads)


@in_no_time
async def test_too_many_requests_halves_the_reads_of_a_busy_till_for_a_while() -> None:
    till = await busy_till()
    async with till.following():
        await asyncio.sleep(120)
        assert reads_between(till, 60, 120) in (28, 29, 30)
        till.trouble = TooManyRequests(429, retry_after=1.0)
        await until(till.is_busy, 10)
        till.trouble = None
        begun = till.loop.time()
        await asyncio.sleep(840)
        assert reads_between(till, begun + 60, begun + 120) <= 15
        assert reads_between(till, begun + 700, begun + 760) >= 28


@in_no_time
async def test_hints_and_polls_share_the_ceiling() -> None:
    till = await busy_till()
    async with till.following():
        await asyncio.sleep(60)
        for number in range(100):
            await till.take(hint(f"T2-{number}"))
        await asyncio.sleep(240)
    times = [at for _, at in till.reads]
    assert all(later - earlier > 59.9 for earlier, later in zip(times, times[30:], strict=False))
    assert await till.journal.read_wishes() == []


@in_no_time
async def test_live_news_divide_the_usual_reads_by_five_and_their_end_gives_them_back_at_once() -> None:
    till = Till()
    number = await till.make()
    till.follow.watch(number)
    async with till.following():
        await asyncio.sleep(60)
        asked = reads_between(till, 30, 60)
        till.follow.set_news(HintWay.LIVE)
        await asyncio.sleep(90)
        live = reads_between(till, 70, 150)
        till.follow.set_news(HintWay.AWAY)
        await asyncio.sleep(30)
        again = reads_between(till, 150, 180)
    assert asked in (9, 10, 11)
    # A dead line must be known in time all the same, so something is read each seven seconds.
    assert live in (11, 12)
    assert again >= 5, "five seconds apart by now, since the link has stood there for two minutes"
