"""Schema 2: what hints want read, how far each source of hints has come, and links by their order.

A wish is one row for a link and an order, however often it is made; the order "" stands for the one the link has.
Rows go once the read is done, so none of this belongs to the record of what happened.
"""

from typing import Final

from optty_desktop.journal.migrations.migration import Migration

_WISHES = """
CREATE TABLE read_wishes (
    sequence        INTEGER PRIMARY KEY AUTOINCREMENT,
    invoice_number  TEXT NOT NULL,
    order_reference TEXT NOT NULL,
    UNIQUE (invoice_number, order_reference)
)
"""

HINT_INBOX: Final = Migration(
    2,
    (
        _WISHES,
        "CREATE TABLE hint_cursors (source TEXT PRIMARY KEY NOT NULL, cursor TEXT NOT NULL)",
        "CREATE INDEX links_by_order ON links (order_reference) WHERE order_reference IS NOT NULL",
    ),
)
