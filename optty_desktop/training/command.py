"""The pretend Optty as a process: ``optty-desktop training-server``, and the child of the window."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import sqlite3
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TextIO

from optty_desktop.training.app import TrainingService
from optty_desktop.training.archive import Archive
from optty_desktop.training.server import LoopbackServer, address_of, bound_socket
from optty_desktop.training.switches import Automation, Switches
from optty_desktop.training.tokens import Keys

PRACTICE_REFUND_SECONDS = 6.0
_STDIN = 0

_logger = logging.getLogger(__name__)


def serve(
    *,
    port: int = 0,
    ledger_path: Path | None = None,
    announce: Literal["json", "text"] = "text",
    stop_when_stdin_closes: bool = False,
    automation: Automation | None = None,
    refund_seconds: float = PRACTICE_REFUND_SECONDS,
    shop: str = "Training shop",
    output: TextIO | None = None,
) -> None:
    """Serve until SIGTERM, SIGINT or, if asked for, the end of standard input. For the main thread only.

    The first thing on ``output`` (standard output) is where it listens: one line of JSON with ``url``,
    ``client_id``, ``client_secret`` and ``control_token``, or readable lines. With a ledger file and port 0 the
    port of the last run is taken again where it is free, so that old practice links still open. Raises OSError
    when ``port`` is taken.
    """
    archive = _archive(ledger_path)
    service = TrainingService(
        archive=archive,
        automation=automation,
        switches=Switches(refund_seconds=refund_seconds),
        shop=shop,
    )
    try:
        listener = _listener(port, archive)
        with listener:
            text = _announcement(announce, address_of(listener), service.keys)
            _run(service, listener, text, output or sys.stdout, watches_input=stop_when_stdin_closes)
    finally:
        service.close()


def _run(service: TrainingService, listener: socket.socket, text: str, output: TextIO, *, watches_input: bool) -> None:
    server = LoopbackServer(service.app)
    with _stopped_by_signals(server):
        if watches_input:
            threading.Thread(target=_wait_for_end_of_input, args=(server,), daemon=True).start()
        output.write(text)
        output.flush()
        asyncio.run(server.serve(sockets=[listener]))


@contextlib.contextmanager
def _stopped_by_signals(server: LoopbackServer) -> Iterator[None]:
    kept = {name: signal.signal(name, lambda *_: server.stop()) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for name, handler in kept.items():
            signal.signal(name, handler)


def _archive(path: Path | None) -> Archive | None:
    """The file of old practice links; practice goes on without it where it cannot be written."""
    try:
        return Archive(path) if path else None
    except (OSError, sqlite3.Error):
        _logger.warning("The file of practice links cannot be used; this run keeps them in memory", exc_info=True)
        return None


def _listener(port: int, archive: Archive | None) -> socket.socket:
    try:
        listener = bound_socket(port or (archive.port if archive else None) or 0)
    except OSError:
        if port:
            raise
        listener = bound_socket(0)
    if archive:
        archive.save_port(listener.getsockname()[1])
    return listener


def _wait_for_end_of_input(server: LoopbackServer) -> None:
    try:
        # Not through sys.stdin: a thread holding its buffer while the interpreter ends aborts the process.
        while os.read(_STDIN, 1024):
            pass
    except OSError:
        pass  # closed by somebody else: the same thing
    server.stop()


def _announcement(style: Literal["json", "text"], url: str, keys: Keys) -> str:
    if style == "json":
        facts = {
            "url": url,
            "client_id": keys.client_id,
            "client_secret": keys.client_secret,
            "control_token": keys.control_token,
        }
        return json.dumps(facts) + "\n"
    return (
        f"Practice payment service: {url}\n"
        f"Client ID:     {keys.client_id}\n"
        f"Client secret: {keys.client_secret}\n"
        f"Control token: {keys.control_token}\n"
        "No real money moves here. Press Ctrl+C to stop.\n"
    )
