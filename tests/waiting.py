"""Waiting for a condition with a limit, instead of sleeping for a guess."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

STEP = 0.005
"""Seconds between two looks at the condition."""


async def until(condition: Callable[[], T], limit: float = 5.0) -> T:
    """Return the first true value of ``condition``.

    Raises AssertionError when none came within ``limit`` seconds. What ``condition`` raises goes to the test.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + limit
    while not (value := condition()):
        if loop.time() >= end:
            raise AssertionError(f"the condition did not hold within {limit} seconds")
        await asyncio.sleep(STEP)
    return value
