"""The heading of the link-ready pane: what the link is for the person at the till right now."""

from typing import NamedTuple

from optty_desktop.core.links import LinkState, Note, PaymentLink
from optty_desktop.ui.note_words import note_words
from optty_desktop.ui.state_look import STATE_LOOKS, state_word
from optty_desktop.ui.words import tr


class ReadyHeading(NamedTuple):
    """Icon, colour token and words."""

    icon: str
    ink: str
    words: str


def heading_of(link: PaymentLink, *, is_payable: bool) -> ReadyHeading:
    """The heading for the state of `link`. `is_payable`: the customer may scan its code."""
    looks = STATE_LOOKS[link.state]
    if link.state is LinkState.PAID and link.note is Note.REFUND_ON_ITS_WAY:
        back = STATE_LOOKS[LinkState.REFUNDED]
        return ReadyHeading(back.icon, back.color, note_words(link.note, link))
    if link.is_unconfirmed:
        return ReadyHeading("triangle-alert", "warning", _unconfirmed_words(link))
    if not is_payable:
        return ReadyHeading(looks.icon, looks.color, state_word(link.state))
    if link.state is LinkState.DECLINED:
        return ReadyHeading(looks.icon, looks.color, tr("Declined, the customer can try again"))
    if link.state is LinkState.IN_PROGRESS:
        return ReadyHeading("info", "info", tr("The customer is paying"))
    return ReadyHeading("circle-check", "success", tr("Link ready to send"))


def _unconfirmed_words(link: PaymentLink) -> str:
    """Nobody may take it for what the payment service has said."""
    if link.is_reported_paid:
        return tr("Reported as paid, not confirmed")
    return tr("{state}, set by hand", state=state_word(link.state))
