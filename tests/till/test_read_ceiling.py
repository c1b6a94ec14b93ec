"""How often a till reads: below the ceiling, half of it after "too many", a fifth while news arrive by themselves."""

from __future__ import annotations

import asyncio

from optty_desktop.core.errors import TooManyRequests
from optty_desktop.core.hint_way import HintWay
from optty_desktop.till.read_ceiling import ReadCeiling
from tests.fakes import FakeAccount, FakeClock, link
from tests.till.hinted_till import Till, hint, in_no_time
from tests.waiting import until


def test_a_minute_holds_thirty_reads_whenever_they_were_made() -> None:
    clock = FakeClock()
    ceiling = ReadCeiling(clock)
    for _ in range(30):
        assert ceiling.wait() == 0
        ceiling.note()
        clock.advance(1)
    assert ceiling.wait() == 30
    clock.advance(30)
    assert ceiling.wait() == 0


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
