"""How long the window did not answer while it worked, against the same window doing nothing."""

from __future__ import annotations

from tests.benchmarks.figures import Figure, high, median
from tests.benchmarks.processes import home, program, run

PHASES = {
    "start": "from the first paint through everything loaded behind it",
    "sign-in": "training chosen until the till works",
    "create": "three links made, codes drawn",
    "import": "100 links from the journal",
}
LINKS = 100
P99_MS, WORST_MS = 16.0, 50.0


def measure(rounds: int) -> list[Figure]:
    """Play the whole scene once a round, in a fresh process and home; figures are medians over the rounds."""
    taken: dict[str, list[list[float]]] = {phase: [] for phase in (*PHASES, "idle")}
    for _ in range(rounds):
        for phase, gaps in _one_day().items():
            taken[phase].append(gaps)
    idle_p99, idle_worst = _p99(taken["idle"]), _worst(taken["idle"])
    figures = []
    for phase in PHASES:
        figures.append(Figure(f"{phase}: 99 of 100 gaps", "ms", _p99(taken[phase]), idle_p99, most=P99_MS))
        figures.append(Figure(f"{phase}: largest gap", "ms", _worst(taken[phase]), idle_worst, most=WORST_MS))
        worst = max(max(gaps) for gaps in taken[phase])
        figures.append(Figure("  largest of all rounds", "ms", worst))
    return figures


def _one_day() -> dict[str, list[float]]:
    told: dict[str, list[float]] = {}
    with home() as environment:
        run("fill_journal", str(LINKS), environment=environment)
        with program("watched_app", "gaps", environment=environment) as one:
            while "import" not in told:
                facts = one.line("phase")
                told[facts["phase"]] = facts["gaps"]
    return told


def _p99(rounds: list[list[float]]) -> float:
    return median(high(gaps, 0.99) for gaps in rounds)


def _worst(rounds: list[list[float]]) -> float:
    return median(max(gaps) for gaps in rounds)
