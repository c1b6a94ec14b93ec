"""What was done to the settings of a till, each entry bound to the one before by its hash.

A chain shows edits, deletions and swaps, and names the first entry that is not as it was. It does not show that its end
was cut off, and whoever owns the computer can compute all of it anew: for that its head has to be kept elsewhere.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

FIRST: Final = "0" * 64
"""What stands for the hash before the first entry."""


class AuditAction(StrEnum):
    """What was done; the values are stable keys."""

    STARTED = "started"
    SIGNED_IN = "signed_in"
    PROFILE_CHANGED = "profile_changed"
    PROFILE_NOT_CHANGED = "profile_not_changed"
    """The entry before could not be carried out: the profile is as it was."""
    RELAY_PAIRED = "relay_paired"
    RELAY_UNPAIRED = "relay_unpaired"
    RELAY_NOT_CHANGED = "relay_not_changed"
    """The entry before could not be carried out: the till is paired as it was, or not at all."""
    PROXY_PASSWORD_CHANGED = "proxy_password_changed"  # noqa: S105 - a name


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done, and by whom. ``before`` and ``after`` hold short words; never secrets or contacts."""

    action: AuditAction
    actor: str = ""
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)


class Moment(NamedTuple):
    """When: the wall clock (UTC), the seconds of the clock that nobody can set, and which start of the program."""

    at: datetime
    monotonic: float
    run: str


class AuditRow(NamedTuple):
    """An entry as it is stored: its place, its whole text, and the hash of that text."""

    sequence: int
    text: str
    hash: str


class AuditFacts(NamedTuple):
    """What support may know of the audit: how many entries, and the first that is not as it was written.

    ``problem`` names why the file cannot be read, if it cannot.
    """

    entries: int
    broken_at: int | None = None
    problem: str = ""


class Audit(Protocol):
    """Where deeds are written down for good."""

    async def note(self, deed: Deed) -> None:
        """Write it down; it is on the disk when this returns. Raises JournalProblem."""


def next_row(last: AuditRow | None, deed: Deed, moment: Moment) -> AuditRow:
    """Return the row that follows ``last``."""
    sequence = 1 if last is None else last.sequence + 1
    text = _canonical(
        {
            "sequence": sequence,
            "at": moment.at.astimezone(UTC).isoformat(),
            "monotonic": f"{moment.monotonic:.3f}",
            "run": moment.run,
            "action": deed.action,
            "actor": deed.actor,
            "before": dict(deed.before),
            "after": dict(deed.after),
            "previous": FIRST if last is None else last.hash,
        }
    )
    return AuditRow(sequence, text, _hash(text))


def first_broken(rows: Iterable[AuditRow]) -> int | None:
    """Return the place of the first row that is not as it was written, or not where it was; None for a whole chain."""
    previous = FIRST
    for place, row in enumerate(rows, 1):
        if not _follows(row, place, previous):
            return place
        previous = row.hash
    return None


def _follows(row: AuditRow, place: int, previous: str) -> bool:
    if row.sequence != place or row.hash != _hash(row.text):
        return False
    try:
        entry = json.loads(row.text)
        is_entry = isinstance(entry, dict) and _canonical(entry) == row.text
    except (ValueError, RecursionError):
        # No entry of this program lies as deep as that.
        return False
    return is_entry and (entry.get("sequence"), entry.get("previous")) == (place, previous)


def _canonical(entry: Mapping[str, object]) -> str:
    """One line of ASCII, the same for the same entry: nothing in a word can look like another entry."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
