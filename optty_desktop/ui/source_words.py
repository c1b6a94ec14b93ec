"""Where the knowledge about a link comes from, and since when."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final

from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import PaymentLink, Source
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.times import when
from optty_desktop.ui.words import tr

_LED_TO: Final = timedelta(minutes=1)
"""A read so soon behind a pasted notification was made because of it."""


def source_words(link: PaymentLink, now: datetime, events: Sequence[LinkEvent] = (), zone: tzinfo | None = None) -> str:
    """One sentence without a full stop; `events` are newest first and tell what led to a read."""
    at = link.evidence.checked_at
    time = when(at, now, zone)
    match link.evidence.source:
        case Source.ORDER_READ:
            if _was_pasted_before(at, events):
                return tr("Read at {time}, after a pasted notification", time=time)
            return tr("Read at {time}", time=time)
        case Source.BY_HAND:
            return _by_hand(link, time, events)
        case Source.CANCEL_ANSWER:
            return tr("From the answer to the cancel at {time}", time=time)
        case Source.REFUND_ANSWER:
            return tr("From the answer to the refund at {time}", time=time)
        case Source.RELAY:
            return tr("Reported by the relay at {time}, not read", time=time)
        case Source.PASTED:
            return tr("From a notification pasted at {time}, not read", time=time)
        case Source.CREATE_ANSWER | Source.TILL:
            return tr("As it was created at {time}, not read since", time=time)


def _by_hand(link: PaymentLink, time: str, events: Sequence[LinkEvent]) -> str:
    """A link that was set and taken back bears no mark any more: its newest entry tells."""
    said = next((one for one in events if one.kind in (EventKind.SET_BY_HAND, EventKind.SETTLED_BY_HAND)), None)
    if said is not None and said.kind is EventKind.SET_BY_HAND and said.actor:
        return tr("Set by {who} at {time}", who=harmless(said.actor, 60), time=time)
    if link.is_set_by_hand or (said is not None and said.kind is EventKind.SET_BY_HAND):
        return tr("Set by hand at {time}", time=time)
    return tr("Closed by hand at {time}", time=time)


def _was_pasted_before(read_at: datetime, events: Sequence[LinkEvent]) -> bool:
    pasted = next((event.at for event in events if event.kind is EventKind.NOTICE_PASTED), None)
    return pasted is not None and timedelta(0) <= read_at - pasted <= _LED_TO
