"""How long the bundled program takes until something is seen, against the same program run from its source."""

from __future__ import annotations

from tests.benchmarks.figures import Figure, median
from tests.benchmarks.processes import ROOT, home
from tests.benchmarks.start_figures import Start, starts

BUNDLED = ROOT / "build" / "bundle" / "work" / "first-paint" / "watched_app"
"""The bundle with the watch of this folder in it, which the spec makes beside the one that is handed on."""

STARTS = {"sign-in window": ("start",), "main window in training": ("start", "--training")}


def measure(rounds: int) -> list[Figure]:
    """Start both in turns. Raises FileNotFoundError before anything was bundled."""
    figures = []
    for name, arguments in STARTS.items():
        kinds: dict[str, Start] = {"source": ("watched_app", arguments), "bundle": (BUNDLED, arguments)}
        with home() as environment:
            taken = starts(kinds, environment, rounds)
        source, bundle = taken["source"].paint, taken["bundle"].paint
        figures += [
            Figure(f"first paint of the bundle, {name}", "ms", median(bundle), median(source), 1.15),
            Figure(f"  its quickest round, {name}", "ms", min(bundle), min(source)),
        ]
    return figures
