"""News that reach a till by another way than a read: they say which order to read, and change nothing by themselves."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class HintSource(StrEnum):
    """By which way a hint came; values are stable keys in the journal."""

    RELAY = "relay"
    PASTED = "pasted"
    WEBHOOK_SITE = "webhook_site"


class FeedTrouble(StrEnum):
    """Why nothing comes from the address that catches a sandbox's notices."""

    REFUSED = "refused"
    """It has expired, or was never there."""
    UNUSABLE = "unusable"
    """What is answered for it cannot be used, again and again."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A claim that something happened to a link. It names the link, its order, or both; the rest is left behind.

    ``received_at`` is when the notice reached the relay, the feed or the person (UTC).
    """

    source: HintSource
    invoice_number: str | None
    order_reference: str | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """How many hints were for links of this till, and how many for others, which are dropped.

    ``report_on`` are those whose notices the till wants to know: of open links, where an administrator wants that.
    """

    known: int
    unknown: int
    report_on: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a person pasted or chose: a hint for each notice, and how many parts looked like one and could not be read.

    Never without a hint.
    """

    hints: tuple[Hint, ...]
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class ReadWish:
    """One read that hints ask for: of a link, or of an order that they say is the link's.

    ``order_reference`` is "" for the link as this till knows it. ``sequence`` grows with each hint that asks again; 0
    for a wish that is not in the journal yet.
    """

    invoice_number: str
    order_reference: str = ""
    sequence: int = 0
