"""Operations as rows of the table ``operations``; an index there allows one open operation a link."""

import sqlite3
from typing import Final

from optty_desktop.core.links import LinkState
from optty_desktop.core.money import Money
from optty_desktop.core.operations import Operation, OperationKind, Stage
from optty_desktop.journal.columns import Row, micros, moment, read_row

_SELECT: Final = """
SELECT operation_id, invoice_number, kind, stage, amount_minor, currency, observed, actor, requested_at, changed_at,
    reason, remark, body, refund_reference, refunded_before, outcome
FROM operations
"""

_PUT: Final = """
INSERT INTO operations (operation_id, invoice_number, kind, stage, amount_minor, currency, observed, actor,
    requested_at, changed_at, reason, remark, body, refund_reference, refunded_before, outcome)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (operation_id) DO UPDATE SET
    invoice_number = excluded.invoice_number, kind = excluded.kind, stage = excluded.stage,
    amount_minor = excluded.amount_minor, currency = excluded.currency, observed = excluded.observed,
    actor = excluded.actor, requested_at = excluded.requested_at, changed_at = excluded.changed_at,
    reason = excluded.reason, remark = excluded.remark, body = excluded.body,
    refund_reference = excluded.refund_reference, refunded_before = excluded.refunded_before,
    outcome = excluded.outcome
"""

# The condition of the index ``operations_open``, word for word.
_OPEN: Final = (
    _SELECT
    + """
WHERE stage NOT IN ('done', 'refused', 'not_sent', 'settled')
ORDER BY requested_at, sequence
"""
)


def put_operation(connection: sqlite3.Connection, row: Row) -> None:
    """Write a row made by `operation_row`, in place of the one with the same id."""
    connection.execute(_PUT, row)


def operations(connection: sqlite3.Connection, invoice_number: str) -> list[Operation]:
    """Return the operations of a link, oldest first."""
    rows = connection.execute(_SELECT + "WHERE invoice_number = ? ORDER BY requested_at, sequence", (invoice_number,))
    return [_read(row) for row in rows]


def open_operations(connection: sqlite3.Connection) -> list[Operation]:
    """Return the operations whose end is not known, oldest first."""
    return [_read(row) for row in connection.execute(_OPEN)]


def operation_row(operation: Operation) -> Row:
    """Return the columns of an operation, in the order of the table."""
    return (
        *(operation.operation_id, operation.invoice_number, operation.kind.value, operation.stage.value),
        *(operation.amount.minor, operation.amount.currency, operation.observed.value, operation.actor),
        *(micros(operation.requested_at), micros(operation.changed_at), operation.reason, operation.remark),
        *(operation.body, operation.refund_reference, operation.refunded_before, operation.outcome),
    )


def _read(row: Row) -> Operation:
    return read_row("operations", _operation, row)


def _operation(
    operation_id: str,
    invoice_number: str,
    kind: str,
    stage: str,
    amount_minor: int,
    currency: str,
    observed: str,
    actor: str,
    requested_at: int,
    changed_at: int,
    reason: str,
    remark: str,
    body: bytes,
    refund_reference: str,
    refunded_before: int,
    outcome: str,
) -> Operation:
    return Operation(
        operation_id=operation_id,
        invoice_number=invoice_number,
        kind=OperationKind(kind),
        stage=Stage(stage),
        amount=Money(amount_minor, currency),
        observed=LinkState(observed),
        actor=actor,
        requested_at=moment(requested_at),
        changed_at=moment(changed_at),
        reason=reason,
        remark=remark,
        body=bytes(memoryview(body)),
        refund_reference=refund_reference,
        refunded_before=refunded_before,
        outcome=outcome,
    )
