"""What an authenticated read of an order means for a link. Pure rules; nothing is stored or shown here."""

from dataclasses import dataclass, replace
from datetime import datetime

from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import Evidence, LinkState, Note, PaymentLink, Source, may_follow
from optty_desktop.core.money import Money, format_amount
from optty_desktop.core.operations import Operation, OperationKind
from optty_desktop.core.ports import OrderReading

_FINAL = frozenset({LinkState.PAID, LinkState.REFUNDED, LinkState.CANCELLED, LinkState.EXPIRED})
_EVENTS = {
    LinkState.IN_PROGRESS: EventKind.PAYMENT_STARTED,
    LinkState.DECLINED: EventKind.PAYMENT_DECLINED,
    LinkState.PENDING: EventKind.PAYMENT_STOPPED,
    LinkState.EXPIRED: EventKind.EXPIRED,
    LinkState.CANCELLED: EventKind.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Learnt:
    """The link after a reading, and the timeline entries it earns (none when nothing changed)."""

    link: PaymentLink
    events: tuple[LinkEvent, ...] = ()


def learn(
    link: PaymentLink,
    reading: OrderReading,
    now: datetime,
    awaiting: Operation | None = None,
    payback: Operation | None = None,
) -> Learnt:
    """Apply ``reading``. ``awaiting`` names an unanswered cancel or refund that this reading may settle, ``payback``
    the newest operation of this till that may have sent money back.

    A state never goes back along an edge that is not listed; a paid amount that does not match the link makes it
    "Needs check"; a word we do not know leaves a final state alone and turns an open one into "Needs check". What a
    person has set by hand gives way to every word we know, what the relay has reported to every word.
    """
    if link.is_unconfirmed:
        return _instead_of_hand(link, reading, now, awaiting, payback)
    learnt = _applied(link, reading, now, awaiting, payback)
    if _is_sum_by_hand(link, reading, payback) and learnt.link.refunded_minor == link.refunded_minor:
        return learnt
    return replace(learnt, link=replace(learnt.link, evidence=Evidence(Source.ORDER_READ, now, reading.raw_word)))


def _instead_of_hand(
    link: PaymentLink, reading: OrderReading, now: datetime, awaiting: Operation | None, payback: Operation | None
) -> Learnt:
    # A report stands only while nothing can be read; a person has looked it up, and knows more than such a word.
    if link.is_set_by_hand and reading.state in (None, LinkState.UNKNOWN):
        return Learnt(link)
    learnt = learn(_without_hand(link, reading.state), reading, now, awaiting, payback)
    return _overruled(link, learnt, now)


def _without_hand(link: PaymentLink, state: LinkState | None) -> PaymentLink:
    """The link as if nobody had said so: still open, or closed where money that came afterwards came late."""
    is_late = link.state in (LinkState.CANCELLED, LinkState.EXPIRED) and state is LinkState.PAID
    return replace(link, state=link.state if is_late else LinkState.PENDING, note=None)


def _overruled(link: PaymentLink, learnt: Learnt, now: datetime) -> Learnt:
    if learnt.link.state is link.state:
        return Learnt(replace(learnt.link, changed_at=now), learnt.events)
    facts = {"was": link.state.value, "now": learnt.link.state.value}
    kind = EventKind.HAND_OVERRULED if link.is_set_by_hand else EventKind.REPORT_OVERRULED
    event = LinkEvent(link.invoice_number, now, kind, facts=facts)
    return Learnt(replace(learnt.link, changed_at=now), (*learnt.events, event))


def _applied(
    link: PaymentLink, reading: OrderReading, now: datetime, awaiting: Operation | None, payback: Operation | None
) -> Learnt:
    if reading.state in (None, LinkState.UNKNOWN):
        return _unclear(link, reading, now)
    if reading.state in (LinkState.PAID, LinkState.REFUNDED):
        return _money_arrived(link, reading, now, awaiting, payback)
    if link.state is LinkState.CANCELLED and link.note is Note.CANCEL_NOT_CONFIRMED:
        return _cancel_confirmed(link, reading.state, now)
    if link.state in _FINAL or not may_follow(link.state, reading.state):
        return Learnt(link)
    if awaiting is not None and reading.state is not LinkState.CANCELLED:
        return Learnt(link)
    return _moved(link, reading.state, now)


def no_order_yet(link: PaymentLink, now: datetime, awaiting: Operation | None = None) -> Learnt:
    """The service knows the reference but the customer has not begun: an open link is still Pending.

    A payment that a person has set by hand or the relay has reported cannot have come; a link that was closed has no
    order either.
    """
    if link.is_unconfirmed:
        if link.state in (LinkState.CANCELLED, LinkState.EXPIRED):
            return Learnt(link)
        return _overruled(link, no_order_yet(_without_hand(link, None), now, awaiting), now)
    seen = replace(link, evidence=Evidence(Source.ORDER_READ, now, ""))
    if awaiting is not None or link.state is not LinkState.IN_PROGRESS:
        return Learnt(seen if link.is_open else link)
    return _moved(seen, LinkState.PENDING, now)


def _moved(link: PaymentLink, state: LinkState, now: datetime) -> Learnt:
    if state is link.state:
        return Learnt(link)
    note = None if link.state is LinkState.UNKNOWN and link.note is not Note.ADDRESS_HELD_BACK else link.note
    moved = replace(link, state=state, note=note, changed_at=now)
    was_create = link.state is LinkState.UNKNOWN and state is LinkState.PENDING
    kind = EventKind.CREATED if was_create else _EVENTS[state]
    return Learnt(moved, (LinkEvent(link.invoice_number, now, kind),))


def _cancel_confirmed(link: PaymentLink, state: LinkState, now: datetime) -> Learnt:
    """The answer to a cancel had no word; a read that still shows the link open says that it may not be closed."""
    if state in (LinkState.CANCELLED, LinkState.EXPIRED):
        return Learnt(replace(link, note=None, changed_at=now))
    event = LinkEvent(link.invoice_number, now, EventKind.CANCEL_UNKNOWN)
    return Learnt(replace(link, state=LinkState.UNKNOWN, changed_at=now), (event,))


def _unclear(link: PaymentLink, reading: OrderReading, now: datetime) -> Learnt:
    if link.state in _FINAL or link.state is LinkState.UNKNOWN:
        return Learnt(link)
    event = LinkEvent(link.invoice_number, now, EventKind.STATE_UNCLEAR, facts={"word": reading.raw_word[:40]})
    # A held-back address stays the reason why nothing can be sent, whatever is known of the payment.
    note = link.note if link.note is Note.ADDRESS_HELD_BACK else Note.NOT_CONFIRMED
    return Learnt(replace(link, state=LinkState.UNKNOWN, note=note, changed_at=now), (event,))


def amount_matches(link: PaymentLink, reading: OrderReading) -> bool:
    """Whether the read amount is the link's: equal, or more by the named fee, or more by a tip the link allows."""
    if reading.amount is None or reading.amount.currency != link.amount.currency:
        return False
    fee = reading.surcharge.minor if reading.surcharge else 0
    extra = reading.amount.minor - link.amount.minor
    return extra in (0, fee) or (link.allows_tip and extra >= 0)


def _money_arrived(
    link: PaymentLink, reading: OrderReading, now: datetime, awaiting: Operation | None, payback: Operation | None
) -> Learnt:
    paid = _paid(link, reading)
    if paid is None:
        return _amount_differs(link, reading, now)
    before_paid = link.state not in (LinkState.PAID, LinkState.REFUNDED) and link.paid is None
    events: list[LinkEvent] = []
    if before_paid:
        late = link.state in (LinkState.CANCELLED, LinkState.EXPIRED)
        kind = EventKind.PAID_LATE if late and reading.state is LinkState.PAID else EventKind.PAID
        facts = {"amount": format_amount(paid), "with": reading.paid_with}
        events.append(LinkEvent(link.invoice_number, reading.updated_at or now, kind, facts=facts))
    paid_at = link.paid_at or reading.updated_at or now
    with_payment = replace(
        link, paid=paid, paid_at=paid_at, paid_with=reading.paid_with or link.paid_with, note=_paid_note(link)
    )
    is_on_its_way = link.note is Note.REFUND_ON_ITS_WAY and not _came_back(payback, reading)
    refunded = _refunded_minor(with_payment, reading, paid, payback)
    after = _with_refunds(with_payment, reading, paid, refunded, awaiting, is_on_its_way=is_on_its_way)
    if after.state is not link.state or after.note is not link.note or after.refunded_minor != link.refunded_minor:
        after = replace(after, changed_at=now)
        events.extend(_refund_events(link, after, now))
    return Learnt(after, tuple(events))


def _paid(link: PaymentLink, reading: OrderReading) -> Money | None:
    """What the customer paid: the read amount where it is the link's, else what an earlier read has confirmed."""
    if amount_matches(link, reading):
        return reading.amount
    is_silent = reading.amount is None or reading.state is LinkState.REFUNDED
    return link.paid if is_silent else None


def _paid_note(link: PaymentLink) -> Note | None:
    late = link.state in (LinkState.CANCELLED, LinkState.EXPIRED) or link.note is Note.PAID_LATE
    return Note.PAID_LATE if late else None


def _amount_differs(link: PaymentLink, reading: OrderReading, now: datetime) -> Learnt:
    if link.note is Note.AMOUNT_DIFFERS or link.paid is not None:
        return Learnt(link)
    paid = format_amount(reading.amount) if reading.amount else ""
    facts = {"paid": paid, "asked": format_amount(link.amount)}
    event = LinkEvent(link.invoice_number, now, EventKind.AMOUNT_DIFFERS, facts=facts)
    note = Note.AMOUNT_DIFFERS if reading.amount else Note.NOT_CONFIRMED
    return Learnt(replace(link, state=LinkState.UNKNOWN, note=note, changed_at=now), (event,))


def _with_refunds(
    link: PaymentLink,
    reading: OrderReading,
    paid: Money,
    refunded: int | None,
    awaiting: Operation | None,
    *,
    is_on_its_way: bool,
) -> PaymentLink:
    if refunded is None:
        # Some of it has gone back and nobody says how much: whatever is left must not be offered.
        return replace(link, state=LinkState.UNKNOWN, note=Note.REFUND_NOT_CONFIRMED)
    if is_on_its_way and refunded == link.refunded_minor:
        # The service has taken the refund on; a read that does not show it yet must not offer it again.
        return replace(link, state=_with(refunded), note=Note.REFUND_ON_ITS_WAY)
    if (
        reading.refund_pending is not None
        and reading.refund_pending.minor > 0
        and _is_ours(awaiting, reading, refunded)
    ):
        return replace(link, state=_with(refunded), refunded_minor=refunded, note=Note.REFUND_ON_ITS_WAY)
    if refunded > 0:
        note = Note.PART_REFUNDED if refunded < paid.minor else None
        # A refund that came back may be an earlier one: it says nothing about the one without an answer.
        if not _is_ours(awaiting, reading, refunded):
            return replace(link, state=LinkState.UNKNOWN, refunded_minor=refunded, note=Note.REFUND_NOT_CONFIRMED)
        return replace(link, state=LinkState.REFUNDED, refunded_minor=refunded, note=note)
    if awaiting is not None:
        is_refund = awaiting.kind is OperationKind.REFUND
        note = Note.REFUND_NOT_CONFIRMED if is_refund else Note.CANCEL_NOT_CONFIRMED
        return replace(link, state=LinkState.UNKNOWN, note=note)
    if reading.refund_failed:
        return replace(link, state=LinkState.PAID, note=Note.REFUND_FAILED)
    return replace(link, state=LinkState.PAID)


def _came_back(payback: Operation | None, reading: OrderReading) -> bool:
    """Whether the refund that failed is ``payback``, or a newer one; an older one says nothing about it.

    A refund that this till did not ask for has only the newest entry to go by.
    """
    if payback is None or not reading.refund_failed:
        return reading.refund_failed
    if payback.refund_reference and reading.failed_refund_reference == payback.refund_reference:
        return True
    # Asked for and sent are moments apart; the time of the answer would be too late for its own entry.
    return reading.failed_refund_at is not None and reading.failed_refund_at > payback.requested_at


def is_refund_shown(refund: Operation, reading: OrderReading, refunded_minor: int) -> bool:
    """Whether a read accounts for all of ``refund``: done and pending together have grown by its amount since."""
    pending = reading.refund_pending.minor if reading.refund_pending else 0
    return refunded_minor + pending - refund.refunded_before >= refund.amount.minor


def _is_ours(awaiting: Operation | None, reading: OrderReading, refunded_minor: int) -> bool:
    if awaiting is None or awaiting.kind is not OperationKind.REFUND:
        return True
    return is_refund_shown(awaiting, reading, refunded_minor)


def _with(refunded_minor: int) -> LinkState:
    return LinkState.REFUNDED if refunded_minor > 0 else LinkState.PAID


def _is_sum_by_hand(link: PaymentLink, reading: OrderReading, payback: Operation | None) -> bool:
    """Whether a person alone knows what has gone back: this read names no sum that shows ``payback``."""
    if link.evidence.source is not Source.BY_HAND or link.refunded_minor == 0:
        return False
    named = reading.refunded.minor if reading.refunded else 0
    return named <= (payback.refunded_before if payback else 0)


def _refunded_minor(link: PaymentLink, reading: OrderReading, paid: Money, payback: Operation | None) -> int | None:
    """What has gone back: the sum the service names, else all of it when its one word is "refunded".

    None when the word says that something went back, and neither the service nor we know how much.
    """
    if reading.refunded is not None and reading.refunded.minor > 0:
        is_corrected = link.evidence.source is Source.BY_HAND and not _is_sum_by_hand(link, reading, payback)
        return reading.refunded.minor if is_corrected else max(link.refunded_minor, reading.refunded.minor)
    if reading.state is not LinkState.REFUNDED:
        return link.refunded_minor
    if reading.raw_word.upper() == "REFUNDED":
        return paid.minor
    return link.refunded_minor or None


def _refund_events(before: PaymentLink, after: PaymentLink, now: datetime) -> list[LinkEvent]:
    number, currency = after.invoice_number, after.amount.currency
    events: list[LinkEvent] = []
    was_cancelled = before.state is LinkState.CANCELLED and before.note is Note.CANCEL_NOT_CONFIRMED
    if was_cancelled and (after.state is LinkState.REFUNDED or after.note is Note.REFUND_ON_ITS_WAY):
        # The answer to the cancel did not say what it was.
        facts = {"amount": format_amount(after.paid or after.amount)}
        events.append(LinkEvent(number, now, EventKind.CANCEL_BECAME_REFUND, facts=facts))
    if after.refunded_minor > before.refunded_minor:
        amount = Money(after.refunded_minor - before.refunded_minor, currency)
        events.append(LinkEvent(number, now, EventKind.REFUNDED, facts={"amount": format_amount(amount)}))
    if after.note is Note.REFUND_FAILED and before.note is not Note.REFUND_FAILED:
        events.append(LinkEvent(number, now, EventKind.REFUND_FAILED))
    if after.note is Note.REFUND_ON_ITS_WAY and before.note is not Note.REFUND_ON_ITS_WAY:
        events.append(LinkEvent(number, now, EventKind.REFUND_ON_ITS_WAY))
    return events
