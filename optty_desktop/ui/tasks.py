"""The one bridge between coroutines and widgets: starts, keeps, reports and ends tasks."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog
from shiboken6 import isValid

T = TypeVar("T")


class TaskRunner(QObject):
    """Owns every task of the window.

    A critical task (money is moving) is never cancelled: neither when its owner goes nor when the window closes.
    `report` gets each unexpected exception exactly once. `critical_changed` carries the number of critical tasks.
    """

    critical_changed = Signal(int)

    def __init__(self, report: Callable[[BaseException], None]) -> None:
        super().__init__()
        self._report = report
        self._tasks: set[asyncio.Task[Any]] = set()
        self._critical: set[asyncio.Task[Any]] = set()
        self._owned: dict[int, set[asyncio.Task[Any]]] = {}
        self._is_closed = False

    @property
    def critical_count(self) -> int:
        """How many critical tasks run."""
        return len(self._critical)

    @property
    def critical_names(self) -> frozenset[str]:
        """What the critical tasks are called."""
        return frozenset(task.get_name() for task in self._critical)

    def start(
        self, coro: Coroutine[Any, Any, T], *, owner: QObject | None = None, critical: bool = False, name: str
    ) -> asyncio.Task[T]:
        """Runs `coro` as a task that ends with its `owner`, unless it is critical.

        Raises RuntimeError after `close()`; the coroutine is then dropped unrun.
        """
        if self._is_closed:
            coro.close()
            raise RuntimeError(f"no new work after closing: {name}")
        task = asyncio.get_running_loop().create_task(coro, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._on_done)
        if critical:
            self._critical.add(task)
            self.critical_changed.emit(len(self._critical))
        elif owner is not None:
            self._tie(task, owner)
        return task

    def end(self, owner: QObject) -> None:
        """Cancels the tasks of `owner`, as when it goes."""
        self._on_owner_destroyed(id(owner))

    async def close(self) -> None:
        """Takes no new work, cancels what may be cancelled, and waits for the rest to finish."""
        self._is_closed = True
        for task in self._tasks - self._critical:
            task.cancel()
        waiting = self._tasks - {asyncio.current_task()}
        while waiting:
            await asyncio.wait(waiting)
            waiting = self._tasks - {asyncio.current_task()}

    async def settle(self) -> None:
        """Waits until no critical task runs; new work may still be started afterwards."""
        while waiting := self._critical - {asyncio.current_task()}:
            await asyncio.wait(waiting)

    def _tie(self, task: asyncio.Task[Any], owner: QObject) -> None:
        key = id(owner)
        tied = self._owned.get(key)
        if tied is None:
            tied = self._owned[key] = set()
            owner.destroyed.connect(partial(self._on_owner_destroyed, key))
        tied.add(task)
        task.add_done_callback(tied.discard)

    def _on_owner_destroyed(self, key: int, _gone: QObject | None = None) -> None:
        for task in tuple(self._owned.pop(key, ())):
            task.cancel()

    def _on_done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task in self._critical:
            self._critical.discard(task)
            self.critical_changed.emit(len(self._critical))
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._report(error)


async def ask_once(dialog: QDialog) -> bool:
    """Whether `dialog` was accepted; it is gone afterwards."""
    try:
        return await ask(dialog) == QDialog.DialogCode.Accepted.value
    finally:
        # Its window may have gone first, and taken it along.
        if isValid(dialog):
            dialog.deleteLater()


async def ask(dialog: QDialog) -> int:
    """Opens `dialog` and waits for its answer, `QDialog.DialogCode` as a number.

    A dialog destroyed unanswered counts as rejected. If the waiting task is cancelled the dialog is rejected too.
    """
    answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def settle(result: int) -> None:
        if not answer.done():
            answer.set_result(result)

    def lost(_gone: QObject | None = None) -> None:
        settle(QDialog.DialogCode.Rejected.value)

    dialog.finished.connect(settle)
    dialog.destroyed.connect(lost)
    dialog.open()
    try:
        return await answer
    finally:
        if isValid(dialog):
            dialog.finished.disconnect(settle)
            dialog.destroyed.disconnect(lost)
            if dialog.isVisible():
                dialog.reject()
