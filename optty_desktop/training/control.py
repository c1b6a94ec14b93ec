"""Control from another process: faults, switches and the ledger, behind a token of their own."""

import hmac
from dataclasses import asdict, fields
from urllib.parse import parse_qs

from optty_desktop.core.money import Money
from optty_desktop.training.exchange import Answer, Call, json_body, reject
from optty_desktop.training.faults import KINDS, ROUTES, Fault, FaultDesk, Kind
from optty_desktop.training.ledger import Ledger, Received
from optty_desktop.training.records import Link, Order, Refund
from optty_desktop.training.switches import Switches

TOKEN_HEADER = "x-training-control"  # noqa: S105 - the name of a header, not a token


class ControlDesk:
    """Handlers under ``/training``. Each raises Rejected with 401 without the control token in its header."""

    def __init__(self, token: str, ledger: Ledger, faults: FaultDesk, switches: Switches) -> None:
        self._token = token
        self._ledger = ledger
        self._faults = faults
        self._switches = switches

    def show_faults(self, call: Call) -> Answer:
        """``GET /training/faults``."""
        self._require_token(call)
        return Answer(200, self._planned())

    def add_fault(self, call: Call) -> Answer:
        """``POST /training/faults``: ``route``, ``kind``, ``times`` (null: until cleared), fields of the fault."""
        self._require_token(call)
        body = json_body(call)
        route, kind, times = body.pop("route", None), body.pop("kind", None), body.pop("times", 1)
        if route not in ROUTES or kind not in KINDS:
            reject(400, f"route must be one of {', '.join(ROUTES)}; kind must be one of {', '.join(KINDS)}")
        if times is not None and (not isinstance(times, int) or times < 1):
            reject(400, "times must be a whole number above zero, or null")
        self._faults.add(route, _fault(kind, body), times)
        return Answer(201, self._planned())

    def clear_faults(self, call: Call) -> Answer:
        """``DELETE /training/faults``, or of one route with ``?route=``."""
        self._require_token(call)
        (route,) = parse_qs(call.query).get("route", [""])
        if route and route not in ROUTES:
            reject(400, f"route must be one of {', '.join(ROUTES)}")
        self._faults.clear(route if route else None)
        return Answer(200, self._planned())

    def flip_switches(self, call: Call) -> Answer:
        """``POST /training/switches``: any of the switches by name; answers all of them."""
        self._require_token(call)
        try:
            self._switches.flip({name: _plain(value) for name, value in json_body(call).items()})
        except ValueError as problem:
            reject(400, str(problem))
        return Answer(200, asdict(self._switches))

    def show_ledger(self, call: Call) -> Answer:
        """``GET /training/ledger``: all links with orders and refunds, and the latest requests."""
        self._require_token(call)
        links = [_link(link, call.origin) for link in self._ledger.links()]
        return Answer(200, {"links": links, "requests": [_request(one) for one in self._ledger.received()]})

    def _require_token(self, call: Call) -> None:
        given = call.headers.get(TOKEN_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            reject(401, "Unauthorized")

    def _planned(self) -> dict[str, object]:
        return {
            route: [{**asdict(fault), "times": left} for fault, left in planned]
            for route, planned in self._faults.planned().items()
        }


def _fault(kind: Kind, body: dict[str, object]) -> Fault:
    kinds = {field.name: type(field.default) for field in fields(Fault) if field.name != "kind"}
    kinds["retry_after"] = int
    values = {name: _plain(value) for name, value in body.items()}
    for name, value in values.items():
        wanted = kinds.get(name)
        if (
            wanted is None
            or isinstance(value, bool)
            or not isinstance(value, (int, float) if wanted is float else wanted)
        ):
            reject(400, f"{name} must be a field of a fault, of its type")
    return Fault(kind, **values)  # type: ignore[arg-type]


def _plain(value: object) -> object:
    """Decimals as float: here they are seconds, never money."""
    return value if isinstance(value, bool | int | str) or value is None else float(str(value))


def _request(request: Received) -> dict[str, object]:
    return {
        "at": request.at.isoformat(),
        "method": request.method,
        "path": request.path,
        "body": request.body,
        "outcome": request.outcome,
    }


def _link(link: Link, origin: str) -> dict[str, object]:
    return {
        "invoiceNumber": link.invoice_number,
        "link": f"{origin}/pay/{link.code}",
        "orderReferenceId": link.order_reference,
        "status": link.status,
        "price": _money(link.price),
        "paid": _money(link.paid),
        "refunded": _money(link.refunded),
        "refundPending": _money(link.refund_pending),
        "balance": _money(link.balance),
        "emailedTo": link.emailed_to,
        "createdAt": link.created_at.isoformat(),
        "orders": [_order(order) for order in link.orders],
        "refunds": [_refund(refund) for refund in link.refunds],
    }


def _order(order: Order) -> dict[str, object]:
    history = [{"status": change.status, "at": change.at.isoformat()} for change in order.history]
    return {
        "reference": order.reference,
        "status": order.status,
        "amount": _money(order.amount),
        "cancelledBy": order.cancelled_by,
        "history": history,
    }


def _refund(refund: Refund) -> dict[str, object]:
    return {
        "refundReference": refund.reference,
        "amount": _money(refund.amount),
        "status": refund.status,
        "refundReason": refund.reason,
        "createdAt": refund.created_at.isoformat(),
    }


def _money(money: Money) -> dict[str, object]:
    return {"minor": money.minor, "currency": money.currency}
