"""Addresses that are held back: they wait in the timeline of their link until somebody confirms their host.

They are not the address of the link, so nothing that shows, copies, prints or draws an address can meet them.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from optty_desktop.core.errors import UnsafeLink
from optty_desktop.core.events import LinkEvent
from optty_desktop.core.links import LinkState, Note, PaymentLink

HOST: Final = "host"
HELD_URL: Final = "held_url"

_LESSER_NOTES: Final = (None, Note.NOT_CONFIRMED, Note.ADDRESS_HELD_BACK)
"""What a link may say of itself while its address is held back; every other note comes before that."""


def held_facts(unsafe: UnsafeLink) -> Mapping[str, str]:
    """What the timeline keeps of an address that was held back: its host, and all of it where it may be confirmed."""
    facts = {HOST: unsafe.host, HELD_URL: unsafe.held_url}
    return {name: text for name, text in facts.items() if text}


def lacks_address(link: PaymentLink) -> bool:
    """Whether this link has no address and could still use one."""
    return link.url is None and (link.is_open or link.state is LinkState.UNKNOWN)


def is_held(link: PaymentLink, events: Iterable[LinkEvent]) -> bool:
    """Whether it is the address, held back, that keeps this link from its customer; ``events`` are its timeline.

    The timeline decides: what is read or asked of the link later may take its note away, but never the address. Where
    no address was kept there is only the note.
    """
    if not lacks_address(link) or link.note not in _LESSER_NOTES:
        return False
    return link.note is Note.ADDRESS_HELD_BACK or bool(held_url(events))


def held_host(events: Iterable[LinkEvent]) -> str:
    """The host that somebody may confirm for a link with this timeline; empty where there is none."""
    return next((event.facts.get(HOST, "") for event in events if event.facts.get(HELD_URL)), "")


def held_url(events: Iterable[LinkEvent]) -> str:
    """The address that waits for its host; empty where none was kept."""
    return next((event.facts[HELD_URL] for event in events if event.facts.get(HELD_URL)), "")
