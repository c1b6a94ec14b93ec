"""What the detail pane says about a link: how the payment stands, and what is not known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.held_links import held_host, is_held
from optty_desktop.core.links import LinkState, Note, PaymentLink, note_of
from optty_desktop.core.money import Money, format_amount, format_figure
from optty_desktop.ui.error_words import held_back_text, unknown_host_text
from optty_desktop.ui.note_words import note_words
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.times import when
from optty_desktop.ui.words import tr


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is not known: heading, fact, and the one thing not to do."""

    title: str
    text: str
    strong: str


def how_it_stands(link: PaymentLink, now: datetime) -> str:
    """One line below the amount; empty while the state needs checking."""
    if link.is_unconfirmed:
        return tr("Not confirmed by the payment service")
    match link.state:
        case LinkState.PENDING:
            return tr("Not paid yet")
        case LinkState.IN_PROGRESS:
            return tr("The customer is paying")
        case LinkState.DECLINED:
            return tr("Last try declined · the customer can try again")
        case LinkState.CANCELLED:
            return tr("Closed by us, nobody paid")
        case LinkState.EXPIRED:
            return tr("Closed by the payment service, nobody paid")
        case LinkState.PAID | LinkState.REFUNDED:
            return _paid(link, now)
        case LinkState.UNKNOWN:
            return ""


def note_line(link: PaymentLink, now: datetime) -> str:
    """The note under the line, such as "Refund on its way" or "Overdue"; empty when the doubt card says it."""
    note = note_of(link, now)
    if note is None or doubt_about(link, ()) is not None:
        return ""
    return note_words(note, link)


def doubt_about(link: PaymentLink, events: Sequence[LinkEvent], now: datetime | None = None) -> Doubt | None:
    """What is not known about `link`; None when all is known. `events` are newest first."""
    if is_held(link, events):
        return _held_back(events)
    if link.note is Note.ADDRESS_LOST and (link.is_open or link.state is LinkState.UNKNOWN):
        return _address_lost()
    if link.note is Note.REPORTED:
        return _reported(link)
    if link.state is not LinkState.UNKNOWN:
        return None
    moment = _doubtful_since(link, events)
    time = when(moment, now or moment)
    match link.note:
        case Note.REFUND_NOT_CONFIRMED:
            return Doubt(
                tr("We do not know if this refund went through"),
                tr("The connection dropped at {time} before the answer came back.", time=time),
                tr("Do not refund again. We keep checking."),
            )
        case Note.CANCEL_NOT_CONFIRMED:
            return Doubt(
                tr("We do not know if this link was cancelled"),
                tr(
                    "The connection dropped at {time} before the answer came back. If the customer has paid, the "
                    "money may be on its way back.",
                    time=time,
                ),
                tr("Do not make a new link yet. We keep checking."),
            )
        case Note.AMOUNT_DIFFERS:
            return _amount_differs(link, events)
    return _not_confirmed(link, time)


def may_check(link: PaymentLink) -> bool:
    """Whether a check can tell more. A link without the name of its order cannot be read, only sent again."""
    is_final = link.note is Note.ADDRESS_LOST and link.order_reference is None
    return link.state is LinkState.UNKNOWN and not is_final


def _reported(link: PaymentLink) -> Doubt:
    if link.is_reported_paid:
        return Doubt(
            tr("A payment was reported for this link"),
            tr(
                "The relay has passed on a notification that says so. Your payment account may not read payments, so "
                "neither the payment nor its amount is confirmed."
            ),
            tr("Look it up in your payment account before you hand over goods."),
        )
    amount = format_amount(link.amount)
    return Doubt(
        tr("A payment was reported for this link"),
        tr("The payment service has a payment of {amount}, but does not say that it is for this link.", amount=amount),
        tr("Look it up in your payment account before you hand over goods."),
    )


def is_create_without_answer(link: PaymentLink) -> bool:
    """Whether nothing but our own sending is known of `link`."""
    return (
        link.state is LinkState.UNKNOWN and link.url is None and link.note in (None, Note.NOT_CONFIRMED, Note.SENDING)
    )


def _not_confirmed(link: PaymentLink, time: str) -> Doubt:
    if not is_create_without_answer(link):
        return Doubt(
            tr("We do not understand the answer"),
            tr("The payment service says something about this link that this till does not know."),
            tr("Do not hand over goods until this is clear."),
        )
    strong = tr("Do not create it again yet. The customer could pay twice.")
    if link.note is Note.SENDING:
        return Doubt(tr("Waiting for the answer"), tr("This link was sent at {time}.", time=time), strong)
    return Doubt(
        tr("We do not know if this link exists"),
        tr(
            "The connection dropped at {time} before the answer came back. It may have been created, or not.", time=time
        ),
        strong,
    )


def _amount_differs(link: PaymentLink, events: Sequence[LinkEvent]) -> Doubt:
    facts = next((event.facts for event in events if event.kind is EventKind.AMOUNT_DIFFERS), {})
    paid = harmless(facts.get("paid", ""), 40) or (format_amount(link.paid) if link.paid else "")
    asked = harmless(facts.get("asked", ""), 40) or format_amount(link.amount)
    text = (
        tr("{paid} instead of {asked}.", paid=paid, asked=asked)
        if paid
        else tr("Another amount than {asked} was paid.", asked=asked)
    )
    return Doubt(tr("The payment does not match this link"), text, tr("Do not hand over goods. Ask a manager."))


def _address_lost() -> Doubt:
    return Doubt(
        tr("The address of this link is lost"),
        tr("The payment service has this link, but its address was lost with the answer."),
        tr("Cancel it, then make a new one."),
    )


def _held_back(events: Sequence[LinkEvent]) -> Doubt:
    host = held_host(events)
    text = (unknown_host_text(host) if host else held_back_text()) + "."
    return Doubt(tr("The address of this link is held back"), text, tr("Do not send it to the customer."))


_DOUBTS = frozenset({EventKind.CREATE_UNKNOWN, EventKind.CANCEL_UNKNOWN, EventKind.REFUND_UNKNOWN})


def _doubtful_since(link: PaymentLink, events: Sequence[LinkEvent]) -> datetime:
    return next((event.at for event in events if event.kind in _DOUBTS), link.changed_at)


def _paid(link: PaymentLink, now: datetime) -> str:
    paid = link.paid or link.amount
    back = Money(link.refunded_minor, paid.currency)
    if link.note is Note.REFUND_ON_ITS_WAY:
        outcome = tr("refund on its way")
    elif back.is_zero:
        outcome = tr("nothing refunded")
    elif back.minor >= paid.minor:
        outcome = tr("all refunded")
    else:
        outcome = tr("{part} of {whole} refunded", part=format_figure(back), whole=format_figure(paid))
    if link.paid_at is None:
        return tr("Paid · {outcome}", outcome=outcome)
    time = when(link.paid_at, now)
    if paid == link.amount:
        return tr("Paid in full at {time} · {outcome}", time=time, outcome=outcome)
    return tr("Paid {amount} at {time} · {outcome}", amount=format_amount(paid), time=time, outcome=outcome)
