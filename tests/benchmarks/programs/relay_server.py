"""``relay_server KIND FOLDER TILLS [URL]``: an echo, or a relay on SQLite or JetStream, with tills that are paired.

Tells its port; what the tills hold is in ``FOLDER/tills.json``. Serves until SIGTERM.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from optty_desktop.relay.app import RelayService
from optty_desktop.relay.bell import Bell
from optty_desktop.relay.config import JetStream, Limits, Merchant, RelayConfig, Shop
from optty_desktop.relay.jetstream.desk import Desk
from optty_desktop.relay.jetstream.facts import Facts
from optty_desktop.relay.jetstream.layout import Layout
from optty_desktop.relay.jetstream.link import Link
from optty_desktop.relay.moments import stamp, utc_now
from optty_desktop.relay.server import RelayServer, bound_socket
from optty_desktop.relay.store import Store
from optty_desktop.relay.tills import new_code, pair
from tests.benchmarks.programs.told import tell

SECRET = "load-0123456789abcdef0123456789abcdef0123456789"
SHOPS = 20
_ROOMY = Limits(notices_per_second=100_000, connections=5000)


def config_of(kind: str, folder: Path, servers: list[str]) -> RelayConfig:
    """One merchant with some shops, each with the prefix of its number."""
    shops = tuple(Shop("load", f"shop-{number}", frozenset({f"T{number}"})) for number in range(SHOPS))
    jetstream = JetStream(tuple(servers), 1) if kind == "jetstream" else None
    merchants = {"load": Merchant("load", "live", (SECRET,), shops)}
    return RelayConfig("127.0.0.1", 0, folder / "data", merchants, limits=_ROOMY, jetstream=jetstream)


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Read a body and answer: what uvicorn does with nothing behind it."""
    while (await receive()).get("more_body"):
        pass
    answer = b'{"received":true}'
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(answer))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


async def tokens_of(config: RelayConfig, service: RelayService, count: int) -> list[str]:
    """Pair tills of the first shop without HTTP, which lets in five a second; return their tokens."""
    now, names = stamp(utc_now()), [f"Till {number}" for number in range(count)]
    if isinstance(service.store, Store):
        paired = [
            await service.store.run(
                lambda connection, name=name: pair(connection, new_code(connection, "load/shop-0", name, now), now)  # type: ignore[misc]
            )
            for name in names
        ]
    else:
        assert config.jetstream is not None
        link = await Link.open(config.jetstream)
        layout = await Layout.open(link, config)
        desk = Desk(link, layout, Facts(link, layout.facts, lambda _: None))
        paired = [
            await desk.pair(await desk.new_code("load/shop-0", name, now), now, lambda _shop: None) for name in names
        ]
        await link.close()
    return [token for one in paired if one is not None for token in one[1:]]


async def serve(kind: str, folder: Path, tills: int, servers: list[str]) -> None:
    """Serve until SIGTERM."""
    config = config_of(kind, folder, servers)
    app: ASGIApp = echo
    service: RelayService | None = None
    if kind != "echo":
        service = await RelayService.open(config)
        app = service.app
        (folder / "tills.json").write_text(json.dumps(await tokens_of(config, service, tills)))
    server = RelayServer(app, config, service.let_go if service else Bell().stop)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.stop)
    with bound_socket(config) as listener:
        tell(port=listener.getsockname()[1])
        in_order = asyncio.ensure_future(service.keep_in_order()) if service else None
        await server.serve(sockets=[listener])
        if service and in_order:
            await in_order
            await service.close()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]))
