"""How long until something is seen, and how much memory the program at rest has needed, against a bare window.

The floor is PySide6 as pip installs it. `packaging/venvs.py` unpacks the support files of shiboken once, which every
start compiles otherwise: what that gives is the program's gain. A bare window that has it too stands beside.
"""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.figures import Figure, median
from tests.benchmarks.processes import home, program, run

FEW, MANY = 1_000, 100_000
BARE = "bare window"
UNPACKED = "bare window, support files unpacked"

Start = tuple[str | Path, Sequence[str]]
"""A program and its arguments."""


@dataclass(slots=True)
class Taken:
    """The rounds of one kind of start: milliseconds to the first paint, peak memory in MB."""

    paint: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)


def measure(rounds: int) -> list[Figure]:
    """Start everything in turns. Memory is read at the end of every third round, since it hardly varies."""
    with as_installed() as packages:
        return _measured(rounds, ("bare_window", (packages,)))


def _measured(rounds: int, bare_window: Start) -> list[Figure]:
    kinds: dict[str, Start] = {
        BARE: bare_window,
        UNPACKED: ("bare_window", ()),
        "sign-in window": ("watched_app", ("start",)),
        "main window in training": ("watched_app", ("start", "--training")),
    }
    with home() as environment:
        taken = starts(kinds, environment, rounds)
        figures = _paint_figures(taken)
        run("fill_journal", str(FEW), environment=environment)
        few = starts({BARE: kinds[BARE], "few": ("watched_app", ("earlier", "--training"))}, environment, rounds // 3)
    with home() as environment:
        run("fill_journal", str(MANY), environment=environment)
        many = starts({BARE: kinds[BARE], "many": kinds["main window in training"]}, environment, rounds)
    bare = taken[BARE]
    return [
        *figures,
        Figure(
            f"main window, {MANY:,} links in the journal", "ms",
            median(many["many"].paint), median(many[BARE].paint), 1.6,
        ),
        Figure("peak memory, sign-in window", "MB", median(taken["sign-in window"].peak), median(bare.peak), 1.4),
        Figure(
            "peak memory, training at rest", "MB", median(taken["main window in training"].peak), median(bare.peak), 1.4
        ),
        Figure(f"peak memory, {FEW:,} links in the table", "MB", median(few["few"].peak), median(few[BARE].peak), 1.6),
        Figure(f"peak memory, {MANY:,} links in the journal", "MB", median(many["many"].peak), median(bare.peak), 1.6),
    ]  # fmt: skip


def _paint_figures(taken: Mapping[str, Taken]) -> list[Figure]:
    floor = taken[BARE].paint
    bars = {"sign-in window": 1.35, "main window in training": 1.6}
    unpacked = taken[UNPACKED].paint
    figures = [Figure(f"first paint, {UNPACKED}", "ms", median(unpacked), median(floor))]
    for name, most in bars.items():
        paint = taken[name].paint
        figures += [
            Figure(f"first paint, {name}", "ms", median(paint), median(floor), most),
            Figure("  its quickest round", "ms", min(paint), min(floor)),
            Figure("  against the bare window with its support files unpacked", "ms", median(paint), median(unpacked)),
        ]
    return figures


@contextmanager
def as_installed() -> Iterator[str]:
    """A folder that holds shiboken6 as pip installs it, to be searched before the packages of this environment."""
    spec = importlib.util.find_spec("shiboken6")
    assert spec is not None
    assert spec.origin is not None
    with tempfile.TemporaryDirectory(prefix="optty-bench-") as folder:
        shutil.copytree(
            Path(spec.origin).parent, Path(folder, "shiboken6"), ignore=shutil.ignore_patterns("files.dir", "include")
        )
        yield folder


def starts(kinds: Mapping[str, Start], environment: Mapping[str, str], rounds: int) -> dict[str, Taken]:
    """Rounds of fresh processes in turns, after one round that does not count."""
    taken = {name: Taken() for name in kinds}
    for turn in range(rounds + 1):
        for name, (command, arguments) in kinds.items():
            with program(command, *arguments, environment=environment) as one:
                painted = (one.told("painted") - one.started) * 1000
                is_at_rest = turn % 3 == 1
                if is_at_rest:
                    one.wait_until_quiet()
                used = one.end()
            if turn:
                taken[name].paint.append(painted)
            if is_at_rest:
                taken[name].peak.append(used.peak_mb)
    return taken
