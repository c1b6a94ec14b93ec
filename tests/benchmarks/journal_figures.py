"""A durable commit, awaited through the journal's thread, against a raw append and ``fdatasync``."""

from __future__ import annotations

from tests.benchmarks.figures import Figure, high, median
from tests.benchmarks.processes import home, program

LEAST = 300


def measure(rounds: int) -> list[Figure]:
    """At least `LEAST` turns in one process."""
    with home() as environment, program("journal", str(max(LEAST, rounds)), environment=environment) as one:
        taken = one.line("raw")
    raw, committed = taken["raw"], taken["committed"]
    return [
        Figure("durable commit, awaited", "ms", median(committed), median(raw), 4),
        Figure("  99 of 100", "ms", high(committed, 0.99), high(raw, 0.99)),
    ]
