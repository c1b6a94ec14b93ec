"""Words for the way news of payments take to this till, and for what one link is known from."""

from datetime import datetime

from optty_desktop.core.hint_way import HintWay
from optty_desktop.core.links import PaymentLink, Source
from optty_desktop.ui.banner import BannerWords
from optty_desktop.ui.times import when
from optty_desktop.ui.words import tr


def news_sentence(news: HintWay) -> str:
    """How news arrive, in one sentence; empty for a till that has no relay and asks for all of them."""
    match news:
        case HintWay.LIVE:
            return tr("News of payments arrive by themselves, through the relay.")
        case HintWay.HELD_BACK:
            return tr("Something in this network holds news of payments back, so the relay is asked for them.")
        case HintWay.AWAY:
            return tr("The relay cannot be reached, so every status is asked for.")
        case HintWay.UNPAIRED:
            return tr("This till is not paired with the relay any more, so every status is asked for.")
        case HintWay.ASKED:
            return ""


def unpaired_banner() -> BannerWords:
    """What is so and what to do when the relay does not know this till any more."""
    fact = tr("This till is not paired with the relay any more.")
    rest = tr("Statuses still arrive, a little later. Ask whoever manages this till to pair it again.")
    return BannerWords(fact, rest, tr("I have read this"), "triangle-alert")


def evidence_sentence(link: PaymentLink, now: datetime) -> str:
    """Where the knowledge about a link comes from, and when it was true."""
    time = when(link.evidence.checked_at, now)
    match link.evidence.source:
        case Source.TILL:
            return tr("Known to this till alone, since {time}", time=time)
        case Source.CREATE_ANSWER:
            return tr("Known from the answer to its creation at {time}", time=time)
        case Source.ORDER_READ:
            return tr("Read at the payment service at {time}", time=time)
        case Source.CANCEL_ANSWER:
            return tr("Known from the answer to its cancel at {time}", time=time)
        case Source.REFUND_ANSWER:
            return tr("Known from the answer to its refund at {time}", time=time)
        case Source.RELAY | Source.PASTED:
            return tr("Reported at {time}, not read", time=time)
        case Source.BY_HAND:
            return tr("Entered by hand at {time}", time=time)
