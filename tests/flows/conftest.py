"""The shop of a flow: its hours, the service that answers it, and the counter with the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from optty_desktop.ui.theme import Look, dress
from optty_desktop.ui.tokens import LIGHT
from tests.flows.counter import Counter
from tests.flows.hours import Hours
from tests.flows.service import Service


@pytest.fixture(scope="session")
def look(qapp: QApplication) -> Look:
    """The look of the program, put on once."""
    return dress(qapp, LIGHT, reduced_motion=True)


@pytest.fixture
def hours() -> Hours:
    """The time of the test."""
    return Hours()


@pytest.fixture
def service(hours: Hours) -> Iterator[Service]:
    """The pretend Optty, listening."""
    service = Service(hours)
    service.plug_in()
    yield service
    service.unplug()


@pytest.fixture
def counter(look: Look, service: Service, hours: Hours) -> Counter:
    """A counter of the usual kind; entering it starts the program."""
    return Counter(look, service, hours)
