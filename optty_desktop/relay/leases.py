"""One till at a time moves the money of a link. A clash becomes rare, not impossible: Optty asks for no lease."""

import sqlite3
from typing import Final

from optty_desktop.relay.moments import SECOND
from optty_desktop.relay.problems import LeaseHeld
from optty_desktop.relay.tills import Till

LEASE_SECONDS: Final = 120
LONGEST: Final = 2 * LEASE_SECONDS * SECOND
"""What ends later than that was taken before the clock was set back, and holds nobody up."""


def take(connection: sqlite3.Connection, till: Till, invoice: str, now: int) -> int:
    """Give the till the link for 120 seconds, or for 120 more; return the seconds. Raises LeaseHeld."""
    connection.execute("DELETE FROM leases WHERE until <= ? OR until > ?", (now, now + LONGEST))
    row = connection.execute(
        "SELECT till, until FROM leases WHERE shop = ? AND invoice = ?", (till.shop, invoice)
    ).fetchone()
    if row is not None and row[0] != till.id:
        raise LeaseHeld(-(-(row[1] - now) // SECOND))
    connection.execute(
        "INSERT OR REPLACE INTO leases (shop, invoice, till, until) VALUES (?, ?, ?, ?)",
        (till.shop, invoice, till.id, now + LEASE_SECONDS * SECOND),
    )
    return LEASE_SECONDS


def give_back(connection: sqlite3.Connection, till: Till, invoice: str) -> None:
    """End the till's own lease; does nothing to another's."""
    connection.execute("DELETE FROM leases WHERE shop = ? AND invoice = ? AND till = ?", (till.shop, invoice, till.id))
