"""The event loop: asyncio on Qt's loop, and the day that runs on it.

Loaded behind the first window, with everything that the day needs.
"""

import asyncio
import random
import secrets
import signal
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from optty_desktop.core.theme_choice import ThemeChoice
from optty_desktop.shop import Shop
from optty_desktop.shop_files import ShopFiles
from optty_desktop.system.clock import SystemClock
from optty_desktop.system.logs import note_unexpected
from optty_desktop.system.paths import AppPaths
from optty_desktop.system.single_instance import SingleInstance
from optty_desktop.ui.application import Application
from optty_desktop.ui.collector import Collector
from optty_desktop.ui.entrance import Entrance
from optty_desktop.ui.shop_front import ShopFront
from optty_desktop.ui.theme import Look

THREADS = 6


def run_on_qt(app: QApplication, main: Coroutine[Any, Any, int]) -> int:
    """Run a coroutine on Qt's loop with a pool of plain threads; the one way this program starts its loop."""

    def loop_factory() -> asyncio.AbstractEventLoop:
        loop: asyncio.AbstractEventLoop = QEventLoop(app)
        # WORKAROUND: qasync's own executor starts ten QThreads and leaves them running when the loop closes.
        loop.set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="work"))
        loop.set_exception_handler(_note_loop_error)
        return loop

    with Collector(), asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(main)


async def run_day(
    app: Application,
    look: Look,
    paths: AppPaths,
    instance: SingleInstance,
    first: Entrance | ShopFront,
    files: ShopFiles,
    theme: ThemeChoice | None,
    *,
    environment_id: str | None,
) -> int:
    """From the first window to the last answer, by ``files`` and ``theme`` as they were read at the start."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    app.quit_requested.connect(stop.set)
    for name in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(name, stop.set)
        except NotImplementedError:
            signal.signal(name, lambda *_: loop.call_soon_threadsafe(stop.set))
    uniform = random.SystemRandom().uniform
    shop = Shop(look, paths, SystemClock(), secrets.token_bytes, uniform, first, files, theme=theme)
    return await shop.run(stop, instance, environment_id=environment_id)


def _note_loop_error(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    if isinstance(error, Exception):
        note_unexpected(error)
