"""Optty for one environment and one pair of credentials: fills ``core.ports.PaymentGateway``."""

import logging
from dataclasses import replace
from typing import Final

from optty_desktop.api.answers import accepted_json, accepted_object, bad_answer
from optty_desktop.api.auth import Scope, Tokens
from optty_desktop.api.exchange import Answer, CallKind
from optty_desktop.api.link_check import LinkFault, check_link
from optty_desktop.api.transport import HttpTransport
from optty_desktop.api.wire import CREATE_PATH, CREATE_SCOPE, UnusableAnswer, create_body, created_link
from optty_desktop.api.wire_orders import (
    ORDER_PATH,
    ORDER_SCOPE,
    REFUND_PATH,
    money_answer,
    order_reading,
    refund_body,
)
from optty_desktop.core.environments import Credentials, Environment
from optty_desktop.core.errors import NoRoute, NotSent, OutcomeUnknown, UnsafeLink
from optty_desktop.core.money import Money
from optty_desktop.core.ports import Clock, CreatedLink, GatewayOpener, LinkOrder, MoneyAnswer, OrderReading
from optty_desktop.core.routes import path_value, request_for

log = logging.getLogger(__name__)

MONEY_SECONDS: Final = 20.0
"""Deadline of create, cancel and refund: payment providers behind Optty take seconds, and giving up early leaves an
outcome that a person must settle."""

READ_SECONDS: Final = 8.0
"""Deadline of a read: it is asked again soon, and a slow answer is news of the past."""


class HttpGateway:
    """Makes every call once. The one exception: a call refused with 401 is made again with a new token."""

    def __init__(
        self, environment: Environment, credentials: Credentials, transport: HttpTransport, clock: Clock
    ) -> None:
        self._environment = environment
        self._transport = transport
        self._clock = clock
        self._tokens = Tokens(environment, credentials, transport, clock)

    @property
    def environment(self) -> Environment:
        """The profile all calls go by."""
        return self._environment

    async def sign_in(self) -> None:
        """Fetch a token now. Raises SignInRefused when id and secret are not accepted."""
        await self._tokens.fetch(CREATE_SCOPE)

    def create_body(self, order: LinkOrder) -> bytes:
        """The exact bytes of the create call for this order; the same order gives the same bytes."""
        return create_body(order)

    async def create_link(self, body: bytes) -> CreatedLink:
        """POST the bytes once and check the address that comes back.

        Raises AlreadyExists, or UnsafeLink: then the link exists and ``held_url`` keeps an address on a host that is
        not listed.
        """
        answer = await self._money_call("POST", CREATE_PATH, CREATE_PATH, CREATE_SCOPE, body)
        document = accepted_object(answer, self._clock.now())
        try:
            link = created_link(document, answer.body, body)
        except UnusableAnswer as unusable:
            raise self._unusable(answer, unusable) from unusable
        try:
            self.check_link(link.url)
        except UnsafeLink as unsafe:
            unsafe.details.update(answer.details)
            unsafe.order_reference = link.order_reference
            unsafe.held_url = link.url if unsafe.reason == LinkFault.HOST else None
            raise
        return link

    def check_link(self, url: str) -> str:
        """Return an address unchanged that may reach a customer. Raises UnsafeLink."""
        return check_link(url, self._environment)

    def accept_host(self, host: str) -> None:
        """From now on payment links may lead to this host, too: somebody has confirmed it."""
        if host not in self._environment.link_hosts:
            self._environment = replace(self._environment, link_hosts=(*self._environment.link_hosts, host))

    async def cancel_or_refund(self, invoice_number: str) -> MoneyAnswer:
        """Send the profile's cancel-or-refund call once. Raises NoRoute when the profile has none."""
        route = self._environment.cancel_or_refund
        if route is None:
            raise NoRoute
        call = request_for(route, invoice_number)
        template = route.path.partition("?")[0]
        answer = await self._money_call(call.method, call.path, template, CREATE_SCOPE, call.body.encode())
        return self._money_answer(answer)

    async def read_order(self, order_reference: str) -> OrderReading:
        """Read an order. Raises NotFound while the customer has not begun."""
        path = ORDER_PATH.replace("{reference}", path_value(order_reference))
        answer = await self._call("GET", path, ORDER_PATH, ORDER_SCOPE, CallKind.READ, READ_SECONDS)
        document = accepted_object(answer, self._clock.now())
        try:
            return order_reading(document, order_reference)
        except UnusableAnswer as unusable:
            raise self._unusable(answer, unusable) from unusable

    async def refund_order(
        self, order_reference: str, refund_reference: str, amount: Money, description: str
    ) -> MoneyAnswer:
        """Refund ``amount`` of an order once, under its own unique ``refund_reference``."""
        path = REFUND_PATH.replace("{reference}", path_value(order_reference))
        body = refund_body(refund_reference, amount, description)
        answer = await self._money_call("POST", path, REFUND_PATH, ORDER_SCOPE, body)
        return self._money_answer(answer)

    async def close(self) -> None:
        """Forget the tokens. The transport is shared and stays open."""
        self._tokens.forget()

    async def _money_call(self, method: str, path: str, template: str, scope: Scope, body: bytes) -> Answer:
        return await self._call(method, path, template, scope, CallKind.MONEY, MONEY_SECONDS, body)

    async def _call(
        self,
        method: str,
        path: str,
        template: str,
        scope: Scope,
        kind: CallKind,
        deadline: float,
        body: bytes = b"",
    ) -> Answer:
        token = await self._token(scope)
        answer = await self._send(method, path, template, token, kind, deadline, body)
        if answer.status != 401:
            return answer
        # Refused before anything was done: the one status after which a money call may be made again.
        self._tokens.invalidate(token)
        token = await self._token(scope)
        return await self._send(method, path, template, token, kind, deadline, body)

    async def _token(self, scope: Scope) -> str:
        try:
            return await self._tokens.token(scope)
        except OutcomeUnknown as error:
            # Of the token call only: the call it was for has not left.
            raise NotSent(error.trouble, details=error.details) from error

    async def _send(
        self, method: str, path: str, template: str, token: str, kind: CallKind, deadline: float, body: bytes
    ) -> Answer:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        if body:
            headers["Content-Type"] = "application/json"
        return await self._transport.send(
            method,
            self._environment.api_url + path,
            template=template,
            headers=headers,
            content=body or None,
            kind=kind,
            deadline=deadline,
        )

    def _money_answer(self, answer: Answer) -> MoneyAnswer:
        try:
            return money_answer(accepted_json(answer, self._clock.now()), answer.body)
        except UnusableAnswer as unusable:
            raise self._unusable(answer, unusable) from unusable

    def _unusable(self, answer: Answer, unusable: UnusableAnswer) -> OutcomeUnknown:
        log.warning("answer %s cannot be used: %s", answer.details.get("exchange"), unusable)
        return bad_answer(answer)


def opener(transport: HttpTransport, clock: Clock) -> GatewayOpener:
    """Return what opens gateways; all of them share this transport."""

    def open_gateway(environment: Environment, credentials: Credentials) -> HttpGateway:
        return HttpGateway(environment, credentials, transport, clock)

    return open_gateway
