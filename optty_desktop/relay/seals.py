"""What only this relay can write: places in its stream, and signatures of its events.

All of it comes from one random key in the store, with another name for each use.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final

KEY_BYTES: Final = 32
TAG_BYTES: Final = 8
NO_TAG: Final = bytes(TAG_BYTES)
"""Tag of the place before the first hint."""

_SEAL_BYTES: Final = 16
_CURSOR: Final = re.compile(r"([0-9a-f]{16})\.([0-9]{1,18})\.([0-9a-f]{16})\.([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a shop's stream: after the hint ``seq``, whose random ``tag`` no other store has."""

    epoch: str
    seq: int
    tag: bytes


@dataclass(frozen=True, slots=True)
class Seals:
    """Writes and reads what is sealed with the store's key."""

    key: bytes

    def cursor_text(self, shop: str, cursor: Cursor) -> str:
        """Return a cursor as tills keep it; they need not understand it."""
        return f"{_plain(cursor)}.{self._cursor_seal(shop, cursor)}"

    def cursor(self, shop: str, text: str) -> Cursor | None:
        """Return a cursor that this relay once wrote for this shop, and None for every other text."""
        match = _CURSOR.fullmatch(text)
        if not match:
            return None
        cursor = Cursor(match[1], int(match[2]), bytes.fromhex(match[3]))
        return cursor if hmac.compare_digest(self._cursor_seal(shop, cursor), match[4]) else None

    def signing_key(self, till_id: str) -> bytes:
        """Return the key that events for this till are signed with; the till gets it when it is paired."""
        return self._derived(f"events {till_id}")

    def _cursor_seal(self, shop: str, cursor: Cursor) -> str:
        return self._derived(f"cursor {shop} {_plain(cursor)}")[:_SEAL_BYTES].hex()

    def _derived(self, purpose: str) -> bytes:
        return hmac.digest(self.key, purpose.encode(), hashlib.sha256)


def _plain(cursor: Cursor) -> str:
    return f"{cursor.epoch}.{cursor.seq}.{cursor.tag.hex()}"


def signed_message(key: bytes, message_id: str, seconds: int, body: str) -> dict[str, object]:
    """Return a message in the form of standardwebhooks.com as one JSON object: its headers and its body."""
    signature = hmac.digest(key, f"{message_id}.{seconds}.{body}".encode(), hashlib.sha256)
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }
    return {"headers": headers, "body": body}


def shared_secret(key: bytes) -> str:
    """Return a signing key as Standard Webhooks writes it."""
    return f"whsec_{base64.b64encode(key).decode()}"
