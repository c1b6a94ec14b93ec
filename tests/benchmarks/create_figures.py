"""From the pressed button to the row and to the code, against bare POSTs under the same loop."""

from __future__ import annotations

from tests.benchmarks.figures import Figure, median
from tests.benchmarks.processes import home, program

LEAST = 200
CODE_MS = 30.0


def measure(rounds: int) -> list[Figure]:
    """At least `LEAST` turns in one process."""
    with home() as environment, program("create", str(max(LEAST, rounds)), environment=environment) as one:
        taken = one.line("row")
    bare, kept, row, code, verb = (median(taken[name]) for name in ("bare", "kept", "row", "code", "verb"))
    return [
        Figure("create: button pressed to row in the table", "ms", row, bare, 1.35),
        Figure("create: the verb alone, with its row", "ms", verb, bare, 1.35),
        Figure("  against a POST on a kept connection", "ms", row, kept),
        Figure("create: row in the table to code painted", "ms", code, most=CODE_MS),
    ]
