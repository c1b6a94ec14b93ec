"""What a stop left open: an intent that was never sent is over, a sending without an answer needs checking."""

from dataclasses import replace

from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import LinkState, Note
from optty_desktop.core.operations import Operation, OperationKind, Stage
from optty_desktop.till.session import Session


async def end_interrupted(session: Session, operation: Operation) -> None:
    """Give an operation that a stop interrupted the end, or the doubt, it has now. Raises JournalProblem."""
    now = session.clock.now()
    if operation.stage is Stage.INTENT:
        await session.record(replace(operation, stage=Stage.NOT_SENT, outcome="stopped", changed_at=now))
        return
    link = await session.find(operation.invoice_number)
    note, kind = _STOPPED[operation.kind]
    await session.record(
        replace(link, state=LinkState.UNKNOWN, note=note, changed_at=now),
        replace(operation, stage=Stage.UNKNOWN, outcome="stopped", changed_at=now),
        LinkEvent(link.invoice_number, now, kind),
    )


_STOPPED = {
    OperationKind.CREATE: (Note.NOT_CONFIRMED, EventKind.CREATE_UNKNOWN),
    OperationKind.CANCEL: (Note.CANCEL_NOT_CONFIRMED, EventKind.CANCEL_UNKNOWN),
    OperationKind.REFUND: (Note.REFUND_NOT_CONFIRMED, EventKind.REFUND_UNKNOWN),
}
