"""What a watched program does: fast hands at the window, and a clock that ticks every two milliseconds beside them."""

from __future__ import annotations

import asyncio
from datetime import datetime
from itertools import pairwise
from time import perf_counter

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication

from optty_desktop.shop import Shop
from optty_desktop.ui.practice import practice_link
from tests.benchmarks.programs.told import tell
from tests.waiting import until

TICK_MS = 2
LIMIT_SECONDS = 20.0
START_SECONDS, WORK_SECONDS, IDLE_SECONDS = 1.2, 0.6, 0.6
CREATES = 3


class GapWatch:
    """A precise timer that notes when it comes: a late tick is a window that did not answer."""

    def __init__(self) -> None:
        self._ticks: list[float] = []
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start(TICK_MS)

    def tell(self, phase: str) -> None:
        """Tell the gaps since the last time, in milliseconds, and begin anew."""
        ticks, self._ticks = self._ticks, self._ticks[-1:]
        tell(phase=phase, gaps=[round((after - before) * 1000, 2) for before, after in pairwise(ticks)])

    def _on_tick(self) -> None:
        self._ticks.append(perf_counter())


_watches: list[GapWatch] = []


def watch_gaps() -> None:
    """Begin to watch, right after the first paint."""
    _watches.append(GapWatch())


async def gaps(shop: Shop) -> None:
    """Start, sign in, create, import; tell the gaps of each, and of doing nothing. Each phase lasts a fixed time."""
    await until(lambda: _watches, LIMIT_SECONDS)
    watch = _watches[0]
    await asyncio.sleep(START_SECONDS)
    watch.tell("start")
    _press("trainingButton")
    await until(lambda: shop.desk is not None and _has_session(shop), LIMIT_SECONDS)
    await asyncio.sleep(WORK_SECONDS)
    watch.tell("sign-in")
    for _ in range(CREATES):
        await _create(shop)
    watch.tell("create")
    await asyncio.sleep(IDLE_SECONDS)
    watch.tell("idle")
    await earlier(shop)
    await asyncio.sleep(WORK_SECONDS)
    watch.tell("import")
    tell(done=1.0)


async def earlier(shop: Shop) -> None:
    """Ask the table for earlier days until there is nothing new."""
    await until(lambda: shop.desk is not None and _has_session(shop), LIMIT_SECONDS)
    assert shop.desk is not None
    links = shop.desk.page.links
    before = links.model.rowCount()
    links.earlier_requested.emit()
    await until(lambda: links.model.rowCount() > before, LIMIT_SECONDS)


async def _create(shop: Shop) -> None:
    assert shop.desk is not None
    page = shop.desk.page
    page.form.fill_from(practice_link(datetime.now().astimezone()))
    page.form.submit()
    await until(lambda: page.is_ready_shown and page.ready.code is not None, LIMIT_SECONDS)
    await asyncio.sleep(WORK_SECONDS / CREATES)
    page.ready.new_link_requested.emit()


def _press(name: str) -> None:
    buttons = (top.findChild(QAbstractButton, name) for top in QApplication.topLevelWidgets())
    button = next(button for button in buttons if button is not None)
    button.click()


def _has_session(shop: Shop) -> bool:
    # The window itself keeps no sign of it; the desk's own promise is the only one there is.
    return shop.desk is not None and shop.desk._verbs.done()
