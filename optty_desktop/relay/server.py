"""uvicorn for the relay: who neither sends a head nor reads is given up, and the end waits for what is being stored."""

import asyncio
import contextlib
import ipaddress
import socket
import ssl
import sys
from collections.abc import Callable, Generator
from typing import Final, cast

from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle
from uvicorn.server import Server

from optty_desktop.relay.config import RelayConfig
from optty_desktop.relay.problems import RelayProblem

HEAD_SECONDS: Final = 10.0
STALL_SECONDS: Final = 45.0
"""How long the other end may leave anything unread, be it a line of a stream or an answer."""

UNREAD_BYTES: Final = 64 * 1024
"""What the system keeps for a connection until the other end has read it. It reports room when a third of that is free:
with the megabytes it may take otherwise, who reads slowly would look like one who does not read."""

_END_SECONDS: Final = 5.0
_TICK_SECONDS: Final = 0.1
_LARGEST_HEAD: Final = 16 * 1024
_BACKLOG: Final = 512


class PatientProtocol(H11Protocol):
    """uvicorn's protocol, patient for ten seconds with a head, and for ``STALL_SECONDS`` with whoever does not read."""

    _giving_up: asyncio.TimerHandle | None = None
    _stalling: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNREAD_BYTES)
        transport.set_write_buffer_limits(high=1)  # what is left unread is noticed; with 0, TLS would never go on
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Stop waiting when a head is whole; begin when a later one has begun."""
        before = cast("RequestResponseCycle | None", self.cycle)
        is_between = before is None or before.response_complete
        super().data_received(data)
        if self.cycle is not before:
            self._stop_waiting()
        elif is_between:
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop_waiting()
        self._end_stall()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Begin to wait for the other end to read."""
        super().pause_writing()
        self._stalling = self.loop.call_later(STALL_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop waiting: all is read."""
        self._end_stall()
        super().resume_writing()

    def _end_stall(self) -> None:
        if self._stalling is not None:
            self._stalling.cancel()
            self._stalling = None

    def _wait_for_head(self) -> None:
        if self._giving_up is None:
            self._giving_up = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None


class RelayServer(Server):
    """Signals are the caller's business; ``stop`` may be called from any thread or a signal handler."""

    def __init__(self, app: ASGIApp, config: RelayConfig, before_end: Callable[[], None]) -> None:
        """Raise RelayProblem for a certificate or key that cannot be used. ``before_end`` lets streams go."""
        settings = Config(
            app,
            http=PatientProtocol,
            ws="none",
            loop="asyncio",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=config.limits.connections,
            h11_max_incomplete_event_size=_LARGEST_HEAD,
            ssl_certfile=config.certificate,
            ssl_keyfile=config.key,
        )
        try:
            settings.load()
        except (OSError, ssl.SSLError) as error:
            raise RelayProblem("The certificate and its key cannot be used together.") from error
        super().__init__(settings)
        self._before_end = before_end
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()

    def stop(self) -> None:
        """End soon: take no more connections, finish what is being answered."""
        self.should_exit = True
        if self._loop and not self._loop.is_closed():
            with contextlib.suppress(RuntimeError):  # closed in between: it has ended already
                self._loop.call_soon_threadsafe(self._woken.set)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, so that ``stop`` is heard at once."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)

    async def main_loop(self) -> None:
        """Keep uvicorn's clock until told to stop."""
        counter = 0
        while not await self.on_tick(counter):
            counter += 1
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_TICK_SECONDS):
                    await self._woken.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let streams go, take nobody in any more, finish what is being answered, and drop the rest."""
        self._before_end()
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if tasks := set(self.server_state.tasks):
            await asyncio.wait(tasks, timeout=_END_SECONDS)
        for task in self.server_state.tasks:
            task.cancel()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # lets the aborted connections close their sockets

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave the signal handlers alone."""
        yield


def bound_socket(config: RelayConfig) -> socket.socket:
    """Return the listening socket. Raises OSError when the address is taken or not of this computer."""
    family = socket.AF_INET6 if ipaddress.ip_address(config.host).version == 6 else socket.AF_INET
    # asyncio switches Nagle's delay off only where the protocol is named; without it each answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":  # there the option would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((config.host, config.port))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener
