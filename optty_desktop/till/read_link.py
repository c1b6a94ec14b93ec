"""Read one link at the payment service and let the record learn from it: the one road to a fresh state."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from optty_desktop.core.errors import JournalProblem
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.operations import Operation, OperationKind, Stage, newest_payback, open_among
from optty_desktop.core.ports import OrderReading, Record
from optty_desktop.core.readings import learn, no_order_yet
from optty_desktop.till import outcomes
from optty_desktop.till.session import Session


async def read_link(session: Session, invoice_number: str) -> PaymentLink:
    """The link after a read. A link whose order the service has not named cannot be read and comes back as it is.

    Raises NotSent, OutcomeUnknown or Refused when the read could not be made. While a cancel or refund is on its way
    nothing is learnt, for its own answer tells more; while one has no answer, a read may settle it.
    """
    link = await session.find(invoice_number)
    if link.order_reference is None:
        return link
    reading = await session.read_order(link.order_reference)
    with suppress(JournalProblem):
        await session.write_owed()
    return await session.change(invoice_number, lambda now, operations: learnt_from(session, now, reading, operations))


def learnt_from(
    session: Session, link: PaymentLink, reading: OrderReading | None, operations: Sequence[Operation]
) -> tuple[Record, ...]:
    """What a reading, or None for an order that is not there, makes of a link. Nothing while a call is on its way."""
    now, operation = session.clock.now(), open_among(operations)
    if operation is not None and operation.stage is Stage.SENDING:
        return ()
    if operation is not None and operation.stage is not Stage.UNKNOWN:
        operation = None
    awaited = operation if operation and operation.kind is not OperationKind.CREATE else None
    if reading is None:
        learnt = no_order_yet(link, now, awaited)
        return (learnt.link, *learnt.events)
    learnt = learn(link, reading, now, awaited, newest_payback(operations))
    if operation is not None:
        waited = timedelta(seconds=session.unanswered_for(operation))
        settled = outcomes.settled(learnt.link, operation, reading, now, waited)
        if settled is not None:
            return (*settled.records, *learnt.events)
    return (learnt.link, *learnt.events)
