"""Where the till works: training, sandbox or live, as data."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

OPTTY_HOSTS: Final = ".optty.com"
"""As a link host: optty.com itself and every host under it."""


class EnvironmentKind(StrEnum):
    """Decides band, frame and words; only LIVE moves real money."""

    TRAINING = "training"
    SANDBOX = "sandbox"
    LIVE = "live"


class RefundWith(StrEnum):
    """Which call pays money back: the link's own call, or the documented refund of its order (also parts)."""

    LINK = "link"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class RouteTemplate:
    """One call as a template: ``path`` (and ``body``) may hold ``{invoiceNumber}``. Never guessed, always given.

    ``tried`` is False for a route that was imported or typed into a live profile and has not been used yet: its first
    use is better made in a sandbox.
    """

    method: str
    path: str
    body: str = ""
    tried: bool = True

    def is_same_call(self, other: "RouteTemplate | None") -> bool:
        """Whether both send the same bytes to the same place, whatever is known about them."""
        return other is not None and (self.method, self.path, self.body) == (other.method, other.path, other.body)


class Imported(NamedTuple):
    """Where the routes of a profile come from: a file's name, the SHA-256 of its bytes in hex, and when (UTC)."""

    file: str
    sha256: str
    at: "datetime"


@dataclass(frozen=True, slots=True)
class Environment:
    """A profile: addresses, hosts a payment link may have, and how money goes back.

    ``cancel_or_refund`` is None until the shop's own collection or an administrator supplies it; ``imported`` says
    which collection that was. ``webhook_site`` is where notices of a sandbox are caught, ``https://webhook.site/…``;
    no other kind has one, for everybody who knows that address can read there. ``show_reported_payments``: where the
    account may not read orders, a payment that the relay reports is shown as reported and not confirmed.
    """

    id: str
    name: str
    kind: EnvironmentKind
    token_url: str
    api_url: str
    link_hosts: tuple[str, ...]
    refund_with: RefundWith = RefundWith.LINK
    cancel_or_refund: RouteTemplate | None = None
    imported: Imported | None = None
    webhook_site: str | None = None
    show_reported_payments: bool = False

    def cancels_like(self, other: "Environment") -> bool:
        """Whether both send a cancel or refund in the same bytes to the same address, so that one proves the other."""
        route = self.cancel_or_refund
        return route is not None and route.is_same_call(other.cancel_or_refund) and self.api_url == other.api_url

    @property
    def may_refund(self) -> bool:
        """Whether this profile knows any way to pay money back."""
        return self.cancel_or_refund is not None or self.refund_with is RefundWith.ORDER

    @property
    def may_refund_parts(self) -> bool:
        """Whether a part of a payment can be paid back."""
        return self.refund_with is RefundWith.ORDER


class Credentials(NamedTuple):
    """What Optty issues to a merchant. Held in memory and in the keychain only."""

    client_id: str
    client_secret: str

    def __repr__(self) -> str:
        """Hide the secret from logs and tracebacks."""
        return f"Credentials(client_id={self.client_id!r}, client_secret=…)"
