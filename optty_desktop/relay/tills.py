"""Tills and what lets them in: a code for once, then a token that is renewed and can be revoked.

A code has a part that names it and a part that is secret: wrong tries count against the code that was meant.
"""

import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from optty_desktop.relay.moments import DAY, SECOND
from optty_desktop.relay.problems import NotPaired

CODE_SECONDS: Final = 600
TRIES: Final = 5
WRONG_CODE: Final = "This pairing code is wrong, used or too old. Ask for a new one."
"""What is said of every code that does not pair, so that nothing is learned from it."""

RENEW_DAYS: Final = 30
"""Age of a token from which a till asks for a new one. At twice that age it opens nothing."""

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: read aloud without doubt
_READ_AS: Final = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})
_SELECTOR_LENGTH: Final = 4
_CODE_LENGTH: Final = 12
_TOKEN_BYTES: Final = 32
WRONG_TOKEN: Final = "This till is not paired with the relay any more. Pair it again."  # noqa: S105  a sentence


@dataclass(frozen=True, slots=True)
class Till:
    """A paired till. ``token_at`` and ``paired_at`` are stamps."""

    id: str
    shop: str
    name: str
    token_at: int
    paired_at: int


def new_code(connection: sqlite3.Connection, shop: str, name: str, now: int) -> str:
    """Return a code with which a till of that name can be paired once, within ten minutes and five tries."""
    connection.execute("DELETE FROM codes WHERE expires_at <= ? OR (shop = ? AND name = ?)", (now, shop, name))
    code = new_characters()
    row = (selector_of(code), digest_of(code), shop, name, now + CODE_SECONDS * SECOND, TRIES)
    connection.execute("INSERT OR REPLACE INTO codes VALUES (?, ?, ?, ?, ?, ?)", row)
    return spoken(code)


def pair(
    connection: sqlite3.Connection, typed: str, now: int, check: Callable[[str], None] = lambda shop: None
) -> tuple[Till, str] | None:
    """Use a code up; return the till and its token, or None for a wrong code, of which one try is then gone.

    ``check`` is told the shop of a right code before it is used, and may raise. A till of the same shop and name is
    replaced: its token opens nothing any more.
    """
    code = read_characters(typed)
    row = connection.execute(
        "SELECT digest, shop, name FROM codes WHERE selector = ? AND expires_at > ? AND tries_left > 0",
        (selector_of(code), now),
    ).fetchone()
    if row is None:
        return None
    digest, shop, name = row
    connection.execute("UPDATE codes SET tries_left = tries_left - 1 WHERE selector = ?", (selector_of(code),))
    if not hmac.compare_digest(digest_of(code), digest):
        return None
    check(shop)
    connection.execute("DELETE FROM codes WHERE selector = ?", (selector_of(code),))
    for (old,) in connection.execute("SELECT id FROM tills WHERE shop = ? AND name = ?", (shop, name)).fetchall():
        revoke(connection, old)
    till, token = Till(secrets.token_hex(8), shop, name, now, now), new_token()
    connection.execute(
        "INSERT INTO tills (id, shop, name, token, token_at, paired_at) VALUES (?, ?, ?, ?, ?, ?)",
        (till.id, shop, name, digest_of(token), now, now),
    )
    return till, token


def admitted(connection: sqlite3.Connection, token: str, now: int) -> Till:
    """Return the till whose token this is; the first use of a renewed token ends the old one. Raises NotPaired."""
    digest = digest_of(token)
    connection.execute(
        "UPDATE tills SET token = next_token, next_token = NULL, token_at = ? WHERE next_token = ?", (now, digest)
    )
    row = connection.execute(
        "SELECT id, shop, name, token_at, paired_at FROM tills WHERE token = ? AND token_at > ?",
        (digest, now - 2 * RENEW_DAYS * DAY),
    ).fetchone()
    if row is None:
        raise NotPaired(WRONG_TOKEN)
    return Till(*row)


def renew(connection: sqlite3.Connection, till: Till) -> str:
    """Return a new token. The old one works until the new one is used: the answer may be lost on its way."""
    token = new_token()
    connection.execute("UPDATE tills SET next_token = ? WHERE id = ?", (digest_of(token), till.id))
    return token


def is_renewal_due(till: Till, now: int) -> bool:
    """Whether the till should ask for a new token."""
    return till.token_at <= now - RENEW_DAYS * DAY


def all_tills(connection: sqlite3.Connection) -> list[Till]:
    """Return the paired tills by shop and name."""
    rows = connection.execute("SELECT id, shop, name, token_at, paired_at FROM tills ORDER BY shop, name")
    return [Till(*row) for row in rows]


def revoke(connection: sqlite3.Connection, till_id: str) -> Till | None:
    """Shut a till out and free what it holds; return it, or None where there is none of this id."""
    found = next((till for till in all_tills(connection) if till.id == till_id), None)
    connection.execute("DELETE FROM tills WHERE id = ?", (till_id,))
    connection.execute("DELETE FROM leases WHERE till = ?", (till_id,))
    return found


def new_characters() -> str:
    """Return the characters of a new code."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))


def selector_of(code: str) -> str:
    """Return the part of a code that names it; the rest is secret."""
    return code[:_SELECTOR_LENGTH]


def spoken(code: str) -> str:
    """Return a code in groups, as it is written down and read aloud."""
    return "-".join(code[start : start + 4] for start in range(0, _CODE_LENGTH, 4))


def read_characters(typed: str) -> str:
    """Return the characters of a code as a person typed it."""
    return typed.upper().translate(_READ_AS)


def new_token() -> str:
    """Return the random part of a token."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def digest_of(text: str) -> bytes:
    """Return what is stored of a code or a token."""
    return hashlib.sha256(text.encode()).digest()
