"""The pretend Optty tells what happens, in the published form, until somebody has taken it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from optty_desktop.api.notifications import NoticeKind, read_notice
from optty_desktop.training.server import TrainingServer
from tests.training.shop import Shop, TurnedClock


class Taker:
    """A receiver that refuses the first ``refusals`` notifications."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.refusals = 0
        self._arrived = threading.Condition()
        taker = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                taker.take(body, self)

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/h/corner/secret?x=1"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self, body: bytes, handler: BaseHTTPRequestHandler) -> None:
        with self._arrived:
            is_refused = self.refusals > 0
            self.refusals -= 1
            handler.send_response(503 if is_refused else 200)
            handler.send_header("content-length", "0")
            handler.end_headers()
            if not is_refused:
                assert handler.path == "/h/corner/secret?x=1"
                self.bodies.append(body)
                self._arrived.notify_all()

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        """Return the first ``count`` bodies, once they are there."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.bodies) >= count, 10), f"{len(self.bodies)} of {count}"
            return [json.loads(body) for body in self.bodies[:count]]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def taker(server: TrainingServer) -> Iterator[Taker]:
    taker = Taker()
    server.switches.flip({"webhook_url": taker.url})
    yield taker
    taker.close()


def test_each_change_is_told_with_the_number_of_its_link(shop: Shop, server: TrainingServer, taker: Taker) -> None:
    shop.create()
    server.customer.start("T1-0001")
    server.customer.decline("T1-0001")
    server.customer.pay("T1-0001")
    shop.cancel_or_refund()
    told = taker.wait_for(5)
    assert [(one["event"], one["data"]["status"]) for one in told] == [
        ("ORDER_STATUS_UPDATE", "INITIATED"),
        ("ORDER_ASYNC_CALLBACK", "DECLINED"),
        ("ORDER_STATUS_UPDATE", "INITIATED"),
        ("ORDER_ASYNC_CALLBACK", "SUCCESSFUL"),
        ("REFUND_CALLBACK", "PENDING"),
    ]
    orders = [order.reference for order in server.ledger.link("T1-0001").orders]
    read = [read_notice(body) for body in taker.bodies]
    assert {notice.invoice_number for notice in read} == {"T1-0001"}
    assert [notice.order_reference for notice in read] == [orders[0], orders[0], orders[1], orders[1], orders[1]]
    assert read[-1].kind is NoticeKind.REFUND


def test_what_happens_by_itself_is_told_though_nobody_asks(
    shop: Shop, server: TrainingServer, clock: TurnedClock, taker: Taker
) -> None:
    shop.create()
    server.customer.pay_late("T1-0001")
    taker.wait_for(2)
    clock.turn(61)
    assert taker.wait_for(3)[-1]["data"]["status"] == "SUCCESSFUL"


def test_a_refused_notification_comes_again_and_later_ones_do_not_wait(
    shop: Shop, server: TrainingServer, taker: Taker
) -> None:
    shop.create()
    taker.refusals = 1
    server.customer.start("T1-0001")
    server.customer.pay("T1-0001")
    assert [one["data"]["status"] for one in taker.wait_for(2)] == ["SUCCESSFUL", "INITIATED"]


def test_nothing_is_told_without_an_address(shop: Shop, server: TrainingServer, taker: Taker) -> None:
    server.switches.flip({"webhook_url": ""})
    shop.create()
    server.customer.pay("T1-0001")
    server.switches.flip({"webhook_url": taker.url})
    shop.create("T1-0002")
    server.customer.start("T1-0002")
    assert taker.wait_for(1)[0]["data"]["metadata"] == {"invoiceNumber": "T1-0002"}


@pytest.mark.parametrize(
    "url",
    ["https://relay.example.com/h", "http://127.0.0.1/h", "http://127.0.0.1:x/h", "http://u@127.0.0.1:1/h", 1, None],
)
def test_only_this_computer_can_be_told(shop: Shop, url: object) -> None:
    assert shop.control("POST", "switches", json={"webhook_url": url}).status_code == 400


def test_orders_may_be_named_after_their_link(shop: Shop, server: TrainingServer) -> None:
    server.switches.flip({"orders_name_link": True})
    shop.create()
    server.customer.pay("T1-0001")
    assert shop.order("HPP-T1-0001").json()["merchantReference"] == "HPP-T1-0001"
    assert shop.order("HPP-T1-0001-1").json()["merchantReference"] == "HPP-T1-0001-1"
