"""Settle by hand: a person has looked at the service's own pages and closes what no read can settle."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from optty_desktop.core.errors import NotAllowedNow, TooEarly
from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import Evidence, LinkState, Note, PaymentLink, Source
from optty_desktop.core.operations import Operation, OperationKind, Stage, open_among
from optty_desktop.core.ports import Record, Withdrawn
from optty_desktop.till.outcomes import GIVE_UP_AFTER, became_refund
from optty_desktop.till.rights import Action, verdict
from optty_desktop.till.session import Session

LONGEST_REASON: Final = 120
"""Characters of the reason that go into the timeline."""


class Found(StrEnum):
    """What the person has seen there; the values are stable keys in the timeline."""

    EXISTS = "exists"
    DOES_NOT_EXIST = "does_not_exist"
    CANCELLED = "cancelled"
    STILL_OPEN = "still_open"
    REFUNDED = "refunded"
    NOT_REFUNDED = "not_refunded"


FINDINGS: Final[Mapping[OperationKind, tuple[Found, ...]]] = {
    OperationKind.CREATE: (Found.EXISTS, Found.DOES_NOT_EXIST),
    OperationKind.CANCEL: (Found.CANCELLED, Found.STILL_OPEN, Found.REFUNDED),
    OperationKind.REFUND: (Found.REFUNDED, Found.NOT_REFUNDED),
}
"""What can have become of each kind of operation, in the order to offer it."""

_UNTOUCHED: Final = frozenset({Found.DOES_NOT_EXIST, Found.STILL_OPEN, Found.NOT_REFUNDED})


class SettleByHand:
    """The verb."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def unanswered(self, invoice_number: str) -> Operation | None:
        """The operation of this link that a person may close; None where nothing waits for an answer.

        Raises JournalProblem.
        """
        operation = await self._session.open_operation(invoice_number)
        return operation if operation is not None and operation.stage is Stage.UNKNOWN else None

    def wait(self, operation: Operation, found: Found) -> timedelta:
        """How long it still is until ``found`` may be entered; zero when it may be.

        "Nothing happened" needs ten minutes after the call: until then it may still come in at the service, and whoever
        sends again would pay back twice.
        """
        if found not in _UNTOUCHED:
            return timedelta(0)
        session = self._session
        waited = timedelta(seconds=session.unanswered_before(operation) + session.unanswered_for(operation))
        return max(timedelta(0), GIVE_UP_AFTER - waited)

    async def settle(self, invoice_number: str, found: Found, reason: str) -> PaymentLink:
        """Close the open operation of this link as ``found``; a link that does not exist leaves the record.

        Raises NotAllowedNow without the right, a reason, or an operation that has no answer, for a finding of another
        kind of operation; TooEarly while there is a ``wait``; JournalProblem.
        """
        reason = " ".join(reason.split())
        if not reason:
            raise NotAllowedNow("no reason")
        if not verdict(self._session.identity, Action.SETTLE).is_allowed:
            raise NotAllowedNow("no right")
        await self._session.write_owed()
        return await self._session.change(
            invoice_number, lambda link, operations: self._settled(link, open_among(operations), found, reason)
        )

    def _settled(self, link: PaymentLink, operation: Operation | None, found: Found, reason: str) -> tuple[Record, ...]:
        if operation is None or operation.stage is not Stage.UNKNOWN:
            raise NotAllowedNow(f"no unanswered operation of {link.invoice_number}")
        self._check(operation, found)
        now, actor = self._session.clock.now(), self._session.identity.operator
        facts = {"found": found.value, "reason": reason[:LONGEST_REASON]}
        event = LinkEvent(link.invoice_number, now, EventKind.SETTLED_BY_HAND, actor, facts)
        ended = replace(operation, stage=Stage.SETTLED, outcome="by hand", changed_at=now)
        seen = replace(link, evidence=Evidence(Source.BY_HAND, now), changed_at=now)
        return (*_after(seen, operation, found, now), ended, event, *_withdrawn(link, found))

    def _check(self, operation: Operation, found: Found) -> None:
        if found not in FINDINGS[operation.kind]:
            raise NotAllowedNow(f"{found} of a {operation.kind}")
        if self.wait(operation, found):
            raise TooEarly(f"{found} of {operation.invoice_number}")


def _after(link: PaymentLink, operation: Operation, found: Found, now: datetime) -> tuple[Record, ...]:
    """The link as found, and what else belongs into its timeline."""
    match found:
        case Found.EXISTS:
            return (replace(link, state=LinkState.PENDING, note=Note.ADDRESS_LOST),)
        case Found.CANCELLED | Found.DOES_NOT_EXIST:
            return (replace(link, state=LinkState.CANCELLED, note=None),)
        case Found.STILL_OPEN:
            return (replace(link, state=LinkState.PENDING, note=None),)
        case Found.REFUNDED if operation.kind is OperationKind.CANCEL:
            became = became_refund(link, operation, now, is_pending=False, raw_word="")
            loud = (record for record in became.records if isinstance(record, LinkEvent))
            return (replace(became.link, evidence=link.evidence), *loud)
        case Found.REFUNDED:
            return (_paid_back(link, refunded_with(link, operation)),)
        case Found.NOT_REFUNDED:
            return (_paid_back(link, link.refunded_minor),)


def refunded_with(link: PaymentLink, refund: Operation) -> int:
    """What has gone back if ``refund`` went through, in minor units: never more than was paid.

    A read may have shown some of it while nobody knew whose it was, so it is counted from before the refund.
    """
    paid = link.paid or link.amount
    return min(paid.minor, max(link.refunded_minor, refund.refunded_before + refund.amount.minor))


def _paid_back(link: PaymentLink, refunded: int) -> PaymentLink:
    is_part = link.paid is not None and 0 < refunded < link.paid.minor
    return replace(
        link,
        state=LinkState.REFUNDED if refunded else LinkState.PAID,
        note=Note.PART_REFUNDED if is_part else None,
        refunded_minor=refunded,
    )


def _withdrawn(link: PaymentLink, found: Found) -> tuple[Withdrawn, ...]:
    return (Withdrawn(link.invoice_number),) if found is Found.DOES_NOT_EXIST else ()
