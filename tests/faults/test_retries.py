"""Two hundred tills and a service that is away for ten minutes: tries are spread out, and money calls are not tried."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress

import pytest

from optty_desktop.core.errors import NotSent, OutcomeUnknown, Trouble
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.follow_status import FollowStatus
from optty_desktop.till.session import Session
from tests.fakes import IDENTITY, FakeOptty, MemoryJournal, counted_bytes, draft, link
from tests.faults.cases import Cases
from tests.faults.virtual_time import VirtualClock, VirtualLoop
from tests.promises import Promise

TILLS = 200
LINKS = 3
"""Open links of each till; none is on the screen."""

JITTER = (0.8, 1.2)
"""As the window has it."""

BREAKS, RETURNS, ENDS = 300.0, 900.0, 1020.0


class Till:
    """One till: a follower, a service of its own, and the times at which something was sent to it."""

    def __init__(self, chance: random.Random) -> None:
        self.sent: list[tuple[float, str]] = []
        self.gateway = FakeOptty()
        self.gateway.before = self._before
        clock = VirtualClock(asyncio.get_running_loop())
        self._session = Session(self.gateway, MemoryJournal(), IDENTITY, clock, counted_bytes())
        self._follow = FollowStatus(self._session, lambda _line: None, lambda: chance.uniform(*JITTER))

    async def _before(self, call: str) -> None:
        now = asyncio.get_running_loop().time()
        self.sent.append((now, call))
        if BREAKS <= now < RETURNS:
            raise NotSent(Trouble.CONNECT) if call != "create" else OutcomeUnknown(Trouble.TIMEOUT)

    async def live(self) -> None:
        """Follow the links; in the middle of the outage somebody wants a new one."""
        for number in range(LINKS):
            self._session.book.put(link(f"T2-{number}"))
        async with asyncio.TaskGroup() as group:
            following = group.create_task(self._follow.run())
            await asyncio.sleep((BREAKS + RETURNS) / 2)
            with suppress(OutcomeUnknown):
                await CreateLink(self._session, str).create(draft())
            await asyncio.sleep(ENDS - asyncio.get_running_loop().time())
            following.cancel()

    def times(self, since: float, until: float, call: str = "read") -> list[float]:
        """Return when this was sent between two times."""
        return [at for at, what in self.sent if what == call and since <= at < until]


async def whole_street(seed: int) -> list[Till]:
    """All tills begin in the same second."""
    tills = [Till(random.Random(seed + number)) for number in range(TILLS)]  # noqa: S311
    await asyncio.gather(*(till.live() for till in tills))
    return tills


@pytest.fixture(scope="module")
def street() -> list[Till]:
    """Seventeen minutes of the whole street, in about a second."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(whole_street(20260321))


def busiest(tills: Iterable[Till], since: float, until: float, window: int = 10) -> float:
    """Return the most requests a second and 100 tills in any window of this many seconds."""
    windows = Counter(int((at - since) // window) for till in tills for at in till.times(since, until))
    return max(windows.values()) / window / (TILLS / 100)


def test_L6_tries_spread_out_and_stop(street: list[Till], promise: Promise) -> None:
    cases = Cases()
    usual = busiest(street, 60, BREAKS)
    during, after = busiest(street, BREAKS + 60, RETURNS, 30), busiest(street, RETURNS, ENDS)
    with cases.trying("while away, a try in half a minute for each till"):
        assert during <= 4.5, f"{during} a second"
    with cases.trying("on its return, no wave above what is usual"):
        assert after <= usual, f"{after} a second, usually {usual}"
    for number, till in enumerate(street):
        tries, known = till.times(BREAKS, RETURNS), till.times(RETURNS, RETURNS + 36)
        with cases.trying(number):
            assert len(till.times(0, ENDS, "create")) == 1, "a money call was tried again"
            assert len(tries) <= 5 + (RETURNS - BREAKS) / (30 * JITTER[0]), f"{len(tries)} tries"
            assert known, "not back within one pause"
    cases.report(promise, "L6")


def test_L6_the_first_words_after_an_outage_are_spread_evenly(street: list[Till], promise: Promise) -> None:
    """Kolmogorov and Smirnov, 1 in 100: pauses of 24 to 36 s leave an even wait of up to 24 s, thinning out to 36 s."""
    waits = sorted(till.times(RETURNS, ENDS)[0] - RETURNS for till in street)
    distance = max(abs(rank / TILLS - share_within(wait)) for rank, wait in enumerate(waits))
    assert share_within(24) == pytest.approx(0.8)
    assert share_within(36) == pytest.approx(1)
    cases = Cases()
    cases.add("spread", "" if distance < 1.63 / TILLS**0.5 else f"{distance:.3f} off")
    cases.report(promise, "L6")


def share_within(wait: float) -> float:
    """Return the share of tills that should have been heard ``wait`` seconds after the return."""
    shortest, longest = (30 * edge for edge in JITTER)
    late = max(wait - shortest, 0)
    return (min(wait, longest) - late**2 / (2 * (longest - shortest))) / 30
