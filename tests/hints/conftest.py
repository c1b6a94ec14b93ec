"""Stores of these tests lie in memory where that can be: kills and locks are no different there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from tests.journal.places import new_folder
from tests.relay.room import Room, running

Running = Callable[..., AbstractAsyncContextManager[Room]]


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Give the test a folder of its own."""
    with new_folder() as folder:
        yield folder


@pytest.fixture
def relay(tmp_path: Path) -> Running:
    """Run a relay in the test's folder: ``async with relay() as room``."""

    @asynccontextmanager
    async def run(**changes: object) -> AsyncIterator[Room]:
        async with running(tmp_path, **changes) as room:  # type: ignore[arg-type]
            yield room

    return run
