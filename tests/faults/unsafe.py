"""Tills that do what ours must not: they prove that the rig sees the harm."""

from __future__ import annotations

from dataclasses import replace

from optty_desktop.core.drafts import LinkDraft
from optty_desktop.core.errors import AppError, NotSent, OutcomeUnknown
from optty_desktop.core.links import Evidence, LinkState, Source
from optty_desktop.core.operations import OperationKind
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.session import Session
from tests.faults.model import Schedule, act, wanted
from tests.faults.world import Line

SOON = 5.0
"""Seconds after which the impatient till sends again: sooner than a request can be lost for good."""


async def three_tries(till: Session, number: str, schedule: Schedule) -> None:
    """No record: send until an answer comes, three times at the most, and show what was asked for."""
    del schedule
    link = await till.find(number)
    kind = wanted(link)
    for _ in range(3 if kind else 0):
        try:
            await till.gateway.cancel_or_refund(number)
        except (NotSent, OutcomeUnknown):
            continue
        except AppError:
            return
        break
    if kind is not None:
        state = LinkState.CANCELLED if kind is OperationKind.CANCEL else LinkState.REFUNDED
        till.book.put(replace(link, state=state, evidence=Evidence(Source.TILL, till.clock.now())))


async def impatient(till: Session, number: str, schedule: Schedule) -> None:
    """The real verbs; but where no answer came and a read shows the payment untouched, the call is made again."""
    await act(till, number, schedule)
    operation = await till.open_operation(number)
    if operation is None:
        return
    assert isinstance(till.gateway, Line)
    till.gateway.service.clock.advance(SOON)
    till.gateway.service.catch_up()
    link = await till.find(number)
    try:
        reading = await till.gateway.read_order(link.order_reference or "")
        if reading.refunded is None and reading.refund_pending is None:
            await till.gateway.cancel_or_refund(number)
    except AppError:
        return


async def create_with_fresh_numbers(till: Session, asked: LinkDraft) -> None:
    """A new number for each try."""
    for _ in range(3):
        try:
            await CreateLink(till, str).create(asked)
        except (NotSent, OutcomeUnknown):
            continue
        except AppError:
            return
        return
