"""Set by hand: a person says how a link stands that this till cannot read. It is marked as such until a read says more.

No money is counted for it: what nobody has read is neither paid in the sums nor paid back from here.
"""

from dataclasses import replace
from typing import Final

from optty_desktop.core.errors import NoRight, NotAllowedNow
from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import Evidence, LinkState, Note, PaymentLink, Source
from optty_desktop.core.operations import Operation, open_among
from optty_desktop.core.ports import Record
from optty_desktop.till.rights import Action, verdict
from optty_desktop.till.session import Session
from optty_desktop.till.settle_by_hand import LONGEST_REASON

STATES: Final = (LinkState.PAID, LinkState.CANCELLED, LinkState.REFUNDED, LinkState.EXPIRED)
"""What a person may say, in the order to offer it."""
TAKEN_BACK: Final = LinkState.PENDING
"""What a link becomes again when what was said of it by hand was a mistake; only then it is offered too."""


class SetByHand:
    """The verb."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def choices(self, invoice_number: str) -> tuple[LinkState, ...]:
        """What a person may set this link to; nothing where it can be read, or where a call of it is not settled.

        Raises JournalProblem, and KeyError for a link that this till never had.
        """
        link = await self._session.find(invoice_number)
        if not self._may_be_set(link) or await self._session.open_operation(invoice_number) is not None:
            return ()
        if await self._may_be_read_yet(invoice_number):
            return ()
        offered = (*STATES, TAKEN_BACK) if link.is_set_by_hand else STATES
        return tuple(state for state in offered if state is not link.state or link.is_reported_paid)

    async def set(self, invoice_number: str, state: LinkState, reason: str) -> PaymentLink:
        """Record what a person says, who and why. What was said by hand before may be corrected and taken back by hand.

        Raises NoRight; NotAllowedNow without a reason, or where ``state`` is none of the ``choices`` any more;
        JournalProblem.
        """
        reason = " ".join(reason.split())
        if not reason:
            raise NotAllowedNow("no reason")
        if not verdict(self._session.identity, Action.SET_BY_HAND).is_allowed:
            raise NoRight
        if state not in await self.choices(invoice_number):
            raise NotAllowedNow(f"{state} by hand")
        await self._session.write_owed()
        note = await self._note_before(invoice_number) if state is TAKEN_BACK else Note.SET_BY_HAND
        return await self._session.change(
            invoice_number, lambda link, operations: self._said(link, open_among(operations), state, note, reason)
        )

    async def _note_before(self, invoice_number: str) -> Note | None:
        """What the row said beside its state before anybody set it by hand."""
        said = (one for one in await self._session.timeline(invoice_number) if one.kind is EventKind.SET_BY_HAND)
        first = next((event for event in said if event.facts.get("was") not in STATES), None)
        note = first.facts.get("note") if first is not None else None
        return Note(note) if note else None

    async def _may_be_read_yet(self, invoice_number: str) -> bool:
        """Whether a hint has named an order that is still to be read, and can be: it may be this link's."""
        if self._session.reads_are_refused:
            return False
        wishes = await self._session.journal.read_wishes(invoice_number)
        return bool({wish.order_reference for wish in wishes} - {"", *self._session.unshown_orders})

    def _said(
        self, link: PaymentLink, operation: Operation | None, state: LinkState, note: Note | None, reason: str
    ) -> tuple[Record, ...]:
        if operation is not None or not self._may_be_set(link):
            raise NotAllowedNow(f"{link.invoice_number} can be read, or is not settled")
        now, actor = self._session.clock.now(), self._session.identity.operator
        facts = {"was": link.state.value, "now": state.value, "reason": reason[:LONGEST_REASON]}
        if link.note is not None and not link.is_set_by_hand:
            facts["note"] = link.note.value
        event = LinkEvent(link.invoice_number, now, EventKind.SET_BY_HAND, actor, facts)
        said = replace(link, state=state, note=note, evidence=Evidence(Source.BY_HAND, now), changed_at=now)
        return said, event

    def _may_be_set(self, link: PaymentLink) -> bool:
        """A payment that was read, and one that was read and does not match, are no matter of opinion."""
        is_unsaid = link.is_open or link.state is LinkState.UNKNOWN or link.is_unconfirmed
        is_read = link.paid is not None or link.note is Note.AMOUNT_DIFFERS
        cannot_read = link.order_reference is None or self._session.reads_are_refused
        return is_unsaid and not is_read and cannot_read
