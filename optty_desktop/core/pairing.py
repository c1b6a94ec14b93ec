"""What ties a till to the shop's relay."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from optty_desktop.core.environments import Environment

TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{20,200}")
"""The form of what lets a till in: a word that any header can carry."""


@dataclass(frozen=True, slots=True)
class RelayPairing:
    """A till at a relay, for one environment.

    ``url`` is the relay's address without a path; ``till`` and ``shop`` are its keys at the relay, ``name`` what the
    relay calls it. ``token`` lets it in and ``signing_key`` (Standard Webhooks, ``whsec_…``) proves its events; both
    are secrets, held in memory and in the keychain only. ``paired_at`` is this till's own time (UTC).
    """

    environment_id: str
    url: str
    shop: str
    till: str
    name: str
    token: str = field(repr=False)
    signing_key: str = field(repr=False)
    paired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RelayHead:
    """Where the stream of a till's shop ends. ``cursor`` is the place to go on from, opaque text of the relay."""

    cursor: str


def serves(relay_environment: str, environment: Environment) -> bool:
    """Whether a relay's word for what it serves means ``environment``: its kind (``live``) or its id."""
    return relay_environment in (environment.id, str(environment.kind))
