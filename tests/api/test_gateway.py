"""Optty through the gateway: each call once, each answer sorted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from optty_desktop.api.environments import SANDBOX
from optty_desktop.api.exchange import Answer, CallKind
from optty_desktop.api.gateway import HttpGateway, opener
from optty_desktop.api.link_check import LinkFault
from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.environments import Credentials, Environment, RouteTemplate
from optty_desktop.core.errors import (
    AlreadyExists,
    AppError,
    NoRoute,
    NotFound,
    NotSent,
    OutcomeUnknown,
    Refused,
    RouteMissing,
    ScopeRefused,
    SignInRefused,
    Trouble,
    UnsafeLink,
)
from optty_desktop.core.links import LinkState
from optty_desktop.core.money import Money
from optty_desktop.core.ports import PaymentGateway
from optty_desktop.core.routes import path_value
from tests.api.pretend_optty import PretendOptty
from tests.api.raw_server import Request, reply, then_close
from tests.api.test_wire import order
from tests.fakes import FakeClock
from tests.waiting import until

Open = Callable[[Environment], HttpGateway]
LINK = "https://pay.optty.com/abc"


@pytest.fixture
def open_gateway(transport: HttpTransport, credentials: Credentials, clock: FakeClock) -> Open:
    """Return what opens a gateway for an environment."""
    return lambda environment: HttpGateway(environment, credentials, transport, clock)


def test_it_fills_its_ports(transport: HttpTransport, credentials: Credentials, clock: FakeClock) -> None:
    gateway: PaymentGateway = opener(transport, clock)(SANDBOX, credentials)
    assert gateway.environment is SANDBOX


async def test_sign_in_asks_every_time(open_gateway: Open) -> None:
    async with PretendOptty() as optty:
        gateway = open_gateway(optty.environment)
        await gateway.sign_in()
        await gateway.sign_in()
        assert [form["scope"] for form in optty.token_calls] == ["merchant", "merchant"]
        optty.token_answers.append(reply(401, b"{}"))
        with pytest.raises(SignInRefused):
            await gateway.sign_in()


async def test_a_link_is_created(open_gateway: Open) -> None:
    async with PretendOptty() as optty:
        gateway = open_gateway(optty.environment)
        optty.will_answer({"link": LINK, "orderReferenceId": "HPP-1", "status": "CREATED"})
        body = gateway.create_body(order())
        link = await gateway.create_link(body)
        await gateway.close()
        assert (link.url, link.order_reference) == (LINK, "HPP-1")
        request = optty.calls[0]
        assert (request.method, request.target, request.body) == ("POST", "/custom/hpp", body)
        assert request.headers["authorization"] == "Bearer token-1"
        assert request.headers["content-type"] == "application/json"
        assert optty.token_calls[0]["scope"] == "merchant"


async def test_an_address_on_a_strange_host_is_held_back(open_gateway: Open) -> None:
    async with PretendOptty() as optty:
        optty.will_answer({"link": "https://pay.shop.example/a", "orderReferenceId": "HPP-1"})
        with pytest.raises(UnsafeLink) as caught:
            await open_gateway(optty.environment).create_link(b"{}")
        error = caught.value
        assert (error.reason, error.host) == (LinkFault.HOST, "pay.shop.example")
        assert (error.held_url, error.order_reference) == ("https://pay.shop.example/a", "HPP-1")
        assert "/a" not in str(error)
        assert error.details["exchange"]


async def test_an_address_of_odd_shape_is_not_even_kept(open_gateway: Open) -> None:
    async with PretendOptty() as optty:
        optty.will_answer({"link": "javascript://pay.optty.com/"})
        with pytest.raises(UnsafeLink) as caught:
            await open_gateway(optty.environment).create_link(b"{}")
        assert caught.value.held_url is None


@pytest.mark.parametrize(
    "answer",
    [
        reply(200, b""),
        reply(204, b"", None),
        reply(200, b"<html>ok</html>", "text/html"),
        reply(200, b'{"link":"https://pay.optty.com/a"}', "text/plain"),
        reply(200, b'{"link":"https://pay.optty.com/a"}', None),
        reply(200, b'{"link":"https://pay.optty.com/a","link":"https://pay.optty.com/b"}'),
        reply(200, b'["https://pay.optty.com/a"]'),
        reply(200, b'{"ok":true}'),
        reply(302, b"", location="/elsewhere"),
        reply(408, b"{}"),
        reply(500, b'{"message":"Internal server error"}'),
        reply(502, b"<html>Bad gateway</html>", "text/html"),
        then_close(reply(200, b'{"link":"https://pay.optty.com/a"}')[:-5]),
        then_close(b""),
    ],
)
async def test_a_create_without_a_valid_answer_is_unknown(open_gateway: Open, answer: bytes) -> None:
    async with PretendOptty() as optty:
        optty.answers.append(answer)
        with pytest.raises(OutcomeUnknown):
            await open_gateway(optty.environment).create_link(b"{}")
        assert len(optty.calls) == 1


async def test_a_repeat_sends_the_same_bytes(open_gateway: Open) -> None:
    async with PretendOptty() as optty:
        gateway = open_gateway(optty.environment)
        body = gateway.create_body(order())
        faults = [reply(status) for status in (500, 502, 503, 504, 408)]
        for fault in faults:
            optty.answers.append(fault)
            with pytest.raises(OutcomeUnknown):
                await gateway.create_link(body)
        optty.answers.append(reply(400, b'{"message":["invoiceNumber already exists"]}'))
        with pytest.raises(AlreadyExists):
            await gateway.create_link(gateway.create_body(order()))
        assert {request.body for request in optty.calls} == {body}
        assert len(optty.calls) == len(faults) + 1


async def test_another_answer_than_asked_for_is_unknown(open_gateway: Open) -> None:
    async with PretendOptty() as optty:
        gateway = open_gateway(optty.environment)
        optty.will_answer({"link": LINK, "price": 1, "currency": "USD"})
        with pytest.raises(OutcomeUnknown) as caught:
            await gateway.create_link(gateway.create_body(order()))
        assert caught.value.trouble is Trouble.BAD_ANSWER


# Cancel and refund


async def test_without_a_route_nothing_is_sent(open_gateway: Open) -> None:
    async with PretendOptty() as optty:
        gateway = open_gateway(replace(optty.environment, cancel_or_refund=None))
        with pytest.raises(NoRoute):
            await gateway.cancel_or_refund("INV-1")
        assert optty.calls == []
        assert optty.token_calls == []


async def test_cancel_or_refund_goes_by_the_profile(open_gateway: Open) -> None:
    async with PretendOptty() as optty:
        optty.will_answer({"status": "CANCELLED"})
        answer = await open_gateway(optty.environment).cancel_or_refund("INV-1")
        assert (answer.state, answer.is_pending) == (LinkState.CANCELLED, False)
        assert (optty.calls[0].method, optty.calls[0].target) == ("POST", "/links/INV-1/close")
        assert optty.calls[0].body == b""
        assert "content-type" not in optty.calls[0].headers
        assert optty.token_calls[0]["scope"] == "merchant"


async def test_a_route_may_use_query_and_body(open_gateway: Open) -> None:
    async with PretendOptty() as optty:
        route = RouteTemplate("PUT", "/close?number={invoiceNumber}", '{"invoiceNumber": "{invoiceNumber}"}')
        optty.will_answer({}, 201)
        answer = await open_gateway(replace(optty.environment, cancel_or_refund=route)).cancel_or_refund('A&b="1"')
        assert answer.state is None
        request = optty.calls[0]
        assert (request.method, request.target) == ("PUT", "/close?number=A%26b%3D%221%22")
        assert json.loads(request.body) == {"invoiceNumber": 'A&b="1"'}


@pytest.mark.parametrize("answer", [reply(200, b""), reply(204, b"", None), reply(200, b"OK", "text/plain")])
async def test_money_without_json_is_unknown(open_gateway: Open, answer: bytes) -> None:
    async with PretendOptty() as optty:
        optty.answers.append(answer)
        with pytest.raises(OutcomeUnknown) as caught:
            await open_gateway(optty.environment).cancel_or_refund("INV-1")
        assert caught.value.trouble in (Trouble.NOT_JSON, Trouble.BAD_ANSWER)
        assert len(optty.calls) == 1


@pytest.mark.parametrize("body", [b"{}", b"[]", b'"done"', b"null"])
async def test_money_with_json_but_no_word_is_accepted_without_a_state(open_gateway: Open, body: bytes) -> None:
    async with PretendOptty() as optty:
        optty.answers.append(reply(200, body))
        answer = await open_gateway(optty.environment).cancel_or_refund("INV-1")
        assert (answer.state, answer.raw) == (None, body.decode())


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (400, "Payment in progress", Refused),
        (403, "Forbidden resource", ScopeRefused),
        (404, "Cannot POST /links/INV-1/close", RouteMissing),
        (404, "Link not found", NotFound),
        (500, "Internal server error", OutcomeUnknown),
    ],
)
async def test_money_refused(open_gateway: Open, status: int, message: str, kind: type[AppError]) -> None:
    async with PretendOptty() as optty:
        optty.will_answer({"statusCode": status, "message": message}, status)
        with pytest.raises(kind) as caught:
            await open_gateway(optty.environment).cancel_or_refund("INV-1")
        assert type(caught.value) is kind
        assert caught.value.details["path"] == "/links/{invoiceNumber}/close"
        assert "INV-1" not in f"{caught.value} {caught.value.details}"
        assert len(optty.calls) == 1


async def test_an_order_is_refunded(open_gateway: Open) -> None:
    async with PretendOptty() as optty:
        optty.will_answer({"refundStatus": "PENDING"}, 201)
        answer = await open_gateway(optty.environment).refund_order("HPP-1", "R-1", Money(500, "USD"), "Broken")
        assert (answer.state, answer.is_pending) == (LinkState.REFUNDED, True)
        request = optty.calls[0]
        assert (request.method, request.target) == ("POST", "/orders/HPP-1/refund")
        assert request.body == (
            b'{"refundReference":"R-1","refundAmount":{"amount":5.00,"currency":"USD"},"refundDescription":"Broken"}'
        )
        assert optty.token_calls[0]["scope"] == "api-user"


# Reading


async def test_an_order_is_read(open_gateway: Open) -> None:
    async with PretendOptty() as optty:
        optty.will_answer({"status": "SUCCESSFUL", "amount": 99.9, "currency": "USD"}, 201)
        reading = await open_gateway(optty.environment).read_order("HPP-1")
        assert (reading.state, reading.amount) == (LinkState.PAID, Money(9990, "USD"))
        assert optty.calls[0].target == "/orders/HPP-1"
        assert optty.token_calls[0]["scope"] == "api-user"


async def test_a_reading_with_an_impossible_amount_is_none(open_gateway: Open) -> None:
    async with PretendOptty() as optty:
        optty.will_answer({"status": "PAID", "amount": -1, "currency": "USD"})
        with pytest.raises(OutcomeUnknown) as caught:
            await open_gateway(optty.environment).read_order("HPP-1")
        assert caught.value.trouble is Trouble.BAD_ANSWER


# Tokens in mid-flow


@pytest.mark.parametrize(
    ("call", "status"), [("create", "PENDING"), ("cancel", "CANCELLED"), ("refund", "REFUNDED"), ("read", "PENDING")]
)
async def test_a_refused_token_is_replaced_once(open_gateway: Open, call: str, status: str) -> None:
    async with PretendOptty() as optty:
        gateway = open_gateway(optty.environment)
        optty.refused.add("token-1")
        optty.will_answer({"link": LINK, "status": status})
        await run(gateway, call)
        assert [request.headers["authorization"] for request in optty.calls] == ["Bearer token-1", "Bearer token-2"]
        assert optty.calls[0].body == optty.calls[1].body
        assert len(optty.token_calls) == 2


@pytest.mark.parametrize("call", ["create", "cancel", "refund", "read"])
async def test_a_second_401_is_a_refusal(open_gateway: Open, call: str) -> None:
    async with PretendOptty() as optty:
        optty.refused |= {"token-1", "token-2"}
        with pytest.raises(SignInRefused):
            await run(open_gateway(optty.environment), call)
        assert len(optty.calls) == 2


@pytest.mark.parametrize("call", ["create", "cancel", "refund", "read"])
async def test_without_a_token_nothing_was_sent(open_gateway: Open, call: str) -> None:
    async with PretendOptty() as optty:
        optty.token_answers.append(reply(500))
        with pytest.raises(NotSent) as caught:
            await run(open_gateway(optty.environment), call)
        assert caught.value.trouble is Trouble.SERVER
        assert optty.calls == []


async def run(gateway: PaymentGateway, call: str) -> object:
    if call == "create":
        return await gateway.create_link(b"{}")
    if call == "cancel":
        return await gateway.cancel_or_refund("INV-1")
    if call == "refund":
        return await gateway.refund_order("HPP-1", "R-1", Money(1, "USD"), "x")
    return await gateway.read_order("HPP-1")


# Values that want to be more than values


def test_encoded_values_keep_their_dots_inside() -> None:
    assert path_value("a/../b") == "a%2F..%2Fb"


async def test_money_gets_a_fresh_connection_and_the_long_deadline(credentials: Credentials, clock: FakeClock) -> None:
    class Noting(HttpTransport):
        """Notes kind and deadline of each call."""

        noted: list[tuple[CallKind, float]]

        async def send(self, method: str, url: str, **how: object) -> Answer:
            kind, deadline = how["kind"], how["deadline"]
            assert isinstance(kind, CallKind)
            assert isinstance(deadline, float)
            self.noted.append((kind, deadline))
            body = b'{"access_token":"t"}' if kind is CallKind.TOKEN else b'{"link":"https://pay.optty.com/a"}'
            return Answer(200, {"content-type": "application/json"}, body, 0.0)

    transport = Noting("t")
    transport.noted = []
    async with PretendOptty() as optty:
        gateway = opener(transport, clock)(optty.environment, credentials)
        for call in ("create", "cancel", "refund", "read"):
            await run(gateway, call)
    token, money, read = (CallKind.TOKEN, 10.0), (CallKind.MONEY, 20.0), (CallKind.READ, 8.0)
    assert transport.noted == [token, money, money, token, money, read]


async def test_a_cancelled_create_stays_cancelled(open_gateway: Open) -> None:
    async def never(_request: Request, _writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with PretendOptty() as optty:
        optty.answers.append(never)
        task = asyncio.create_task(open_gateway(optty.environment).create_link(b"{}"))
        await until(lambda: optty.calls)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
