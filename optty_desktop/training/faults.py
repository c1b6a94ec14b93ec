"""Switches that make one route misbehave, for the next calls or until cleared."""

import threading
from dataclasses import dataclass
from typing import Literal, get_args

Route = Literal["token", "create", "cancel_or_refund", "order", "order_refund"]
Kind = Literal[
    "delay",  # waits, then answers as usual
    "drop_before",  # closes the connection; nothing is processed
    "drop_after",  # processes the call and closes the connection without an answer
    "status",  # answers ``status`` and ``message``; nothing is processed
    "status_after",  # processes the call, then answers ``status`` and ``message`` all the same
    "cut_json",  # processes the call and sends half of the answer's body
    "drip",  # processes the call and sends the body byte by byte, ``seconds`` apart
    "wrong_json",  # processes the call and answers sound JSON of another shape
    "captive_portal",  # answers 200 with a web page; nothing is processed
    "redirect",  # answers 302 to ``url``; nothing is processed
    "bad_link",  # create only: the answer's link is ``url``
    "expired_token",  # answers 401 although the token is good; nothing is processed
]
ROUTES: tuple[Route, ...] = get_args(Route)
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Fault:
    """One misbehaviour. ``seconds`` passes before any kind but ``drip``, where it lies between two bytes.

    ``message`` is one sentence, or several as the service gives them for the fields of a create call.
    """

    kind: Kind
    seconds: float = 0.0
    status: int = 500
    message: str | tuple[str, ...] = "Internal server error"
    retry_after: int | None = None
    url: str = "https://portal.example/sign-in"


@dataclass(slots=True)
class _Planned:
    fault: Fault
    left: int | None


class FaultDesk:
    """Planned faults a route, first come first served. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: dict[Route, list[_Planned]] = {route: [] for route in ROUTES}

    def add(self, route: Route, fault: Fault, times: int | None = 1) -> None:
        """Plan a fault for the next ``times`` calls of the route; None means until cleared."""
        with self._lock:
            self._planned[route].append(_Planned(fault, times))

    def clear(self, route: Route | None = None) -> None:
        """Forget the faults of a route, or all."""
        with self._lock:
            for name in (route,) if route else ROUTES:
                self._planned[name].clear()

    def take(self, route: Route) -> Fault | None:
        """The fault for a call that has just arrived, used up by asking."""
        with self._lock:
            planned = self._planned[route]
            if not planned:
                return None
            first = planned[0]
            if first.left is not None:
                first.left -= 1
                if first.left <= 0:
                    planned.pop(0)
            return first.fault

    def planned(self) -> dict[Route, list[tuple[Fault, int | None]]]:
        """What is still to come, with the calls left."""
        with self._lock:
            return {route: [(one.fault, one.left) for one in planned] for route, planned in self._planned.items()}
