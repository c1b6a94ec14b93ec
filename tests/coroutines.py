"""Runs coroutine tests: on Qt's event loop where there is a window, on plain asyncio elsewhere.

A test fails when its coroutine does, when it passes its time limit, or when a task it started died with
nobody looking.
"""

from __future__ import annotations

import asyncio
import functools
import weakref
from collections.abc import Callable, Coroutine, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

DEFAULT_LIMIT = 20.0
"""Seconds a coroutine test may take unless it is marked with ``limit``."""

LoopFactory = Callable[[], asyncio.AbstractEventLoop]
Work = Coroutine[Any, Any, Any] | Generator[Any, None, Any]
Test = Callable[..., Coroutine[Any, Any, None]]


def plain_loop() -> asyncio.AbstractEventLoop:
    """Return a loop of the standard library."""
    return asyncio.new_event_loop()


def window_loop() -> asyncio.AbstractEventLoop:
    """Return a loop on the QApplication that is already there."""
    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop

    loop: asyncio.AbstractEventLoop = QEventLoop(QApplication.instance())
    # WORKAROUND: qasync's own executor leaves QThreads running when it closes.
    loop.set_default_executor(ThreadPoolExecutor(4, thread_name_prefix="test"))
    return loop


def blocking(test: Test, limit: float, loop_factory: LoopFactory) -> Callable[..., None]:
    """Return ``test`` as a plain function that runs it to its end on a new loop."""

    @functools.wraps(test)
    def run(*args: object, **kwargs: object) -> None:
        __tracebackhide__ = True
        watch = TaskWatch()
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            loop = runner.get_loop()
            watch.observe(loop)
            runner.run(_within(test(*args, **kwargs), limit))
        _end_timers(loop)
        for message, error in watch.unseen():
            raise AssertionError(f"nobody looked at this: {message}") from error

    return run


def _end_timers(loop: asyncio.AbstractEventLoop) -> None:
    """End the timers that a closed loop of Qt keeps: Python may collect it in a thread that must not stop them."""
    timer = getattr(loop, "_timer", None)
    if timer is not None:
        from shiboken6 import delete

        loop._timer = _NoTimer()  # type: ignore[attr-defined]
        delete(timer)


class _NoTimer:
    """Takes the calls that a thread still had for a loop that is closed, and makes none of them."""

    def add_callback(self, handle: asyncio.Handle, _delay: float = 0) -> asyncio.Handle:
        """Forget the call."""
        return handle


class TaskWatch:
    """Knows the tasks of one loop, so that a failure nobody asked for is found without waiting for the collector."""

    def __init__(self) -> None:
        """Watch nothing yet."""
        # Weak, because a task that only the loop knows may vanish, and a test must be able to see that.
        self._tasks: weakref.WeakSet[asyncio.Task[Any]] = weakref.WeakSet()
        self._reported: list[tuple[str, BaseException | None]] = []

    def observe(self, loop: asyncio.AbstractEventLoop) -> None:
        """See every task that ``loop`` starts, and everything it reports."""
        loop.set_task_factory(self._start)
        loop.set_exception_handler(self._report)

    def unseen(self) -> Iterator[tuple[str, BaseException | None]]:
        """Yield what the loop reported, then the failures of tasks that nobody has asked for their result."""
        yield from self._reported
        for task in self._tasks:
            # asyncio's own mark for "tell about this when the task is collected".
            if task.done() and not task.cancelled() and task._log_traceback:
                yield f"{task.get_name()} failed", task.exception()

    def _start(self, loop: asyncio.AbstractEventLoop, work: Work, **options: Any) -> asyncio.Task[Any]:
        task = asyncio.Task(work, loop=loop, **options)
        self._tasks.add(task)
        return task

    def _report(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self._reported.append((context["message"], context.get("exception")))


async def _within(test: Coroutine[Any, Any, None], limit: float) -> None:
    __tracebackhide__ = True
    try:
        async with asyncio.timeout(limit) as deadline:
            await test
    except TimeoutError as late:
        if deadline.expired():
            raise AssertionError(f"the test did not end within {limit:g} seconds") from late.__cause__
        raise
