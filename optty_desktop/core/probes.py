"""What a test of the connection found out, step by step."""

from dataclasses import dataclass
from enum import StrEnum

from optty_desktop.core.errors import AppError


class ProbeStep(StrEnum):
    """The way of a call to the payment service, from this computer to the right to read orders."""

    NAME = "name"
    CONNECTION = "connection"
    PROXY = "proxy"
    TLS = "tls"
    CREDENTIALS = "credentials"
    READING = "reading"


class ProbeSign(StrEnum):
    """HELD went well, FAILED is where it stopped, NOT_REACHED lies behind that."""

    HELD = "held"
    FAILED = "failed"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class ProbeLine:
    """One step. ``host`` is who was spoken to, ``error`` why it failed; both only where it did."""

    step: ProbeStep
    sign: ProbeSign
    host: str = ""
    error: AppError | None = None
