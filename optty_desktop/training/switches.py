"""How strict and how quick the pretend service is, and whether its customer pays by itself."""

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit


@dataclass(slots=True)
class Switches:
    """Tests and the control routes may flip these while the service runs. All times are seconds.

    ``is_double_refund_protected``: a second cancel or refund of the same link is refused.
    ``names_order_at_creation``: the create answer carries ``orderReferenceId``.
    ``refunds_succeed``: pending refunds settle as SUCCESSFUL, else as DECLINED.
    ``refund_seconds``: how long a refund stays pending; 0 settles at once.
    ``late_seconds``: how long the "Pay in 1 minute" button takes.
    ``token_seconds``: life of an access token.
    ``webhook_url``: where each change is posted to, on this computer; "" for nowhere.
    ``orders_name_link``: the references of orders are made around the invoice number, so that a read tells whose they
    are; else they are random.
    """

    is_double_refund_protected: bool = True
    names_order_at_creation: bool = True
    refunds_succeed: bool = True
    refund_seconds: float = 0.0
    late_seconds: float = 60.0
    token_seconds: int = 86400
    webhook_url: str = ""
    orders_name_link: bool = False

    def flip(self, changes: dict[str, Any]) -> None:
        """Set switches by name. Raises ValueError, and sets none, for an unknown name or a wrong type."""
        kinds = {field.name: type(field.default) for field in fields(self)}
        for name, value in changes.items():
            is_fit = _is_own_url(value) if name == "webhook_url" else _fits(value, kinds.get(name))
            if not is_fit:
                raise ValueError(f"{name} cannot be set to {value!r}")
        for name, value in changes.items():
            setattr(self, name, value)


@dataclass(frozen=True, slots=True)
class Automation:
    """Practice without a second person: the customer pays by itself.

    ``start_after`` and ``finish_after`` count from the creation of the link. Amounts whose minor units end in 04 are
    left unpaid, so that there is something to cancel; those in 05 are declined; the answer to a create whose amount
    ends in 06 is lost, and nobody pays a link that nobody was given.
    """

    start_after: timedelta = timedelta(seconds=5)
    finish_after: timedelta = timedelta(seconds=10)

    @staticmethod
    def leaves_unpaid(minor: int) -> bool:
        """Whether nobody tries to pay this amount."""
        return minor % 100 in (4, 6)

    @staticmethod
    def declines(minor: int) -> bool:
        """Whether a payment of this amount is declined."""
        return minor % 100 == 5

    @staticmethod
    def loses_answer(minor: int) -> bool:
        """Whether the answer to creating a link of this amount never arrives."""
        return minor % 100 == 6


def _fits(value: object, kind: type | None) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return kind is bool and isinstance(value, bool)


def _is_own_url(value: object) -> bool:
    """Whether this is an address of this computer, or none: practice reaches nobody else."""
    if not isinstance(value, str):
        return False
    try:
        url = urlsplit(value)
        is_own = url.scheme == "http" and url.hostname in ("127.0.0.1", "localhost") and url.port is not None
    except ValueError:
        return False
    return not value or (is_own and url.username is None)
