"""What the window costs while nobody uses it, against a bare window under ``exec()``."""

from __future__ import annotations

import time
from contextlib import ExitStack

from tests.benchmarks.figures import Figure, median
from tests.benchmarks.processes import Program, home, program

SECONDS = 10.0
KINDS = {
    "bare": ("bare_window",),
    "training": ("watched_app", "start", "--training"),
    "open link": ("open_link",),
}
MOST_MS = 10.0


def measure(rounds: int) -> list[Figure]:
    """All rounds rest at the same time, side by side: at rest they do not disturb each other."""
    taken: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for kind, milliseconds in _rest(rounds):
        taken[kind].append(milliseconds)
    bare = median(taken["bare"])
    return [
        Figure("10 s at rest, training, no link", "ms", median(taken["training"]), bare, most=MOST_MS),
        Figure("10 s at rest, one open link, not shown", "ms", median(taken["open link"]), bare, most=MOST_MS),
    ]


def _rest(count: int) -> list[tuple[str, float]]:
    with ExitStack() as stack:
        resting: list[tuple[str, Program]] = []
        for _ in range(count):
            for kind, command in KINDS.items():
                environment = stack.enter_context(home())
                one = stack.enter_context(program(*command, environment=environment))
                one.told("painted")
                one.wait_until_quiet()
                resting.append((kind, one))
        for _kind, one in resting:
            one.wait_until_quiet()
        before = [one.cpu_seconds() for _kind, one in resting]
        time.sleep(SECONDS)
        return [(kind, (one.cpu_seconds() - used) * 1000) for (kind, one), used in zip(resting, before, strict=True)]
