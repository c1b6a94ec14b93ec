"""A pairing with the shop's relay as the text of one item in the keychain."""

import json
from datetime import datetime
from typing import Final

from optty_desktop.core.pairing import RelayPairing

_TEXTS: Final = ("url", "shop", "till", "name", "token", "signing_key")


def pairing_item(pairing: RelayPairing) -> str:
    """Return the text to keep, secrets and all."""
    fields = {name: getattr(pairing, name) for name in _TEXTS}
    if pairing.paired_at is not None:
        fields["paired_at"] = pairing.paired_at.isoformat()
    return json.dumps(fields)


def pairing_of(environment_id: str, item: str) -> RelayPairing | None:
    """Return the pairing in an item; None for one that cannot be read, so that pairing anew puts it right."""
    try:
        fields = json.loads(item)
        texts = {name: fields[name] for name in _TEXTS}
        paired_at = datetime.fromisoformat(fields["paired_at"]) if "paired_at" in fields else None
    except (ValueError, KeyError, TypeError):
        return None
    has_zone = paired_at is None or paired_at.tzinfo is not None
    if not has_zone or not all(isinstance(text, str) and text for text in texts.values()):
        return None
    return RelayPairing(environment_id, **texts, paired_at=paired_at)
