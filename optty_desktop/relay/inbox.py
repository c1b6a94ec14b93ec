"""Taking a notice in: one hint for equal bodies of ten minutes, a number in its shop's stream, or quarantine."""

import hashlib
import secrets
import sqlite3
from dataclasses import dataclass
from typing import Final

from optty_desktop.relay.moments import SECOND
from optty_desktop.relay.seals import NO_TAG, TAG_BYTES

SAME_WITHIN: Final = 600 * SECOND
"""A later repeat gets a new number: without an event id of Optty's, dropping it for ever could hide a true change."""

MOST_IN_QUARANTINE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a body. ``seq`` is None for one in quarantine; ``is_new`` is False for a repeat."""

    seq: int | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """A body as it came in, before anybody has understood it."""

    merchant: str
    body: bytes
    received_at: int

    @property
    def digest(self) -> bytes:
        """Equal for equal bodies of one merchant."""
        return hashlib.sha256(self.merchant.encode() + b"\n" + self.body).digest()


def add_hint(connection: sqlite3.Connection, arrival: Arrival, shop: str, invoice: str, order: str) -> Taken:
    """Give the notice the next number of its shop, unless the same came within ten minutes."""
    known = _same(connection, "SELECT seq FROM hints", arrival)
    if known is not None:
        return Taken(known, is_new=False)
    prev, _ = end_of(connection, shop)
    tag = secrets.token_bytes(TAG_BYTES)
    row = (shop, prev, tag, invoice, order, arrival.received_at, arrival.digest, arrival.body)
    (seq,) = connection.execute(
        "INSERT INTO hints (shop, prev, tag, invoice, order_reference, received_at, digest, body)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq",
        row,
    ).fetchone()
    connection.execute("INSERT OR REPLACE INTO ends (shop, seq, tag) VALUES (?, ?, ?)", (shop, seq, tag))
    return Taken(seq, is_new=True)


def set_aside(connection: sqlite3.Connection, arrival: Arrival, reason: str) -> Taken:
    """Keep a body that no till can use, for a person to look at; beyond the limit the oldest goes."""
    if _same(connection, "SELECT id FROM quarantine", arrival) is not None:
        return Taken(None, is_new=False)
    row = (arrival.merchant, reason, arrival.received_at, arrival.digest, arrival.body)
    (newest,) = connection.execute(
        "INSERT INTO quarantine (merchant, reason, received_at, digest, body) VALUES (?, ?, ?, ?, ?) RETURNING id", row
    ).fetchone()
    connection.execute("DELETE FROM quarantine WHERE id <= ?", (newest - MOST_IN_QUARANTINE,))
    return Taken(None, is_new=True)


def end_of(connection: sqlite3.Connection, shop: str) -> tuple[int, bytes]:
    """Return number and tag of the shop's newest hint, 0 where there was none."""
    row = connection.execute("SELECT seq, tag FROM ends WHERE shop = ?", (shop,)).fetchone()
    return (row[0], row[1]) if row else (0, NO_TAG)


def _same(connection: sqlite3.Connection, select: str, arrival: Arrival) -> int | None:
    # Not only "later than": after the clock was set back, a body of the future must not silence true changes.
    row = connection.execute(
        f"{select} WHERE digest = ? AND received_at > ? AND received_at <= ?",
        (arrival.digest, arrival.received_at - SAME_WITHIN, arrival.received_at),
    ).fetchone()
    return row[0] if row else None
