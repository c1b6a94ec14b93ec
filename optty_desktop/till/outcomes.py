"""How a cancel or refund ended, and what that means for the record. Pure rules."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from optty_desktop.core.errors import AppError, OutcomeUnknown, Refused, Trouble
from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import Evidence, LinkState, Note, PaymentLink, Source
from optty_desktop.core.money import Money, format_amount
from optty_desktop.core.operations import Operation, OperationKind, Stage
from optty_desktop.core.ports import MoneyAnswer, OrderReading, Record
from optty_desktop.core.readings import is_refund_shown

# An unanswered cancel or refund that a read still shows untouched after this long did not get through.
GIVE_UP_AFTER = timedelta(minutes=10)


class Ending(StrEnum):
    """The one thing to tell the person who asked."""

    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    REFUND_ON_ITS_WAY = "refund_on_its_way"
    CANCEL_BECAME_REFUND = "cancel_became_refund"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The ending, the link after it, and the records that keep it."""

    ending: Ending
    link: PaymentLink
    records: tuple[Record, ...]

    @property
    def amount(self) -> Money:
        """What was to be cancelled or paid back."""
        return next((record.amount for record in self.records if isinstance(record, Operation)), self.link.amount)


_SENT = {OperationKind.CANCEL: EventKind.CANCEL_SENT, OperationKind.REFUND: EventKind.REFUND_SENT}
_REFUSED = {OperationKind.CANCEL: EventKind.CANCEL_REFUSED, OperationKind.REFUND: EventKind.REFUND_REFUSED}
_NOT_SENT = {OperationKind.CANCEL: EventKind.CANCEL_NOT_SENT, OperationKind.REFUND: EventKind.REFUND_NOT_SENT}
_UNKNOWN = {
    OperationKind.CANCEL: (EventKind.CANCEL_UNKNOWN, Note.CANCEL_NOT_CONFIRMED),
    OperationKind.REFUND: (EventKind.REFUND_UNKNOWN, Note.REFUND_NOT_CONFIRMED),
}


def sent_event(operation: Operation, now: datetime) -> LinkEvent:
    """The timeline entry that goes to disk together with SENDING."""
    facts = {"amount": format_amount(operation.amount), "reason": operation.reason}
    return LinkEvent(operation.invoice_number, now, _SENT[operation.kind], operation.actor, facts)


def nothing_moved(operation: Operation, error: AppError, now: datetime) -> tuple[Record, ...]:
    """The service refused, or nothing left this machine: the link stays as it was."""
    refused = isinstance(error, Refused)
    stage = Stage.REFUSED if refused else Stage.NOT_SENT
    kind = (_REFUSED if refused else _NOT_SENT)[operation.kind]
    ended = replace(operation, stage=stage, outcome=str(error), changed_at=now)
    return ended, LinkEvent(operation.invoice_number, now, kind, operation.actor)


def unknown(link: PaymentLink, operation: Operation, error: OutcomeUnknown, now: datetime) -> Outcome:
    """No valid answer: the money may or may not have moved. Never sent again; settled by reading."""
    kind, note = _UNKNOWN[operation.kind]
    doubtful = replace(link, state=LinkState.UNKNOWN, note=note, changed_at=now)
    waiting = replace(operation, stage=Stage.UNKNOWN, outcome=str(error), changed_at=now)
    facts = {"request": error.details.get("exchange", ""), "amount": format_amount(operation.amount)}
    event = LinkEvent(link.invoice_number, now, kind, operation.actor, facts)
    return Outcome(Ending.UNKNOWN, doubtful, (doubtful, waiting, event))


def answered(link: PaymentLink, operation: Operation, answer: MoneyAnswer, now: datetime) -> Outcome:
    """A valid answer: its word decides what happened; without one, what was asked counts until a read confirms it."""
    if operation.kind is OperationKind.CANCEL:
        return _cancel_answered(link, operation, answer, now)
    if answer.state is LinkState.CANCELLED:
        # A refund was asked for and the service speaks of a cancel: nobody can say what became of the money.
        return unknown(link, operation, OutcomeUnknown(Trouble.BAD_ANSWER), now)
    return _refund_answered(link, operation, answer, now)


def _cancel_answered(link: PaymentLink, operation: Operation, answer: MoneyAnswer, now: datetime) -> Outcome:
    if answer.state is LinkState.REFUNDED:
        return became_refund(link, operation, now, is_pending=answer.is_pending, raw_word=answer.raw_word)
    cancelled = replace(
        link,
        state=LinkState.CANCELLED,
        note=Note.CANCEL_NOT_CONFIRMED if answer.state is None else None,
        evidence=Evidence(Source.CANCEL_ANSWER, now, answer.raw_word),
        changed_at=now,
    )
    event = LinkEvent(link.invoice_number, now, EventKind.CANCELLED, operation.actor)
    return Outcome(Ending.CANCELLED, cancelled, (cancelled, _done(operation, now, answer.raw_word), event))


def became_refund(
    link: PaymentLink,
    operation: Operation,
    now: datetime,
    *,
    is_pending: bool,
    raw_word: str,
    stage: Stage = Stage.DONE,
) -> Outcome:
    """The customer paid at the very moment of the cancel, and the service sent the money back."""
    paid = link.paid or link.amount
    after = replace(
        link,
        state=LinkState.PAID if is_pending else LinkState.REFUNDED,
        note=Note.REFUND_ON_ITS_WAY if is_pending else None,
        paid=paid,
        paid_at=link.paid_at or now,
        refunded_minor=link.refunded_minor if is_pending else paid.minor,
        evidence=Evidence(Source.CANCEL_ANSWER, now, raw_word),
        changed_at=now,
    )
    facts = {"amount": format_amount(paid)}
    event = LinkEvent(link.invoice_number, now, EventKind.CANCEL_BECAME_REFUND, operation.actor, facts)
    ended = replace(operation, stage=stage, outcome="cancel became refund", changed_at=now)
    records = (after, ended, event)
    return Outcome(Ending.CANCEL_BECAME_REFUND, after, records)


def _refund_answered(link: PaymentLink, operation: Operation, answer: MoneyAnswer, now: datetime) -> Outcome:
    is_done = answer.state is LinkState.REFUNDED and not answer.is_pending
    gone_back = link.refunded_minor + (operation.amount.minor if is_done else 0)
    after = replace(
        link,
        state=LinkState.REFUNDED if gone_back > 0 else LinkState.PAID,
        note=_note_after_refund(link, gone_back, is_done=is_done),
        refunded_minor=gone_back,
        evidence=Evidence(Source.REFUND_ANSWER, now, answer.raw_word),
        changed_at=now,
    )
    kind = EventKind.REFUNDED if is_done else EventKind.REFUND_ON_ITS_WAY
    event = LinkEvent(link.invoice_number, now, kind, operation.actor, {"amount": format_amount(operation.amount)})
    ending = Ending.REFUNDED if is_done else Ending.REFUND_ON_ITS_WAY
    return Outcome(ending, after, (after, _done(operation, now, answer.raw_word), event))


def _note_after_refund(link: PaymentLink, gone_back: int, *, is_done: bool) -> Note | None:
    if not is_done:
        return Note.REFUND_ON_ITS_WAY
    paid = link.paid or Money(gone_back, link.amount.currency)
    return Note.PART_REFUNDED if gone_back < paid.minor else None


def _done(operation: Operation, now: datetime, word: str) -> Operation:
    return replace(operation, stage=Stage.DONE, outcome=word, changed_at=now)


def settled(
    link: PaymentLink, operation: Operation, reading: OrderReading, now: datetime, waited: timedelta
) -> Outcome | None:
    """What a read says about an operation without an answer; None while it proves nothing.

    ``link`` is the link after the read. Untouched after ``waited`` ten minutes means that the call did not get through.
    """
    if operation.kind is OperationKind.CREATE:
        ending = Ending.UNKNOWN
        done = link.state is not LinkState.UNKNOWN
    elif operation.kind is OperationKind.CANCEL:
        if _shows_refund(link):
            is_pending = link.note is Note.REFUND_ON_ITS_WAY
            return became_refund(
                link, operation, now, is_pending=is_pending, raw_word=reading.raw_word, stage=Stage.SETTLED
            )
        ending, done = Ending.CANCELLED, link.state is LinkState.CANCELLED
    else:
        done = _shows_refund(link) and is_refund_shown(operation, reading, link.refunded_minor)
        is_pending = link.note is Note.REFUND_ON_ITS_WAY
        ending = Ending.REFUND_ON_ITS_WAY if is_pending else Ending.REFUNDED
    if done:
        end = replace(operation, stage=Stage.SETTLED, outcome=str(link.state), changed_at=now)
        return Outcome(ending, link, (link, end))
    if waited < GIVE_UP_AFTER or reading.state is None:
        return None
    return _did_not_happen(link, operation, reading, now)


def _shows_refund(link: PaymentLink) -> bool:
    return link.state is LinkState.REFUNDED or link.note is Note.REFUND_ON_ITS_WAY


def _did_not_happen(link: PaymentLink, operation: Operation, reading: OrderReading, now: datetime) -> Outcome | None:
    if reading.state is None or not _is_untouched(operation, reading) or link.note is Note.AMOUNT_DIFFERS:
        return None
    note = Note.PART_REFUNDED if link.refunded_minor > 0 else None
    untouched = replace(link, state=reading.state, note=note, changed_at=now)
    end = replace(operation, stage=Stage.SETTLED, outcome="did not happen", changed_at=now)
    kind = _DID_NOT_HAPPEN[operation.kind]
    return Outcome(
        Ending.UNKNOWN,
        untouched,
        (untouched, end, LinkEvent(link.invoice_number, now, kind, operation.actor)),
    )


def _is_untouched(operation: Operation, reading: OrderReading) -> bool:
    """Whether a read shows the link as it was when the call was made."""
    if operation.kind is OperationKind.CANCEL:
        return reading.state in (LinkState.PENDING, LinkState.IN_PROGRESS, LinkState.DECLINED, LinkState.PAID)
    refunded = reading.refunded.minor if reading.refunded else 0
    pending = reading.refund_pending.minor if reading.refund_pending else 0
    is_same = refunded == operation.refunded_before and pending == 0
    return is_same and reading.state in (LinkState.PAID, operation.observed)


_DID_NOT_HAPPEN = {
    OperationKind.CANCEL: EventKind.CANCEL_DID_NOT_HAPPEN,
    OperationKind.REFUND: EventKind.REFUND_DID_NOT_HAPPEN,
    OperationKind.CREATE: EventKind.CREATE_UNKNOWN,
}
