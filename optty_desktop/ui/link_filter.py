"""The four views of the table: all links, those still to be paid, those paid, those that need somebody."""

from enum import StrEnum

from optty_desktop.core.links import LinkState
from optty_desktop.ui.words import tr


class LinkFilter(StrEnum):
    """One view; the values are stable keys."""

    ALL = "all"
    OPEN = "open"
    PAID = "paid"
    PROBLEMS = "problems"


GROUPS: dict[LinkState, LinkFilter] = {
    LinkState.PENDING: LinkFilter.OPEN,
    LinkState.IN_PROGRESS: LinkFilter.OPEN,
    LinkState.PAID: LinkFilter.PAID,
    LinkState.DECLINED: LinkFilter.PROBLEMS,
    LinkState.UNKNOWN: LinkFilter.PROBLEMS,
    LinkState.CANCELLED: LinkFilter.ALL,
    LinkState.REFUNDED: LinkFilter.ALL,
    LinkState.EXPIRED: LinkFilter.ALL,
}
"""The narrowest view a link of each state is in. Every link is in `ALL` too, none is in two of the others."""


def filter_word(link_filter: LinkFilter) -> str:
    """The word on the button of that view."""
    match link_filter:
        case LinkFilter.ALL:
            return tr("All")
        case LinkFilter.OPEN:
            return tr("Open")
        case LinkFilter.PAID:
            return tr("Paid")
        case LinkFilter.PROBLEMS:
            return tr("Problems")
