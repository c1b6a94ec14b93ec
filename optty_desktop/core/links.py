"""What a payment link is, the states it can be in, and what may follow what."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from optty_desktop.core.money import Money


class LinkState(StrEnum):
    """The one vocabulary of states; the values are stable keys (journal, model roles, automation)."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    PAID = "paid"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class Source(StrEnum):
    """Where the knowledge about a state comes from."""

    TILL = "till"
    CREATE_ANSWER = "create_answer"
    ORDER_READ = "order_read"
    CANCEL_ANSWER = "cancel_answer"
    REFUND_ANSWER = "refund_answer"
    RELAY = "relay"
    PASTED = "pasted"
    BY_HAND = "by_hand"


class Note(StrEnum):
    """The second line of a row when the state alone does not tell the whole story."""

    SENDING = "sending"
    NOT_CONFIRMED = "not_confirmed"
    PART_REFUNDED = "part_refunded"
    REFUND_ON_ITS_WAY = "refund_on_its_way"
    REFUND_FAILED = "refund_failed"
    REFUND_NOT_CONFIRMED = "refund_not_confirmed"
    CANCEL_NOT_CONFIRMED = "cancel_not_confirmed"
    PAID_LATE = "paid_late"
    OVERDUE = "overdue"
    AMOUNT_DIFFERS = "amount_differs"
    ADDRESS_HELD_BACK = "address_held_back"
    ADDRESS_LOST = "address_lost"
    REPORTED = "reported"
    SET_BY_HAND = "set_by_hand"


class RowAction(StrEnum):
    """What the row's button offers."""

    NONE = "none"
    CANCEL = "cancel"
    CANCEL_OFF = "cancel_off"
    REFUND = "refund"
    CHECK = "check"


S = LinkState
_OPEN = frozenset({S.PENDING, S.IN_PROGRESS, S.DECLINED})
_ANY = frozenset(S)

LEGAL_MOVES: dict[LinkState, frozenset[LinkState]] = {
    S.PENDING: _ANY,
    S.IN_PROGRESS: _ANY,
    S.DECLINED: _ANY,
    # Money that has arrived leaves only as a refund; "unknown" is a refund without an answer.
    S.PAID: frozenset({S.PAID, S.REFUNDED, S.UNKNOWN}),
    # A refund can be refused by the payment provider afterwards: the money is still here.
    S.REFUNDED: frozenset({S.REFUNDED, S.PAID, S.UNKNOWN}),
    # Money can arrive on a closed link ("Paid late"), and a cancel can turn out to be a refund.
    S.CANCELLED: frozenset({S.CANCELLED, S.PAID, S.REFUNDED, S.UNKNOWN}),
    S.EXPIRED: frozenset({S.EXPIRED, S.PAID, S.REFUNDED, S.CANCELLED, S.UNKNOWN}),
    S.UNKNOWN: _ANY,
}


def may_follow(now: LinkState, after: LinkState) -> bool:
    """Whether ``after`` may be shown for a link that is known to be ``now``.

    What a person has set by hand, or the relay has reported, is not known: a read leaves it along any edge.
    """
    return after in LEGAL_MOVES[now]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why we believe a state: who said so, when (UTC), and the provider's own word."""

    source: Source
    checked_at: datetime
    raw_word: str = ""


@dataclass(frozen=True, slots=True)
class PaymentLink:
    """One payment link as this till knows it. All times are UTC.

    ``invoice_number`` is the key chosen by this till, one per intent. ``url`` is None while no address is known;
    ``paid`` is what the customer paid (tip and fees included); ``refunded_minor`` is what has gone back.
    """

    invoice_number: str
    amount: Money
    reference: str
    description: str
    email: str
    phone: str
    due_at: datetime
    email_customer: bool
    created_at: datetime
    created_by: str
    state: LinkState
    evidence: Evidence
    changed_at: datetime
    note: Note | None = None
    url: str | None = None
    order_reference: str | None = None
    allows_tip: bool = False
    paid: Money | None = None
    paid_at: datetime | None = None
    paid_with: str = ""
    refunded_minor: int = 0

    @property
    def is_open(self) -> bool:
        """Whether the customer can still pay, as far as we know."""
        return self.state in _OPEN

    @property
    def is_set_by_hand(self) -> bool:
        """Whether its status is the word of a person: nobody has read it, and no money of it is known."""
        return self.note is Note.SET_BY_HAND and not self.is_open and self.state is not S.UNKNOWN

    @property
    def is_reported_paid(self) -> bool:
        """Whether only a report of the relay calls it paid: this account may not read it, and no money is known."""
        return self.note is Note.REPORTED and self.state is S.PAID

    @property
    def is_unconfirmed(self) -> bool:
        """Whether its status was never read: somebody says so, be it a person or the relay. It is in no sum."""
        return self.is_set_by_hand or self.is_reported_paid

    @property
    def refundable(self) -> Money:
        """What is left of the payment; zero when nothing was paid."""
        paid = self.paid.minor if self.paid else 0
        return Money(max(0, paid - self.refunded_minor), self.amount.currency)


def note_of(link: PaymentLink, now: datetime) -> Note | None:
    """The note to show: the stored one, else "Overdue" once the due date of an open link has passed."""
    if link.note is not None:
        return link.note
    return Note.OVERDUE if link.is_open and link.due_at < now else None


def may_cancel(link: PaymentLink) -> bool:
    """Whether a cancel may be asked for: the customer has not begun, or the address was lost with the answer."""
    return link.state in (S.PENDING, S.DECLINED) or link.note is Note.ADDRESS_LOST


def may_refund(link: PaymentLink) -> bool:
    """Whether there is confirmed money to pay back and no refund is running."""
    return link.state in (S.PAID, S.REFUNDED) and link.refundable.minor > 0 and link.note is not Note.REFUND_ON_ITS_WAY


def may_copy_address(link: PaymentLink) -> bool:
    """Whether the address is still of use: the customer may pay with it, or finds the receipt behind it."""
    return link.url is not None and (link.is_open or link.state is S.PAID)


def row_action(link: PaymentLink) -> RowAction:
    """The one thing the row's button may start."""
    if link.state is S.UNKNOWN:
        return RowAction.CHECK
    if link.state is S.IN_PROGRESS:
        return RowAction.CANCEL_OFF
    if link.is_open:
        return RowAction.CANCEL
    # A press on Refund reads first, and says what cannot be confirmed.
    return RowAction.REFUND if may_refund(link) or link.is_reported_paid else RowAction.NONE
