"""Sorts what httpx raises by the one question that matters for money: can bytes of the request have left?"""

import socket
import ssl
from collections.abc import Iterator, Mapping

import httpx

from optty_desktop.api.proxy_knock import ProxyKnock
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


_UNKNOWN_AUTHORITY = frozenset({18, 19, 20, 21})
"""OpenSSL's codes (X509_V_ERR_…) for a chain that ends at nobody this computer knows; inspecting networks show such."""


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
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        has_stranger = any(getattr(cause, "verify_code", 0) in _UNKNOWN_AUTHORITY for cause in causes)
        return Trouble.UNTRUSTED if has_stranger else Trouble.TLS
    if is_at_proxy:
        return Trouble.PROXY_ABSENT
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return Trouble.NAME_LOOKUP
    return Trouble.CONNECT


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        cause = waiting.pop()
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__]
        if isinstance(cause, BaseExceptionGroup):
            waiting += cause.exceptions
