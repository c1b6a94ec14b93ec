"""A rebuilt record holds money back until somebody with a name has compared it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from optty_desktop.core.errors import DiskFull, NotAllowedNow, RebuildUnconfirmed
from optty_desktop.core.links import LinkState
from optty_desktop.core.operations import OperationKind
from optty_desktop.till.cancel_or_refund import Approval, CancelOrRefund
from optty_desktop.till.confirm_rebuilt import ConfirmRebuilt, Rebuilt
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.session import Session
from tests.fakes import IDENTITY, FakeClock, FakeOptty, MemoryJournal, counted_bytes, draft, session


@pytest.mark.parametrize(
    ("reason", "rebuilt"),
    [
        ("restored 2026-03-20", Rebuilt(copy_day=date(2026, 3, 20))),
        ("started_anew 2026-03-21T12:00:00+00:00", Rebuilt(began_at=datetime(2026, 3, 21, 12, tzinfo=UTC))),
        ("started_anew", Rebuilt()),
        ("restored some day", Rebuilt()),
        ("", Rebuilt()),
        (None, None),
    ],
)
async def test_what_waits_is_told_apart(reason: str | None, rebuilt: Rebuilt | None) -> None:
    journal = MemoryJournal()
    journal.blocked_because = reason
    assert await ConfirmRebuilt(session(journal=journal)).waiting() == rebuilt


async def test_a_refund_waits_until_a_person_has_compared_the_record() -> None:
    gateway, journal = FakeOptty(), MemoryJournal()
    till = session(gateway, journal)
    verb, refund = ConfirmRebuilt(till), CancelOrRefund(till)
    number = (await CreateLink(till, str).create(draft())).invoice_number
    gateway.pay(number)
    journal.blocked_because = "restored 2026-03-20"
    with pytest.raises(RebuildUnconfirmed):
        await _refund(refund, number)
    assert "cancel_or_refund" not in gateway.calls
    await verb.confirm()
    assert journal.confirmed_by == ["Cashier 1"]
    assert await verb.waiting() is None
    await _refund(refund, number)
    assert (await till.find(number)).state is LinkState.REFUNDED


async def _refund(verb: CancelOrRefund, number: str) -> None:
    look = await verb.look(number)
    await verb.carry_out(Approval(OperationKind.REFUND, look, look.link.amount, "Paid twice"))


async def test_nobody_without_a_name_confirms() -> None:
    journal = MemoryJournal()
    journal.blocked_because = "restored 2026-03-20"
    nobody = Session(FakeOptty(), journal, replace(IDENTITY, operator=""), FakeClock(), counted_bytes())
    with pytest.raises(NotAllowedNow):
        await ConfirmRebuilt(nobody).confirm()
    assert journal.blocked_because == "restored 2026-03-20"


async def test_what_cannot_be_written_is_not_confirmed() -> None:
    journal = MemoryJournal()
    journal.blocked_because, journal.fail_with = "restored 2026-03-20", DiskFull()
    verb = ConfirmRebuilt(session(journal=journal))
    with pytest.raises(DiskFull):
        await verb.confirm()
    assert await verb.waiting() is not None
