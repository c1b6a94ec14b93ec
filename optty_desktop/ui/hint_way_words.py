"""Words for the way news of payments take to this till."""

from optty_desktop.core.hint_way import HintWay
from optty_desktop.core.hints import FeedTrouble
from optty_desktop.ui.banner import BannerWords
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
        case HintWay.LOCKED:
            return tr(
                "The keychain of this computer cannot be used now, so every status is asked for, without a relay."
            )
        case HintWay.UNPAIRED:
            return tr("This till is not paired with the relay any more, so every status is asked for.")
        case HintWay.ASKED:
            return ""


def unpaired_banner() -> BannerWords:
    """What is so and what to do when the relay does not know this till any more."""
    fact = tr("This till is not paired with the relay any more.")
    rest = tr("Statuses still arrive, a little later. Ask whoever manages this till to pair it again.")
    return BannerWords(fact, rest, tr("I have read this"), "triangle-alert")


def feed_sentences(trouble: FeedTrouble) -> str:
    """What is so and what to do when nothing comes from a sandbox's address at webhook.site."""
    match trouble:
        case FeedTrouble.REFUSED:
            return tr(
                "webhook.site does not know this till’s address any more, so no notifications come from there. "
                "Statuses are read as usual. Enter a new address in Settings, Connection."
            )
        case FeedTrouble.UNUSABLE:
            return tr(
                "webhook.site gives no answer that this app can use, so no notifications come from there. "
                "Statuses are read as usual, and the app goes on asking. "
                "If this stays, enter a new address in Settings, Connection."
            )
