"""The question where the record is damaged: what is offered, and that no failure closes it."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from optty_desktop.core.errors import DiskFull, JournalInUse
from optty_desktop.till.rescue_record import RescueRecord
from optty_desktop.ui.rescue_dialog import RescueDialog
from optty_desktop.ui.rescue_flow import RescueFlow
from optty_desktop.ui.tasks import TaskRunner
from tests.fakes import LIVE, FakeClock, FakeRescuer
from tests.ui.money_links import click, desk, dressed
from tests.ui.stage import part
from tests.waiting import until

__all__ = ["desk"]

DAY = date(2026, 3, 20)
BEFORE = DAY - timedelta(days=1)


class Asked:
    """The flow, and the dialog it shows."""

    def __init__(self, qapp: QApplication, window: QWidget, *copies: date) -> None:
        self.rescuer = FakeRescuer(*copies)
        self.problems: list[BaseException] = []
        self.tasks = TaskRunner(self.problems.append)
        self.flow = RescueFlow(dressed(qapp), RescueRecord(self.rescuer, FakeClock()), self.tasks)
        self.answer = self.tasks.start(self.flow.ask(LIVE, window), name="ask")

    async def dialog(self) -> RescueDialog:
        await until(lambda: self.flow.dialog is not None and self.flow.dialog.isVisible())
        assert self.flow.dialog is not None
        return self.flow.dialog


def says(dialog: RescueDialog, name: str) -> str:
    return part(dialog, QLabel, name).text()


def button(dialog: RescueDialog, name: str) -> QAbstractButton:
    return part(dialog, QAbstractButton, name)


async def test_a_copy_is_offered_with_what_is_missing(qapp: QApplication, desk: QWidget) -> None:
    asked = Asked(qapp, desk, BEFORE, DAY)
    dialog = await asked.dialog()
    assert button(dialog, "confirmButton").text() == "Use the copy of 20 Mar 2026"
    assert says(dialog, "confirmText") == "Nothing is thrown away: it is set aside under its own name."
    assert says(dialog, "rescueMissingLabel").startswith("There is a good copy of 20 Mar 2026. Links made after")
    click(button(dialog, "confirmButton"))
    assert button(dialog, "confirmButton").text() == "Setting it aside…"
    assert not button(dialog, "keepButton").isEnabled()
    assert await asked.answer
    assert asked.rescuer.became == {"live": DAY}


async def test_without_a_copy_a_new_record_is_offered(qapp: QApplication, desk: QWidget) -> None:
    asked = Asked(qapp, desk)
    dialog = await asked.dialog()
    assert button(dialog, "confirmButton").text() == "Begin a new record"
    assert says(dialog, "rescueMissingLabel").startswith("There is no good copy of it.")
    click(button(dialog, "confirmButton"))
    assert await asked.answer
    assert asked.rescuer.became == {"live": None}


async def test_not_now_changes_nothing(qapp: QApplication, desk: QWidget) -> None:
    asked = Asked(qapp, desk, DAY)
    click(button(await asked.dialog(), "keepButton"))
    assert not await asked.answer
    assert asked.rescuer.became == {}


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (DiskFull(), "The disk is full. Make room, then try again. Nothing was thrown away"),
        (
            JournalInUse(),
            "Another window of this program uses the record. Close that one, then try again. Nothing was thrown away",
        ),
    ],
)
async def test_a_failure_is_said_and_can_be_tried_again(
    qapp: QApplication, desk: QWidget, failure: Exception, sentence: str
) -> None:
    asked = Asked(qapp, desk, DAY)
    asked.rescuer.fail_with = failure
    dialog = await asked.dialog()
    for _ in range(2):
        click(button(dialog, "confirmButton"))
        await until(lambda: says(dialog, "confirmError"))
        assert says(dialog, "confirmError") == sentence
        assert button(dialog, "confirmButton").text() == "Use the copy of 20 Mar 2026"
    asked.rescuer.fail_with = None
    click(button(dialog, "confirmButton"))
    assert await asked.answer


async def test_a_fault_of_this_program_gives_the_question_back(qapp: QApplication, desk: QWidget) -> None:
    asked = Asked(qapp, desk, DAY)
    fault = asked.rescuer.fail_with = RuntimeError("a fault")
    dialog = await asked.dialog()
    click(button(dialog, "confirmButton"))
    await until(lambda: asked.problems == [fault])
    assert says(dialog, "confirmError") == (
        "We do not know if the record was replaced. Nothing was thrown away. Start Payment Links anew"
    )
    click(button(dialog, "keepButton"))
    assert not await asked.answer


async def test_copies_that_are_damaged_too_give_way_down_to_a_new_record(qapp: QApplication, desk: QWidget) -> None:
    asked = Asked(qapp, desk, BEFORE, DAY)
    asked.rescuer.bad = {BEFORE, DAY}
    dialog = await asked.dialog()
    offered = []
    for _ in range(2):
        offered.append(button(dialog, "confirmButton").text())
        click(button(dialog, "confirmButton"))
        await until(lambda: not dialog.is_sending)
        assert says(dialog, "confirmError") == "This copy is damaged too. Nothing was thrown away"
    assert offered == ["Use the copy of 20 Mar 2026", "Use the copy of 19 Mar 2026"]
    assert button(dialog, "confirmButton").text() == "Begin a new record"
    click(button(dialog, "confirmButton"))
    assert await asked.answer
    assert asked.rescuer.became == {"live": None}


async def test_nobody_is_asked_who_has_left_already(qapp: QApplication, desk: QWidget) -> None:
    asked = Asked(qapp, desk, DAY)
    await asyncio.sleep(0)
    asked.flow.end()
    assert not await asked.answer
    assert asked.flow.dialog is None


async def test_whoever_leaves_while_the_question_stands_has_said_not_now(qapp: QApplication, desk: QWidget) -> None:
    asked = Asked(qapp, desk, DAY)
    await asked.dialog()
    asked.flow.end()
    assert not await asked.answer
    assert asked.rescuer.became == {}
    assert asked.problems == []
