"""The line to the payment service: what each outcome of a call says about it, and when to try again."""

from dataclasses import dataclass
from enum import StrEnum

from optty_desktop.core.errors import (
    AppError,
    NotSent,
    OutcomeUnknown,
    ScopeRefused,
    SignInRefused,
    TooManyRequests,
    Trouble,
)
from optty_desktop.core.hint_way import HintWay

UNREADABLE_SECONDS = 60.0
OWN_NETWORK_SECONDS = 5.0
"""Longest pause while the network of the shop is to blame: trying costs the service nothing, and people wait for it."""


class LineState(StrEnum):
    """What we know of the connection to the payment service."""

    ONLINE = "online"
    OFFLINE = "offline"
    BUSY = "busy"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Line:
    """Connection as staff see it; times are monotonic seconds. ``next_try_at`` is None while online.

    ``last_contact`` is the last read that was answered. UNREADABLE: the service answers, but not about states.
    ``news`` is how news arrive beside what is read.
    """

    state: LineState
    last_contact: float | None
    next_try_at: float | None = None
    news: HintWay = HintWay.ASKED


# Answers about one order alone: another order may well be read.
_OF_ONE_ORDER = frozenset({Trouble.BAD_ANSWER, Trouble.TOO_LARGE})
# Somebody else answered, as a network does that wants a sign-in first.
_PORTAL = frozenset({Trouble.NOT_JSON, Trouble.REDIRECT})
_OWN_NETWORK = _PORTAL | {
    Trouble.NAME_LOOKUP,
    Trouble.TLS,
    Trouble.UNTRUSTED,
    Trouble.PROXY,
    Trouble.PROXY_PASSWORD,
    Trouble.PROXY_ABSENT,
}


def line_after(error: AppError) -> LineState | None:
    """The state of the line that a failed call shows; None when it is about one order alone, or about nothing."""
    match error:
        case ScopeRefused() | SignInRefused():
            return LineState.UNREADABLE
        case TooManyRequests():
            return LineState.BUSY
        case NotSent():
            if error.trouble in _OF_ONE_ORDER:
                return None
            # A token call that the service answered badly keeps the read here too, yet the line is there.
            return LineState.BUSY if error.trouble is Trouble.SERVER else LineState.OFFLINE
        case OutcomeUnknown():
            is_one = error.trouble in _OF_ONE_ORDER or (error.trouble is Trouble.SERVER and error.status == 500)
            if is_one:
                return None
            return LineState.OFFLINE if error.trouble in _PORTAL else LineState.BUSY
    return None


def pause_after(error: AppError, state: LineState, failures: int) -> float:
    """Seconds until the next try after so many failures in a row.

    Ever longer where the service may be to blame, so that the tills of a whole street do not stand in its way.
    """
    if state is LineState.UNREADABLE:
        return UNREADABLE_SECONDS
    asked: float | None = getattr(error, "retry_after", None)
    if asked is not None:
        return asked
    is_own = getattr(error, "trouble", None) in _OWN_NETWORK
    # Bounded twice: a till that is offline overnight counts more failures than a power of two can be written for.
    return min(OWN_NETWORK_SECONDS if is_own else 30.0, 2.0 ** min(failures, 5))
