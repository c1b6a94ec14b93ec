"""One HTTP exchange as the rest of this room sees it: no httpx, no secrets in what is told about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto


class CallKind(Enum):
    """READ may reuse an open connection. MONEY and TOKEN get a fresh one.

    A server may close an idle connection at the very moment it is reused; for a call that moves money that would be an
    outcome nobody knows.
    """

    READ = auto()
    MONEY = auto()
    TOKEN = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer. Header names are in small letters; ``body`` is unpacked; ``elapsed`` is in seconds.

    ``details`` names the exchange for support: id, method, host, path template, status, time. No query, no secret.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed: float
    details: Mapping[str, str] = field(default_factory=dict)
