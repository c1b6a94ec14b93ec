"""Takes out one safety line after the other: a named promise must notice each. This is how the tests are tested."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.mutants import MUTANTS, Mutant
from tests.faults.mutants_http import HTTP_MUTANTS
from tests.source_tree import PACKAGE, ROOT

ALL = MUTANTS + HTTP_MUTANTS

FOUND_FAILURES = 1
"""pytest's exit code when tests ran and some failed."""


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.name)
def test_every_safety_line_stands_where_it_is_looked_for(mutant: Mutant) -> None:
    assert (PACKAGE / mutant.file).read_text(encoding="utf-8").count(mutant.old) == 1


def copy_of_the_house(place: Path) -> Path:
    """Copy the program and its tests, and return where they are."""
    ignored = shutil.ignore_patterns("__pycache__", "flows", "benchmarks")
    for folder in ("optty_desktop", "tests", "packaging", "resources"):
        shutil.copytree(ROOT / folder, place / folder, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", place)
    return place


def verdict_on(place: Path, test: str, promise: str) -> int:
    """Run the tests of a promise in the copy; return pytest's exit code."""
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:pytest-qt"]
    run = subprocess.run([*command, test, "-k", promise], cwd=place, capture_output=True, text=True, check=False)
    return run.returncode


@pytest.mark.slow
@pytest.mark.limit(1800)
def test_every_mutant_is_noticed_by_its_promise(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = copy_of_the_house(tmp_path)
    survivors = []
    for mutant in ALL:
        path = place / "optty_desktop" / mutant.file
        sound = path.read_text(encoding="utf-8")
        path.write_text(sound.replace(mutant.old, mutant.new), encoding="utf-8")
        begun = time.monotonic()
        code = verdict_on(place, mutant.test, mutant.promise)
        path.write_text(sound, encoding="utf-8")
        if code != FOUND_FAILURES:
            survivors.append(mutant.name)
        with capsys.disabled():
            word = "killed" if code == FOUND_FAILURES else f"SURVIVED ({code})"
            print(f"\n{mutant.promise:<14} {word:<14} {time.monotonic() - begun:5.1f} s  {mutant.name}", end="")  # noqa: T201
    for test, promise in sorted({(mutant.test, mutant.promise) for mutant in ALL}):
        assert verdict_on(place, test, promise) == 0, f"{promise} does not hold in the sound program"
    assert not survivors
