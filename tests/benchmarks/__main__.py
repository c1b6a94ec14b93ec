"""``python -m tests.benchmarks [NAME …] [--rounds N]``: measure the program against floors of the same run.

Prints "within" or "over" for each budget. Timings depend on the machine and on what else it does, so nothing fails
here: the exit code is 1 only when a measurement could not be made.
"""

import argparse
import importlib
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from typing import Final

from tests.benchmarks.figures import Figure, table

# This process stays small: a child's peak memory begins with what its parent held when it was started.
MEASUREMENTS: Final = ("start", "gaps", "create", "idle", "journal", "table", "relay")
WHEN_NAMED: Final = ("bundle",)
"""Needs what ``dev.py bundle`` leaves."""
ROUNDS: Final = 15


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurements named, or all, and print each table as soon as it is there."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", metavar="NAME", nargs="*", help=", ".join(MEASUREMENTS + WHEN_NAMED))
    parser.add_argument("--rounds", metavar="N", type=int, default=ROUNDS, help=f"default: {ROUNDS}")
    chosen = parser.parse_args(arguments)
    unknown = [name for name in chosen.names if name not in MEASUREMENTS + WHEN_NAMED]
    if unknown:
        parser.error(f"no such measurement: {', '.join(unknown)}")
    held = [_measure(name, chosen.rounds) for name in chosen.names or MEASUREMENTS]
    return 0 if all(held) else 1


def _measure(name: str, rounds: int) -> bool:
    measure: Callable[[int], list[Figure]] = importlib.import_module(f"tests.benchmarks.{name}_figures").measure
    begun = time.monotonic()
    try:
        figures = measure(rounds)
    except Exception:  # noqa: BLE001  the other measurements can still be made
        traceback.print_exc()
        return False
    print(f"\n== {name}  ({time.monotonic() - begun:.0f} s)\n{table(figures)}", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
