"""Timeline entries as rows of the table ``events``, which only grows."""

import json
import sqlite3
from typing import Final

from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.journal.columns import Row, micros, moment, read_row

_ADD: Final = "INSERT INTO events (invoice_number, at, kind, actor, facts) VALUES (?, ?, ?, ?, ?)"

_TIMELINE: Final = """
SELECT invoice_number, at, kind, actor, facts FROM events
WHERE invoice_number = ? ORDER BY at, sequence
"""


def add_event(connection: sqlite3.Connection, row: Row) -> None:
    """Append a row made by `event_row`."""
    connection.execute(_ADD, row)


def timeline(connection: sqlite3.Connection, invoice_number: str) -> list[LinkEvent]:
    """Return the entries of a link, oldest first."""
    return [read_row("events", _event, row) for row in connection.execute(_TIMELINE, (invoice_number,))]


def event_row(event: LinkEvent) -> Row:
    """Return the columns of an entry, in the order of the table."""
    return (
        event.invoice_number,
        micros(event.at),
        event.kind.value,
        event.actor,
        json.dumps(dict(event.facts)),
    )


def _event(invoice_number: str, at: int, kind: str, actor: str, facts: str) -> LinkEvent:
    return LinkEvent(invoice_number, moment(at), EventKind(kind), actor, _facts(facts))


def _facts(text: str) -> dict[str, str]:
    facts = json.loads(text)
    if not isinstance(facts, dict) or not all(isinstance(word, str) for word in facts.values()):
        raise ValueError("facts are words by name")
    return facts
