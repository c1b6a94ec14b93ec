"""The server around the service: hosts, unknown routes, failures, start and stop."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time

import httpx
import pytest

from optty_desktop.training.faults import Fault, Kind
from optty_desktop.training.server import TrainingServer
from tests.training.shop import Shop, create_body
from tests.waiting import until


def test_it_listens_on_the_loopback_only_with_new_keys_each_time() -> None:
    with TrainingServer() as first, TrainingServer() as second:
        assert first.url.startswith("http://127.0.0.1:")
        assert first.url != second.url
        keys = [(one.client_id, one.client_secret, one.control_token) for one in (first, second)]
        assert len({key for pair in keys for key in pair}) == 6


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/custom/hpp"),
        ("POST", "/custom/hpp/"),
        ("POST", "/orders/x"),
        ("DELETE", "/"),
        ("PATCH", "/training/ledger"),
        ("POST", "/links/T1/cancel"),
    ],
)
def test_a_route_that_does_not_exist_is_told_in_the_documented_words(shop: Shop, method: str, path: str) -> None:
    answer = shop.http.request(method, path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json() == {"statusCode": 404, "message": f"Cannot {method} {path}", "error": "Not Found"}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:80", ""])
def test_a_foreign_host_name_is_turned_away(shop: Shop, server: TrainingServer, host: str) -> None:
    for path in ("/", "/token"):
        answer = shop.http.request("POST", path, headers={"host": host})
        assert answer.status_code == 403
    assert len(server.ledger.received()) == 2, "the two tokens of the test itself"


def test_the_other_name_of_this_computer_is_fine(shop: Shop, server: TrainingServer) -> None:
    port = server.url.rpartition(":")[2]
    headers = {**shop.bearer("merchant"), "host": f"localhost:{port}"}
    body = shop.http.post("/custom/hpp", headers=headers, json=create_body()).json()
    assert body["link"].startswith(f"{server.url}/pay/")


def test_a_failure_inside_is_a_500_and_is_logged(
    shop: Shop, server: TrainingServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(reference: str) -> None:
        raise RuntimeError(reference)

    monkeypatch.setattr(server.ledger, "order", break_down)
    with caplog.at_level(logging.ERROR):
        answer = shop.order("x")
    assert answer.status_code == 500
    assert answer.json() == {"statusCode": 500, "message": "Internal server error"}
    assert "could not be handled" in caplog.text


def test_requests_at_the_same_time_make_one_link_a_number(shop: Shop, server: TrainingServer) -> None:
    statuses: list[int] = []
    threads = [threading.Thread(target=lambda: statuses.append(shop.create().status_code)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [400] * 7
    assert len(server.ledger.links()) == 1


def test_a_taken_port_is_an_error(server: TrainingServer) -> None:
    port = int(server.url.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"), TrainingServer(port=port):
        pass


@pytest.mark.parametrize("kind", ["delay", "drip"])
async def test_it_stops_at_once_even_while_it_answers(kind: Kind) -> None:
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(TrainingServer())
        shop = stack.enter_context(contextlib.closing(Shop(server)))
        server.faults.add("order", Fault(kind, seconds=30))
        failure: list[Exception] = []
        thread = threading.Thread(target=_call, args=(shop, failure))
        thread.start()
        await until(lambda: len(server.ledger.received()) == 3)
        begin = time.monotonic()
        server.__exit__(None, None, None)
        assert time.monotonic() - begin < 1
        thread.join(5)
        assert isinstance(failure[0], httpx.TransportError)


def test_nobody_answers_after_the_end() -> None:
    with TrainingServer() as server:
        port = int(server.url.rpartition(":")[2])
        socket.create_connection(("127.0.0.1", port)).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def _call(shop: Shop, failure: list[Exception]) -> None:
    try:
        shop.order("x")
    except httpx.HTTPError as error:
        failure.append(error)
