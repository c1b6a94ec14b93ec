"""The one call that cancels an unpaid link and refunds a paid one."""

from __future__ import annotations

import pytest

from optty_desktop.training.ledger import UnknownLink
from optty_desktop.training.server import TrainingServer
from tests.training.shop import Shop, TurnedClock


def test_an_unpaid_link_is_cancelled(shop: Shop, server: TrainingServer) -> None:
    shop.create()
    answer = shop.cancel_or_refund()
    assert answer.status_code == 200
    assert answer.json() == {"invoiceNumber": "T1-0001", "status": "CANCELLED"}
    assert server.ledger.link("T1-0001").is_closed


def test_a_payment_in_progress_keeps_the_link_open(shop: Shop, server: TrainingServer) -> None:
    shop.create()
    server.customer.start("T1-0001")
    answer = shop.cancel_or_refund()
    assert answer.status_code == 400
    assert answer.json()["message"] == "A payment is in progress for this link"
    assert not server.ledger.link("T1-0001").is_closed


def test_a_paid_link_is_refunded_in_full_after_its_time(shop: Shop, server: TrainingServer, clock: TurnedClock) -> None:
    server.switches.refund_seconds = 6
    shop.create()
    server.customer.pay("T1-0001")
    assert shop.cancel_or_refund().json() == {"invoiceNumber": "T1-0001", "status": "REFUND_PENDING"}
    clock.turn(5.9)
    assert server.ledger.link("T1-0001").status == "REFUND_PENDING"
    clock.turn(0.1)
    link = server.ledger.link("T1-0001")
    assert (link.status, link.refunded, link.balance.minor) == ("REFUNDED", link.price, 0)


def test_only_what_is_left_is_refunded(shop: Shop, server: TrainingServer) -> None:
    reference = shop.create().json()["orderReferenceId"]
    server.customer.pay("T1-0001")
    shop.refund_order(reference, refundReference="R-1", refundAmount={"amount": 14})
    assert server.ledger.link("T1-0001").status == "PARTIALLY_REFUNDED"
    assert shop.cancel_or_refund().json()["status"] == "REFUNDED"
    assert [refund.amount.minor for refund in server.ledger.link("T1-0001").refunds] == [1400, 5000]


def test_a_second_call_is_refused(shop: Shop, server: TrainingServer) -> None:
    shop.create("T1-1")
    shop.create("T1-2")
    server.customer.pay("T1-2")
    assert [shop.cancel_or_refund(number).status_code for number in ("T1-1", "T1-2")] == [200, 200]
    again = [shop.cancel_or_refund(number) for number in ("T1-1", "T1-2")]
    assert [answer.status_code for answer in again] == [400, 400]
    assert [answer.json()["message"] for answer in again] == [
        "Link is already cancelled",
        "Payment is already refunded",
    ]
    assert server.ledger.link("T1-2").balance.minor == 0


def test_a_refund_on_its_way_is_not_sent_again(shop: Shop, server: TrainingServer) -> None:
    server.switches.refund_seconds = 6
    shop.create()
    server.customer.pay("T1-0001")
    assert [shop.cancel_or_refund().status_code for _ in range(2)] == [200, 400]


def test_without_protection_a_second_refund_goes_out_and_shows(shop: Shop, server: TrainingServer) -> None:
    server.switches.is_double_refund_protected = False
    shop.create()
    server.customer.pay("T1-0001")
    assert [shop.cancel_or_refund().status_code for _ in range(2)] == [200, 200]
    link = server.ledger.link("T1-0001")
    assert len(link.refunds) == 2
    assert link.balance.minor == -6400


def test_without_protection_a_second_cancel_changes_nothing(shop: Shop, server: TrainingServer) -> None:
    server.switches.is_double_refund_protected = False
    shop.create()
    assert [shop.cancel_or_refund().json()["status"] for _ in range(2)] == ["CANCELLED", "CANCELLED"]


def test_a_refund_may_come_back(shop: Shop, server: TrainingServer) -> None:
    server.switches.refunds_succeed = False
    reference = shop.create().json()["orderReferenceId"]
    server.customer.pay("T1-0001")
    shop.cancel_or_refund()
    order = shop.order(reference).json()
    assert order["status"] == "SUCCESSFUL"
    assert order["refunds"][0]["status"] == "DECLINED"
    assert order["refunds"][0]["refundFailureReason"]
    server.switches.refunds_succeed = True
    assert shop.cancel_or_refund().json()["status"] == "REFUNDED"


def test_an_unknown_number_is_not_found(shop: Shop, server: TrainingServer) -> None:
    answer = shop.cancel_or_refund("T1-9")
    assert answer.status_code == 404
    assert answer.json() == {"statusCode": 404, "message": "Link not found", "error": "Not Found"}
    with pytest.raises(UnknownLink):
        server.ledger.link("T1-9")
    with pytest.raises(UnknownLink):
        server.customer.pay("T1-9")


def test_the_body_is_empty(shop: Shop) -> None:
    shop.create()
    assert shop.cancel_or_refund(json={"amount": 5}).status_code == 400
    assert shop.cancel_or_refund().status_code == 200
