"""The httpx clients. Imported by a worker thread only, since importing httpx takes some 200 ms."""

import contextlib
import importlib
import importlib.util
import logging
import ssl
import sys
from collections.abc import Callable, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

import httpx

from optty_desktop.api.bounded_body import hand_over, read_body
from optty_desktop.api.exchange import CallKind
from optty_desktop.api.http_failures import sorted_failure
from optty_desktop.api.proxy_knock import ProxyKnock
from optty_desktop.core.errors import NotSent, OutcomeUnknown
from optty_desktop.core.network import Proxy

CONNECT_SECONDS: Final = 5.0
"""For connection and TLS each. Well below every deadline, so that a dead line is known as "not sent"."""

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
"""This computer, which is never reached through a proxy."""

# What httpx loads only when the first call is made; the first call should not pay for it on the window's thread.
_LOADED_LATE: Final = ("anyio._backends._asyncio", "encodings.idna")
# What it looks for anew on every call where it is not installed: on the disk, on the window's thread.
_LOOKED_FOR: Final = ("sniffio",)

for _name in ("httpx", "httpcore"):
    # They log full addresses and headers at lower levels.
    logging.getLogger(_name).setLevel(logging.WARNING)


class HttpClients:
    """Two clients on one TLS context: one keeps connections open for reads, one makes a fresh connection each time."""

    def __init__(self, context: ssl.SSLContext, proxy: Proxy | None, user_agent: str) -> None:
        _load_the_rest()
        self.proxy = proxy
        self._context, self._user_agent = context, user_agent
        self._keeping = _client(context, proxy, user_agent, httpx.Limits(max_keepalive_connections=4))
        self._fresh = fresh_client(context, proxy, user_agent)

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str], content: bytes | None, knock: ProxyKnock
    ) -> httpx.Request:
        """Return the request, whose steps ``knock`` will hear. Raises httpx.InvalidURL for an address that is none."""
        return self._fresh.build_request(method, url, headers=headers, content=content, extensions={"trace": knock})

    async def exchange(
        self, request: httpx.Request, kind: CallKind, details: dict[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        """Send once; return status, headers and body. Notes the status in ``details`` as soon as it is known."""
        client = self._keeping if kind is CallKind.READ else self._fresh
        response = await client.send(request, stream=True)
        try:
            details["status"] = str(response.status_code)
            headers = {name.lower(): value for name, value in response.headers.items()}
            body = await read_body(response.aiter_raw(), headers.get("content-encoding", ""))
        finally:
            await response.aclose()
        return response.status_code, headers, body

    async def download(
        self, request: httpx.Request, details: dict[str, str], most: int, take: Callable[[bytes], None]
    ) -> int:
        """Send once and return the status; the body of a 200 goes to ``take`` as it comes, at most ``most`` bytes."""
        response = await self._fresh.send(request, stream=True)
        try:
            details["status"] = str(response.status_code)
            if response.status_code == httpx.codes.OK:
                await hand_over(response.aiter_raw(), response.headers.get("content-encoding", ""), most, take)
        finally:
            await response.aclose()
        return response.status_code

    def sorted(self, error: Exception, knock: ProxyKnock, details: Mapping[str, str]) -> NotSent | OutcomeUnknown:
        """Return a failure of ``exchange`` in our own words; ``details["proxy"]`` is the place of a proxy it used."""
        if self.proxy is None or details["host"] in LOOPBACK:
            return sorted_failure(error, details=details)
        return sorted_failure(error, knock, details={**details, "proxy": self.proxy.place})

    def new_client(self) -> httpx.AsyncClient:
        """Return one more client on the same way out, for whoever closes it again."""
        return _client(self._context, self.proxy, self._user_agent, httpx.Limits(max_keepalive_connections=2))

    async def close(self) -> None:
        """Close the connections of both clients."""
        await self._keeping.aclose()
        await self._fresh.aclose()


def fresh_client(context: ssl.SSLContext, proxy: Proxy | None, user_agent: str) -> httpx.AsyncClient:
    """Return a client that makes a fresh connection for each call, follows nothing and keeps nothing."""
    _load_the_rest()
    return _client(context, proxy, user_agent, httpx.Limits(max_keepalive_connections=0))


def _load_the_rest() -> None:
    for name in _LOADED_LATE:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    for name in _LOOKED_FOR:
        if name not in sys.modules and importlib.util.find_spec(name) is None:
            sys.modules[name] = None  # type: ignore[assignment]  # Python's own sign for "there is none"


def _client(context: ssl.SSLContext, proxy: Proxy | None, user_agent: str, limits: httpx.Limits) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        verify=context,
        proxy=_proxy(proxy, context),
        mounts={f"all://[{host}]" if ":" in host else f"all://{host}": None for host in LOOPBACK},
        trust_env=False,
        follow_redirects=False,
        http2=False,
        limits=limits,
        # Reading and writing are bounded by the deadline of the whole call.
        timeout=httpx.Timeout(None, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS),
        headers={"User-Agent": user_agent, "Accept-Encoding": "identity"},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        event_hooks={"response": [_forget_location]},
    )


def _proxy(proxy: Proxy | None, context: ssl.SSLContext) -> httpx.Proxy | None:
    if proxy is None:
        return None
    names = (proxy.user, proxy.password) if proxy.user else None
    return httpx.Proxy(proxy.address, auth=names, ssl_context=context if proxy.address.startswith("https:") else None)


async def _forget_location(response: httpx.Response) -> None:
    """Keep httpx from building the next request of a redirect: that fails on odd addresses, and is never sent."""
    response.headers.pop("location", None)
