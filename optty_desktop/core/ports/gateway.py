"""Optty, as the till speaks to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from optty_desktop.core.drafts import LinkDraft
from optty_desktop.core.environments import Credentials, Environment, RefundWith
from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.core.money import Money
from optty_desktop.core.probes import ProbeLine


@dataclass(frozen=True, slots=True)
class LinkOrder:
    """A draft that has its invoice number, with reference and description filled: ready to become bytes."""

    invoice_number: str
    draft: LinkDraft
    reference: str
    description: str


@dataclass(frozen=True, slots=True)
class CreatedLink:
    """The answer to a create. ``url`` has passed the link check. ``raw`` is the whole answer as JSON text."""

    url: str
    order_reference: str | None
    raw_word: str
    raw: str


@dataclass(frozen=True, slots=True)
class OrderReading:
    """An authenticated read of an order: the only thing that may turn a link Paid.

    ``state`` is None when the service's word is not known to us. ``amount`` is the total the customer pays,
    ``surcharge`` the part of it charged as a fee. ``refunded`` is what has gone back for sure, ``refund_pending``
    what is on its way, ``refund_failed`` whether the last refund came back; ``failed_refund_reference`` and
    ``failed_refund_at`` (UTC) say which one that was, where the service does. ``paid_with`` is like "card ending 4242".
    ``invoice_number`` is the link that the service says the order belongs to, where it does.
    """

    order_reference: str
    merchant_reference: str
    state: LinkState | None
    raw_word: str
    amount: Money | None
    surcharge: Money | None = None
    refunded: Money | None = None
    refund_pending: Money | None = None
    refund_failed: bool = False
    failed_refund_reference: str = ""
    failed_refund_at: datetime | None = None
    cancelled_by: str = ""
    updated_at: datetime | None = None
    paid_with: str = ""
    invoice_number: str = ""


@dataclass(frozen=True, slots=True)
class MoneyAnswer:
    """The answer to cancel-or-refund or to an order refund. ``state`` is None when the word does not tell which it was.

    ``is_pending``: the service has taken the refund on but not finished it.
    """

    state: LinkState | None
    is_pending: bool
    raw_word: str
    raw: str


class PaymentGateway(Protocol):
    """Optty for one environment and one pair of credentials.

    Every call raises NotSent, OutcomeUnknown or a Refused; none of them repeats a money call.
    """

    @property
    def environment(self) -> Environment: ...
    async def sign_in(self) -> None:
        """Fetch a token now. Raises SignInRefused when id and secret are not accepted."""

    def create_body(self, order: LinkOrder) -> bytes:
        """The exact bytes of the create call for this order; the same order gives the same bytes."""
        ...

    async def create_link(self, body: bytes) -> CreatedLink:
        """POST the bytes once. Raises AlreadyExists, UnsafeLink beside the common errors."""
        ...

    def check_link(self, url: str) -> str:
        """Return an address unchanged that may reach a customer. Raises UnsafeLink."""
        ...

    def accept_host(self, host: str) -> None:
        """From now on payment links may lead to this host, too: somebody has confirmed it."""

    async def cancel_or_refund(self, invoice_number: str) -> MoneyAnswer:
        """Send the profile's cancel-or-refund call once. Raises NoRoute when the profile has none."""
        ...

    async def read_order(self, order_reference: str) -> OrderReading:
        """Read an order. Raises NotFound while the customer has not begun."""
        ...

    async def refund_order(
        self, order_reference: str, refund_reference: str, amount: Money, description: str
    ) -> MoneyAnswer:
        """Refund ``amount`` of an order once, under its own unique ``refund_reference``."""
        ...

    async def close(self) -> None: ...


class GatewayOpener(Protocol):
    """Makes the gateway for an environment and credentials; touches no network yet."""

    def __call__(self, environment: Environment, credentials: Credentials) -> PaymentGateway: ...


class LineProbe(Protocol):
    """Tries the way to the payment service with the credentials of a gateway; no money call is ever made."""

    async def __call__(self, gateway: PaymentGateway) -> Sequence[ProbeLine]:
        """The steps in the order of the way, within seconds. A failure is a line, not an exception."""
        ...


def refunds_through_order(environment: Environment, link: PaymentLink) -> bool:
    """Whether money of this link goes back through the documented refund of its order."""
    return environment.refund_with is RefundWith.ORDER and link.order_reference is not None
