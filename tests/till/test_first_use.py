"""The first use of a route to real money: looked at, tried elsewhere, and asked for once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optty_desktop.core.environments import Environment, EnvironmentKind, RefundWith, RouteTemplate
from optty_desktop.core.errors import NotAllowedNow, OutcomeUnknown, Refused, Trouble
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.operations import OperationKind
from optty_desktop.till.cancel_or_refund import Approval, CancelOrRefund
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.outcomes import Ending
from tests.fakes import LIVE, FakeOptty, FakeProfiles, draft, session

ROUTE = RouteTemplate("POST", "/links/{invoiceNumber}/end", '{"number":"{invoiceNumber}"}', tried=False)
UNTRIED = replace(LIVE, cancel_or_refund=ROUTE)
TRIED = replace(UNTRIED, cancel_or_refund=replace(ROUTE, tried=True))


class Till:
    """A till in Live whose route is new; ``profiles`` are what later sessions begin with."""

    def __init__(self, environment: Environment = UNTRIED) -> None:
        self.gateway, self.profiles = FakeOptty(environment), FakeProfiles(environment)
        self._session = session(self.gateway)
        self.verb = CancelOrRefund(self._session, self.profiles)

    async def link(self) -> PaymentLink:
        return await CreateLink(self._session, str).create(draft())

    async def approval(self, kind: OperationKind = OperationKind.CANCEL, *, has_tried: bool = False) -> Approval:
        link = await self.link()
        if kind is OperationKind.REFUND:
            self.gateway.pay(link.invoice_number)
        look = await self.verb.look(link.invoice_number)
        return Approval(kind, look, look.link.amount, has_tried=has_tried)

    @property
    def money_calls(self) -> list[str]:
        return [call for call in self.gateway.calls if call in ("cancel_or_refund", "refund_order")]


async def test_the_request_is_shown_as_it_would_be_sent() -> None:
    till = Till()
    link = await till.link()
    number = link.invoice_number
    for kind in (OperationKind.CANCEL, OperationKind.REFUND):
        shown = till.verb.first_use(kind, link)
        assert shown == f'POST http://127.0.0.1:1/links/{number}/end\n{{"number":"{number}"}}'


@pytest.mark.parametrize(
    "environment",
    [TRIED, replace(UNTRIED, kind=EnvironmentKind.SANDBOX), replace(UNTRIED, cancel_or_refund=None)],
)
async def test_elsewhere_nothing_is_asked(environment: Environment) -> None:
    till = Till(environment)
    assert till.verb.first_use(OperationKind.CANCEL, await till.link()) == ""


async def test_a_refund_by_the_order_does_not_use_the_route() -> None:
    till = Till(replace(UNTRIED, refund_with=RefundWith.ORDER))
    refund = await till.approval(OperationKind.REFUND)
    assert till.verb.first_use(OperationKind.REFUND, refund.look.link) == ""
    assert (await till.verb.carry_out(refund)).ending is Ending.REFUNDED
    assert till.money_calls == ["refund_order"]
    assert till.verb.first_use(OperationKind.CANCEL, await till.link())


@pytest.mark.parametrize("kind", [OperationKind.CANCEL, OperationKind.REFUND])
async def test_without_the_word_of_a_person_nothing_is_sent(kind: OperationKind) -> None:
    till = Till()
    with pytest.raises(NotAllowedNow):
        await till.verb.carry_out(await till.approval(kind))
    assert till.money_calls == []


@pytest.mark.parametrize("kind", [OperationKind.CANCEL, OperationKind.REFUND])
async def test_once_it_has_worked_nobody_is_asked_again(kind: OperationKind) -> None:
    till = Till()
    await till.verb.carry_out(await till.approval(kind, has_tried=True))
    assert till.profiles.items["live"] == TRIED
    assert till.verb.first_use(kind, await till.link()) == ""
    await till.verb.carry_out(await till.approval(kind))
    assert len(till.money_calls) == 2


@pytest.mark.parametrize("error", [Refused(404, ("Cannot POST /links",)), OutcomeUnknown(Trouble.TIMEOUT)])
async def test_a_call_that_proved_nothing_is_asked_again(error: Exception) -> None:
    till = Till()

    async def fail(call: str) -> None:
        if call == "cancel_or_refund":
            raise error

    approval = await till.approval(has_tried=True)
    till.gateway.before = fail
    if isinstance(error, Refused):
        with pytest.raises(Refused):
            await till.verb.carry_out(approval)
    else:
        assert (await till.verb.carry_out(approval)).ending is Ending.UNKNOWN
    till.gateway.before = None
    assert till.verb.first_use(OperationKind.CANCEL, await till.link())
    assert till.profiles.items["live"] == UNTRIED


async def test_a_file_that_cannot_be_written_does_not_spoil_the_answer() -> None:
    till = Till()
    approval = await till.approval(has_tried=True)
    till.profiles.is_read_only = True
    assert (await till.verb.carry_out(approval)).ending is Ending.CANCELLED
    assert till.verb.first_use(OperationKind.CANCEL, await till.link()) == ""


async def test_nothing_that_goes_wrong_after_the_answer_spoils_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    till = Till()
    approval = await till.approval(has_tried=True)

    async def fail(_environment: Environment) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(till.profiles, "save", fail)
    assert (await till.verb.carry_out(approval)).ending is Ending.CANCELLED
    assert "that the route works was not kept" in caplog.text
