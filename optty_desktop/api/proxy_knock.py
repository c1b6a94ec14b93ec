"""How far a call has come at a proxy: what is asked of the proxy itself carries nothing of the request."""

from collections.abc import Mapping
from typing import Any, Final

_TUNNEL_STANDS: Final = "proxy.start_tls.started"
_AFTERWARDS: Final = "http11.response_closed.started"
"""Tidying up, which is told before what went wrong."""


class ProxyKnock:
    """Listens to the steps of one call, as httpcore names them.

    ``is_asking``: the proxy is being asked for a tunnel, so whatever goes wrong now, nothing has left. It is only ever
    true on evidence; each step that is not part of asking ends it. ``is_through``: the proxy has opened the tunnel.
    """

    def __init__(self) -> None:
        self.is_asking = False
        self.is_through = False

    async def __call__(self, step: str, facts: Mapping[str, Any]) -> None:
        """Take note of one step."""
        if not step.endswith(".started") or step == _AFTERWARDS:
            return
        request = facts.get("request")
        self.is_asking = getattr(request, "method", b"") == b"CONNECT"
        self.is_through = self.is_through or step == _TUNNEL_STANDS
