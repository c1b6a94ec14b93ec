"""Sorts what httpx raises by the one question that matters for money: can bytes of the request have left?"""

from collections.abc import Mapping

import httpx

from optty_desktop.api.proxy_knock import ProxyKnock
from optty_desktop.core.causes import connect_trouble, tls_trouble
from optty_desktop.core.errors import NotSent, OutcomeUnknown, Trouble

NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
    httpx.LocalProtocolError,
    httpx.ProxyError,
)
"""Raised before the first byte of the request was written. Everything else leaves the outcome unknown."""


def sorted_failure(
    error: Exception, knock: ProxyKnock | None = None, *, details: Mapping[str, str]
) -> NotSent | OutcomeUnknown:
    """Return the failure in our own words; ``error`` is any exception of httpx or of the sockets below it.

    ``knock`` is what was heard of the call if it went through a proxy.
    """
    if knock is not None and (knock.is_asking or isinstance(error, httpx.ProxyError)):
        return NotSent(_at_proxy(error), details=details)
    if isinstance(error, NOT_SENT):
        return NotSent(_before_sending(error, knock), details=details)
    trouble = Trouble.TIMEOUT if isinstance(error, httpx.TimeoutException | TimeoutError) else Trouble.CUT
    return OutcomeUnknown(trouble, details=details)


def _at_proxy(error: Exception) -> Trouble:
    """The proxy was reached and opened no tunnel."""
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return Trouble.PROXY_ABSENT
    return Trouble.PROXY_PASSWORD if str(error).startswith("407 ") else Trouble.PROXY


def _before_sending(error: Exception, knock: ProxyKnock | None) -> Trouble:
    # Until the tunnel stands the proxy is the only machine that was dialled.
    is_at_proxy = knock is not None and not knock.is_through
    if isinstance(error, httpx.TimeoutException):
        return Trouble.PROXY_ABSENT if is_at_proxy else Trouble.TIMEOUT
    if (trouble := tls_trouble(error)) is not None:
        return trouble
    return Trouble.PROXY_ABSENT if is_at_proxy else connect_trouble(error)
