"""Tasks of the window: kept, reported, ended in order."""

import asyncio
import gc

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog
from shiboken6 import delete

from optty_desktop.ui.tasks import TaskRunner, ask
from tests.ui.ui_room import Heard
from tests.waiting import until


class Reports:
    """Keeps what the runner reports."""

    def __init__(self) -> None:
        self.errors: list[BaseException] = []

    def __call__(self, error: BaseException) -> None:
        self.errors.append(error)


async def fail(error: Exception) -> None:
    """Raise `error` after one turn of the loop."""
    await asyncio.sleep(0)
    raise error


async def test_a_failure_is_reported_once() -> None:
    reports = Reports()
    runner = TaskRunner(reports)
    error = ValueError("broken")
    task = runner.start(fail(error), name="fails")
    await until(task.done)
    del task
    gc.collect()
    await asyncio.sleep(0)
    assert reports.errors == [error]


async def test_results_come_back_and_nothing_is_reported() -> None:
    reports = Reports()
    runner = TaskRunner(reports)
    assert await runner.start(asyncio.sleep(0, "done"), name="works") == "done"
    assert reports.errors == []


async def test_tasks_outlive_every_other_reference() -> None:
    runner, done = TaskRunner(Reports()), asyncio.Event()

    async def wait_for_own_future() -> None:
        future = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(0.02, future.set_result, None)
        await future
        done.set()

    runner.start(wait_for_own_future(), name="alone")
    gc.collect()
    async with asyncio.timeout(5):
        await done.wait()


async def test_a_task_ends_with_its_owner() -> None:
    reports = Reports()
    runner, owner = TaskRunner(reports), QObject()
    task = runner.start(asyncio.sleep(60), owner=owner, name="owned")
    critical = runner.start(asyncio.sleep(0.05), owner=owner, critical=True, name="money")
    await asyncio.sleep(0)
    delete(owner)
    await until(task.done)
    assert task.cancelled()
    await critical
    assert reports.errors == []


async def test_closing_cancels_the_rest_and_waits_for_money() -> None:
    runner = TaskRunner(Reports())
    counts = Heard(runner.critical_changed)
    sent = asyncio.Event()

    async def send() -> str:
        await sent.wait()
        return "stored"

    money = runner.start(send(), critical=True, name="refund")
    other = runner.start(asyncio.sleep(60), name="poll")
    closing = asyncio.ensure_future(runner.close())
    await until(other.done)
    assert other.cancelled()
    assert not closing.done()
    assert runner.critical_count == 1
    sent.set()
    await closing
    assert money.result() == "stored"
    assert counts.calls == [(1,), (0,)]


async def test_no_new_work_after_closing() -> None:
    runner = TaskRunner(Reports())
    await runner.close()
    with pytest.raises(RuntimeError, match="late"):
        runner.start(asyncio.sleep(0), name="late")


async def test_a_dialog_is_asked_without_a_nested_loop() -> None:
    dialog = QDialog()
    asyncio.get_running_loop().call_later(0.01, dialog.accept)
    assert await ask(dialog) == QDialog.DialogCode.Accepted.value
    assert not dialog.isVisible()


async def test_a_dialog_that_goes_away_counts_as_rejected() -> None:
    dialog = QDialog()
    asyncio.get_running_loop().call_later(0.01, delete, dialog)
    assert await ask(dialog) == QDialog.DialogCode.Rejected.value


async def test_a_cancelled_question_closes_its_dialog() -> None:
    dialog = QDialog()
    runner = TaskRunner(Reports())
    task = runner.start(ask(dialog), name="question")
    await until(dialog.isVisible)
    task.cancel()
    await until(task.done)
    assert not dialog.isVisible()
