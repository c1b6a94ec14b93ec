"""The pretend Optty on a real port, with a clock that the test turns."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from optty_desktop.training.server import TrainingServer
from tests.training.shop import Shop, TurnedClock


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def server(clock: TurnedClock) -> Iterator[TrainingServer]:
    with TrainingServer(clock=clock) as running:
        yield running


@pytest.fixture
def shop(server: TrainingServer) -> Iterator[Shop]:
    with contextlib.closing(Shop(server)) as signed_in:
        yield signed_in
