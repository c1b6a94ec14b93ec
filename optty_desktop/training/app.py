"""The pretend Optty put together: one ledger, its customer, its faults, and the ASGI app in front of them."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from starlette.routing import BaseRoute, Match, Router
from starlette.routing import Route as StarletteRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from optty_desktop.training.archive import Archive
from optty_desktop.training.control import ControlDesk
from optty_desktop.training.customer import Customer
from optty_desktop.training.endpoint import Endpoint, FaultyEndpoint, Handler, RecordedEndpoint
from optty_desktop.training.exchange import Answer, Call, error
from optty_desktop.training.faults import FaultDesk, Route
from optty_desktop.training.hosted import HostedPages
from optty_desktop.training.ledger import Clock, Ledger
from optty_desktop.training.merchant import MerchantDesk
from optty_desktop.training.switches import Automation, Switches
from optty_desktop.training.tokens import Keys, TokenDesk
from optty_desktop.training.transport import Connection
from optty_desktop.training.webhooks import Webhooks


def utc_now() -> datetime:
    """The clock of a running service."""
    return datetime.now(UTC)


def random_reference() -> str:
    """80 random bits, for addresses and references."""
    return secrets.token_hex(10)


class TrainingService:
    """Everything behind one address. ``app`` is the ASGI app, the other parts are there to be steered.

    Without ``archive`` nothing outlives the process. ``automation`` lets the customer pay by itself.
    """

    def __init__(
        self,
        *,
        archive: Archive | None = None,
        automation: Automation | None = None,
        switches: Switches | None = None,
        clock: Clock = utc_now,
        new_reference: Callable[[], str] = random_reference,
        shop: str = "Training shop",
    ) -> None:
        self.keys = Keys.random()
        self.switches = switches or Switches()
        self.ledger = Ledger(clock=clock, new_reference=new_reference, switches=self.switches, archive=archive)
        self._webhooks = Webhooks(self.switches, self.ledger.links)
        self.ledger.on_change = self._webhooks.changed
        self.customer = Customer(self.ledger, new_reference, self.switches)
        self.faults = FaultDesk()
        self._tokens = TokenDesk(self.keys, clock, self.switches)
        self._merchant = MerchantDesk(self.ledger, self._tokens, self.switches, automation, new_reference)
        self._pages = HostedPages(shop, self.ledger, self.customer)
        self._control = ControlDesk(self.keys.control_token, self.ledger, self.faults, self.switches)
        unknown = RecordedEndpoint(_cannot, self.ledger)
        self.app: ASGIApp = OwnHostOnly(Router(self._routes(), redirect_slashes=False, default=unknown))

    def close(self) -> None:
        """Tell nobody any more, and release the file of the ledger."""
        self._webhooks.close()
        self.ledger.close()

    def _routes(self) -> list[BaseRoute]:
        return [
            self._faulty("POST", "/token", "token", self._tokens.issue),
            self._faulty("POST", "/custom/hpp", "create", self._merchant.create),
            self._faulty(
                "POST",
                "/training/links/{invoice_number}/cancel-or-refund",
                "cancel_or_refund",
                self._merchant.cancel_or_refund,
            ),
            self._faulty("GET", "/orders/{reference}", "order", self._merchant.read_order),
            self._faulty("POST", "/orders/{reference}/refund", "order_refund", self._merchant.refund_order),
            _plain("GET", "/", self._pages.list_links),
            _plain("GET", "/pay/{code}", self._pages.show),
            _plain("POST", "/pay/{code}/{action}", self._pages.act),
            _plain("GET", "/training/faults", self._control.show_faults),
            _plain("POST", "/training/faults", self._control.add_fault),
            _plain("DELETE", "/training/faults", self._control.clear_faults),
            _plain("POST", "/training/switches", self._control.flip_switches),
            _plain("GET", "/training/ledger", self._control.show_ledger),
        ]

    def _faulty(self, method: str, path: str, route: Route, handle: Handler) -> BaseRoute:
        return ExactRoute(path, FaultyEndpoint(handle, self.ledger, route, self.faults), methods=[method])


class ExactRoute(StarletteRoute):
    """A route that another method does not match at all: Optty answers 404 there, not 405."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """A partial match is none."""
        match, child_scope = super().matches(scope)
        return (Match.NONE, {}) if match is Match.PARTIAL else (match, child_scope)


class OwnHostOnly:
    """Turns away requests under a foreign host name: no web page may reach this service by renaming it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        port = str(scope["server"][1]).encode()
        if hosts in ([b"127.0.0.1:" + port], [b"localhost:" + port]):
            await self._app(scope, receive, send)
        else:
            await Connection(scope, receive, send).answer(error(403, "This address is not served here"))


def _plain(method: str, path: str, handle: Handler) -> BaseRoute:
    return ExactRoute(path, Endpoint(handle), methods=[method])


def _cannot(call: Call) -> Answer:
    return error(404, f"Cannot {call.method} {call.path}")
