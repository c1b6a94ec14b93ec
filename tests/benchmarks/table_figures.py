"""Status changes, sorting and searching of the links table, each against its floor."""

from __future__ import annotations

from tests.benchmarks.figures import Figure
from tests.benchmarks.processes import home, program


def measure(rounds: int) -> list[Figure]:
    """All figures come from one process."""
    figures = []
    with home() as environment, program("links_table", str(rounds), environment=environment) as one:
        while "done" not in (row := one.any_line()):
            bar = row["bar"] or None
            figures.append(Figure(row["name"], row["unit"], row["measured"], row["floor"], most=bar))
    return figures
