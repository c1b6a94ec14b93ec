"""What support needs to know about a link, as text to copy: numbers, times, states. No contact and no secret."""

from collections.abc import Sequence
from datetime import UTC, datetime

from optty_desktop.core.events import LinkEvent
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.money import format_amount
from optty_desktop.ui.shown_text import harmless

_FACTS = ("amount", "paid", "asked", "word", "request", "found")
"""The facts of an event that may leave this computer."""


def support_details(link: PaymentLink, events: Sequence[LinkEvent]) -> str:
    """The lines for support, in English, times in UTC; `events` newest first."""
    lines = [
        f"Invoice number: {harmless(link.invoice_number)}",
        f"Order reference: {harmless(link.order_reference or 'none')}",
        f"Amount: {format_amount(link.amount)}",
        f"Paid: {format_amount(link.paid) if link.paid else 'nothing known'}",
        f"Refunded (minor units): {link.refunded_minor}",
        f"State: {link.state}" + (f", note {link.note}" if link.note else ""),
        f"Created: {_time(link.created_at)}",
        f"Changed: {_time(link.changed_at)}",
        f"Known from: {link.evidence.source} at {_time(link.evidence.checked_at)}",
        f"Word of the payment service: {harmless(link.evidence.raw_word, 80) or 'none'}",
        "Timeline, newest first:",
    ]
    lines.extend(f"  {_event(event)}" for event in events)
    return "\n".join(lines)


def _event(event: LinkEvent) -> str:
    facts = (f"{name}={harmless(event.facts[name], 80)}" for name in _FACTS if event.facts.get(name))
    return " ".join((_time(event.at), str(event.kind), *facts))


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
