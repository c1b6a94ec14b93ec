"""Which entries of a timeline are worth a line: what was sent need not be told once its end is there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from optty_desktop.core.events import EventKind, LinkEvent

_BEGINNINGS: Mapping[EventKind, EventKind] = {
    EventKind.CREATED: EventKind.CREATE_SENT,
    EventKind.CANCELLED: EventKind.CANCEL_SENT,
    EventKind.CANCEL_REFUSED: EventKind.CANCEL_SENT,
    EventKind.CANCEL_NOT_SENT: EventKind.CANCEL_SENT,
    EventKind.REFUND_ON_ITS_WAY: EventKind.REFUND_SENT,
    EventKind.REFUNDED: EventKind.REFUND_SENT,
    EventKind.REFUND_REFUSED: EventKind.REFUND_SENT,
    EventKind.REFUND_NOT_SENT: EventKind.REFUND_SENT,
}
"""Ends that say who and what, each with its beginning. An end nobody expected leaves the beginning to be read."""


def entries_to_tell(events: Sequence[LinkEvent]) -> list[LinkEvent]:
    """`events`, newest first, without the sent entries whose end is among them.

    The end takes over the person and the reason of what was sent, so that both stay to be read.
    """
    told: list[LinkEvent] = []
    sent: dict[EventKind, list[LinkEvent]] = {}
    for event in reversed(events):
        begun = sent.pop(beginning, []) if (beginning := _BEGINNINGS.get(event.kind)) else []
        for one in begun:
            told.remove(one)
        entry = _with_beginning(event, begun[-1]) if begun else event
        if entry.kind in _BEGINNINGS.values():
            sent.setdefault(entry.kind, []).append(entry)
        told.append(entry)
    return told[::-1]


def _with_beginning(end: LinkEvent, beginning: LinkEvent) -> LinkEvent:
    reason = beginning.facts.get("reason", "")
    facts = {**end.facts, "reason": reason} if reason else end.facts
    return replace(end, actor=end.actor or beginning.actor, facts=facts)
