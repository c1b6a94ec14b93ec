"""After a rescue: cancels and refunds are off everywhere, with the reason, until somebody has signed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QLabel

from optty_desktop.core.errors import DiskFull
from optty_desktop.core.links import LinkState
from optty_desktop.till.confirm_rebuilt import Rebuilt
from optty_desktop.till.line import Line, LineState
from optty_desktop.ui.banner import Cause
from optty_desktop.ui.link_columns import Column
from optty_desktop.ui.rebuilt_dialog import RebuiltDialog, rebuilt_fact
from optty_desktop.ui.row_button import row_button
from tests.fakes import link
from tests.ui.desk_room import DeskRoom
from tests.ui.stage import POPUP, part
from tests.ui.table_links import look_of
from tests.waiting import until

pytestmark = POPUP
S = LinkState
REASON = "Cancels and refunds wait until somebody has compared the record with the payment service"


def rebuilt_room(*states: LinkState) -> DeskRoom:
    """A desk whose record is the copy of an earlier day, with a link in each state."""
    links = [link(f"T2-{n}", state, order_reference=None) for n, state in enumerate(states, start=1)]
    room = DeskRoom(links)
    room.journal.blocked_because = "restored 2026-03-20"
    return room


def banner(room: DeskRoom) -> str:
    shown = room.desk.window.banner
    return part(shown, QLabel, "statusBannerText").text() if shown.isVisible() else ""


async def dialog_of(room: DeskRoom) -> RebuiltDialog:
    """Press Show me."""
    await room.click(part(room.desk.window, QAbstractButton, "statusBannerButton"))
    found = [one for one in room.desk.window.findChildren(RebuiltDialog) if one.isVisible()]
    assert len(found) == 1
    return found[0]


async def open_detail(room: DeskRoom, number: str) -> None:
    assert room.desk.page.links.select(number)
    room.desk.page.links.table.setFocus()
    await room.press(Qt.Key.Key_Return)


@pytest.mark.parametrize(("state", "name"), [(S.PENDING, "cancelButton"), (S.PAID, "refundButton")])
async def test_detail_and_menu_are_off_with_the_reason_until_it_is_confirmed(state: LinkState, name: str) -> None:
    async with rebuilt_room(state) as room:
        assert banner(room) == (
            "This record is the copy of 20 Mar 2026. "
            "Cancels and refunds wait until somebody has compared it with the payment service."
        )
        await open_detail(room, "T2-1")
        button = part(room.desk.page.detail, QAbstractButton, name)
        assert not button.isEnabled()
        assert part(room.desk.page.detail, QLabel, "detailReasonLabel").text() == REASON
        menu = await room.menu_of("T2-1")
        assert not menu.actions()[-1].isEnabled()
        menu.close()
        dialog = await dialog_of(room)
        await room.click(part(dialog, QCheckBox, "comparedCheck"))
        await room.click(part(dialog, QAbstractButton, "confirmButton"))
        await until(lambda: room.desk.window.banner.cause is None)
        assert room.journal.confirmed_by == ["Cashier 1"]
        assert button.isEnabled()
        assert part(room.desk.window, QLabel, "toastText").text() == "Cancels and refunds are possible again."


async def test_an_ordinary_record_holds_nothing_back() -> None:
    async with DeskRoom([link("T2-1", S.PAID, order_reference=None)]) as room:
        assert banner(room) == ""
        await open_detail(room, "T2-1")
        assert part(room.desk.page.detail, QAbstractButton, "refundButton").isEnabled()


@pytest.mark.parametrize(
    ("column", "state", "is_on"),
    [(Column.CANCEL, S.PENDING, False), (Column.REFUND, S.PAID, False), (Column.CANCEL, S.UNKNOWN, True)],
)
def test_the_rows_hold_money_back_and_still_check(column: Column, state: LinkState, is_on: bool) -> None:
    one = link("T2-1", state)
    held, free = (row_button(column, one, is_paused=False, is_held_back=is_held) for is_held in (True, False))
    assert held is not None
    assert free is not None
    assert (held.is_on, free.is_on) == (is_on, True)


async def test_a_fresh_link_can_be_handed_over_but_not_cancelled() -> None:
    async with rebuilt_room() as room:
        one = link("T2-1")
        room.book.put(one)
        room.desk.page.ready.show_link(one)
        room.desk.page.show_ready(True)
        ready = room.desk.page.ready
        assert part(ready, QAbstractButton, "copyLinkButton").isEnabled()
        assert not part(ready, QAbstractButton, "cancelLinkButton").isEnabled()
        assert REASON in [label.text() for label in ready.findChildren(QLabel) if label.isVisible()]


async def test_links_to_check_and_a_lost_line_do_not_hide_it_for_good() -> None:
    async with rebuilt_room(S.UNKNOWN) as room:
        now = room.clock.monotonic()
        shown = [room.desk.window.banner.cause]
        for state in (LineState.OFFLINE, LineState.ONLINE):
            room.desk.line_changed(Line(state, now, None))
            shown.append(room.desk.window.banner.cause)
        assert shown == [Cause.REBUILT, Cause.OFFLINE, Cause.REBUILT]


async def test_nothing_is_allowed_before_somebody_says_that_it_was_compared() -> None:
    async with rebuilt_room(S.PAID) as room:
        dialog = await dialog_of(room)
        allow = part(dialog, QAbstractButton, "confirmButton")
        assert allow.text() == "Allow cancels and refunds"
        assert part(dialog, QLabel, "signedByLabel").text() == "Cashier 1 signs for this. The name stays in the record."
        check = part(dialog, QCheckBox, "comparedCheck")
        for is_on in (True, False):
            await room.click(check)
            assert allow.isEnabled() is is_on
        await room.press(Qt.Key.Key_Escape)
        assert room.journal.confirmed_by == []
        assert room.desk.window.banner.cause is Cause.REBUILT


async def test_what_cannot_be_written_is_said_and_tried_again() -> None:
    async with rebuilt_room(S.PAID) as room:
        dialog = await dialog_of(room)
        await room.click(part(dialog, QCheckBox, "comparedCheck"))
        room.journal.fail_with = DiskFull()
        await room.click(part(dialog, QAbstractButton, "confirmButton"))
        error = part(dialog, QLabel, "confirmError")
        await until(error.text)
        assert error.text() == "The disk is full. Make room, then try again. Nothing was saved"
        assert part(dialog, QCheckBox, "comparedCheck").isChecked()
        room.journal.fail_with = None
        await room.click(part(dialog, QAbstractButton, "confirmButton"))
        await until(lambda: room.journal.confirmed_by)


async def test_a_fault_of_this_program_gives_the_question_back() -> None:
    async with rebuilt_room(S.PAID) as room:
        dialog = await dialog_of(room)
        await room.click(part(dialog, QCheckBox, "comparedCheck"))
        fault = room.journal.fail_with = RuntimeError("a fault")
        await room.click(part(dialog, QAbstractButton, "confirmButton"))
        error = part(dialog, QLabel, "confirmError")
        await until(error.text)
        assert error.text() == "We do not know if this was written down. Try again: saying it twice does no harm"
        await until(lambda: room.errors == [fault])
        room.errors.clear()
        room.journal.fail_with = None
        await room.press(Qt.Key.Key_Escape)
        await until(lambda: not room.desk.window.findChildren(RebuiltDialog))


@pytest.mark.parametrize(
    ("rebuilt", "fact"),
    [
        (Rebuilt(copy_day=date(2026, 3, 20)), "This record is the copy of 20 Mar 2026."),
        (Rebuilt(began_at=datetime(2026, 3, 21, 12, tzinfo=UTC)), "This record began anew on 21 Mar 2026."),
        (Rebuilt(), "This record took the place of a damaged one."),
    ],
)
def test_the_dialog_says_where_the_record_comes_from(qapp: QApplication, rebuilt: Rebuilt, fact: str) -> None:
    assert rebuilt_fact(rebuilt) == fact
    dialog = RebuiltDialog(look_of(), rebuilt, "Sara\u202e")
    assert part(dialog, QLabel, "confirmText").text().startswith(fact)
    assert part(dialog, QLabel, "signedByLabel").text().startswith("Sara\\u202e signs")
