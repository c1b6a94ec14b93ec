"""The relay put together: one store, the doors for notices and for tills, and what keeps the store in order."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp

from optty_desktop.relay import event_log
from optty_desktop.relay.bell import Bell
from optty_desktop.relay.config import RelayConfig
from optty_desktop.relay.engine import Engine
from optty_desktop.relay.exchange import Endpoint, Handler, Refused, answer
from optty_desktop.relay.figures import MEDIA_TYPE, Figures
from optty_desktop.relay.ingress import PATH, Ingress
from optty_desktop.relay.moments import Clock, utc_now
from optty_desktop.relay.problems import StoreUnavailable, needing_nats
from optty_desktop.relay.schema import Connect, connect
from optty_desktop.relay.store import Store
from optty_desktop.relay.stream import SILENCE_SECONDS, Stream
from optty_desktop.relay.till_desk import TillDesk

LOOK_SECONDS: Final = 1.0
"""Between two looks for what another process, such as an administrator's command, did to the store."""

_SWEEP_SECONDS: Final = 3600.0


class RelayService:
    """Everything behind one address. ``app`` is the ASGI app. Belongs to the event loop that opened it."""

    def __init__(
        self, config: RelayConfig, store: Engine, bell: Bell, figures: Figures, silence_seconds: float
    ) -> None:
        self.store = store
        self.figures = figures
        self._config = config
        self._bell = bell
        self._ingress = Ingress(config, store, figures)
        self._desk = TillDesk(config, store, figures)
        self._stream = Stream(store, bell, figures, config.limits.streams_per_till, silence_seconds)
        self.app: ASGIApp = Router(self._routes(), redirect_slashes=False, default=Endpoint(_nothing))

    @classmethod
    async def open(
        cls,
        config: RelayConfig,
        *,
        clock: Clock = utc_now,
        silence_seconds: float = SILENCE_SECONDS,
        connect: Connect = connect,
    ) -> "RelayService":
        """Open the store. Raises StoreUnavailable."""
        bell, figures = Bell(), Figures()
        if config.jetstream is None:
            store: Engine = await Store.open(config, bell, figures, clock, connect)
        else:
            with needing_nats():
                from optty_desktop.relay.jetstream.engine import JetStreamEngine
            store = await JetStreamEngine.open(config, bell, figures, clock)
        return cls(config, store, bell, figures, silence_seconds)

    async def keep_in_order(self) -> None:
        """Notice what other processes did, and let go of what is old, until ``let_go``; neither waits for the other."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._again(self._look, LOOK_SECONDS))
            group.create_task(self._again(self._sweep, _SWEEP_SECONDS))

    def let_go(self) -> None:
        """End all streams and waits, so that the server can end."""
        self._bell.stop()

    async def close(self) -> None:
        """Finish what was handed to the store and close it."""
        await self.store.close()

    async def _again(self, work: Callable[[], Awaitable[None]], seconds: float) -> None:
        """Do it again and again, whatever happens: without the relay's looks, nobody would be shut out."""
        while not self._bell.is_stopping:
            try:
                await work()
            except StoreUnavailable:
                pass  # it is counted, and logged once
            except Exception as error:  # noqa: BLE001  it is written down
                event_log.alarm("unexpected", error=event_log.places(error))
            await self._bell.pause(seconds)

    async def _look(self) -> None:
        await self.store.look_for_changes()

    async def _sweep(self) -> None:
        if dropped := await self.store.sweep(self._config.retention_days):
            event_log.note("erased", count=dropped)

    def _routes(self) -> list[BaseRoute]:
        return [
            _route("POST", PATH, self._ingress.receive),
            _route("POST", "/v1/pair", self._desk.pair),
            _route("POST", "/v1/renew", self._desk.renew),
            _route("GET", "/v1/head", self._desk.head),
            _waiting_route("/v1/stream", self._stream.follow),
            _waiting_route("/v1/events", self._stream.poll),
            _route("GET", "/v1/events/{seq:int}", self._desk.report),
            _route("PUT", "/v1/lease/{invoice:path}", self._desk.take_lease),
            _route("DELETE", "/v1/lease/{invoice:path}", self._desk.give_lease_back),
            _route("POST", "/v1/heads", self._desk.add_head),
            _route("GET", "/healthz", self._health),
            _route("GET", "/metrics", self._metrics),
        ]

    async def _health(self, _request: Request) -> Response:
        """``GET /healthz``: whether the store can be written, and the last notice was stored."""
        await self.store.check()
        if self.figures.is_store_failing:
            raise StoreUnavailable("The last notice could not be stored.")
        return answer({"status": "ok"})

    async def _metrics(self, _request: Request) -> Response:
        return Response(self.figures.text(), media_type=MEDIA_TYPE)


def _route(method: str, path: str, handle: Handler) -> BaseRoute:
    return Route(path, Endpoint(handle), methods=[method])


def _waiting_route(path: str, handle: Handler) -> BaseRoute:
    """Return a route for GET alone: HEAD would wait for hints and be told none."""
    route = Route(path, Endpoint(handle))
    route.methods = {"GET"}
    return route


async def _nothing(_request: Request) -> Response:
    raise Refused(404, "There is nothing here.", connection="close")
