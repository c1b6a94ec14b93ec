"""Garbage ends on the window's thread, and nowhere else."""

from __future__ import annotations

import gc
import threading
import weakref

from pytestqt.qtbot import QtBot

from optty_desktop.ui.collector import Collector


class Node:
    """One of a pair that only the collector can end; it notes the thread in which that happened."""

    def __init__(self, ended: list[int]) -> None:
        self.other: Node | None = None
        weakref.finalize(self, lambda: ended.append(threading.get_ident()))


def make_garbage(ended: list[int], count: int) -> None:
    for _ in range(count):
        one, other = Node(ended), Node(ended)
        one.other, other.other = other, one


def test_a_worker_that_makes_garbage_does_not_end_it(qtbot: QtBot) -> None:
    ended: list[int] = []
    gc.collect()
    with Collector() as collector:
        worker = threading.Thread(target=make_garbage, args=(ended, 2000))
        worker.start()
        worker.join()
        assert ended == []
        assert collector.collect_what_is_due() > 0
    assert len(ended) == 4000
    assert set(ended) == {threading.get_ident()}


def test_the_timer_collects_by_itself_and_python_takes_over_again(qtbot: QtBot) -> None:
    ended: list[int] = []
    with Collector() as collector:
        assert not gc.isenabled()
        make_garbage(ended, 2000)
        collector._timer.setInterval(1)
        qtbot.waitUntil(lambda: len(ended) == 4000)
    assert gc.isenabled()
