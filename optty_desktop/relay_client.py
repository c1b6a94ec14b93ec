"""The client with which calls to the shop's relay leave this computer, by the same way as all others."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from optty_desktop.core.errors import Trouble
from optty_desktop.core.network import Proxy
from optty_desktop.core.relay_failures import NotReached
from optty_desktop.way_out import WayOut

if TYPE_CHECKING:
    import httpx


def relay_client(way_out: WayOut, user_agent: str) -> Callable[[], Awaitable["httpx.AsyncClient"]]:
    """Return what makes a client, in a worker thread. It raises NotReached when certificates cannot be read."""

    def make(proxy: Proxy | None) -> "httpx.AsyncClient":
        from optty_desktop.api.http_clients import fresh_client

        return fresh_client(way_out.ssl_context(), proxy, user_agent)

    async def open_client() -> "httpx.AsyncClient":
        try:
            return await asyncio.to_thread(make, await way_out.proxy())
        except OSError as error:
            raise NotReached(Trouble.TLS) from error

    return open_client
