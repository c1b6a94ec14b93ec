"""GET /orders/{reference} and POST /orders/{reference}/refund."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from optty_desktop.core.money import Money
from optty_desktop.training.server import TrainingServer
from tests.training.shop import Shop, TurnedClock


@pytest.fixture
def reference(shop: Shop) -> str:
    return str(shop.create().json()["orderReferenceId"])


def test_there_is_no_order_before_the_customer_begins(shop: Shop, reference: str) -> None:
    for name in (reference, "unknown"):
        answer = shop.order(name)
        assert answer.status_code == 404
        assert answer.json() == {"statusCode": 404, "message": "Order not found", "error": "Not Found"}


def test_a_cancelled_link_that_nobody_tried_has_no_order(shop: Shop, reference: str) -> None:
    shop.cancel_or_refund()
    assert shop.order(reference).status_code == 404


def test_a_paid_order_has_all_documented_fields(shop: Shop, server: TrainingServer, reference: str) -> None:
    server.customer.pay("T1-0001")
    answer = shop.order(reference)
    assert answer.status_code == 201
    body = answer.json()
    transaction = body["transactionReference"]
    assert len(transaction) == 20
    assert body == {
        "merchantReference": reference,
        "status": "SUCCESSFUL",
        "amount": 64,
        "surcharge": 0,
        "currency": "USD",
        "provider": "TRAINING",
        "updatedAt": "2026-03-24T14:31:00.000Z",
        "failureReason": None,
        "bnplOrderId": f"training-{transaction}",
        "transactionReference": transaction,
        "rejectReason": None,
        "partnerConfiguration": {"cardEnding": "4242"},
        "cancelledBy": None,
        "captureStatus": None,
    }
    assert '"amount":64.00,' in answer.text


@pytest.mark.parametrize(
    ("act", "status"),
    [
        (lambda customer: customer.start, "INITIATED"),
        (lambda customer: customer.pay_late, "PENDING"),
        (lambda customer: customer.pay, "SUCCESSFUL"),
        (lambda customer: customer.decline, "DECLINED"),
        (lambda customer: customer.fail, "ERROR"),
    ],
)
def test_the_status_follows_the_customer(
    shop: Shop, server: TrainingServer, reference: str, act: Callable[[Any], Callable[[str], object]], status: str
) -> None:
    act(server.customer)("T1-0001")
    assert shop.order(reference).json()["status"] == status


def test_the_customers_cancel_is_the_users(shop: Shop, server: TrainingServer, reference: str) -> None:
    server.customer.start("T1-0001")
    server.customer.cancel("T1-0001")
    order = shop.order(reference).json()
    assert (order["status"], order["cancelledBy"]) == ("CANCELLED", "user")
    server.customer.pay("T1-0001")
    assert shop.order(reference).json()["status"] == "SUCCESSFUL"


def test_our_cancel_after_an_attempt_is_the_merchants(
    shop: Shop, server: TrainingServer, clock: TurnedClock, reference: str
) -> None:
    server.customer.decline("T1-0001")
    clock.turn(5)
    shop.cancel_or_refund()
    order = shop.order(reference).json()
    assert (order["status"], order["cancelledBy"]) == ("CANCELLED", "merchant")
    assert order["updatedAt"] == "2026-03-24T14:31:05.000Z"
    attempt = shop.order(f"{reference}-1").json()
    assert (attempt["status"], attempt["cancelledBy"]) == ("DECLINED", None)


def test_each_attempt_has_an_order_and_the_newest_rules(shop: Shop, server: TrainingServer, reference: str) -> None:
    server.customer.decline("T1-0001")
    server.customer.pay("T1-0001")
    statuses = [shop.order(name).json()["status"] for name in (f"{reference}-1", f"{reference}-2", reference)]
    assert statuses == ["DECLINED", "SUCCESSFUL", "SUCCESSFUL"]


def test_a_tip_makes_the_order_larger_than_the_link(shop: Shop, server: TrainingServer, reference: str) -> None:
    server.customer.pay("T1-0001", Money(7000, "USD"))
    assert shop.order(reference).json()["amount"] == 70
    assert server.ledger.link("T1-0001").balance == Money(7000, "USD")


def test_refunds_are_listed_with_text_amounts(
    shop: Shop, server: TrainingServer, clock: TurnedClock, reference: str
) -> None:
    server.switches.refund_seconds = 6
    server.customer.pay("T1-0001")
    clock.turn(1)
    asked = {"refundReference": "R-1", "refundAmount": {"amount": 14.5, "currency": "USD"}}
    answer = shop.refund_order(reference, **asked, refundDescription="Cake was late")
    assert answer.status_code == 200
    body = answer.json()
    assert len(body.pop("bnplRefundId")) == 20
    assert body == {
        "refundReference": "R-1",
        "bnplProvider": "TRAINING",
        "refundedAmount": 14.5,
        "refundStatus": "PENDING",
        "description": {},
        "refundDate": "Tue, 24 Mar 2026 14:31:01 GMT",
    }
    order = shop.order(reference).json()
    assert order["status"] == "SUCCESSFUL"
    assert order["refunds"] == [
        {
            "refundId": "R-1",
            "amount": "14.50",
            "currency": "USD",
            "status": "PENDING",
            "createdAt": "2026-03-24T14:31:01.000Z",
            "refundReason": "Cake was late",
            "refundFailureReason": "",
        }
    ]
    clock.turn(6)
    order = shop.order(reference).json()
    assert (order["status"], order["refunds"][0]["status"]) == ("PARTIALLY_REFUNDED", "SUCCESSFUL")
    assert order["updatedAt"] == "2026-03-24T14:31:07.000Z"


def test_a_refund_in_two_parts_is_a_full_one(shop: Shop, server: TrainingServer, reference: str) -> None:
    server.customer.pay("T1-0001")
    for name, amount in (("R-1", 14), ("R-2", 50)):
        answer = shop.refund_order(reference, refundReference=name, refundAmount={"amount": amount})
        assert answer.json()["refundStatus"] == "SUCCESSFUL"
    assert shop.order(reference).json()["status"] == "REFUNDED"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"refundReference": "R-1", "refundAmount": {"amount": 60.01}}, "refundAmount is over the refund limit"),
        ({"refundReference": "R-0", "refundAmount": {"amount": 1}}, "refundReference already exists"),
        ({"refundReference": "R-1", "refundAmount": {"amount": "1"}}, "refundAmount.amount must be a number"),
        ({"refundReference": "R-1", "refundAmount": {"amount": 0}}, "refundAmount.amount must be a positive"),
        ({"refundReference": "R-1", "refundAmount": {"amount": 0.001}}, "refundAmount.amount has too many"),
        ({"refundReference": "R-1", "refundAmount": {"amount": 1, "currency": "EUR"}}, "refundAmount.currency"),
        ({"refundReference": "R-1", "refundAmount": 1}, "refundAmount must be an object"),
        ({"refundAmount": {"amount": 1}}, "refundReference must be a string"),
        ({"refundReference": "R-1", "refundAmount": {"amount": 1}, "why": "x"}, "property why should not exist"),
    ],
)
def test_a_wrong_refund_is_refused(
    shop: Shop, server: TrainingServer, reference: str, body: dict[str, Any], problem: str
) -> None:
    server.customer.pay("T1-0001")
    shop.refund_order(reference, refundReference="R-0", refundAmount={"amount": 4})
    answer = shop.refund_order(reference, **body)
    assert answer.status_code == 400
    message = answer.json()["message"]
    assert (message if isinstance(message, str) else message[0]).startswith(problem)
    assert server.ledger.link("T1-0001").balance.minor == 6000


def test_only_a_payment_can_be_refunded(shop: Shop, server: TrainingServer, reference: str) -> None:
    asked = {"refundReference": "R-1", "refundAmount": {"amount": 1}}
    assert shop.refund_order(reference, **asked).status_code == 404
    server.customer.decline("T1-0001")
    server.customer.pay("T1-0001")
    refused = shop.refund_order(f"{reference}-1", **asked)
    assert refused.status_code == 400
    assert refused.json()["message"] == "There is no payment to refund"
