"""The customer's side: the payment page behind each link, for browsers and for tests."""

from collections.abc import Callable
from urllib.parse import parse_qs

from optty_desktop.training import pages
from optty_desktop.training.customer import Customer
from optty_desktop.training.exchange import Answer, Call, reject
from optty_desktop.training.ledger import Ledger, UnknownLink
from optty_desktop.training.lifecycle import Refused
from optty_desktop.training.records import Link

_HTML = "text/html; charset=utf-8"
_NEWEST = 100


class HostedPages:
    """Handlers of the pages. A caller that accepts ``application/json`` gets and gives JSON."""

    def __init__(self, shop: str, ledger: Ledger, customer: Customer) -> None:
        self._shop = shop
        self._ledger = ledger
        self._customer = customer
        self._acts: dict[str, Callable[[str], Link]] = {
            "open": customer.open,
            "start": customer.start,
            "pay": customer.pay,
            "decline": customer.decline,
            "fail": customer.fail,
            "cancel": customer.cancel,
            "late": customer.pay_late,
        }

    def list_links(self, call: Call) -> Answer:
        """``GET /``: the newest hundred practice links."""
        newest = self._ledger.links()[: -_NEWEST - 1 : -1]
        return _page(200, pages.list_page(self._shop, newest, self._ledger.now()))

    def show(self, call: Call) -> Answer:
        """``GET /pay/{code}``."""
        link = self._link(call)
        if link is None:
            return self._unknown(call)
        return self._shown(call, self._customer.open(link.invoice_number))

    def act(self, call: Call) -> Answer:
        """``POST /pay/{code}/{action}``: 303 back to the page for browsers, 409 when the page forbids it."""
        link, act = self._link(call), self._acts.get(call.parameters["action"])
        if link is None or act is None:
            return self._unknown(call)
        try:
            changed = act(link.invoice_number)
        except Refused as refusal:
            return self._refused(call, link, str(refusal))
        if _wants_json(call):
            return self._shown(call, changed)
        is_from_list = parse_qs(call.query).get("back") == ["list"]
        return Answer(303, b"", _HTML, {"location": "/" if is_from_list else f"/pay/{link.code}"})

    def _link(self, call: Call) -> Link | None:
        try:
            return self._ledger.link_with_code(call.parameters["code"])
        except UnknownLink:
            return None

    def _shown(self, call: Call, link: Link, status: int = 200, notice: str = "") -> Answer:
        now = self._ledger.now()
        if _wants_json(call):
            state = {
                "invoiceNumber": link.invoice_number,
                "status": link.status,
                "text": pages.state_text(link, now),
            }
            return Answer(status, state)
        return _page(status, pages.payment_page(self._shop, link, now, notice))

    def _refused(self, call: Call, link: Link, reason: str) -> Answer:
        if _wants_json(call):
            reject(409, reason)
        return self._shown(call, self._ledger.link(link.invoice_number), 409, reason)

    def _unknown(self, call: Call) -> Answer:
        if _wants_json(call):
            reject(404, "Link not found")
        return _page(404, pages.unknown_page(self._shop))


def _wants_json(call: Call) -> bool:
    return "application/json" in call.headers.get("accept", "")


def _page(status: int, html: bytes) -> Answer:
    return Answer(status, html, _HTML, pages.HEADERS)
