"""Links that wait to be checked because the answer to a create, cancel or refund was lost."""

from __future__ import annotations

from dataclasses import replace

from optty_desktop.core.links import LinkState, Note, PaymentLink
from optty_desktop.core.operations import Operation, OperationKind, Stage
from tests.fakes import START
from tests.ui.money_links import paid_link, pending_link, unknown_link

NUMBER = "T2-01KGC3Q8ZV-7R2M0W5TYHJX9D4"
_LINKS = {
    OperationKind.CREATE: (unknown_link(None, url=None, order_reference=None), Note.NOT_CONFIRMED),
    OperationKind.CANCEL: (pending_link(), Note.CANCEL_NOT_CONFIRMED),
    OperationKind.REFUND: (paid_link(), Note.REFUND_NOT_CONFIRMED),
}


def doubtful(kind: OperationKind, number: str = NUMBER, **changes: object) -> PaymentLink:
    """The link after an operation of this kind without an answer."""
    link, note = _LINKS[kind]
    order = f"HPP-{number}" if link.order_reference else None
    doubt = replace(link, invoice_number=number, order_reference=order, state=LinkState.UNKNOWN, note=note)
    return replace(doubt, **changes)  # type: ignore[arg-type]


def unanswered(link: PaymentLink, kind: OperationKind, **changes: object) -> Operation:
    """That operation, sent at START."""
    plain = Operation(
        operation_id=f"operation of {link.invoice_number}",
        invoice_number=link.invoice_number,
        kind=kind,
        stage=Stage.UNKNOWN,
        amount=link.amount,
        observed=LinkState.PENDING if link.paid is None else LinkState.PAID,
        actor="Cashier 1",
        requested_at=START,
        changed_at=START,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]
