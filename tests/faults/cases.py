"""Collects the cases of one test of a promise: how many, which are broken, the longest."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.promises import Promise


class Cases:
    """``failures`` names each broken case; ``worst`` is the longest case in seconds."""

    def __init__(self) -> None:
        self.count = 0
        self.failures: list[str] = []
        self.worst = 0.0

    def add(self, case: object, problem: str = "", seconds: float = 0.0) -> None:
        """Count a case; ``problem`` says what is wrong with it, nothing when the promise is kept."""
        self.count += 1
        self.worst = max(self.worst, seconds)
        if problem:
            self.failures.append(f"{case}: {problem}")

    @contextmanager
    def trying(self, case: object) -> Iterator[None]:
        """Count what is inside as one case, broken when it asserts in vain."""
        begun = time.monotonic()
        problem = ""
        try:
            yield
        except AssertionError as broken:
            problem = str(broken) or "broken"
        self.add(case, problem, time.monotonic() - begun)

    def report(self, promise: Promise, promise_id: str) -> None:
        """Hand the figures on. Raises AssertionError when a case was broken or none was tried."""
        promise(promise_id, self.count, self.failures, self.worst)
