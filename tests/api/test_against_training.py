"""The whole room against the training server over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from optty_desktop.api.environments import training_environment
from optty_desktop.api.gateway import HttpGateway, opener
from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.drafts import LineItem
from optty_desktop.core.environments import Credentials
from optty_desktop.core.errors import AlreadyExists, NotFound, Refused, SignInRefused
from optty_desktop.core.links import LinkState
from optty_desktop.core.money import Money
from optty_desktop.core.ports import LinkOrder
from optty_desktop.training.server import TrainingServer
from tests.api.test_wire import DRAFT
from tests.fakes import FakeClock


@pytest.fixture
def server() -> Iterator[TrainingServer]:
    """Return a running training server."""
    with TrainingServer() as running:
        yield running


@pytest.fixture
def gateway(server: TrainingServer, transport: HttpTransport, clock: FakeClock) -> HttpGateway:
    """Return a gateway to it."""
    credentials = Credentials(server.client_id, server.client_secret)
    return HttpGateway(training_environment(server.url), credentials, transport, clock)


def order(number: str = "T1-0001", **changes: object) -> LinkOrder:
    draft = replace(DRAFT, due_at=datetime.now(UTC) + timedelta(days=1), **changes)  # type: ignore[arg-type]
    return LinkOrder(number, draft, "Order #1", "Phone order")


async def test_sign_in(server: TrainingServer, gateway: HttpGateway, transport: HttpTransport) -> None:
    await gateway.sign_in()
    stranger = opener(transport, FakeClock())(gateway.environment, Credentials(server.client_id, "wrong"))
    with pytest.raises(SignInRefused):
        await stranger.sign_in()
    await transport.close()


async def test_a_link_is_made_paid_and_refunded(
    server: TrainingServer, gateway: HttpGateway, transport: HttpTransport
) -> None:
    link = await gateway.create_link(gateway.create_body(order()))
    assert link.url.startswith(f"{server.url}/pay/")
    assert link.order_reference is not None
    with pytest.raises(NotFound):
        await gateway.read_order(link.order_reference)
    server.customer.start("T1-0001")
    assert (await gateway.read_order(link.order_reference)).state is LinkState.IN_PROGRESS
    server.customer.pay("T1-0001")
    paid = await gateway.read_order(link.order_reference)
    assert (paid.state, paid.amount, paid.refunded) == (LinkState.PAID, DRAFT.amount, None)
    assert paid.paid_with == "card ending 4242"
    assert paid.updated_at is not None
    answer = await gateway.cancel_or_refund("T1-0001")
    assert (answer.state, answer.is_pending) == (LinkState.REFUNDED, False)
    refunded = await gateway.read_order(link.order_reference)
    assert (refunded.state, refunded.refunded) == (LinkState.REFUNDED, DRAFT.amount)
    await transport.close()


async def test_an_unpaid_link_is_cancelled(gateway: HttpGateway, transport: HttpTransport) -> None:
    await gateway.create_link(gateway.create_body(order()))
    answer = await gateway.cancel_or_refund("T1-0001")
    assert (answer.state, answer.raw_word) == (LinkState.CANCELLED, "CANCELLED")
    await transport.close()


async def test_a_declined_payment_may_be_tried_again(
    server: TrainingServer, gateway: HttpGateway, transport: HttpTransport
) -> None:
    link = await gateway.create_link(gateway.create_body(order()))
    server.customer.decline("T1-0001")
    assert link.order_reference is not None
    assert (await gateway.read_order(link.order_reference)).state is LinkState.DECLINED
    server.customer.pay("T1-0001")
    assert (await gateway.read_order(link.order_reference)).state is LinkState.PAID
    await transport.close()


async def test_a_part_is_refunded_through_the_order(
    server: TrainingServer, gateway: HttpGateway, transport: HttpTransport
) -> None:
    server.switches.refund_seconds = 3600.0
    link = await gateway.create_link(gateway.create_body(order()))
    assert link.order_reference is not None
    server.customer.pay("T1-0001")
    answer = await gateway.refund_order(link.order_reference, "R-1", Money(500, "USD"), "Broken")
    assert (answer.state, answer.is_pending) == (LinkState.REFUNDED, True)
    reading = await gateway.read_order(link.order_reference)
    assert (reading.state, reading.refund_pending) == (LinkState.PAID, Money(500, "USD"))
    with pytest.raises(Refused):
        await gateway.refund_order(link.order_reference, "R-2", Money(10**6, "USD"), "Too much")
    await transport.close()


async def test_a_number_is_taken_once(gateway: HttpGateway, transport: HttpTransport) -> None:
    body = gateway.create_body(order())
    await gateway.create_link(body)
    with pytest.raises(AlreadyExists):
        await gateway.create_link(body)
    await transport.close()


async def test_every_kind_of_order_is_well_formed(gateway: HttpGateway, transport: HttpTransport) -> None:
    lines = (LineItem("Product A", 2, Money(2500, "USD"), "SKU1"), LineItem("Product B", 1, Money(4990, "USD")))
    orders = [
        order("T1-1", tax=Money(1000, "USD")),
        order("T1-2", items=lines),
        order("T1-3", items=lines, amount=Money(10990, "USD"), tax=Money(1000, "USD")),
        order("T1-4", amount=Money(1000, "JPY")),
        order("T1-5", amount=Money(1250, "KWD"), account_code="ACC123"),
        order("T1-6", hide_tax=True, allow_tip=True, email_customer=True),
    ]
    for one in orders:
        assert (await gateway.create_link(gateway.create_body(one))).url
    await transport.close()


async def test_what_the_service_refuses_names_its_field(gateway: HttpGateway, transport: HttpTransport) -> None:
    with pytest.raises(Refused) as caught:
        await gateway.create_link(gateway.create_body(order(email="nobody")))
    assert "email" in caught.value.fields
    await transport.close()
