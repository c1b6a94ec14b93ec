"""Which links are read by themselves, and how often."""

from typing import Final

from optty_desktop.core.links import LinkState, Note, PaymentLink

LIVE_FACTOR: Final = 5.0
"""So much longer the pauses are while hints arrive by themselves."""


def seconds_between_reads(link: PaymentLink, watched_for: float | None, *, is_of_today: bool, is_live: bool) -> float:
    """Return the pause between two reads of ``link``. ``watched_for``: seconds on the screen; None for another link."""
    is_doubtful = link.state is LinkState.UNKNOWN or link.note is Note.REFUND_ON_ITS_WAY
    if watched_for is not None:
        usual = 3.0 if watched_for < 120 else 5.0 if watched_for < 600 else 15.0
    elif is_doubtful:
        usual = 10.0
    else:
        usual = 30.0 if is_of_today else 300.0
    # What became of a call of this till is not left to a hint.
    return usual * LIVE_FACTOR if is_live and not is_doubtful else usual


def is_followed(link: PaymentLink) -> bool:
    """Whether the link may still move, and has an order that can be read."""
    is_moving = link.is_open or link.state is LinkState.UNKNOWN
    is_unsettled = link.note in (Note.REFUND_ON_ITS_WAY, Note.CANCEL_NOT_CONFIRMED, Note.SET_BY_HAND)
    return link.order_reference is not None and (is_moving or is_unsettled or link.is_reported_paid)
