"""What ties a till to the shop's relay."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RelayPairing:
    """A till at a relay, for one environment.

    ``url`` is the relay's address without a path; ``till`` and ``shop`` are its keys at the relay, ``name`` what the
    relay calls it. ``token`` lets it in and ``signing_key`` (Standard Webhooks, ``whsec_…``) proves its events; both
    are secrets, held in memory and in the keychain only.
    """

    environment_id: str
    url: str
    shop: str
    till: str
    name: str
    token: str = field(repr=False)
    signing_key: str = field(repr=False)
