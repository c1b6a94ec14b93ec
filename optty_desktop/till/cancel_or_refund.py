"""Cancel an unpaid link, or pay money back. The service decides which of the two its one call does, so:

read the link first (at most 3 s old when sent), stop when it differs from what the person saw, write the intent and the
sending to disk, send exactly once, never again, and say loudly when a cancel turned out to be a refund. An answer that
did not come leaves the link "Needs check" until a read settles it.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from optty_desktop.core.errors import (
    AnswerNotStored,
    AppError,
    NotAllowedNow,
    OperationOpen,
    OutcomeUnknown,
    Trouble,
)
from optty_desktop.core.links import PaymentLink, may_cancel, may_refund
from optty_desktop.core.money import Money
from optty_desktop.core.operations import Operation, OperationKind, Stage
from optty_desktop.core.ports import MoneyAnswer, ProfileStore, Record, refunds_through_order
from optty_desktop.till import outcomes
from optty_desktop.till.first_use import FirstUse
from optty_desktop.till.outcomes import Ending, Outcome
from optty_desktop.till.read_link import read_link
from optty_desktop.till.rights import Action, verdict
from optty_desktop.till.session import Session

FRESH_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Look:
    """What a person is shown before deciding. ``read_at`` is monotonic seconds; None when the link cannot be read.

    A link cannot be read before the service has named its order; then ``link`` is the last known state.
    """

    link: PaymentLink
    read_at: float | None


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's decision, bound to what was on the screen: this link in this state, this amount, once.

    ``has_tried``: the person has tried the route in Sandbox, asked where it was never used.
    """

    kind: OperationKind
    look: Look
    amount: Money
    reason: str = ""
    remark: str = ""
    has_tried: bool = False

    @property
    def is_part(self) -> bool:
        """Whether less than everything left goes back."""
        return self.kind is OperationKind.REFUND and self.amount != self.look.link.refundable


class ChangedMeanwhile(AppError):
    """The link is not what the person saw any more; nothing was sent. ``look`` is the new state."""

    def __init__(self, look: Look) -> None:
        super().__init__("the link changed before sending")
        self.look = look


class CancelOrRefund:
    """The verb."""

    def __init__(self, session: Session, profiles: ProfileStore | None = None) -> None:
        self._session = session
        self._first_use = FirstUse(session.environment, profiles)
        # The loop itself holds tasks weakly: a call on its way must not be collected.
        self._on_the_way: set[asyncio.Task[Outcome]] = set()

    @property
    def is_busy(self) -> bool:
        """Whether a call is on its way, waited for or not."""
        return bool(self._on_the_way)

    def first_use(self, kind: OperationKind, link: PaymentLink) -> str:
        """The request to be looked at before the first use of the route; empty for a route that is known to work."""
        return self._first_use.request(kind, link)

    async def look(self, invoice_number: str) -> Look:
        """Read the link now and put what was learnt on the table.

        Raises NotSent, OutcomeUnknown or Refused when it could have been read but was not: then nothing may be sent.
        """
        # What the answer says was true at some moment after the question, so the question is what ages.
        asked_at = self._session.clock.monotonic()
        link = await read_link(self._session, invoice_number)
        return Look(link, None if link.order_reference is None else asked_at)

    async def carry_out(self, approval: Approval) -> Outcome:
        """Do what was approved, once.

        Raises ChangedMeanwhile, NotAllowedNow, OperationOpen, NotSent, Refused, NoRoute and JournalProblem: in each of
        these nothing was moved. A missing answer is no error but an Outcome that says so.
        """
        operation = self._intent(approval)
        await self._begin(operation)
        try:
            await self._check_again(approval)
        except BaseException as error:
            await self._not_sent(operation, error)
            raise
        # From here on nothing may drop the answer: not a closing window, not a cancelled task.
        sent = asyncio.create_task(self._send(approval, operation), name=f"{approval.kind} on its way")
        self._on_the_way.add(sent)
        sent.add_done_callback(self._on_the_way.discard)
        return await asyncio.shield(sent)

    def _intent(self, approval: Approval) -> Operation:
        session, link = self._session, approval.look.link
        self._refuse_what_is_not_allowed(approval)
        now = session.clock.now()
        return Operation(
            operation_id=session.new_id(),
            invoice_number=link.invoice_number,
            kind=approval.kind,
            stage=Stage.INTENT,
            amount=approval.amount,
            observed=link.state,
            actor=session.identity.operator,
            requested_at=now,
            changed_at=now,
            reason=approval.reason,
            remark=approval.remark,
            refunded_before=link.refunded_minor,
            refund_reference=session.new_id() if approval.kind is OperationKind.REFUND else "",
        )

    def _refuse_what_is_not_allowed(self, approval: Approval) -> None:
        link = approval.look.link
        is_refund = approval.kind is OperationKind.REFUND
        if not verdict(
            self._session.identity, Action.REFUND if is_refund else Action.CANCEL, approval.amount
        ).is_allowed:
            raise NotAllowedNow("no right")
        if self.first_use(approval.kind, link) and not approval.has_tried:
            raise NotAllowedNow("the route was never tried")
        if not _is_allowed(approval.kind, link):
            raise NotAllowedNow(f"{approval.kind} of a link that is {link.state}")
        if is_refund and not 0 < approval.amount.minor <= link.refundable.minor:
            raise NotAllowedNow("more than is left of the payment")
        if approval.is_part and not refunds_through_order(self._session.environment, link):
            raise NotAllowedNow("part refunds need the order")

    async def _check_again(self, approval: Approval) -> None:
        """A read older than 3 s is repeated; any change of state or money drops the approval."""
        session, seen = self._session, approval.look
        link = await session.find(seen.link.invoice_number)
        look = Look(link, seen.read_at)
        if seen.read_at is not None and session.clock.monotonic() - seen.read_at > FRESH_SECONDS:
            look = await self.look(link.invoice_number)
        is_same = (look.link.state, look.link.refundable) == (seen.link.state, seen.link.refundable)
        # A refund on its way changes neither of the two, and must not be asked for again.
        if not (is_same and _is_allowed(approval.kind, look.link)):
            raise ChangedMeanwhile(look)

    async def _send(self, approval: Approval, operation: Operation) -> Outcome:
        sending = self._stage(operation, Stage.SENDING)
        try:
            await self._session.record(sending, outcomes.sent_event(sending, self._session.clock.now()))
        except BaseException as error:
            await self._not_sent(operation, error)
            raise
        try:
            answer = await self._call(approval, sending)
        except OutcomeUnknown as silence:
            return await self._keep(sending, partial(outcomes.unknown, operation=sending, error=silence))
        except AppError as error:
            with suppress(AnswerNotStored):
                await self._session.keep(*outcomes.nothing_moved(sending, error, self._session.clock.now()))
            raise
        except Exception:
            # A fault of this program must not hide that the call has left.
            stopped = OutcomeUnknown(Trouble.STOPPED)
            await self._keep(sending, partial(outcomes.unknown, operation=sending, error=stopped))
            raise
        outcome = await self._keep(sending, partial(outcomes.answered, operation=sending, answer=answer))
        if answer.state is not None and outcome.ending is not Ending.UNKNOWN and self._by_route(approval):
            await self._first_use.has_worked()
        return outcome

    async def _begin(self, operation: Operation) -> None:
        """Record the intent; a commit that was begun is carried out even if nobody waits for it any more."""
        try:
            await self._session.record(operation)
        except asyncio.CancelledError as gone:
            await self._not_sent(operation, gone)
            raise

    async def _not_sent(self, operation: Operation, error: BaseException) -> None:
        """End an intent whose call was not made."""
        with suppress(AnswerNotStored):
            await self._session.keep(self._stage(operation, Stage.NOT_SENT, type(error).__name__))

    async def _keep(self, operation: Operation, ending: Callable[..., Outcome]) -> Outcome:
        """Keep how it ended, from the link as it is then. Raises AnswerNotStored, but not for an unknown end."""
        ended: list[Outcome] = []

        def rule(link: PaymentLink) -> tuple[Record, ...]:
            ended.append(ending(link, now=self._session.clock.now()))
            return ended[0].records

        try:
            await self._session.keep_answer(operation.invoice_number, rule)
        except AnswerNotStored:
            if ended[0].ending is not Ending.UNKNOWN:
                raise
        return ended[0]

    async def _call(self, approval: Approval, operation: Operation) -> MoneyAnswer:
        gateway, link = self._session.gateway, approval.look.link
        if link.order_reference is not None and not self._by_route(approval):
            return await gateway.refund_order(
                link.order_reference, operation.refund_reference, approval.amount, approval.reason or "Refund"
            )
        return await gateway.cancel_or_refund(link.invoice_number)

    def _by_route(self, approval: Approval) -> bool:
        link = approval.look.link
        return approval.kind is OperationKind.CANCEL or not refunds_through_order(self._session.environment, link)

    def _stage(self, operation: Operation, stage: Stage, outcome: str = "") -> Operation:
        return replace(operation, stage=stage, outcome=outcome, changed_at=self._session.clock.now())


def _is_allowed(kind: OperationKind, link: PaymentLink) -> bool:
    return may_refund(link) if kind is OperationKind.REFUND else may_cancel(link)


__all__ = ["FRESH_SECONDS", "Approval", "CancelOrRefund", "ChangedMeanwhile", "Look", "OperationOpen"]
