"""Look at an order that a hint says is a link's, and take it only if the service's own answer says so too."""

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum, auto

from optty_desktop.core.errors import AppError, NotFound, NotSent, ScopeRefused
from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import LinkState, Note, PaymentLink
from optty_desktop.core.money import format_amount
from optty_desktop.core.operations import Operation
from optty_desktop.core.order_claims import Tie, may_take_over, tie
from optty_desktop.core.ports import OrderReading, Record
from optty_desktop.core.readings import amount_matches
from optty_desktop.till.line import line_after
from optty_desktop.till.read_link import learnt_from
from optty_desktop.till.session import Session


class Finding(Enum):
    """What became of the claim."""

    SETTLED = auto()
    """The link has the order now, or has nothing to do with it."""
    NOT_THERE = auto()
    """The service does not know the order: not yet, or it is invented."""
    UNDECIDED = auto()
    """The order is the link's, and the link keeps the one it has until this one brings money."""


async def look_at_order(session: Session, invoice_number: str, order_reference: str) -> Finding:
    """Read the order and let the link learn from it what is proven.

    Where nothing ties a paid order of the same amount to a link that has none, the link's state stays, and a note asks
    a person to look. Raises NotSent, OutcomeUnknown or Refused when the read could not be made, and
    JournalProblem. A refusal tells of this order alone: anybody may have named it.
    """
    try:
        reading = await session.gateway.read_order(order_reference)
    except NotFound:
        return Finding.NOT_THERE
    except AppError as error:
        if _is_of_this_order(error):
            session.unshown_orders.add(order_reference)
        raise
    session.unshown_orders.discard(order_reference)
    link = await session.change(invoice_number, lambda now, operations: _learnt(session, now, reading, operations))
    is_kept_back = tie(link, reading) is Tie.OURS and link.order_reference != order_reference and link.paid is None
    return Finding.UNDECIDED if is_kept_back and _may_go_on(reading) else Finding.SETTLED


def _learnt(
    session: Session, link: PaymentLink, reading: OrderReading, operations: Sequence[Operation]
) -> tuple[Record, ...]:
    match tie(link, reading):
        case Tie.OURS if may_take_over(link, reading):
            return learnt_from(session, replace(link, order_reference=reading.order_reference), reading, operations)
        case Tie.UNSAID if _looks_paid(link, reading):
            reported = replace(link, note=Note.REPORTED, changed_at=session.clock.now())
            facts = {"amount": format_amount(link.amount)}
            return reported, LinkEvent(
                link.invoice_number, session.clock.now(), EventKind.PAYMENT_REPORTED, facts=facts
            )
    return ()


def _looks_paid(link: PaymentLink, reading: OrderReading) -> bool:
    is_untold = link.order_reference is None and link.is_open and link.note is None
    return is_untold and reading.state is LinkState.PAID and amount_matches(link, reading)


def _may_go_on(reading: OrderReading) -> bool:
    return reading.state in (LinkState.IN_PROGRESS, LinkState.PAID, LinkState.REFUNDED)


def _is_of_this_order(error: AppError) -> bool:
    """Whether the service has answered, and would not show the order."""
    return isinstance(error, ScopeRefused) or (line_after(error) is None and not isinstance(error, NotSent))
