"""Who may do what. The one place where a right is checked, beside the action and not in the button."""

from dataclasses import dataclass
from enum import StrEnum

from optty_desktop.core.money import Money
from optty_desktop.till.session import TillIdentity


class Action(StrEnum):
    """What a right is needed for."""

    CREATE = "create"
    CANCEL = "cancel"
    REFUND = "refund"
    SHOW_CONTACT = "show_contact"
    SETTLE = "settle"
    SET_BY_HAND = "set_by_hand"
    CONFIRM_REBUILT = "confirm_rebuilt"
    EXPORT = "export"
    CHANGE_CONNECTION = "change_connection"
    PAIR_RELAY = "pair_relay"
    CONFIRM_HOST = "confirm_host"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the action may go on; ``reason`` is the key of the sentence shown when it may not."""

    is_allowed: bool
    reason: str = ""


def verdict(identity: TillIdentity, action: Action, amount: Money | None = None) -> Verdict:
    """Whoever is signed in acts, and every entry carries that name; nobody without a name acts."""
    del action, amount
    return Verdict(bool(identity.operator), "" if identity.operator else "no_operator")
