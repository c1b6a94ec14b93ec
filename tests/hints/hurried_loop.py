"""A loop in which time runs faster than outside: minutes of waiting are seconds, sockets and threads are real."""

from __future__ import annotations

import asyncio
import selectors
import time

FACTOR = 20.0
"""Seconds of the loop in a second outside."""


class _Hurried(selectors.DefaultSelector):
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(None if timeout is None else timeout / FACTOR)


class HurriedLoop(asyncio.SelectorEventLoop):
    """The loop."""

    def __init__(self) -> None:
        super().__init__(_Hurried())

    def time(self) -> float:
        return time.monotonic() * FACTOR
