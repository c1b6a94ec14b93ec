"""Addresses that are held back: they wait in the timeline of their link until somebody confirms their host.

They are not the address of the link, so nothing that shows, copies, prints or draws an address can meet them.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from optty_desktop.core.errors import UnsafeLink
from optty_desktop.core.events import LinkEvent
from optty_desktop.core.links import Note, PaymentLink

HOST: Final = "host"
HELD_URL: Final = "held_url"


def held_facts(unsafe: UnsafeLink) -> Mapping[str, str]:
    """What the timeline keeps of an address that was held back: its host, and all of it where it may be confirmed."""
    facts = {HOST: unsafe.host, HELD_URL: unsafe.held_url}
    return {name: text for name, text in facts.items() if text}


def is_held(link: PaymentLink) -> bool:
    """Whether the address of this link is held back."""
    return link.note is Note.ADDRESS_HELD_BACK and link.url is None


def held_host(events: Iterable[LinkEvent]) -> str:
    """The host that somebody may confirm for a link with this timeline; empty where there is none."""
    return next((event.facts.get(HOST, "") for event in events if event.facts.get(HELD_URL)), "")


def held_url(events: Iterable[LinkEvent]) -> str:
    """The address that waits for its host; empty where none was kept."""
    return next((event.facts[HELD_URL] for event in events if event.facts.get(HELD_URL)), "")
