"""Reading what is stored, page by page. What no relay wrote is passed over: people try by hand whether servers work."""

import json
from collections.abc import AsyncIterator
from typing import Any, Final

from optty_desktop.relay.feed import MOST_AT_ONCE
from optty_desktop.relay.jetstream.link import Kept, Link
from optty_desktop.relay.jetstream.tail import Thin

THIN: Final = "Optty-Hint"
"""The header that holds what a till is told."""

ASIDE: Final = "Optty-Aside"
"""The header that says why a body is in quarantine, and since when."""

_PAGE: Final = 10 * MOST_AT_ONCE


def thin_of(kept: Kept) -> Thin:
    """Return the hint of a stored message. Raises LookupError, TypeError or ValueError where no relay wrote it."""
    return Thin.of(kept.seq, json.loads(kept.headers[THIN]))


def hint_in(kept: Kept | None) -> Thin | None:
    """Return the hint of a stored message, or None where there is none."""
    try:
        return thin_of(kept) if kept else None
    except (LookupError, TypeError, ValueError):
        return None


def aside_in(kept: Kept) -> dict[str, Any] | None:
    """Return ``reason`` and ``received_at`` of a body in quarantine, or None where no relay put it there."""
    try:
        facts = json.loads(kept.headers[ASIDE])
        return {"reason": str(facts["reason"]), "received_at": int(facts["received_at"])}
    except (LookupError, TypeError, ValueError):
        return None


async def messages(link: Link, stream: str, subject: str, *, is_thin: bool = True) -> AsyncIterator[Kept]:
    """Yield the messages of a stream from the oldest to the newest, with ``is_thin`` without their bodies."""
    first = 1
    while True:
        page = await link.page(stream, subject, first, _PAGE, is_thin=is_thin)
        for kept in page:
            yield kept
        if len(page) < _PAGE:
            return
        first = page[-1].seq + 1
