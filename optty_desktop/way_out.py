"""How calls leave this computer, from the shop's file, the operating system and the keychain."""

import asyncio
import logging
import ssl
from collections.abc import Callable
from dataclasses import replace

from optty_desktop.api.transport import trusted_by_certifi
from optty_desktop.core.errors import KeychainProblem
from optty_desktop.core.network import Proxy, Trust, Way
from optty_desktop.system.keychain import OsKeychain
from optty_desktop.system.network_settings import NetworkSettings

log = logging.getLogger(__name__)


def way_of(settings: NetworkSettings, proxy: Proxy | None) -> Way:
    """Return the way of a shop with these settings, through this proxy."""
    return Way(proxy, settings.trust, settings.extra_ca.name if settings.extra_ca is not None else "")


class WayOut:
    """Finds the proxy and makes the TLS context for all calls. ``desktop_proxy`` is asked in a worker thread."""

    def __init__(
        self, settings: NetworkSettings, keychain: OsKeychain, desktop_proxy: Callable[[], Proxy | None]
    ) -> None:
        self._settings, self._keychain, self._desktop_proxy = settings, keychain, desktop_proxy
        self._found = settings.proxy

    @property
    def known(self) -> Way:
        """The way as far as it is known now; a proxy of the operating system only once it was looked for."""
        return way_of(self._settings, self._found)

    async def proxy(self) -> Proxy | None:
        """Return the proxy of now with its password, if the keychain has one; None to go straight out."""
        if self._settings.asks_system:
            self._found = await asyncio.to_thread(self._desktop_proxy)
        proxy = self._found
        if proxy is None or not proxy.user:
            return proxy
        return replace(proxy, password=await self._password(proxy.user))

    def ssl_context(self) -> ssl.SSLContext:
        """Return the context that believes whom the shop believes; takes a while. Raises OSError."""
        context = self._trusting()
        if self._settings.extra_ca is not None:
            context.load_verify_locations(self._settings.extra_ca)
        return context

    def _trusting(self) -> ssl.SSLContext:
        if self._settings.trust is Trust.BUNDLED:
            return trusted_by_certifi()
        from optty_desktop.system.authorities import trusted_by_system

        return trusted_by_system()

    async def _password(self, user: str) -> str:
        """Without a password the proxy itself says that it wants one, and names itself in the sentence for staff."""
        try:
            return await self._keychain.load_proxy_password(user) or ""
        except KeychainProblem as problem:
            log.warning("no password for the proxy: %s", problem)
            return ""
