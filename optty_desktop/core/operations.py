"""One decision of the operator to create, cancel or refund, and the stages it goes through.

    INTENT → SENDING → DONE | REFUSED | NOT_SENT | UNKNOWN → SETTLED

INTENT and SENDING are on disk before the first byte leaves. UNKNOWN is never sent again by the program.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from optty_desktop.core.links import LinkState
from optty_desktop.core.money import Money


class OperationKind(StrEnum):
    """What was asked for. The service may do the other thing: a cancel of a link paid meanwhile is a refund."""

    CREATE = "create"
    CANCEL = "cancel"
    REFUND = "refund"


class Stage(StrEnum):
    """How far an operation has come."""

    INTENT = "intent"
    SENDING = "sending"
    DONE = "done"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    SETTLED = "settled"


OPEN_STAGES = frozenset({Stage.INTENT, Stage.SENDING, Stage.UNKNOWN})

LEGAL_STAGES: dict[Stage, frozenset[Stage]] = {
    Stage.INTENT: frozenset({Stage.SENDING, Stage.NOT_SENT}),
    # A create sent again is settled when the service has the number already.
    Stage.SENDING: frozenset({Stage.DONE, Stage.REFUSED, Stage.NOT_SENT, Stage.UNKNOWN, Stage.SETTLED}),
    # A person may repeat a create without an answer: same number, same bytes.
    Stage.UNKNOWN: frozenset({Stage.SETTLED, Stage.SENDING}),
    Stage.DONE: frozenset({Stage.SETTLED}),
    Stage.REFUSED: frozenset(),
    Stage.NOT_SENT: frozenset(),
    Stage.SETTLED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One intent. ``observed`` is the link state that was on the screen when the person decided.

    ``body`` holds the exact bytes of a create, so that a repeat is the same request. ``refund_reference`` names a
    refund through the order. ``refunded_before`` is what had gone back when the person decided, in minor units: another
    refund elsewhere must not pass for this one. ``outcome`` is the short word of the end, never personal data.
    """

    operation_id: str
    invoice_number: str
    kind: OperationKind
    stage: Stage
    amount: Money
    observed: LinkState
    actor: str
    requested_at: datetime
    changed_at: datetime
    reason: str = ""
    remark: str = ""
    body: bytes = b""
    refund_reference: str = ""
    refunded_before: int = 0
    outcome: str = ""

    @property
    def is_open(self) -> bool:
        """Whether its end is not known yet; while open, no other operation on the link may start."""
        return self.stage in OPEN_STAGES


def open_among(operations: Sequence[Operation]) -> Operation | None:
    """The operation of a link whose end is not known, if there is one."""
    return next((operation for operation in operations if operation.is_open), None)


def newest_payback(operations: Sequence[Operation]) -> Operation | None:
    """The newest of these (oldest first) that may have sent money back; a cancel may, one never carried out has not."""
    harmless = {Stage.REFUSED, Stage.NOT_SENT}
    paybacks = [one for one in operations if one.kind is not OperationKind.CREATE and one.stage not in harmless]
    return paybacks[-1] if paybacks else None
