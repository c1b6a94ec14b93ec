"""What support gets to see of a till: facts about program, computer and record, each of them chosen by name.

There is no field for a free text. What a customer, a member of staff or the service wrote cannot be put in here, and
neither can credentials, tokens or the address of a link.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Protocol

from optty_desktop.core.audit_chain import AuditFacts
from optty_desktop.core.environments import Environment
from optty_desktop.core.network import Way
from optty_desktop.core.policy import Policy

ANSWERED: Final = "answered"
"""How a call ended that did not fail."""


@dataclass(frozen=True, slots=True)
class Versions:
    """What runs here. ``qt`` is None where Qt cannot be loaded; ``tls`` is the library that encrypts."""

    program: str
    python: str
    qt: str | None
    sqlite: str
    tls: str
    system: str


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: its size in device-independent pixels, and how many real ones each of them takes."""

    width: int
    height: int
    scale: float


@dataclass(frozen=True, slots=True)
class Display:
    """Where the window stands. ``window_system`` is Qt's short word for it, such as "xcb"."""

    window_system: str
    screens: tuple[Screen, ...]


@dataclass(frozen=True, slots=True)
class PastCall:
    """One HTTP call that has ended. ``path`` is a template without values; ``failure`` is empty when it was answered.

    ``status`` is None when no status came; a call can have a status and fail all the same. ``ahead`` is by how many
    seconds this computer's clock was ahead of the host's, negative when behind; None where the answer did not tell.
    """

    exchange: str
    at: datetime
    method: str
    host: str
    path: str
    status: int | None
    failure: str
    milliseconds: int
    ahead: int | None = None

    @property
    def line(self) -> str:
        """The call in one line, as it stands in the log and in the report."""
        what = f"{self.exchange} {self.method} {self.host}{self.path}"
        status = "-" if self.status is None else str(self.status)
        clock = "-" if self.ahead is None else f"{self.ahead:+d} s"
        return f"{what}: {self.failure or ANSWERED}, status {status}, {self.milliseconds} ms, clock {clock}"


@dataclass(frozen=True, slots=True)
class Unexpected:
    """A failure nobody expected: the type of the error and the lines of the program it passed through."""

    at: datetime
    kind: str
    places: str


@dataclass(frozen=True, slots=True)
class JournalFacts:
    """One record. ``problem`` names why nothing of its content is known: the type of the error, such as JournalInUse.

    ``size`` is in bytes, with the log beside the file. ``links`` counts by state, ``operations`` by kind and stage.
    ``block`` says why cancels and refunds wait, if they do.
    """

    environment_id: str
    size: int | None
    newest_backup: date | None
    problem: str = ""
    schema: int | None = None
    links: Mapping[str, int] = field(default_factory=dict)
    operations: Mapping[str, int] = field(default_factory=dict)
    open_operations: int = 0
    block: str | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The whole report. ``None`` means not known: no window, no profiles that can be read, no disk that answers.

    ``policy`` is None where its file is refused.
    """

    at: datetime
    versions: Versions
    way: Way | None
    environments: tuple[Environment, ...] | None
    policy: Policy | None = field(default_factory=Policy)
    journals: tuple[JournalFacts, ...] = ()
    calls: tuple[PastCall, ...] = ()
    unexpected: tuple[Unexpected, ...] = ()
    display: Display | None = None
    free_bytes: int | None = None
    audit: AuditFacts = field(default_factory=lambda: AuditFacts(0))


class Support(Protocol):
    """Puts the support file together and writes it."""

    async def report(self) -> str:
        """The whole text. What cannot be found out is said in it; nothing is raised for that."""
        ...

    async def write(self, text: str, path: str) -> None:
        """Write the text to a file that only its owner may read, in place of one that is there. Raises OSError."""
