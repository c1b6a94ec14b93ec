"""What a merchant may call: create a link, cancel or refund it, read its order, refund its order."""

from collections.abc import Callable
from datetime import UTC, datetime

from optty_desktop.core.money import Money
from optty_desktop.training import answers, checks
from optty_desktop.training.checks import Json
from optty_desktop.training.customer import practice_plan
from optty_desktop.training.exchange import Answer, Call, json_body, reject
from optty_desktop.training.ledger import Ledger, UnknownLink
from optty_desktop.training.lifecycle import Refused
from optty_desktop.training.records import Link
from optty_desktop.training.rules import problems_of
from optty_desktop.training.switches import Automation, Switches
from optty_desktop.training.tokens import TokenDesk


class MerchantDesk:
    """The handlers of the merchant's routes. Each raises Rejected with Optty's error shape."""

    def __init__(
        self,
        ledger: Ledger,
        tokens: TokenDesk,
        switches: Switches,
        automation: Automation | None,
        new_reference: Callable[[], str],
    ) -> None:
        self._ledger = ledger
        self._tokens = tokens
        self._switches = switches
        self._automation = automation
        self._new_reference = new_reference

    def create(self, call: Call) -> Answer:
        """``POST /custom/hpp`` (source: docs.optty.com, Creating a Session)."""
        self._tokens.require(call, "merchant")
        body = json_body(call)
        if problems := problems_of(body, self._ledger.now()):
            reject(400, problems)
        link = self._new_link(body)
        try:
            self._ledger.add(link)
        except Refused as refusal:
            reject(400, [str(refusal)])
        is_lost = bool(self._automation and self._automation.loses_answer(link.price.minor))
        address = f"{call.origin}/pay/{link.code}"
        names_order = self._switches.names_order_at_creation
        return Answer(200, answers.created(link, body, address, names_order=names_order), is_lost=is_lost)

    def cancel_or_refund(self, call: Call) -> Answer:
        """``POST /training/links/{invoiceNumber}/cancel-or-refund``: this service's own address.

        The call is described in words only, without an address (source: docs.optty.com, HPP Postman guide).
        """
        self._tokens.require(call, "merchant")
        if call.body.strip():
            reject(400, "Request body must be empty")
        try:
            link = self._ledger.cancel_or_refund(call.parameters["invoice_number"])
        except UnknownLink:
            reject(404, "Link not found")
        except Refused as refusal:
            reject(400, str(refusal))
        return Answer(200, answers.closed(link))

    def read_order(self, call: Call) -> Answer:
        """``GET /orders/{reference}``, 201 being the documented success (source: docs.optty.com, GET /orders)."""
        self._tokens.require(call, "api-user")
        reference = call.parameters["reference"]
        try:
            link, order = self._ledger.order(reference)
        except UnknownLink:
            reject(404, "Order not found")
        return Answer(201, answers.order(link, order, reference))

    def refund_order(self, call: Call) -> Answer:
        """``POST /orders/{orderReference}/refund`` (source: docs.optty.com, Refund Order)."""
        self._tokens.require(call, "api-user")
        body = json_body(call)
        try:
            link, _ = self._ledger.order(call.parameters["reference"])
            amount = _refund_amount(body, link.price.currency)
            reason = str(body.get("refundDescription", ""))
            refund = self._ledger.refund_order(
                call.parameters["reference"], str(body["refundReference"]), amount, reason
            )
        except UnknownLink:
            reject(404, "Order not found")
        except Refused as refusal:
            reject(400, str(refusal))
        return Answer(200, answers.refunded(refund))

    def _new_link(self, body: Json) -> Link:
        now = self._ledger.now()
        number = str(body["invoiceNumber"])
        price = checks.money_of(body["price"], str(body["currency"]))
        return Link(
            invoice_number=number,
            code=self._new_reference(),
            order_reference=f"HPP-{number if self._switches.orders_name_link else self._new_reference()}",
            price=price,
            description=str(body["description"]),
            created_at=now,
            due_at=datetime.fromisoformat(str(body["dueDate"])).astimezone(UTC),
            emailed_to=str(body["email"]) if body.get("emailCustomer", True) else None,
            plan=practice_plan(self._automation, price, now),
        )


def _refund_amount(body: Json, currency: str) -> Money:
    required = {"refundReference": checks.text, "refundAmount": checks.mapping}
    problems = list(checks.fields(body, "", required, {"refundDescription": checks.any_text}))
    asked = body.get("refundAmount")
    if isinstance(asked, dict):
        amount_fields = {"amount": checks.positive}
        problems += checks.fields(asked, "refundAmount.", amount_fields, {"currency": checks.currency})
    if problems or not isinstance(asked, dict):
        reject(400, problems)
    if asked.get("currency", currency) != currency:
        reject(400, [f"refundAmount.currency must be {currency}"])
    try:
        return checks.money_of(asked["amount"], currency)
    except ValueError:
        reject(400, [f"refundAmount.amount has too many decimals for {currency}"])
