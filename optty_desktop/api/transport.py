"""Sends one HTTP call and brings back a whole answer, or says whether the call can have left this machine.

The network stack is imported, and the certificates are parsed, by a worker thread: on the thread of the window that
would be a pause of some 200 ms that a person sees.
"""

import asyncio
import logging
import secrets
import ssl
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from optty_desktop.api.bounded_body import BodyTooLarge, BodyUnreadable
from optty_desktop.api.exchange import Answer, CallKind
from optty_desktop.api.past_calls import KEPT, seconds_ahead
from optty_desktop.api.proxy_knock import ProxyKnock
from optty_desktop.core.diagnosis import PastCall
from optty_desktop.core.errors import NotSent, OutcomeUnknown, Trouble
from optty_desktop.core.network import Proxy

if TYPE_CHECKING:
    import httpx

    from optty_desktop.api.http_clients import HttpClients

log = logging.getLogger(__name__)

T = TypeVar("T")


class HttpTransport:
    """All HTTP of this program. Nothing of the process environment (proxies, certificates, .netrc) reaches it.

    ``ssl_context`` makes the one TLS context of all clients; by default the certificates of certifi.
    ``proxy`` finds the proxy the shop has set, and is asked again when a call did not get out; loopback never goes
    through it. ``new_id`` names an exchange for support, ``now`` is the time in UTC.
    """

    def __init__(
        self,
        user_agent: str,
        *,
        proxy: Callable[[], Awaitable[Proxy | None]] | None = None,
        ssl_context: Callable[[], ssl.SSLContext] | None = None,
        new_id: Callable[[], str] | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._find_proxy = proxy or straight
        self._ssl_context = ssl_context or trusted_by_certifi
        self._new_id = new_id or new_exchange_id
        self._now = now or utc_now
        self._calls: deque[PastCall] = deque(maxlen=KEPT)
        self._clients: HttpClients | None = None
        self._outdated: list[HttpClients] = []
        self._may_have_moved = False
        self._preparing = asyncio.Lock()

    @property
    def calls(self) -> tuple[PastCall, ...]:
        """The newest calls that have ended, oldest first."""
        return tuple(self._calls)

    async def prepare(self) -> None:
        """Load the network stack in a worker thread. The first call does it too, and more calls cost nothing.

        Raises NotSent when the certificates cannot be read.
        """
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
        started = time.monotonic()

        async def whole(clients: "HttpClients", knock: ProxyKnock) -> tuple[int, dict[str, str], bytes]:
            request = clients.request(method, url, headers=headers, content=content, knock=knock)
            return await clients.exchange(request, kind, details)

        status, answer_headers, body = await self._carry_out(whole, details, started, deadline)
        self._note(details, date=answer_headers.get("date", ""))
        return Answer(status, answer_headers, body, time.monotonic() - started, details)

    async def download(
        self, url: str, *, template: str, most: int, take: Callable[[bytes], None], deadline: float
    ) -> int:
        """Fetch a file once and return the status; the body of a 200 goes to ``take`` as it comes, which never raises.

        Raises NotSent or OutcomeUnknown, the latter with TOO_LARGE above ``most`` bytes: what was taken is then a part.
        """
        details = {"exchange": self._new_id(), "method": "GET", "host": host_of(url), "path": template}
        started = time.monotonic()

        async def streamed(clients: "HttpClients", knock: ProxyKnock) -> int:
            request = clients.request("GET", url, headers={}, content=None, knock=knock)
            return await clients.download(request, details, most, take)

        status = await self._carry_out(streamed, details, started, deadline)
        self._note(details)
        return status

    async def _carry_out(
        self,
        work: "Callable[[HttpClients, ProxyKnock], Awaitable[T]]",
        details: dict[str, str],
        started: float,
        deadline: float,
    ) -> T:
        """Do one call within its deadline; ``details`` hold how long it took. Raises NotSent or OutcomeUnknown."""
        knock = ProxyKnock()
        clients: HttpClients | None = None
        try:
            async with asyncio.timeout(deadline):
                clients = await self._ready()
                result = await work(clients, knock)
        except Exception as error:
            # Whatever it was: not surely before the first byte means that nobody knows.
            details["elapsed_ms"] = milliseconds_since(started)
            failure = self._failure(clients, error, knock, details)
            self._note(details, failure=f"{failure} ({type(error).__name__})")
            raise failure from error
        details["elapsed_ms"] = milliseconds_since(started)
        return result

    async def new_client(self) -> "httpx.AsyncClient":
        """Return a client of one's own by the way out of now, which is looked for again; whoever asks closes it.

        For what is no single exchange, such as a stream. Raises NotSent when the certificates cannot be read.
        """
        self._may_have_moved = True
        return (await self._ready()).new_client()

    async def close(self) -> None:
        """Close all connections. The transport may be used again afterwards."""
        outdated, self._outdated = self._outdated, []
        clients, self._clients = self._clients, None
        for one in (*outdated, *([clients] if clients is not None else [])):
            await one.close()

    async def _ready(self) -> "HttpClients":
        async with self._preparing:
            if self._clients is None or self._may_have_moved:
                self._clients = await self._renewed(self._clients)
            return self._clients

    async def _renewed(self, present: "HttpClients | None") -> "HttpClients":
        """Return clients for the proxy of now. Calls under way keep those they began with. Raises NotSent."""
        proxy = await self._find_proxy()
        self._may_have_moved = False
        if present is not None and present.proxy == proxy:
            return present
        try:
            clients = await asyncio.to_thread(self._load, proxy)
        except OSError as error:
            # Certificates that were there at the start are gone.
            raise NotSent(Trouble.TLS) from error
        if present is not None:
            self._outdated.append(present)
        return clients

    def _load(self, proxy: Proxy | None) -> "HttpClients":
        from optty_desktop.api.http_clients import HttpClients

        return HttpClients(self._ssl_context(), proxy, self._user_agent)

    def _note(self, details: Mapping[str, str], *, failure: str = "", date: str = "") -> None:
        """Remember and log one exchange; only what ``details`` holds ever reaches a log."""
        received, milliseconds = self._now(), int(details["elapsed_ms"])
        call = PastCall(
            exchange=details["exchange"],
            at=received,
            method=details["method"],
            host=details["host"],
            path=details["path"],
            status=int(details["status"]) if "status" in details else None,
            failure=failure,
            milliseconds=milliseconds,
            ahead=seconds_ahead(date, received - timedelta(milliseconds=milliseconds), received),
        )
        self._calls.append(call)
        log.info("%s", call.line)

    def _failure(
        self, clients: "HttpClients | None", error: Exception, knock: ProxyKnock, details: dict[str, str]
    ) -> NotSent | OutcomeUnknown:
        if isinstance(error, NotSent):
            return NotSent(error.trouble, details=details)
        if clients is None:
            return NotSent(Trouble.TIMEOUT if isinstance(error, TimeoutError) else Trouble.CONNECT, details=details)
        if isinstance(error, BodyTooLarge):
            return OutcomeUnknown(Trouble.TOO_LARGE, details=details)
        if isinstance(error, BodyUnreadable):
            return OutcomeUnknown(Trouble.BAD_ANSWER, details=details)
        failure = clients.sorted(error, knock, details)
        if isinstance(failure, NotSent):
            self._may_have_moved = True
        return failure


async def straight() -> Proxy | None:
    """Return that there is no proxy."""
    return None


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


def utc_now() -> datetime:
    """Return the time of this computer in UTC."""
    return datetime.now(UTC)
