"""Schema 1: links, operations, events and what the file says about itself.

Money is minor units plus ISO 4217 code, times are microseconds since 1970-01-01 UTC, states and kinds are their
stable keys. A withdrawn link keeps its row, without contacts, because its operations and events stay; the
operations lose their body then, which would repeat the contacts.
"""

from typing import Final

from optty_desktop.journal.migrations.migration import Migration

_LINKS = """
CREATE TABLE links (
    invoice_number  TEXT PRIMARY KEY NOT NULL,
    amount_minor    INTEGER NOT NULL,
    currency        TEXT NOT NULL,
    reference       TEXT NOT NULL,
    description     TEXT NOT NULL,
    email           TEXT NOT NULL,
    phone           TEXT NOT NULL,
    due_at          INTEGER NOT NULL,
    email_customer  INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    created_by      TEXT NOT NULL,
    state           TEXT NOT NULL,
    source          TEXT NOT NULL,
    checked_at      INTEGER NOT NULL,
    raw_word        TEXT NOT NULL,
    changed_at      INTEGER NOT NULL,
    note            TEXT,
    url             TEXT,
    order_reference TEXT,
    allows_tip      INTEGER NOT NULL,
    paid_minor      INTEGER,
    paid_currency   TEXT,
    paid_at         INTEGER,
    paid_with       TEXT NOT NULL,
    refunded_minor  INTEGER NOT NULL,
    is_withdrawn    INTEGER NOT NULL DEFAULT 0
)
"""

# The condition names the closed states, so that a state nobody knows counts as unsettled.
# A query uses the index only if it repeats the condition word for word.
_UNSETTLED_LINKS = """
CREATE INDEX links_unsettled ON links (created_at, invoice_number)
WHERE is_withdrawn = 0
    AND (state NOT IN ('paid', 'refunded', 'cancelled', 'expired')
        OR note IN ('refund_on_its_way', 'cancel_not_confirmed'))
"""

_OPERATIONS = """
CREATE TABLE operations (
    sequence         INTEGER PRIMARY KEY AUTOINCREMENT,
    operation_id     TEXT NOT NULL UNIQUE,
    invoice_number   TEXT NOT NULL REFERENCES links (invoice_number),
    kind             TEXT NOT NULL,
    stage            TEXT NOT NULL,
    amount_minor     INTEGER NOT NULL,
    currency         TEXT NOT NULL,
    observed         TEXT NOT NULL,
    actor            TEXT NOT NULL,
    requested_at     INTEGER NOT NULL,
    changed_at       INTEGER NOT NULL,
    reason           TEXT NOT NULL,
    remark           TEXT NOT NULL,
    body             BLOB NOT NULL,
    refund_reference TEXT NOT NULL,
    refunded_before  INTEGER NOT NULL,
    outcome          TEXT NOT NULL
)
"""

# At most one open operation a link, whatever the program believes. A stage nobody knows counts as open.
_OPEN_OPERATIONS = """
CREATE UNIQUE INDEX operations_open ON operations (invoice_number)
WHERE stage NOT IN ('done', 'refused', 'not_sent', 'settled')
"""

_EVENTS = """
CREATE TABLE events (
    sequence       INTEGER PRIMARY KEY AUTOINCREMENT,
    invoice_number TEXT NOT NULL REFERENCES links (invoice_number),
    at             INTEGER NOT NULL,
    kind           TEXT NOT NULL,
    actor          TEXT NOT NULL,
    facts          TEXT NOT NULL
)
"""

_EVENTS_STAY = """
CREATE TRIGGER events_never_change BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are only added'); END
"""

_EVENTS_LAST = """
CREATE TRIGGER events_never_go BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are only added'); END
"""

FIRST_TABLES: Final = Migration(
    1,
    (
        "CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)",
        _LINKS,
        "CREATE INDEX links_by_age ON links (created_at, invoice_number)",
        _UNSETTLED_LINKS,
        _OPERATIONS,
        _OPEN_OPERATIONS,
        "CREATE INDEX operations_of_link ON operations (invoice_number, requested_at, sequence)",
        _EVENTS,
        "CREATE INDEX events_of_link ON events (invoice_number, at, sequence)",
        _EVENTS_STAY,
        _EVENTS_LAST,
    ),
)
