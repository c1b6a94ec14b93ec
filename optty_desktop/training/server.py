"""The pretend Optty listening on the loopback address, in a thread of its own."""

import asyncio
import contextlib
import socket
import sys
import threading
from collections.abc import Callable, Generator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.server import Server

from optty_desktop.training.app import TrainingService, random_reference, utc_now
from optty_desktop.training.archive import Archive
from optty_desktop.training.switches import Automation, Switches
from optty_desktop.training.transport import SeverableProtocol

LOOPBACK = "127.0.0.1"
_START_SECONDS = 10
_TICK_SECONDS = 0.1


class LoopbackServer(Server):
    """uvicorn, quick to stop: open connections are dropped. Signals are the caller's business."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            Config(
                app,
                http=SeverableProtocol,
                ws="none",
                loop="asyncio",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
            )
        )
        self.listens = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()

    def stop(self) -> None:
        """End soon; from any thread or a signal handler."""
        self.should_exit = True
        if self._loop and not self._loop.is_closed():
            with contextlib.suppress(RuntimeError):  # closed in between: it has ended already
                self._loop.call_soon_threadsafe(self._woken.set)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so to whoever waits for it."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self.listens.set()

    async def main_loop(self) -> None:
        """Keep uvicorn's clock until told to stop."""
        counter = 0
        while not await self.on_tick(counter):
            counter += 1
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_TICK_SECONDS):
                    await self._woken.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close everything at once."""
        # Connections half accepted come first: one whose server is closed already would never close its socket.
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            self._abort_connections()
            for task in self.server_state.tasks:
                task.cancel()
            await asyncio.wait(others)
        for server in self.servers:
            server.close()
        self._abort_connections()
        await asyncio.sleep(0)  # lets the aborted connections close their sockets

    def _abort_connections(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave the signal handlers alone."""
        yield


def bound_socket(port: int) -> socket.socket:
    """A listening socket on the loopback address; port 0 means a free one. Raises OSError if it is taken."""
    # asyncio switches Nagle's delay off only where the protocol is named; without it each answer waits 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":  # there the option would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def address_of(listener: socket.socket) -> str:
    """The URL of a listening socket."""
    return f"http://{LOOPBACK}:{listener.getsockname()[1]}"


class TrainingServer:
    """The service in a daemon thread, as a context manager; inside the ``with`` block it listens.

    ``url``, ``client_id``, ``client_secret`` and ``control_token`` are new on every start. ``ledger``,
    ``faults``, ``customer`` and ``switches`` may be used from any thread. Entering raises OSError when the port
    is taken.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        ledger_path: Path | None = None,
        automation: Automation | None = None,
        switches: Switches | None = None,
        clock: Callable[[], datetime] = utc_now,
        new_reference: Callable[[], str] = random_reference,
        shop: str = "Training shop",
    ) -> None:
        self._service = TrainingService(
            archive=Archive(ledger_path) if ledger_path else None,
            automation=automation,
            switches=switches,
            clock=clock,
            new_reference=new_reference,
            shop=shop,
        )
        self._port = port
        self.url = ""
        self.client_id = self._service.keys.client_id
        self.client_secret = self._service.keys.client_secret
        self.control_token = self._service.keys.control_token
        self.ledger = self._service.ledger
        self.faults = self._service.faults
        self.customer = self._service.customer
        self.switches = self._service.switches

    def __enter__(self) -> Self:
        try:
            self._listener = bound_socket(self._port)
        except OSError:
            self._service.close()
            raise
        self.url = address_of(self._listener)
        self._server = LoopbackServer(self._service.app)
        self._thread = threading.Thread(target=self._run, name="training-server", daemon=True)
        self._thread.start()
        if not self._server.listens.wait(_START_SECONDS):
            raise TimeoutError("The training server did not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.stop()
        self._thread.join(_START_SECONDS)
        self._listener.close()
        self._service.close()

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._listener]))
