"""Ends of the tills' audit records, kept where a till cannot reach them: a record rewritten later does not fit them."""

import re
import sqlite3
from typing import Final

from optty_desktop.relay.problems import HeadContradicted
from optty_desktop.relay.tills import Till

LARGEST_POSITION: Final = 2**53
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def is_digest(text: object) -> bool:
    """Whether this is a SHA-256 in small hexadecimal digits."""
    return isinstance(text, str) and _DIGEST.fullmatch(text) is not None


def add_head(connection: sqlite3.Connection, till: Till, position: int, digest: str, now: int) -> None:
    """Keep the digest of the till's record at its entry ``position``.

    Raises HeadContradicted when the record is shorter than it was, or another at a place that is kept already.
    """
    check_head(last_head(connection, till.id), position, digest)
    connection.execute("INSERT OR IGNORE INTO heads VALUES (?, ?, ?, ?)", (till.id, position, digest, now))


def check_head(last: tuple[int, str] | None, position: int, digest: str) -> None:
    """Return for a head that fits the newest one, ``last``; the rule of every engine. Raises HeadContradicted."""
    if last is not None and (position < last[0] or (position == last[0] and digest != last[1])):
        raise HeadContradicted("This till's record is not the one it reported before. Ask an administrator.")


def last_head(connection: sqlite3.Connection, till_id: str) -> tuple[int, str] | None:
    """Return place and digest of the newest head of a till."""
    row = connection.execute(
        "SELECT position, digest FROM heads WHERE till = ? ORDER BY position DESC LIMIT 1", (till_id,)
    ).fetchone()
    return (row[0], row[1]) if row else None
