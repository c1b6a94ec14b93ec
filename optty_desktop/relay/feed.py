"""Reading a shop's stream from a place in it, and telling a place that is not there any more.

A till's place is good while the hint it names is kept, or is the newest. A sealed place that the store should have and
has not means that an older copy of the store was put back: then everybody begins anew.
"""

import sqlite3
from dataclasses import dataclass
from typing import Final

from optty_desktop.relay.inbox import end_of
from optty_desktop.relay.problems import RelayProblem
from optty_desktop.relay.schema import epoch_of
from optty_desktop.relay.seals import Cursor

MOST_AT_ONCE: Final = 100


class StoreRestored(Exception):
    """The store lacks a hint that it once handed out."""


class PlaceGone(RelayProblem):
    """The place is older than what is kept, or of another store."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One line of a stream: thin, without amount, status or person. ``prev`` shows a gap.

    ``order`` is the reference to read, "" where the notice named none: the answer to a create may lack it.
    """

    cursor: Cursor
    prev: int
    invoice: str
    order: str
    received_at: int


@dataclass(frozen=True, slots=True)
class Ends:
    """The kept range of a shop's stream: ``head`` is its newest place, ``floor`` the number of its oldest hint."""

    head: Cursor
    floor: int


def ends(connection: sqlite3.Connection, shop: str) -> Ends:
    """Return the kept range; with nothing kept, the floor is behind the head."""
    seq, tag = end_of(connection, shop)
    oldest = connection.execute("SELECT min(seq) FROM hints WHERE shop = ?", (shop,)).fetchone()[0]
    return Ends(Cursor(epoch_of(connection), seq, tag), seq + 1 if oldest is None else oldest)


def hints_after(connection: sqlite3.Connection, shop: str, cursor: Cursor) -> list[Hint]:
    """Return the next hints of the shop, oldest first, a hundred at the most. Raises PlaceGone, StoreRestored."""
    kept = ends(connection, shop)
    is_whole = cursor.seq == 0 and _is_first(connection, kept.floor)
    check_place(cursor, kept, is_kept=_is_kept(connection, shop, cursor), is_whole=is_whole)
    rows = connection.execute(
        "SELECT seq, tag, prev, invoice, order_reference, received_at FROM hints"
        " WHERE shop = ? AND seq > ? ORDER BY seq LIMIT ?",
        (shop, cursor.seq, MOST_AT_ONCE),
    ).fetchall()
    return [Hint(Cursor(cursor.epoch, seq, tag), *thin) for seq, tag, *thin in rows]


def body_of(connection: sqlite3.Connection, shop: str, seq: int) -> bytes:
    """Return what was stored with a hint of the shop, b"" where there is none or it was erased."""
    row = connection.execute("SELECT body FROM hints WHERE seq = ? AND shop = ?", (seq, shop)).fetchone()
    return bytes(row[0]) if row else b""


def check_place(cursor: Cursor, kept: Ends, *, is_kept: bool, is_whole: bool) -> None:
    """Return for a good place; the rule of every engine. Raises PlaceGone, StoreRestored.

    ``is_kept``: the hint that the place names is there. ``is_whole``: nothing was ever dropped before the oldest one.
    """
    if cursor.epoch != kept.head.epoch:
        raise PlaceGone
    if cursor == kept.head or is_kept:
        return
    if cursor.seq >= kept.floor or cursor.seq > kept.head.seq:
        raise StoreRestored
    if cursor.seq == 0 and is_whole:
        return
    raise PlaceGone


def _is_kept(connection: sqlite3.Connection, shop: str, cursor: Cursor) -> bool:
    row = connection.execute(
        "SELECT 1 FROM hints WHERE seq = ? AND shop = ? AND tag = ?", (cursor.seq, shop, cursor.tag)
    )
    return row.fetchone() is not None


def _is_first(connection: sqlite3.Connection, seq: int) -> bool:
    """Whether nothing of the shop was ever dropped before this hint."""
    row = connection.execute("SELECT 1 FROM hints WHERE seq = ? AND prev = 0", (seq,))
    return row.fetchone() is not None
