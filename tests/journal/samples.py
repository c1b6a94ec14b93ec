"""Links, operations and events to put into a journal: plain ones, and any that Hypothesis can think of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from optty_desktop.core.currencies import CURRENCIES
from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import Evidence, LinkState, Note, PaymentLink, Source
from optty_desktop.core.money import Money
from optty_desktop.core.operations import Operation, OperationKind, Stage

NOON = datetime(2026, 3, 21, 12, 0, tzinfo=UTC)


def a_link(number: str = "INV-1", state: LinkState = LinkState.PENDING, age: int = 0, **changes: object) -> PaymentLink:
    """Return a link that is ``age`` minutes old at noon."""
    created_at = NOON - timedelta(minutes=age)
    link = PaymentLink(
        invoice_number=number,
        amount=Money(125_000, "USD"),
        reference="Order 7",
        description="Blue chair",
        email="ann@example.com",
        phone="+61400000000",
        due_at=created_at + timedelta(days=2),
        email_customer=False,
        created_at=created_at,
        created_by="Cashier 1",
        state=state,
        evidence=Evidence(Source.CREATE_ANSWER, created_at, "PENDING"),
        changed_at=created_at,
    )
    return replace(link, **changes)  # type: ignore[arg-type]


def an_operation(
    number: str = "INV-1", stage: Stage = Stage.INTENT, operation_id: str = "op-1", age: int = 0
) -> Operation:
    """Return a refund that was asked for ``age`` minutes before noon."""
    return Operation(
        operation_id=operation_id,
        invoice_number=number,
        kind=OperationKind.REFUND,
        stage=stage,
        amount=Money(125_000, "USD"),
        observed=LinkState.PAID,
        actor="Manager 1",
        requested_at=NOON - timedelta(minutes=age),
        changed_at=NOON,
    )


def an_event(number: str = "INV-1", kind: EventKind = EventKind.CREATED, minute: int = 0) -> LinkEvent:
    """Return an event some minutes after noon."""
    return LinkEvent(number, NOON + timedelta(minutes=minute), kind, "Cashier 1", {"raw_word": "PENDING"})


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
moments = st.datetimes(
    min_value=datetime(1950, 1, 1),
    max_value=datetime(2999, 1, 1),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
)
monies = st.builds(Money, st.integers(-(2**63), 2**63 - 1), st.sampled_from(sorted(CURRENCIES)))
evidence = st.builds(Evidence, st.sampled_from(Source), moments, texts)
any_link = st.builds(
    PaymentLink,
    invoice_number=texts,
    amount=monies,
    reference=texts,
    description=texts,
    email=texts,
    phone=texts,
    due_at=moments,
    email_customer=st.booleans(),
    created_at=moments,
    created_by=texts,
    state=st.sampled_from(LinkState),
    evidence=evidence,
    changed_at=moments,
    note=st.none() | st.sampled_from(Note),
    url=st.none() | texts,
    order_reference=st.none() | texts,
    allows_tip=st.booleans(),
    paid=st.none() | monies,
    paid_at=st.none() | moments,
    paid_with=texts,
    refunded_minor=st.integers(0, 2**63 - 1),
)
any_operation = st.builds(
    Operation,
    operation_id=texts,
    invoice_number=st.just("INV-1"),
    kind=st.sampled_from(OperationKind),
    stage=st.sampled_from(Stage),
    amount=monies,
    observed=st.sampled_from(LinkState),
    actor=texts,
    requested_at=moments,
    changed_at=moments,
    reason=texts,
    remark=texts,
    body=st.binary(max_size=50),
    refund_reference=texts,
    outcome=texts,
)
any_event = st.builds(
    LinkEvent,
    invoice_number=st.just("INV-1"),
    at=moments,
    kind=st.sampled_from(EventKind),
    actor=texts,
    facts=st.dictionaries(texts, texts, max_size=4),
)
