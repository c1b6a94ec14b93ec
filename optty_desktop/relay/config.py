"""What an administrator has decided: where the relay listens, for which merchants and shops, and what it may hold."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

OPEN_TO_EVERYBODY: Final = 0o007
"""Bits of a file's mode that a file with secrets must not have."""


class ConfigProblem(Exception):
    """The relay's file cannot be used; ``str()`` is one sentence with file, key and reason."""


@dataclass(frozen=True, slots=True)
class Shop:
    """One shop: tills see the hints of their own only.

    ``prefixes`` are the beginnings of its tills' invoice numbers; without any, it gets what no other shop claims.
    """

    merchant: str
    id: str
    prefixes: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """Its name across all merchants, such as ``corner-store/main-street``."""
        return f"{self.merchant}/{self.id}"


@dataclass(frozen=True, slots=True)
class Merchant:
    """One webhook address: a merchant in one environment. Two ``secrets`` are valid at once while one is replaced."""

    id: str
    environment: str
    secrets: tuple[str, ...] = field(repr=False)
    shops: tuple[Shop, ...]

    def shop_of(self, invoice_number: str) -> Shop | None:
        """Return the shop whose till made this number, by what stands before its first dash."""
        prefix = invoice_number.partition("-")[0].upper()
        claiming = next((shop for shop in self.shops if prefix in shop.prefixes), None)
        return claiming or next((shop for shop in self.shops if not shop.prefixes), None)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the relay takes on."""

    body_bytes: int = 64 * 1024
    notices_per_second: int = 1000
    """For each merchant; what is above gets 429 and is sent again by Optty."""
    connections: int = 1000
    streams_per_till: int = 4
    stored_bytes: int = 1024 * 2**20
    """As on a full disk: above it no notice is answered with 200."""


@dataclass(frozen=True, slots=True)
class JetStream:
    """The NATS servers of a relay that is several processes. ``replicas`` of them have each notice before its 200."""

    servers: tuple[str, ...]
    replicas: int
    credentials: Path | None = None
    """A file with the seed of the relay's NKey."""
    authority: Path | None = None
    """A file with the certificate that the servers' own are signed with; the system's where it is None."""

    @property
    def is_encrypted(self) -> bool:
        """Whether the line is TLS."""
        return self.servers[0].startswith("tls://")


@dataclass(frozen=True, slots=True)
class RelayConfig:
    """The whole file, checked. ``data`` is the folder of a relay without ``jetstream``."""

    host: str
    port: int
    data: Path
    merchants: Mapping[str, Merchant]
    retention_days: int = 14
    certificate: Path | None = None
    key: Path | None = None
    limits: Limits = field(default_factory=Limits)
    address: str = ""
    """Where tills reach it, such as ``https://relay.example.com``; printed with a pairing code."""
    jetstream: JetStream | None = None

    @property
    def is_on_loopback(self) -> bool:
        """Whether only this computer can reach it."""
        return ipaddress.ip_address(self.host).is_loopback

    def shop(self, key: str) -> Shop | None:
        """Return the shop of this key."""
        shops = (shop for merchant in self.merchants.values() for shop in merchant.shops)
        return next((shop for shop in shops if shop.key == key), None)
