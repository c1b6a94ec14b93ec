"""Practice without a second person."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from optty_desktop.training.server import TrainingServer
from optty_desktop.training.switches import Automation
from tests.training.shop import Shop, TurnedClock


@pytest.fixture
def server(clock: TurnedClock) -> Iterator[TrainingServer]:
    with TrainingServer(clock=clock, automation=Automation()) as running:
        yield running


def amount(figure: float) -> dict[str, Any]:
    return {"price": figure, "subTotal": figure, "taxAmount": 0}


def test_a_link_starts_after_five_seconds_and_is_paid_after_ten(
    shop: Shop, server: TrainingServer, clock: TurnedClock
) -> None:
    reference = shop.create().json()["orderReferenceId"]
    clock.turn(4.9)
    assert shop.order(reference).status_code == 404
    clock.turn(0.1)
    assert shop.order(reference).json()["status"] == "PENDING"
    clock.turn(5)
    order = shop.order(reference).json()
    assert (order["status"], order["updatedAt"]) == ("SUCCESSFUL", "2026-03-24T14:31:10.000Z")


def test_the_due_date_does_not_stop_it(shop: Shop, server: TrainingServer, clock: TurnedClock) -> None:
    shop.create(dueDate="2026-03-24T14:31:02Z")
    clock.turn(3600)
    link = server.ledger.link("T1-0001")
    assert link.status == "PAID"
    assert [change.at.second for change in link.orders[0].history] == [5, 5, 10]


def test_amounts_ending_in_04_stay_open_to_be_cancelled(shop: Shop, server: TrainingServer, clock: TurnedClock) -> None:
    shop.create(**amount(12.04))
    clock.turn(3600)
    assert server.ledger.link("T1-0001").status == "CREATED"
    shop.cancel_or_refund("T1-0001")
    assert server.ledger.link("T1-0001").status == "CANCELLED"


def test_amounts_ending_in_05_are_declined(shop: Shop, server: TrainingServer, clock: TurnedClock) -> None:
    reference = shop.create(**amount(12.05)).json()["orderReferenceId"]
    clock.turn(10)
    assert shop.order(reference).json()["status"] == "DECLINED"


def test_amounts_ending_in_06_lose_their_answer_and_nobody_pays_them(
    shop: Shop, server: TrainingServer, clock: TurnedClock
) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        shop.create(**amount(12.06))
    clock.turn(3600)
    assert server.ledger.link("T1-0001").status == "CREATED"
    assert server.ledger.received()[-1].outcome == "drop_after"
    assert shop.create(**amount(12.06)).json()["message"] == ["invoiceNumber already exists"]


def test_a_hand_on_the_link_ends_the_plan(shop: Shop, server: TrainingServer, clock: TurnedClock) -> None:
    for number in ("T1-1", "T1-2"):
        shop.create(number)
    server.customer.start("T1-1")
    shop.cancel_or_refund("T1-2")
    clock.turn(3600)
    assert [link.status for link in server.ledger.links()] == ["PENDING", "CANCELLED"]


def test_looking_at_the_page_does_not_end_the_plan(shop: Shop, server: TrainingServer, clock: TurnedClock) -> None:
    shop.http.get(shop.create().json()["link"])
    clock.turn(10)
    assert server.ledger.link("T1-0001").status == "PAID"


def test_without_automation_nothing_happens_by_itself(clock: TurnedClock) -> None:
    with TrainingServer(clock=clock) as quiet, contextlib.closing(Shop(quiet)) as shop:
        assert shop.create(**amount(12.06)).status_code == 200
        clock.turn(3600)
        assert quiet.ledger.link("T1-0001").status == "CREATED"
