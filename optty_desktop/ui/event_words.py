"""How a timeline entry looks: icon, colours, a sentence, and the line below it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import LinkState, Note
from optty_desktop.ui.settle_words import short_finding
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.state_look import state_word
from optty_desktop.ui.words import tr

_SHORT_REQUEST = 12


@dataclass(frozen=True, slots=True)
class EventWords:
    """`ink` and `tint` are colour tokens of icon and circle. `detail` is empty where the sentence says it all."""

    icon: str
    ink: str
    tint: str
    sentence: str
    detail: str = ""


_NEUTRAL = ("neutral", "neutral_tint")
_INFO = ("info", "info_tint")
_SUCCESS = ("success", "success_tint")
_WARNING = ("warning", "warning_tint")
_DANGER = ("danger", "danger_tint")
_REFUND = ("refund", "refund_tint")

EVENT_LOOKS: dict[EventKind, tuple[str, tuple[str, str]]] = {
    EventKind.CREATE_SENT: ("link", _NEUTRAL),
    EventKind.CREATED: ("link", _NEUTRAL),
    EventKind.CREATE_REFUSED: ("x", _DANGER),
    EventKind.CREATE_NOT_SENT: ("wifi-off", _WARNING),
    EventKind.CREATE_UNKNOWN: ("triangle-alert", _WARNING),
    EventKind.EMAILED: ("mail", _NEUTRAL),
    EventKind.PAYMENT_STARTED: ("smartphone", _INFO),
    EventKind.PAYMENT_DECLINED: ("x", _DANGER),
    EventKind.PAYMENT_STOPPED: ("clock", _NEUTRAL),
    EventKind.PAID: ("check", _SUCCESS),
    EventKind.PAID_LATE: ("check", _SUCCESS),
    EventKind.AMOUNT_DIFFERS: ("triangle-alert", _WARNING),
    EventKind.EXPIRED: ("timer-off", _NEUTRAL),
    EventKind.CANCEL_SENT: ("ban", _NEUTRAL),
    EventKind.CANCELLED: ("ban", _NEUTRAL),
    EventKind.CANCEL_REFUSED: ("x", _DANGER),
    EventKind.CANCEL_NOT_SENT: ("wifi-off", _WARNING),
    EventKind.CANCEL_UNKNOWN: ("triangle-alert", _WARNING),
    EventKind.CANCEL_BECAME_REFUND: ("undo-2", _DANGER),
    EventKind.REFUND_SENT: ("undo-2", _NEUTRAL),
    EventKind.REFUND_ON_ITS_WAY: ("undo-2", _REFUND),
    EventKind.REFUNDED: ("undo-2", _REFUND),
    EventKind.REFUND_REFUSED: ("x", _DANGER),
    EventKind.REFUND_NOT_SENT: ("wifi-off", _WARNING),
    EventKind.REFUND_FAILED: ("x", _DANGER),
    EventKind.REFUND_UNKNOWN: ("triangle-alert", _WARNING),
    EventKind.CANCEL_DID_NOT_HAPPEN: ("info", _INFO),
    EventKind.REFUND_DID_NOT_HAPPEN: ("info", _INFO),
    EventKind.CHECK_FAILED: ("wifi-off", _WARNING),
    EventKind.CONTACT_SHOWN: ("eye", _NEUTRAL),
    EventKind.SETTLED_BY_HAND: ("user", _INFO),
    EventKind.STATE_UNCLEAR: ("triangle-alert", _WARNING),
    EventKind.HOST_CONFIRMED: ("check", _INFO),
    EventKind.PAYMENT_REPORTED: ("triangle-alert", _WARNING),
    EventKind.NOTICE_PASTED: ("file-text", _NEUTRAL),
    EventKind.SET_BY_HAND: ("user", _WARNING),
    EventKind.HAND_OVERRULED: ("refresh-cw", _INFO),
    EventKind.REPORT_OVERRULED: ("refresh-cw", _INFO),
}


def event_words(event: LinkEvent) -> EventWords:
    """The words of `event`; facts that came from a server are made harmless."""
    icon, (ink, tint) = EVENT_LOOKS[event.kind]
    return EventWords(icon, ink, tint, _sentence(event), _detail(event))


def timeline_words(entries: Sequence[LinkEvent], note: Note | None = None) -> list[EventWords]:
    """The words of the entries of one link, newest first. `note` is what the link says now.

    A create sent again carries the same number: it must not read as if there were two links.
    """
    words = [event_words(event) for event in entries]
    again = _sent_again(entries)
    for at, event in enumerate(entries):
        if at in again:
            words[at] = replace(words[at], icon="refresh-cw", sentence=_asked_again(event))
    end = next((at for at, event in enumerate(entries) if event.kind is EventKind.CREATE_UNKNOWN), None)
    if note is Note.ADDRESS_LOST and end is not None and any(at > end for at in again):
        words[end] = replace(words[end], sentence=tr("The link exists, its address is lost"), detail="")
    return words


def _sent_again(entries: Sequence[LinkEvent]) -> frozenset[int]:
    """The places of creates that were sent after one without an answer."""
    doubts = [at for at, event in enumerate(entries) if event.kind is EventKind.CREATE_UNKNOWN]
    oldest = max(doubts, default=-1)
    return frozenset(at for at, event in enumerate(entries) if at < oldest and event.kind is EventKind.CREATE_SENT)


def _asked_again(event: LinkEvent) -> str:
    who = harmless(event.actor, 60)
    return tr("Asked again by {who}, same number", who=who) if who else tr("Asked again, same number")


def _fact(event: LinkEvent, name: str) -> str:
    return harmless(event.facts.get(name, ""), 80).strip()


def _state(event: LinkEvent, name: str) -> str:
    word = event.facts.get(name, "")
    return state_word(LinkState(word)) if word in tuple(LinkState) else tr("something else")


def _sentence(event: LinkEvent) -> str:
    by = _by(event)
    if by is not None:
        return by
    match event.kind:
        case EventKind.CREATE_SENT:
            return tr("Create sent")
        case EventKind.CREATED:
            return tr("Created")
        case EventKind.CREATE_REFUSED:
            return tr("Link not accepted")
        case EventKind.CREATE_NOT_SENT:
            return tr("Create not sent")
        case EventKind.CREATE_UNKNOWN:
            return tr("No answer, outcome unknown")
        case EventKind.EMAILED:
            return tr("E-mail sent")
        case EventKind.CHECK_FAILED:
            return tr("Check failed, offline")
        case EventKind.CONTACT_SHOWN:
            return tr("Contact shown")
        case EventKind.SETTLED_BY_HAND:
            return tr("Closed by hand")
        case EventKind.STATE_UNCLEAR:
            return tr("Answer not understood")
        case EventKind.HOST_CONFIRMED:
            return tr("Host of the link allowed by the settings")
        case EventKind.NOTICE_PASTED:
            return tr("Notification pasted")
        case EventKind.SET_BY_HAND:
            return tr("Set by hand")
        case EventKind.HAND_OVERRULED:
            return tr("The payment service says {state}", state=_state(event, "now"))
        case EventKind.REPORT_OVERRULED if _fact(event, "now") == LinkState.UNKNOWN:
            return tr("Reported as paid, but the payment service does not confirm it")
        case EventKind.REPORT_OVERRULED:
            return tr("Reported as paid, but the payment service says {state}", state=_state(event, "now"))
    return _about_payment(event) or _about_cancel(event) or _about_refund(event)


def _by(event: LinkEvent) -> str | None:
    """The sentence of what a person did, where the person is known."""
    if not event.actor:
        return None
    who = harmless(event.actor, 60)
    match event.kind:
        case EventKind.CREATE_SENT:
            return tr("Create sent by {who}", who=who)
        case EventKind.CREATED:
            return tr("Created by {who}", who=who)
        case EventKind.CANCEL_SENT:
            return tr("Cancel sent by {who}", who=who)
        case EventKind.REFUND_SENT:
            return tr("Refund sent by {who}", who=who)
        case EventKind.CANCELLED:
            return tr("Cancelled by {who}", who=who)
        case EventKind.CONTACT_SHOWN:
            return tr("Contact shown to {who}", who=who)
        case EventKind.SETTLED_BY_HAND:
            return tr("Closed by hand by {who}", who=who)
        case EventKind.HOST_CONFIRMED:
            return tr("Host of the link confirmed by {who}", who=who)
        case EventKind.NOTICE_PASTED:
            return tr("Notification pasted by {who}", who=who)
        case EventKind.SET_BY_HAND:
            return tr("Set to {state} by hand by {who}", state=_state(event, "now"), who=who)
    return None


def _about_payment(event: LinkEvent) -> str:
    amount = _fact(event, "amount")
    match event.kind:
        case EventKind.PAYMENT_STARTED:
            return tr("Customer started to pay")
        case EventKind.PAYMENT_DECLINED:
            return tr("Card declined")
        case EventKind.PAYMENT_STOPPED:
            return tr("Customer stopped paying")
        case EventKind.PAID:
            return tr("Paid {amount}", amount=amount) if amount else tr("Paid")
        case EventKind.PAID_LATE:
            return tr("Paid late, {amount}", amount=amount) if amount else tr("Paid late")
        case EventKind.AMOUNT_DIFFERS:
            return tr("Amount differs")
        case EventKind.EXPIRED:
            return tr("Expired unpaid")
        case EventKind.PAYMENT_REPORTED:
            return tr("Payment of {amount} reported", amount=amount) if amount else tr("Payment reported")
    return ""


def _about_cancel(event: LinkEvent) -> str:
    match event.kind:
        case EventKind.CANCEL_SENT:
            return tr("Cancel sent")
        case EventKind.CANCELLED:
            return tr("Cancelled")
        case EventKind.CANCEL_REFUSED:
            return tr("Cancel not accepted")
        case EventKind.CANCEL_NOT_SENT:
            return tr("Cancel not sent")
        case EventKind.CANCEL_UNKNOWN:
            return tr("Cancel without answer")
        case EventKind.CANCEL_BECAME_REFUND:
            return tr("Cancel became a refund")
        case EventKind.CANCEL_DID_NOT_HAPPEN:
            return tr("Cancel did not happen")
    return ""


def _about_refund(event: LinkEvent) -> str:
    amount = _fact(event, "amount")
    match event.kind:
        case EventKind.REFUND_SENT:
            return tr("Refund sent")
        case EventKind.REFUND_ON_ITS_WAY:
            return tr("Refund of {amount} on its way", amount=amount) if amount else tr("Refund on its way")
        case EventKind.REFUNDED:
            return tr("Refunded {amount}", amount=amount) if amount else tr("Refunded")
        case EventKind.REFUND_REFUSED:
            return tr("Refund not accepted")
        case EventKind.REFUND_NOT_SENT:
            return tr("Refund not sent")
        case EventKind.REFUND_FAILED:
            return tr("Refund failed")
        case EventKind.REFUND_UNKNOWN:
            return tr("Refund without answer")
    return tr("Refund did not happen")


def _detail(event: LinkEvent) -> str:
    match event.kind:
        case EventKind.PAID | EventKind.PAID_LATE:
            with_what = _fact(event, "with")
            return with_what[:1].upper() + with_what[1:]
        case EventKind.PAYMENT_DECLINED:
            return tr("Customer can try another card")
        case EventKind.AMOUNT_DIFFERS:
            paid, asked = _fact(event, "paid"), _fact(event, "asked")
            return tr("{paid} instead of {asked}", paid=paid, asked=asked) if paid and asked else ""
        case EventKind.CREATE_UNKNOWN | EventKind.CANCEL_UNKNOWN | EventKind.REFUND_UNKNOWN:
            request = _fact(event, "request")
            return tr("Request {request} is kept", request=request[:_SHORT_REQUEST]) if request else ""
        case EventKind.CANCEL_SENT | EventKind.REFUND_SENT:
            amount, reason = _fact(event, "amount"), _fact(event, "reason")
            return tr("{amount}, {reason}", amount=amount, reason=reason) if amount and reason else amount or reason
        case (
            EventKind.REFUND_ON_ITS_WAY
            | EventKind.REFUNDED
            | EventKind.REFUND_REFUSED
            | EventKind.REFUND_NOT_SENT
            | EventKind.CANCEL_REFUSED
            | EventKind.CANCEL_NOT_SENT
        ):
            who, reason = harmless(event.actor, 60), _fact(event, "reason")
            return tr("{who}, {reason}", who=who, reason=reason) if who and reason else who or reason
        case EventKind.CANCEL_BECAME_REFUND:
            amount = _fact(event, "amount")
            return tr("{amount} went back to the customer", amount=amount) if amount else ""
        case EventKind.HOST_CONFIRMED:
            return harmless(event.facts.get("host", ""), 255)
        case EventKind.CHECK_FAILED:
            return tr("Trying again by itself")
        case EventKind.REFUND_FAILED:
            return tr("The money is still here")
        case EventKind.SETTLED_BY_HAND:
            found, reason = short_finding(event.facts.get("found", "")), harmless(event.facts.get("reason", ""))
            return tr("{found}. {reason}", found=found, reason=reason) if found and reason else found or reason
        case EventKind.NOTICE_PASTED:
            return tr("Only a read can change the status")
        case EventKind.SET_BY_HAND:
            return harmless(event.facts.get("reason", ""))
        case EventKind.HAND_OVERRULED:
            return tr("It was set to {state} by hand", state=_state(event, "was"))
        case EventKind.STATE_UNCLEAR:
            word = _fact(event, "word")
            return tr("It said “{word}”", word=word) if word else ""
        case EventKind.PAYMENT_REPORTED:
            return tr("Not confirmed for this link")
        case EventKind.CANCEL_DID_NOT_HAPPEN | EventKind.REFUND_DID_NOT_HAPPEN:
            return tr("The call did not get through")
    return ""
