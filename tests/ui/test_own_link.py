"""One's own new link is in the list at once, while the links of others wait, and whatever the list was showing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit

from optty_desktop.core.errors import OutcomeUnknown, Trouble
from optty_desktop.ui.link_filter import LinkFilter
from tests.flows.hands import part
from tests.ui.desk_room import DeskRoom
from tests.ui.table_links import afternoon, table_link
from tests.waiting import until

AGAIN = "All links are shown again, so that the new one is in the list."


async def create(room: DeskRoom, reference: str = "Order 9000") -> str:
    """Type an order and press the button; returns the number of its link."""
    window, known = room.desk.window, {one.invoice_number for one in room.book}
    for name, text in (
        ("amountEdit", "182.75"), ("emailEdit", "grace53@example.com"),
        ("phoneEdit", "+12025550149"), ("referenceEdit", reference),
    ):  # fmt: skip
        edit = part(window, QLineEdit, name)
        edit.setFocus()
        QTest.keyClicks(edit, text)
    await room.click(part(window, QAbstractButton, "createLinkButton"))
    await until(lambda: room.desk.page.is_ready_shown or room.desk.page.has_detail)
    (number,) = {one.invoice_number for one in room.book} - known
    return number


def toast(room: DeskRoom) -> str:
    label = room.desk.window.findChild(QLabel, "toastText")
    assert label is not None
    return label.text() if label.isVisible() else ""


def numbers(room: DeskRoom) -> list[str]:
    model = room.desk.page.links.model
    return [model.link_at(row).invoice_number for row in range(model.rowCount())]


async def test_while_the_table_is_in_use_ones_own_link_comes_and_those_of_others_wait() -> None:
    async with DeskRoom(afternoon()) as room:
        links = room.desk.page.links
        links.model.set_held(True)  # a pointer that rests on the table
        room.book.put(table_link(90_001))
        number = await create(room)
        assert links.selected() == number
        assert numbers(room)[0] == number
        assert links.model.held_count == 1
        assert toast(room) == ""


@pytest.mark.parametrize("view", [LinkFilter.PROBLEMS, LinkFilter.PAID])
async def test_a_view_that_would_hide_ones_own_link_goes_back_to_all_and_that_is_said(view: LinkFilter) -> None:
    async with DeskRoom(afternoon()) as room:
        links = room.desk.page.links
        links.set_filter(view)
        number = await create(room)
        assert links.model.filter is LinkFilter.ALL
        assert links.selected() == number
        assert toast(room) == AGAIN


async def test_a_view_that_has_ones_own_link_stays() -> None:
    async with DeskRoom(afternoon()) as room:
        links = room.desk.page.links
        links.set_filter(LinkFilter.OPEN)
        number = await create(room)
        assert (links.model.filter, links.selected(), toast(room)) == (LinkFilter.OPEN, number, "")


@pytest.mark.parametrize(("reference", "stays"), [("Order 9000", False), ("Order 1053-2", True)])
async def test_a_search_that_would_hide_ones_own_link_is_over(reference: str, stays: bool) -> None:
    async with DeskRoom(afternoon()) as room:
        links = room.desk.page.links
        search = part(room.desk.window, QLineEdit, "searchEdit")
        QTest.keyClicks(search, "1053")
        QTest.keyClick(search, Qt.Key.Key_Return)
        number = await create(room, reference)
        assert links.selected() == number
        assert search.text() == ("1053" if stays else "")
        assert toast(room) == ("" if stays else AGAIN)


async def test_a_link_without_an_answer_is_in_the_list_too() -> None:
    async with DeskRoom(afternoon()) as room:

        async def lose(call: str) -> None:
            if call == "create":
                raise OutcomeUnknown(Trouble.TIMEOUT)

        room.gateway.after = lose
        room.desk.page.links.set_filter(LinkFilter.PAID)
        number = await create(room)
        assert room.desk.page.links.selected() == number
