"""Who the relay is for the NATS servers, and whom it takes for them."""

import os
import ssl
from typing import TYPE_CHECKING

from optty_desktop.relay.config import OPEN_TO_EVERYBODY, JetStream
from optty_desktop.relay.problems import StoreUnavailable, needing_nats

if TYPE_CHECKING:
    from optty_desktop.relay.jetstream.nkey import NKey


def key_of(settings: JetStream) -> "NKey | None":
    """Return the relay's own key, or None where the file names none. Raises StoreUnavailable."""
    if settings.credentials is None:
        return None
    with needing_nats():
        from optty_desktop.relay.jetstream.nkey import NKey, NotASeed
    try:
        if os.name == "posix" and settings.credentials.stat().st_mode & OPEN_TO_EVERYBODY:
            raise StoreUnavailable(f"{settings.credentials}: everybody may use this file; run chmod 640 on it")
        return NKey.from_seed(settings.credentials.read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError, NotASeed) as error:
        raise StoreUnavailable(f"There is no seed of an NKey user in {settings.credentials}.") from error


def trust_of(settings: JetStream) -> ssl.SSLContext | None:
    """Return what the servers' certificates are checked with, or None for a plain line. Raises StoreUnavailable."""
    if not settings.is_encrypted:
        return None
    try:
        return ssl.create_default_context(cafile=settings.authority)
    except (OSError, ssl.SSLError) as error:
        raise StoreUnavailable(f"There is no certificate in {settings.authority}.") from error
