"""Every schedule of the small model, lived by the real till: nothing paid back twice, nothing in silence."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest

from tests.faults.model import Attempt, Schedule, Verdict, act, doubled, live, schedules
from tests.faults.unsafe import impatient, three_tries
from tests.faults.world import Fate
from tests.promises import Promise


@dataclass
class Lived:
    """All verdicts of a grid."""

    verdicts: list[Verdict] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    worst: float = 0.0

    async def live(self, grid: Iterable[Schedule], attempt: Attempt = act) -> None:
        """Live every schedule of the grid."""
        for schedule in grid:
            begun = time.monotonic()
            verdict = await live(schedule, attempt)
            self.worst = max(self.worst, time.monotonic() - begun)
            self.verdicts.append(verdict)
            self.problems += [f"{problem} in {schedule}" for problem in verdict.problems()]


async def test_R10_every_schedule_of_the_small_model_holds(promise: Promise) -> None:
    lived = Lived()
    await lived.live(schedules(pays=range(2, 14, 5), deaths=range(14), thinks=(4,)))
    await lived.live(schedules(pays=range(1, 14, 6), deaths=range(0), thinks=(0,)))
    await lived.live(doubled(range(3, 14, 6)))
    assert sum(verdict.races for verdict in lived.verdicts), "no cancel became a refund: the grid is too coarse"
    promise("R10", len(lived.verdicts), lived.problems, lived.worst)


@pytest.mark.slow
@pytest.mark.limit(1800)
async def test_R10_every_schedule_of_the_wide_model_holds(promise: Promise) -> None:
    lived = Lived()
    await lived.live(schedules(pays=range(0, 31, 2), deaths=range(16), wide=True))
    await lived.live(doubled(range(31)))
    promise("R10", len(lived.verdicts), lived.problems, lived.worst)


async def test_the_model_sees_a_till_that_sends_three_times() -> None:
    lived = Lived()
    await lived.live(schedules(pays=range(1, 14, 4), deaths=range(0)), three_tries)
    assert sum(bool(verdict.double) for verdict in lived.verdicts)


async def test_the_model_sees_a_till_that_sends_again_too_soon() -> None:
    lived = Lived()
    grid = (Schedule(pays_at, Fate.LATE, late=late) for pays_at in (-1, 1, 3) for late in (8, 300))
    await lived.live(grid, impatient)
    assert sum(bool(verdict.double) for verdict in lived.verdicts)
