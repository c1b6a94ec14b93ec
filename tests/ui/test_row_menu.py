"""The menu of a row: what the link allows at this moment, by key, and nothing while nothing can be sent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from optty_desktop.core.links import LinkState
from optty_desktop.till.line import Line, LineState
from tests.fakes import LIVE, link
from tests.ui.desk_room import DeskRoom
from tests.ui.stage import POPUP
from tests.waiting import until

pytestmark = POPUP
S = LinkState
SHARE = {"Copy link", "Copy message", "Show to customer"}


def offers(menu: QMenu) -> tuple[list[str], set[str]]:
    """All entries, and those that can be chosen."""
    entries = menu.actions()
    return [one.text() for one in entries], {one.text() for one in entries if one.isEnabled()}


@pytest.mark.parametrize(
    ("state", "last", "is_on"),
    [
        (S.PENDING, "Cancel link…", SHARE | {"Cancel link…"}),
        (S.DECLINED, "Cancel link…", SHARE | {"Cancel link…"}),
        (S.IN_PROGRESS, "Cancel link…", SHARE),
        (S.PAID, "Refund…", {"Copy link", "Refund…"}),
        (S.REFUNDED, "Show to customer", set()),
        (S.CANCELLED, "Show to customer", set()),
        (S.EXPIRED, "Show to customer", set()),
        (S.UNKNOWN, "Check now", {"Check now"}),
    ],
)
async def test_what_a_row_offers(state: LinkState, last: str, is_on: set[str]) -> None:
    async with DeskRoom([link("T2-1", state, order_reference=None)]) as room:
        menu = await room.menu_of("T2-1")
        words, enabled = offers(menu)
        assert words[:3] == ["Copy link", "Copy message", "Show to customer"]
        assert words[-1] == last
        assert enabled == is_on
        menu.close()


async def test_a_link_without_an_address_cannot_be_shared() -> None:
    async with DeskRoom([link("T2-1", url=None, order_reference=None)]) as room:
        menu = await room.menu_of("T2-1")
        assert offers(menu)[1] == {"Cancel link…"}
        menu.close()


async def test_offline_nothing_can_be_sent() -> None:
    states = [S.PENDING, S.PAID, S.UNKNOWN]
    links = [link(f"T2-{place}", state, order_reference=None) for place, state in enumerate(states)]
    async with DeskRoom(links) as room:
        room.desk.line_changed(Line(LineState.OFFLINE, 990.0, 1010.0))
        for one in links:
            menu = await room.menu_of(one.invoice_number)
            assert not {"Cancel link…", "Refund…", "Check now"} & offers(menu)[1]
            menu.close()
            await until(lambda: QApplication.activePopupWidget() is None)
        room.desk.line_changed(Line(LineState.ONLINE, 1000.0))


async def test_without_a_route_there_is_no_cancel_and_no_refund() -> None:
    links = [link("T2-0", order_reference=None), link("T2-1", S.PAID, order_reference=None)]
    async with DeskRoom(links, replace(LIVE, cancel_or_refund=None)) as room:
        for one in links:
            menu = await room.menu_of(one.invoice_number)
            assert not {"Cancel link…", "Refund…"} & offers(menu)[1]
            menu.close()
            await until(lambda: QApplication.activePopupWidget() is None)


async def test_the_chosen_entry_is_done_for_that_link() -> None:
    links = [link("T2-1", order_reference=None), link("T2-2", order_reference=None)]
    async with DeskRoom(links) as room:
        menu = await room.menu_of("T2-2")
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)
        assert QGuiApplication.clipboard().text() == links[1].url
        assert room.desk.page.links.toast.isVisible()
        await until(lambda: QApplication.activePopupWidget() is None)
        QGuiApplication.clipboard().clear()


async def test_a_link_that_is_gone_has_no_menu() -> None:
    async with DeskRoom([link("T2-1", order_reference=None)]) as room:
        room.desk._menu.open("T2-9", room.desk.window.pos())
        assert QApplication.activePopupWidget() is None
