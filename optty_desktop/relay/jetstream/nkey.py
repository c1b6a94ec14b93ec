"""NKeys of NATS: reading the seed of a relay and signing what a server asks it to sign.

WORKAROUND: nats-py signs through a package that exists as source only, which the lock does not take.
"""

import base64
import binascii
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_SEED: Final = 18 << 3
_USER: Final = 20 << 3
_LENGTH: Final = 36
"""Two bytes of kind, 32 of seed, two of checksum."""


class NotASeed(ValueError):
    """This is no seed of a user; nothing of it is repeated here."""


@dataclass(frozen=True, slots=True)
class NKey:
    """The key pair of one user."""

    _private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def from_seed(cls, text: str) -> "NKey":
        """Read a seed as ``nsc`` and ``nk`` write it, beginning with SU. Raises NotASeed."""
        try:
            raw = base64.b32decode(text.strip() + "=" * (-len(text.strip()) % 8))
        except (binascii.Error, ValueError):
            raise NotASeed from None
        kind = (raw[0] & 0xF8, (raw[0] & 0x07) << 5 | raw[1] >> 3) if len(raw) == _LENGTH else None
        if kind != (_SEED, _USER) or _checksum(raw[:-2]) != raw[-2:]:
            raise NotASeed
        return cls(Ed25519PrivateKey.from_private_bytes(raw[2:-2]))

    @property
    def public(self) -> str:
        """The name by which servers know it, beginning with U."""
        raw = bytes([_USER]) + self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return base64.b32encode(raw + _checksum(raw)).decode().rstrip("=")

    def sign(self, nonce: str) -> bytes:
        """Return the signature as the protocol has it."""
        return base64.b64encode(self._private.sign(nonce.encode()))


def _checksum(raw: bytes) -> bytes:
    return binascii.crc_hqx(raw, 0).to_bytes(2, "little")
