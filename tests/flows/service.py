"""The pretend Optty behind the window of a test: on one port for good, so that it can go away and come back."""

from __future__ import annotations

import socket

from optty_desktop.training.ledger import Received
from optty_desktop.training.server import TrainingServer
from tests.flows.hours import Hours


class Service:
    """A training server that can be unplugged and plugged in again; its keys and its ledger stay."""

    def __init__(self, hours: Hours) -> None:
        self._hours = hours
        self.port = free_port()
        self.server = TrainingServer(port=self.port, clock=hours.now, shop="Corner Store")
        self.faults = self.server.faults
        self.ledger = self.server.ledger
        self.customer = self.server.customer
        self.switches = self.server.switches
        self._is_plugged = False

    @property
    def url(self) -> str:
        """Its address, also while it is away."""
        return f"http://127.0.0.1:{self.port}"

    def plug_in(self) -> None:
        """Begin to listen."""
        self.server.__enter__()
        self._is_plugged = True

    def unplug(self) -> None:
        """Stop listening; every open connection breaks."""
        if self._is_plugged:
            self._is_plugged = False
            self.server.__exit__(None, None, None)

    def calls(self, method: str, part: str) -> list[Received]:
        """The requests received whose path holds ``part``, oldest first."""
        return [one for one in self.ledger.received() if one.method == method and part in one.path]

    def creates(self) -> list[Received]:
        """The calls that make a link."""
        return self.calls("POST", "/custom/hpp")

    def closings(self) -> list[Received]:
        """The calls that cancel or refund a link."""
        return self.calls("POST", "/cancel-or-refund")

    def reads(self) -> list[Received]:
        """The reads of orders."""
        return self.calls("GET", "/orders/")

    def tokens(self) -> list[Received]:
        """The token calls."""
        return self.calls("POST", "/token")


def free_port() -> int:
    """A port nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
