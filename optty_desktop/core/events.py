"""The timeline of a link: what happened, when, and by whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """Kinds of timeline entries; values are stable keys in the journal. ``ui`` gives each an icon and a sentence."""

    CREATE_SENT = "create_sent"
    CREATED = "created"
    CREATE_REFUSED = "create_refused"
    CREATE_NOT_SENT = "create_not_sent"
    CREATE_UNKNOWN = "create_unknown"
    EMAILED = "emailed"
    PAYMENT_STARTED = "payment_started"
    PAYMENT_DECLINED = "payment_declined"
    PAYMENT_STOPPED = "payment_stopped"
    PAID = "paid"
    PAID_LATE = "paid_late"
    AMOUNT_DIFFERS = "amount_differs"
    EXPIRED = "expired"
    CANCEL_SENT = "cancel_sent"
    CANCELLED = "cancelled"
    CANCEL_REFUSED = "cancel_refused"
    CANCEL_NOT_SENT = "cancel_not_sent"
    CANCEL_UNKNOWN = "cancel_unknown"
    CANCEL_BECAME_REFUND = "cancel_became_refund"
    REFUND_SENT = "refund_sent"
    REFUND_ON_ITS_WAY = "refund_on_its_way"
    REFUNDED = "refunded"
    REFUND_REFUSED = "refund_refused"
    REFUND_NOT_SENT = "refund_not_sent"
    REFUND_FAILED = "refund_failed"
    REFUND_UNKNOWN = "refund_unknown"
    CANCEL_DID_NOT_HAPPEN = "cancel_did_not_happen"
    REFUND_DID_NOT_HAPPEN = "refund_did_not_happen"
    CHECK_FAILED = "check_failed"
    CONTACT_SHOWN = "contact_shown"
    SETTLED_BY_HAND = "settled_by_hand"
    STATE_UNCLEAR = "state_unclear"
    HOST_CONFIRMED = "host_confirmed"
    NOTICE_PASTED = "notice_pasted"
    SET_BY_HAND = "set_by_hand"
    HAND_OVERRULED = "hand_overruled"
    PAYMENT_REPORTED = "payment_reported"
    REPORT_OVERRULED = "report_overruled"


@dataclass(frozen=True, slots=True)
class LinkEvent:
    """One entry. ``facts`` holds short words such as ``amount`` or ``raw_word``; never contacts or secrets."""

    invoice_number: str
    at: datetime
    kind: EventKind
    actor: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
