"""Letting go of what was kept long enough, down to the bytes of the file."""

import sqlite3
from typing import Final

from optty_desktop.relay.moments import DAY

HEADS_DAYS: Final = 400
"""How long the ends of audit records stay: a year of bookkeeping and some weeks to look through it."""


def drop_old(connection: sqlite3.Connection, now: int, days: int) -> int:
    """Drop bodies with their hints after ``days``, and codes that have run out; return how many bodies went.

    The newest place of each shop stays known, so that a till that has read everything need not begin anew.
    """
    before = now - days * DAY
    dropped = connection.execute("DELETE FROM hints WHERE received_at <= ?", (before,)).rowcount
    dropped += connection.execute("DELETE FROM quarantine WHERE received_at <= ?", (before,)).rowcount
    connection.execute("DELETE FROM codes WHERE expires_at <= ?", (now,))
    connection.execute("DELETE FROM heads WHERE received_at <= ?", (now - HEADS_DAYS * DAY,))
    return dropped


def erase(connection: sqlite3.Connection, invoice: str) -> int:
    """Empty every body about a link before its time; return how many. Its hints keep their numbers."""
    emptied = connection.execute(
        "UPDATE hints SET body = x'', digest = x'' WHERE invoice = ? AND body != x''", (invoice,)
    ).rowcount
    named = connection.execute("DELETE FROM quarantine WHERE instr(body, CAST(? AS BLOB)) > 0", (invoice,)).rowcount
    return emptied + named


def overwrite_log(connection: sqlite3.Connection) -> bool:
    """Move everything into the file and empty the log, so that what was erased is nowhere; say whether that worked.

    Belongs outside a transaction.
    """
    (is_busy, _in_log, _moved) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not is_busy
