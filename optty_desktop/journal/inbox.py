"""What hints want read, and how far each source of hints has come."""

import sqlite3
from collections.abc import Sequence
from typing import Final

from optty_desktop.core.hints import HintSource, ReadWish

ORDERS_KEPT: Final = 5
"""Orders kept for one link: hints can name any, and a true one is named again with each change."""

# A renewed wish takes a new number, so that a read of before does not end it.
_WISH: Final = "INSERT OR REPLACE INTO read_wishes (invoice_number, order_reference) VALUES (?, ?)"

_DROP_OLD_ORDERS: Final = f"""
DELETE FROM read_wishes WHERE sequence IN (
    SELECT sequence FROM read_wishes WHERE invoice_number = ? AND order_reference <> ''
    ORDER BY sequence DESC LIMIT -1 OFFSET {ORDERS_KEPT})
"""  # noqa: S608  a number of this file

_MOVE_CURSOR: Final = "INSERT OR REPLACE INTO hint_cursors (source, cursor) VALUES (?, ?)"

_WISHES: Final = """
SELECT invoice_number, order_reference, sequence FROM read_wishes
WHERE :number IS NULL OR invoice_number = :number ORDER BY sequence
"""

_GRANT: Final = "DELETE FROM read_wishes WHERE invoice_number = ? AND order_reference = ? AND sequence <= ?"


def take_hints(
    connection: sqlite3.Connection, source: HintSource, wishes: Sequence[ReadWish], cursor: str | None
) -> None:
    """Write wishes and the new place of their source; the caller holds the transaction."""
    for wish in wishes:
        connection.execute(_WISH, (wish.invoice_number, wish.order_reference))
    for number in {wish.invoice_number for wish in wishes if wish.order_reference}:
        connection.execute(_DROP_OLD_ORDERS, (number,))
    if cursor is not None:
        connection.execute(_MOVE_CURSOR, (source.value, cursor))


def hint_cursor(connection: sqlite3.Connection, source: HintSource) -> str | None:
    """Return how far the source has come, None before its first hint."""
    row = connection.execute("SELECT cursor FROM hint_cursors WHERE source = ?", (source.value,)).fetchone()
    return None if row is None else str(row[0])


def read_wishes(connection: sqlite3.Connection, invoice_number: str | None) -> list[ReadWish]:
    """Return the wishes of one link, or all, oldest first."""
    return [ReadWish(*row) for row in connection.execute(_WISHES, {"number": invoice_number})]


def grant_wishes(connection: sqlite3.Connection, wishes: Sequence[ReadWish]) -> None:
    """Delete these wishes as they were looked up."""
    connection.executemany(_GRANT, [(one.invoice_number, one.order_reference, one.sequence) for one in wishes])
