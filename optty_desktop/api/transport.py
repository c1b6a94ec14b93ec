"""Sends one HTTP call and brings back a whole answer, or says whether the call can have left this machine.

The network stack is imported, and the certificates are parsed, by a worker thread: on the thread of the window that
would be a pause of some 200 ms that a person sees.
"""

import asyncio
import logging
import secrets
import ssl
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from optty_desktop.api.bounded_body import BodyTooLarge, BodyUnreadable
from optty_desktop.api.exchange import Answer, CallKind
from optty_desktop.core.errors import NotSent, OutcomeUnknown, Trouble

if TYPE_CHECKING:
    from optty_desktop.api.http_clients import HttpClients

log = logging.getLogger(__name__)


class HttpTransport:
    """All HTTP of this program. Nothing of the process environment (proxies, certificates, .netrc) reaches it.

    ``ssl_context`` makes the one TLS context of all clients; by default the certificates of certifi.
    ``proxy`` is an http:// or https:// address the shop has set; loopback never goes through it. ``new_id`` names an
    exchange for support. Raises ValueError for another kind of proxy.
    """

    def __init__(
        self,
        user_agent: str,
        *,
        proxy: str | None = None,
        ssl_context: Callable[[], ssl.SSLContext] | None = None,
        new_id: Callable[[], str] | None = None,
    ) -> None:
        if proxy is not None and urlsplit(proxy).scheme not in ("http", "https"):
            raise ValueError("a proxy is an http or https address")
        self._user_agent = user_agent
        self._proxy = proxy
        self._ssl_context = ssl_context or trusted_by_certifi
        self._new_id = new_id or new_exchange_id
        self._clients: HttpClients | None = None
        self._preparing = asyncio.Lock()

    @property
    def has_proxy(self) -> bool:
        """Whether calls to other computers go through a proxy."""
        return self._proxy is not None

    async def prepare(self) -> None:
        """Load the network stack in a worker thread. The first call does it too, and more calls cost nothing."""
        await self._ready()

    async def send(
        self,
        method: str,
        url: str,
        *,
        template: str,
        headers: Mapping[str, str],
        kind: CallKind,
        deadline: float,
        content: bytes | None = None,
    ) -> Answer:
        """Make the call once and return the answer, whatever its status. ``deadline`` is seconds for all of it.

        ``template`` is the path without values, for logs. Raises NotSent or OutcomeUnknown; cancelling the task leaves
        a money call with an unknown outcome, which is for the caller to keep.
        """
        details = {"exchange": self._new_id(), "method": method, "host": host_of(url), "path": template}
        clients = await self._ready()
        started = time.monotonic()
        try:
            async with asyncio.timeout(deadline):
                request = clients.request(method, url, headers=headers, content=content)
                status, answer_headers, body = await clients.exchange(request, kind, details)
        except Exception as error:
            # Whatever it was: not surely before the first byte means that nobody knows.
            details["elapsed_ms"] = milliseconds_since(started)
            failure = self._failure(clients, error, details)
            _log(details, f"{failure} ({type(error).__name__})")
            raise failure from error
        details["elapsed_ms"] = milliseconds_since(started)
        _log(details, "answered")
        return Answer(status, answer_headers, body, time.monotonic() - started, details)

    async def close(self) -> None:
        """Close all connections. The transport may be used again afterwards."""
        clients, self._clients = self._clients, None
        if clients is not None:
            await clients.close()

    async def _ready(self) -> "HttpClients":
        async with self._preparing:
            if self._clients is None:
                self._clients = await asyncio.to_thread(self._load)
            return self._clients

    def _load(self) -> "HttpClients":
        from optty_desktop.api.http_clients import HttpClients

        return HttpClients(self._ssl_context(), self._proxy, self._user_agent)

    def _failure(self, clients: "HttpClients", error: Exception, details: dict[str, str]) -> NotSent | OutcomeUnknown:
        if isinstance(error, TimeoutError):
            return OutcomeUnknown(Trouble.TIMEOUT, details=details)
        if isinstance(error, BodyTooLarge):
            return OutcomeUnknown(Trouble.TOO_LARGE, details=details)
        if isinstance(error, BodyUnreadable):
            return OutcomeUnknown(Trouble.BAD_ANSWER, details=details)
        return clients.sorted(error, details)


def trusted_by_certifi() -> ssl.SSLContext:
    """Return a context that checks servers against certifi's certificates, TLS 1.2 or newer.

    ``ssl.create_default_context`` is not used: it obeys SSLKEYLOGFILE, which would write down every session's keys.
    """
    import certifi

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(certifi.where())
    return context


def new_exchange_id() -> str:
    """Return a short name for one exchange that a person can read out, such as "5F20-C7A1"."""
    text = secrets.token_hex(4).upper()
    return f"{text[:4]}-{text[4:]}"


def host_of(url: str) -> str:
    """Return the host of an address, for logs; nothing when it has none that can be read."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def milliseconds_since(started: float) -> str:
    """Return whole milliseconds since a monotonic time, as text."""
    return str(round((time.monotonic() - started) * 1000))


def _log(details: Mapping[str, str], outcome: str) -> None:
    """Note one exchange; only what ``details`` holds ever reaches a log."""
    what = f"{details['exchange']} {details['method']} {details['host']}{details['path']}"
    log.info("%s: %s, status %s, %s ms", what, outcome, details.get("status", "-"), details["elapsed_ms"])
