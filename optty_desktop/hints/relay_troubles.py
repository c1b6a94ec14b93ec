"""What goes wrong on the way to the relay, in our own words: whether anything left this machine, and why not.

Imports httpx, which takes a while: whoever imports this has loaded it in a worker thread before.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpx

from optty_desktop.core.causes import connect_trouble, tls_trouble
from optty_desktop.core.errors import AppError, Trouble
from optty_desktop.core.relay_failures import NoRelayAnswer, NotReached, RelayFailure

_NOT_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
    httpx.LocalProtocolError,
    httpx.ProxyError,
)


@contextmanager
def in_our_words() -> Iterator[None]:
    """Raise what a call fails with as a RelayFailure; what is in our words already goes on as it is."""
    try:
        yield
    except AppError:
        raise
    except Exception as error:  # noqa: BLE001  httpx and the sockets below it raise of many kinds
        # Without its cause: that holds the request, and with it code or token.
        raise _failure(error) from None


def _failure(error: Exception) -> RelayFailure:
    if isinstance(error, _NOT_SENT):
        return NotReached(_before_sending(error))
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return NoRelayAnswer(Trouble.TIMEOUT)
    return NoRelayAnswer(Trouble.CUT)


def _before_sending(error: Exception) -> Trouble:
    if isinstance(error, httpx.ProxyError):
        return Trouble.PROXY_PASSWORD if str(error).startswith("407") else Trouble.PROXY
    if isinstance(error, httpx.TimeoutException):
        return Trouble.TIMEOUT
    return tls_trouble(error) or connect_trouble(error)
