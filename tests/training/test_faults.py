"""Each way the pretend service can misbehave, seen from the other end of a real connection."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from optty_desktop.training.faults import ROUTES, Fault, Route
from optty_desktop.training.server import TrainingServer
from tests.training.shop import Shop, create_body


def call(shop: Shop, route: Route) -> httpx.Response:
    """One request to a route, whatever it answers."""
    match route:
        case "token":
            return shop.token()
        case "create":
            return shop.create()
        case "cancel_or_refund":
            return shop.cancel_or_refund()
        case "order":
            return shop.order("x")
        case "order_refund":
            return shop.refund_order("x", refundReference="R-1", refundAmount={"amount": 1})


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_can_fail_and_recovers(shop: Shop, server: TrainingServer, route: Route) -> None:
    usual = {"token": 200, "create": 200, "cancel_or_refund": 404, "order": 404, "order_refund": 404}
    server.faults.add(route, Fault("status", status=503, message="Service Unavailable"), times=2)
    assert [call(shop, route).status_code for _ in range(3)] == [503, 503, usual[route]]


def test_a_fault_stays_until_it_is_cleared(shop: Shop, server: TrainingServer) -> None:
    server.faults.add("order", Fault("status", status=500), times=None)
    assert {shop.order("x").status_code for _ in range(4)} == {500}
    server.faults.clear("create")
    assert shop.order("x").status_code == 500
    server.faults.clear("order")
    assert shop.order("x").status_code == 404
    server.faults.add("order", Fault("status"))
    server.faults.clear()
    assert shop.order("x").status_code == 404


def test_a_delay_comes_before_the_processing(shop: Shop, server: TrainingServer) -> None:
    server.faults.add("create", Fault("delay", seconds=0.2))
    begin = time.monotonic()
    assert shop.create().status_code == 200
    assert time.monotonic() - begin >= 0.2


def test_dropped_before_nothing_is_processed(shop: Shop, server: TrainingServer) -> None:
    server.faults.add("create", Fault("drop_before"))
    with pytest.raises(httpx.TransportError):
        shop.create()
    assert server.ledger.links() == []
    assert server.ledger.received()[-1].outcome == "drop_before"


def test_dropped_after_all_is_processed(shop: Shop, server: TrainingServer) -> None:
    server.faults.add("create", Fault("drop_after"))
    with pytest.raises(httpx.TransportError):
        shop.create()
    assert server.ledger.has("T1-0001")
    assert server.ledger.received()[-1].outcome == "drop_after"


def test_a_status_answers_with_message_and_pause(shop: Shop, server: TrainingServer) -> None:
    server.faults.add("create", Fault("status", status=429, message="Too Many Requests", retry_after=7))
    answer = shop.create()
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "7"
    assert answer.json() == {"statusCode": 429, "message": "Too Many Requests"}
    assert not server.ledger.has("T1-0001")


def test_a_status_after_hides_what_was_done(shop: Shop, server: TrainingServer) -> None:
    server.faults.add("create", Fault("status_after", status=502, message="Bad Gateway"))
    answer = shop.create()
    assert answer.status_code == 502
    assert "retry-after" not in answer.headers
    assert server.ledger.has("T1-0001")


def test_cut_json_ends_in_the_middle_of_a_sound_answer(shop: Shop, server: TrainingServer) -> None:
    server.faults.add("create", Fault("cut_json"))
    got: list[bytes] = []
    request = shop.http.build_request("POST", "/custom/hpp", headers=shop.bearer("merchant"), json=create_body())
    answer = shop.http.send(request, stream=True)
    with pytest.raises(httpx.RemoteProtocolError):
        got.extend(answer.iter_raw())
    assert answer.status_code == 200
    text = b"".join(got)
    assert text.startswith(b'{"email":"customer@example.com"')
    assert len(text) == int(answer.headers["content-length"]) // 2
    assert server.ledger.has("T1-0001")


def test_a_drip_arrives_whole_and_slowly(shop: Shop, server: TrainingServer) -> None:
    server.faults.add("order", Fault("drip", seconds=0.002))
    begin = time.monotonic()
    answer = shop.order("x")
    assert time.monotonic() - begin >= 0.002 * len(answer.content)
    assert answer.json()["message"] == "Order not found"


def test_wrong_json_is_sound_but_not_ours(shop: Shop, server: TrainingServer) -> None:
    server.faults.add("create", Fault("wrong_json"))
    answer = shop.create()
    assert (answer.status_code, answer.json()) == (200, ["unexpected"])
    assert server.ledger.has("T1-0001")


def test_a_captive_portal_answers_for_the_service(shop: Shop, server: TrainingServer) -> None:
    server.faults.add("token", Fault("captive_portal"))
    answer = shop.token()
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_a_redirect_leads_elsewhere(shop: Shop, server: TrainingServer) -> None:
    server.faults.add("create", Fault("redirect", url="https://elsewhere.example/"))
    answer = shop.create()
    assert (answer.status_code, answer.headers["location"]) == (302, "https://elsewhere.example/")
    assert not server.ledger.has("T1-0001")


def test_a_bad_link_is_the_only_difference(shop: Shop, server: TrainingServer) -> None:
    server.faults.add("create", Fault("bad_link", url="https://0ptty.example/pay"))
    body = shop.create().json()
    assert body["link"] == "https://0ptty.example/pay"
    assert body["invoiceNumber"] == "T1-0001"


def test_a_good_token_can_be_refused_once(shop: Shop, server: TrainingServer) -> None:
    server.faults.add("create", Fault("expired_token"))
    refused = shop.create()
    assert refused.status_code == 401
    assert refused.json() == {"statusCode": 401, "message": "Unauthorized"}
    assert shop.create().status_code == 200


def test_faults_of_a_route_come_in_turn(shop: Shop, server: TrainingServer) -> None:
    server.faults.add("order", Fault("status", status=500))
    server.faults.add("order", Fault("expired_token"))
    assert [shop.order("x").status_code for _ in range(3)] == [500, 401, 404]
