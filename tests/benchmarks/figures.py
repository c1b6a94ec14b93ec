"""What was measured, beside its floor and its budget, and the table it is printed in."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report. ``most_times`` is the budget as a multiple of the floor, ``most`` as a figure.

    Without either the line only informs.
    """

    name: str
    unit: str
    measured: float
    floor: float | None = None
    most_times: float | None = None
    most: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the floor."""
        return self.measured / self.floor if self.floor else None

    @property
    def budget(self) -> str:
        """The budget in words."""
        if self.most_times is not None:
            return f"≤ {self.most_times:g} ×"
        return f"≤ {self.most:g} {self.unit}" if self.most is not None else ""

    @property
    def verdict(self) -> str:
        """Whether the budget holds; nothing where there is none."""
        if self.most_times is not None and self.ratio is not None:
            return "within" if self.ratio <= self.most_times else "over"
        if self.most is not None:
            return "within" if self.measured <= self.most else "over"
        return ""


def median(values: Iterable[float]) -> float:
    """The median of the rounds."""
    return statistics.median(values)


def high(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of all values do not pass, for example 0.99 of them."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


HEAD = ("", "measured", "floor", "ratio", "budget", "")


def table(figures: Iterable[Figure]) -> str:
    """The figures as lines of text in columns."""
    rows = [HEAD, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = []
    for row in rows:
        numbers = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join([row[0].ljust(widths[0]), *numbers]).rstrip())
    return "\n".join(lines)


def _cells(figure: Figure) -> tuple[str, ...]:
    floor = "" if figure.floor is None else _number(figure.floor, figure.unit)
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    return figure.name, _number(figure.measured, figure.unit), floor, ratio, figure.budget, figure.verdict


def _number(value: float, unit: str) -> str:
    return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2}f} {unit}"
