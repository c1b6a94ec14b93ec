"""The opened link while the record is damaged: said in the pane, in a sentence, and never as a fault."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QAbstractButton, QLabel

from optty_desktop.core.errors import DiskFull, JournalDamaged
from optty_desktop.core.events import EventKind
from tests.fakes import link
from tests.ui.desk_room import DeskRoom, turns
from tests.ui.stage import part
from tests.waiting import until

DAMAGED = "The record of this till is damaged and was left as it is. Start Payment Links anew to go on without it"


async def open_link(room: DeskRoom) -> None:
    room.desk.page.links.opened.emit("T2-1")
    await turns()


def says(room: DeskRoom, sentence: str) -> bool:
    """Whether this stands above the buttons of the pane."""
    return part(room.desk.page.detail, QLabel, "detailProblem").text() == sentence


async def test_a_look_at_the_contacts_that_cannot_be_noted_is_said_in_the_pane() -> None:
    async with DeskRoom([link("T2-1")]) as room:
        await open_link(room)
        eye = part(room.desk.page.detail, QAbstractButton, "revealContactButton")
        full = "The disk is full. Make room, then try again"
        for failure, sentence in ((JournalDamaged(), DAMAGED), (DiskFull(), full)):
            room.journal.fail_with = failure
            await room.click(eye)
            await until(partial(says, room, sentence))
            await room.click(eye)  # hides them again
        room.journal.fail_with = None
        assert room.journal.events == []
        await room.click(eye)
        await until(lambda: [one.kind for one in room.journal.events] == [EventKind.CONTACT_SHOWN])


async def test_a_timeline_that_cannot_be_read_is_said_in_the_pane() -> None:
    async with DeskRoom([link("T2-1")]) as room:
        room.journal.unreadable = JournalDamaged()
        await open_link(room)
        await until(partial(says, room, DAMAGED))
        assert room.desk.page.detail.isVisible()
