"""What stands behind an error of the network: its causes, and what they say of the line before anything was sent."""

import socket
import ssl
from collections.abc import Iterator
from typing import Final

from optty_desktop.core.errors import Trouble

_UNKNOWN_AUTHORITY: Final = frozenset({18, 19, 20, 21})
"""OpenSSL's codes (X509_V_ERR_…) for a chain that ends at nobody this computer knows; inspecting networks show such."""


def causes_of(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what led to it, each once, also where several lines were tried at once."""
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


def tls_trouble(error: BaseException) -> Trouble | None:
    """Return what is wrong with the encryption; None where that is not what failed."""
    causes = list(causes_of(error))
    if not any(isinstance(cause, ssl.SSLError) for cause in causes):
        return None
    is_stranger = any(getattr(cause, "verify_code", 0) in _UNKNOWN_AUTHORITY for cause in causes)
    return Trouble.UNTRUSTED if is_stranger else Trouble.TLS


def connect_trouble(error: BaseException) -> Trouble:
    """Return why nobody was reached at all."""
    is_unknown_name = any(isinstance(cause, socket.gaierror) for cause in causes_of(error))
    return Trouble.NAME_LOOKUP if is_unknown_name else Trouble.CONNECT
