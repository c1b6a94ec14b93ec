"""A till that cannot read tries again ever later, and each failure counts once."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from optty_desktop.core.errors import NotSent, Trouble
from tests.till.hinted_till import Till, in_no_time


@in_no_time
async def test_the_pause_doubles_with_each_failed_read_up_to_half_a_minute() -> None:
    till = Till()
    await till.make()
    async with till.following():
        await asyncio.sleep(40)
        till.reads.clear()
        till.trouble = NotSent(Trouble.CONNECT)
        await asyncio.sleep(150)
    times = [at for _, at in till.reads]
    pauses = [later - earlier - 0.1 for earlier, later in pairwise(times)]
    assert pauses[:6] == pytest.approx([2, 4, 8, 16, 30, 30], abs=0.01)


@in_no_time
async def test_an_answer_begins_the_count_anew() -> None:
    till = Till()
    await till.make()
    async with till.following():
        till.trouble = NotSent(Trouble.CONNECT)
        await asyncio.sleep(60)
        till.trouble = None
        await asyncio.sleep(40)
        till.reads.clear()
        till.trouble = NotSent(Trouble.CONNECT)
        await asyncio.sleep(20)
    first, second, third = [at for _, at in till.reads][:3]
    assert (second - first - 0.1, third - second - 0.1) == pytest.approx((2, 4), abs=0.01)
