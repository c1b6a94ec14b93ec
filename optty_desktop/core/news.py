"""What of the changes of links people are told at once: with a sound, and where they are looking elsewhere."""

from collections.abc import Iterable
from enum import StrEnum

from optty_desktop.core.links import LinkState, Note, PaymentLink, Source


class News(StrEnum):
    """The values name the sounds. Most serious last: of several that come together the last one sounds."""

    PAID = "paid"
    DECLINED = "declined"
    NEEDS_CHECK = "needs_check"
    BECAME_REFUND = "became_refund"


_ORDER = tuple(News)


def most_serious(several: Iterable[News]) -> News | None:
    """The one that tells for all of them; None where there are none."""
    return max(several, key=_ORDER.index, default=None)


def news_of(before: PaymentLink, after: PaymentLink) -> News | None:
    """What a change of a link is to people; None where nobody needs to be told, or where somebody did it by hand.

    That a cancel became a refund cannot be seen here: it takes the cancel to know.
    """
    if after.evidence.source is Source.BY_HAND:
        return None
    if after.state is LinkState.PAID and before.paid is None and after.paid is not None:
        return News.PAID
    if after.state is LinkState.DECLINED and before.state is not LinkState.DECLINED:
        return News.DECLINED
    return News.NEEDS_CHECK if _is_doubtful(after) and not _is_doubtful(before) else None


def holds(news: News, link: PaymentLink) -> bool:
    """Whether ``news`` of this link is still so. What a cancel has become stays so, whatever comes after it."""
    match news:
        case News.PAID:
            return link.state is LinkState.PAID
        case News.DECLINED:
            return link.state is LinkState.DECLINED
        case News.NEEDS_CHECK:
            return _is_doubtful(link)
        case News.BECAME_REFUND:
            return True


def _is_doubtful(link: PaymentLink) -> bool:
    """A link that is being sent is not known either, but its answer is on the way."""
    return link.state is LinkState.UNKNOWN and link.note is not Note.SENDING
