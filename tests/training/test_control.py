"""The control routes, as a test in another process uses them."""

from __future__ import annotations

from typing import Any

import pytest

from optty_desktop.training.faults import ROUTES
from optty_desktop.training.server import TrainingServer
from tests.training.shop import Shop


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "faults"),
        ("POST", "faults"),
        ("DELETE", "faults"),
        ("POST", "switches"),
        ("GET", "ledger"),
    ],
)
def test_control_wants_its_token(shop: Shop, method: str, path: str) -> None:
    for headers in ({}, {"x-training-control": "guess"}, shop.bearer("merchant")):
        answer = shop.http.request(method, f"/training/{path}", headers=headers)
        assert answer.status_code == 401
        assert answer.json() == {"statusCode": 401, "message": "Unauthorized"}


def test_faults_are_planned_shown_and_cleared(shop: Shop) -> None:
    planned = shop.control("POST", "faults", json={"route": "order", "kind": "status", "status": 503, "times": 2})
    assert planned.status_code == 201
    shop.control("POST", "faults", json={"route": "token", "kind": "delay", "seconds": 0.01, "times": None})
    expected: dict[str, list[object]] = {route: [] for route in ROUTES}
    expected["order"] = [_shown("status", status=503, times=2)]
    expected["token"] = [_shown("delay", seconds=0.01, times=None)]
    assert shop.control("GET", "faults").json() == expected
    assert shop.order("x").status_code == 503
    assert shop.control("GET", "faults").json()["order"] == [_shown("status", status=503, times=1)]
    assert shop.control("DELETE", "faults?route=order").json() == {**expected, "order": []}
    assert shop.control("DELETE", "faults").json() == {route: [] for route in ROUTES}
    assert shop.order("x").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"route": "create", "kind": "explode"},
        {"route": "refund", "kind": "delay"},
        {"kind": "delay"},
        {"route": "create", "kind": "delay", "times": 0},
        {"route": "create", "kind": "delay", "times": "2"},
        {"route": "create", "kind": "delay", "seconds": "1"},
        {"route": "create", "kind": "status", "status": True},
        {"route": "create", "kind": "status", "status": 503.5},
        {"route": "create", "kind": "redirect", "url": None},
        {"route": "create", "kind": "delay", "colour": "red"},
        {"route": ["create"], "kind": {"delay": 1}},
    ],
)
def test_a_fault_that_does_not_exist_is_refused(shop: Shop, body: dict[str, Any]) -> None:
    assert shop.control("POST", "faults", json=body).status_code == 400
    assert shop.control("GET", "faults").json()["create"] == []


def test_clearing_an_unknown_route_is_refused(shop: Shop) -> None:
    assert shop.control("DELETE", "faults?route=refund").status_code == 400


def test_switches_are_flipped_by_name(shop: Shop, server: TrainingServer) -> None:
    answer = shop.control("POST", "switches", json={"is_double_refund_protected": False, "refund_seconds": 1.5})
    assert answer.json() == {
        "is_double_refund_protected": False,
        "names_order_at_creation": True,
        "refunds_succeed": True,
        "refund_seconds": 1.5,
        "late_seconds": 60.0,
        "token_seconds": 86400,
        "webhook_url": "",
        "orders_name_link": False,
    }
    assert server.switches.refund_seconds == 1.5


@pytest.mark.parametrize(
    "changes",
    [
        {"colour": True},
        {"refund_seconds": -1},
        {"refund_seconds": True},
        {"token_seconds": 1.5},
        {"token_seconds": False},
        {"refunds_succeed": 1},
        {"refunds_succeed": False, "late_seconds": "soon"},
    ],
)
def test_a_wrong_switch_leaves_all_as_they_were(shop: Shop, server: TrainingServer, changes: dict[str, Any]) -> None:
    assert shop.control("POST", "switches", json=changes).status_code == 400
    assert server.switches.refunds_succeed is True
    assert server.switches.refund_seconds == 0


def test_the_ledger_tells_everything(shop: Shop, server: TrainingServer) -> None:
    created = shop.create(emailCustomer=True).json()
    server.customer.pay("T1-0001")
    shop.cancel_or_refund()
    shop.http.post("/refunds")
    ledger = shop.control("GET", "ledger").json()
    (link,) = ledger["links"]
    usd = {"currency": "USD"}
    (refund,) = link.pop("refunds")
    assert refund.pop("refundReference")
    at = "2026-03-24T14:31:00+00:00"
    assert refund == {
        "amount": {"minor": 6400, **usd},
        "status": "SUCCESSFUL",
        "refundReason": "Refund of the link",
        "createdAt": at,
    }
    assert link == {
        "invoiceNumber": "T1-0001",
        "link": created["link"],
        "orderReferenceId": created["orderReferenceId"],
        "status": "REFUNDED",
        "price": {"minor": 6400, **usd},
        "paid": {"minor": 6400, **usd},
        "refunded": {"minor": 6400, **usd},
        "refundPending": {"minor": 0, **usd},
        "balance": {"minor": 0, **usd},
        "emailedTo": "customer@example.com",
        "createdAt": at,
        "orders": [
            {
                "reference": created["orderReferenceId"] + "-1",
                "status": "SUCCESSFUL",
                "amount": {"minor": 6400, **usd},
                "cancelledBy": None,
                "history": [{"status": "INITIATED", "at": at}, {"status": "SUCCESSFUL", "at": at}],
            }
        ],
    }
    assert [(one["method"], one["path"], one["outcome"]) for one in ledger["requests"]] == [
        ("POST", "/token", "200"),
        ("POST", "/token", "200"),
        ("POST", "/custom/hpp", "200"),
        ("POST", "/training/links/T1-0001/cancel-or-refund", "200"),
        ("POST", "/refunds", "404"),
    ]


def _shown(kind: str, *, seconds: float = 0.0, status: int = 500, times: int | None) -> dict[str, object]:
    return {
        "kind": kind,
        "seconds": seconds,
        "status": status,
        "message": "Internal server error",
        "retry_after": None,
        "url": "https://portal.example/sign-in",
        "times": times,
    }
