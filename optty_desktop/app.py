"""The composition root of the window: builds everything, starts the loop, ends it in order.

The order of the imports is part of the design: asyncio comes before PySide6, because PySide6 hooks ``__import__`` and
reads the source of every module imported after it; the hook is taken out again. What the first paint does not need
(httpx, keyring, phone numbers, codes) is loaded afterwards in a worker thread.
"""

import asyncio
import builtins
import random
import secrets
import signal
import sys
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

# WORKAROUND: the hook only serves `from __feature__ import …`, which is not used here, and slows every later import.
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)

from qasync import QEventLoop  # noqa: E402  after the hook is out

from optty_desktop.core.errors import ProfileProblem  # noqa: E402
from optty_desktop.shop import Shop  # noqa: E402
from optty_desktop.system.clock import SystemClock  # noqa: E402
from optty_desktop.system.logs import catch_what_nobody_caught, note_unexpected  # noqa: E402
from optty_desktop.system.paths import AppPaths, private_folder  # noqa: E402
from optty_desktop.system.single_instance import SingleInstance  # noqa: E402
from optty_desktop.ui.theme import Look, dress  # noqa: E402
from optty_desktop.ui.tokens import LIGHT  # noqa: E402

THREADS = 6


class QuitFilter(QObject):
    """Turns the desktop's wish to quit (log-out, Cmd-Q) into an orderly end."""

    def __init__(self, app: QApplication, stop: asyncio.Event) -> None:
        super().__init__(app)
        self._stop = stop
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the quit event from ending the loop under running calls."""
        if event.type() == QEvent.Type.Quit:
            self._stop.set()
            return True
        return super().eventFilter(watched, event)


def run_window(*, starts_in_training: bool, environment_id: str | None, paths: AppPaths | None = None) -> int:
    """Run the window until it is closed. Returns the exit code; what went wrong is said on standard error."""
    paths = paths or AppPaths.of_this_person()
    try:
        private_folder(paths.data)
    except OSError as error:
        return _complain(f"The folder {paths.data} cannot be written ({error.strerror}). Free it or ask for help")
    app = QApplication([sys.argv[0]])
    app.setApplicationName("optty-desktop")
    app.setApplicationDisplayName("")
    app.setDesktopFileName("optty-desktop")
    app.setQuitOnLastWindowClosed(False)
    instance = SingleInstance(paths.data)
    if not instance.take():
        if instance.call_the_first():
            return 0
        return _complain("Payment Links is running already and does not answer. Close it first")
    look = dress(app, LIGHT)
    catch_what_nobody_caught()
    try:
        return run_on_qt(app, _day(app, look, paths, instance, starts_in_training, environment_id))
    finally:
        instance.release()


def run_on_qt(app: QApplication, main: Coroutine[Any, Any, int]) -> int:
    """Run a coroutine on Qt's loop with a pool of plain threads; the one way this program starts its loop."""

    def loop_factory() -> asyncio.AbstractEventLoop:
        loop: asyncio.AbstractEventLoop = QEventLoop(app)
        # WORKAROUND: qasync's own executor starts ten QThreads and leaves them running when the loop closes.
        loop.set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="work"))
        loop.set_exception_handler(_note_loop_error)
        return loop

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(main)


async def _day(
    app: QApplication,
    look: Look,
    paths: AppPaths,
    instance: SingleInstance,
    starts_in_training: bool,
    environment_id: str | None,
) -> int:
    """From the first window to the last answer."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    quit_filter = QuitFilter(app, stop)
    for name in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(name, stop.set)
        except NotImplementedError:
            signal.signal(name, lambda *_: loop.call_soon_threadsafe(stop.set))
    try:
        shop = Shop(look, paths, SystemClock(), secrets.token_bytes, random.SystemRandom().uniform)
    except ProfileProblem as problem:
        return _complain(str(problem))
    try:
        return await shop.run(stop, instance, starts_in_training=starts_in_training, environment_id=environment_id)
    finally:
        app.removeEventFilter(quit_filter)


def _note_loop_error(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    if isinstance(error, Exception):
        note_unexpected(error)


def _complain(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1
