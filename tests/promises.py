"""What the program promises, counted: cases tried, failures seen, the worst time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sized
from dataclasses import dataclass, field
from typing import Protocol


@dataclass
class Tally:
    """What all tests of one promise have found together."""

    cases: int = 0
    failures: int = 0
    worst_seconds: float = 0.0

    def line(self, promise_id: str) -> str:
        """Return the figures as one line."""
        failures = f"{self.failures} failure{'' if self.failures == 1 else 's'}"
        return f"{promise_id:<4} {self.cases:>6} cases  {failures:>10}  worst {self.worst_seconds:8.3f} s"


@dataclass
class Ledger:
    """The promises of one run, by id."""

    tallies: dict[str, Tally] = field(default_factory=dict)

    def record(self, promise_id: str, cases: int, failures: int | Sized, worst_seconds: float) -> None:
        """Add the figures of one test and print them; ``failures`` is a number or what failed.

        Raises AssertionError when something failed, or when nothing was tried.
        """
        count = failures if isinstance(failures, int) else len(failures)
        print(Tally(cases, count, worst_seconds).line(promise_id))  # noqa: T201  shown with a test that fails
        tally = self.tallies.setdefault(promise_id, Tally())
        tally.cases += cases
        tally.failures += count
        tally.worst_seconds = max(tally.worst_seconds, worst_seconds)
        assert cases > 0, f"{promise_id}: nothing was tried"
        assert count == 0, f"{promise_id}: {count} of {cases} cases: {failures}"

    def lines(self) -> Iterator[str]:
        """Yield one line a promise: by letter, then by number."""
        for promise_id in sorted(self.tallies, key=lambda one: (one[:1], len(one), one)):
            yield self.tallies[promise_id].line(promise_id)


class Promise(Protocol):
    """The fixture ``promise``: ``promise("D1", cases, failures, worst_seconds)`` at the end of a test."""

    def __call__(self, promise_id: str, cases: int, failures: int | Sized, worst_seconds: float) -> None: ...


Scaled = Callable[[int, int], int]
"""The fixture ``scaled``: ``scaled(15, 200)`` is 15, or 200 in a full run."""
