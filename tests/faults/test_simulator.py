"""Random histories of a till in virtual time; a seed that fails is named and fails again each time."""

from __future__ import annotations

import time

import pytest

from optty_desktop.till.cancel_or_refund import Approval, CancelOrRefund
from optty_desktop.till.outcomes import Ending, Outcome
from tests.faults.simulator import History, simulate
from tests.promises import Promise, Scaled

PROMISES = ("L1", "L2", "R2", "R4", "R5", "R6")


@pytest.mark.limit(3600)
def test_R5_every_history_ends_right(promise: Promise, scaled: Scaled) -> None:
    seeds, worst, wrong, seen = range(scaled(30, 2000)), 0.0, [], []
    for seed in seeds:
        begun = time.monotonic()
        history = simulate(seed)
        worst = max(worst, time.monotonic() - begun)
        seen.append(history)
        wrong += [f"seed {seed}: {problem}" for problem in history.problems]
    assert_something_happened(seen)
    for name in PROMISES:
        promise(name, len(seeds), wrong, worst)


def assert_something_happened(seen: list[History]) -> None:
    """A quiet history proves nothing."""
    for what in ("links", "money_calls", "deaths", "races"):
        assert sum(getattr(history, what) for history in seen), what


def test_a_seed_is_one_history() -> None:
    assert simulate(7) == simulate(7)


class Careless(CancelOrRefund):
    """Sends again what had no answer."""

    async def carry_out(self, approval: Approval) -> Outcome:
        outcome = await super().carry_out(approval)
        if outcome.ending is Ending.UNKNOWN:
            await self._session.gateway.cancel_or_refund(approval.look.link.invoice_number)
        return outcome


class Unlooking(CancelOrRefund):
    """Believes what was on the screen however old it is."""

    async def _check_again(self, approval: Approval) -> None:
        return


@pytest.mark.parametrize(("verb", "first_seed"), [(Careless, 16), (Unlooking, 1)])
def test_the_histories_see_an_unsafe_till(verb: type[CancelOrRefund], first_seed: int) -> None:
    histories = (simulate(seed, verb) for seed in range(first_seed, first_seed + 60))
    assert any("paid back twice" in problem for history in histories for problem in history.problems)
