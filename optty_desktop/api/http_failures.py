"""Sorts what httpx raises by the one question that matters for money: can bytes of the request have left?"""

import socket
import ssl
from collections.abc import Iterator, Mapping

import httpx

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


def sorted_failure(error: Exception, *, through_proxy: bool, details: Mapping[str, str]) -> NotSent | OutcomeUnknown:
    """Return the failure in our own words; ``error`` is any exception of httpx or of the sockets below it."""
    if isinstance(error, NOT_SENT):
        return NotSent(_before_sending(error, through_proxy=through_proxy), details=details)
    trouble = Trouble.TIMEOUT if isinstance(error, httpx.TimeoutException) else Trouble.CUT
    return OutcomeUnknown(trouble, details=details)


def _before_sending(error: Exception, *, through_proxy: bool) -> Trouble:
    causes = list(_causes(error))
    if isinstance(error, httpx.ProxyError):
        return Trouble.PROXY
    if isinstance(error, httpx.TimeoutException):
        return Trouble.TIMEOUT
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Trouble.TLS
    if through_proxy:
        return Trouble.PROXY  # the proxy is the only machine that was dialled
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
