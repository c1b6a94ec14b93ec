"""Keeps a record as the present program writes it, for all later ones to open: ``python -m tests.journal.keep``.

Run it before a version is released that brought a new schema. The file is small, made up, and never changed again.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import LinkState, Note, PaymentLink
from optty_desktop.core.money import Money
from optty_desktop.core.operations import Operation, OperationKind, Stage
from optty_desktop.core.ports import Record
from optty_desktop.journal.migrations import MIGRATIONS
from tests.journal.places import file_in, opened
from tests.journal.samples import NOON, a_link, an_event, an_operation

KEPT = Path(__file__).parent / "kept"
AMOUNTS = (Money(125_000, "USD"), Money(1, "JPY"), Money(1_234_567, "KWD"))


def records() -> Iterator[Record]:
    """A link in every state, with every note, under every kind and stage of an operation; an event of every kind."""
    yield from links()
    yield from operations()
    yield from (with_facts(place, kind) for place, kind in enumerate(EventKind))


def links() -> Iterator[PaymentLink]:
    """One for each state and each note, in currencies with two, no and three decimals."""
    for place, state in enumerate(LinkState):
        yield a_link(
            f"STATE-{place + 1}",
            state,
            place,
            amount=AMOUNTS[place % len(AMOUNTS)],
            reference=f"Bestellung {place} für Žofie 店",
            url=f"https://pay.optty.com/{place}",
            order_reference=f"order-{place}",
            email_customer=bool(place % 2),
        )
    for place, note in enumerate(Note):
        yield a_link(f"NOTE-{place + 1}", LinkState.PAID, 60 + place, note=note, paid=AMOUNTS[0], paid_at=NOON)


def operations() -> Iterator[Record]:
    """Each on a link of its own: only one may be open on a link."""
    kinds = [(kind, stage) for kind in OperationKind for stage in Stage]
    for place, (kind, stage) in enumerate(kinds):
        number = f"OP-{place + 1}"
        yield a_link(number, LinkState.UNKNOWN, 120 + place)
        yield described(replace(an_operation(number, stage, f"op-{place + 1}", place), kind=kind))


def described(operation: Operation) -> Operation:
    """The operation with everything that may stand in one."""
    return replace(
        operation,
        reason="Returned goods",
        remark="Said “it is too blue”",
        body=b'{"invoiceNumber":"OP"}',
        refund_reference=f"refund-{operation.operation_id}",
        outcome="SUCCESSFUL",
    )


def with_facts(place: int, kind: EventKind) -> LinkEvent:
    """An event of that kind, at a time of its own."""
    return replace(an_event("STATE-1", kind, place), facts={"raw_word": "PAID", "amount": "1250.00"})


async def keep() -> Path:
    """Write the record and what is in it as text; return the record's file. Raises FileExistsError."""
    target = KEPT / f"schema-{MIGRATIONS[-1].version}.journal"
    if target.exists():
        raise FileExistsError(target)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with opened(folder / "record") as journal:
            await journal.commit(*records())
            await journal.export(folder / "record.jsonl", NOON + timedelta(days=1), with_contacts=True)
        KEPT.mkdir(exist_ok=True)
        shutil.copyfile(folder / "record.jsonl", target.with_suffix(".jsonl"))
        shutil.copyfile(file_in(folder / "record"), target)
    return target


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{asyncio.run(keep())}\n")
    except FileExistsError as error:
        sys.exit(f"{error} is kept already: later programs have to open what was released.")
