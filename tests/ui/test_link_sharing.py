"""Getting a link to the customer: the right address, only while it is of use, and what worked is said."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel

from optty_desktop.core.links import LinkState
from optty_desktop.ui.banner import Banner
from tests.fakes import link
from tests.ui.desk_room import DeskRoom
from tests.ui.stage import POPUP, part
from tests.waiting import until

pytestmark = POPUP
S = LinkState
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def clipboard(qapp: object) -> Iterator[None]:
    QGuiApplication.clipboard().clear()
    yield
    QGuiApplication.clipboard().clear()


def copied() -> str:
    return QGuiApplication.clipboard().text()


def toast(room: DeskRoom) -> str:
    return part(room.desk.window, QLabel, "toastText").text() if room.desk.page.links.toast.isVisible() else ""


@pytest.mark.parametrize(
    ("state", "is_copied"),
    [
        (S.PENDING, True),
        (S.IN_PROGRESS, True),
        (S.DECLINED, True),
        (S.PAID, True),
        (S.CANCELLED, False),
        (S.REFUNDED, False),
        (S.EXPIRED, False),
        (S.UNKNOWN, False),
    ],
)
async def test_ctrl_shift_c_copies_the_selected_link_while_it_is_of_use(state: LinkState, is_copied: bool) -> None:
    one = link("T2-1", state, order_reference=None)
    async with DeskRoom([one]) as room:
        room.desk.page.links.select("T2-1")
        await room.press(Qt.Key.Key_C, CTRL | SHIFT)
        assert copied() == (one.url if is_copied else "")
        assert toast(room) == ("Link copied. Paste it into a message to the customer." if is_copied else "")


@pytest.mark.parametrize("state", [S.PENDING, S.PAID, S.CANCELLED, S.REFUNDED, S.EXPIRED])
async def test_the_detail_pane_offers_what_the_key_does(state: LinkState) -> None:
    async with DeskRoom([link("T2-1", state, order_reference=None)]) as room:
        room.desk.page.links.select("T2-1")
        room.desk.page.links.table.setFocus()
        await room.press(Qt.Key.Key_Return)
        button = part(room.desk.page.detail, QAbstractButton, "detailCopyLinkButton")
        assert button.isVisible() is (state in (S.PENDING, S.PAID))
        if button.isVisible():
            await room.click(button)
            assert copied().endswith("/pay/T2-1")


async def test_the_whole_invoice_number_is_copied() -> None:
    number = "TILL1-01KGC3Q8ZV-7R2M0W5TYHJX9D4"
    async with DeskRoom([link(number, LinkState.PAID)]) as room:
        room.desk.page.links.opened.emit(number)
        await until(lambda: room.desk.page.has_detail)
        await room.click(part(room.desk.page.detail, QAbstractButton, "copyNumberButton"))
        assert copied() == number
        assert toast(room) == "Invoice number copied."


async def test_a_message_is_copied_for_open_links_only() -> None:
    links = [link("T2-1", order_reference=None), link("T2-2", S.PAID, order_reference=None)]
    async with DeskRoom(links) as room:
        room.desk.page.links.select("T2-2")
        await room.press(Qt.Key.Key_M, CTRL | SHIFT)
        assert copied() == ""
        room.desk.page.links.select("T2-1")
        await room.press(Qt.Key.Key_M, CTRL | SHIFT)
        assert copied().startswith("Hello, here is your payment link from Corner Store for USD 182.75 (Order T2-1).")
        assert copied().endswith(str(links[0].url))
        assert toast(room) == "Message copied."


async def test_without_a_second_screen_that_is_said_until_it_is_read() -> None:
    async with DeskRoom([link("T2-1", order_reference=None)]) as room:
        room.desk.page.links.select("T2-1")
        await room.press(Qt.Key.Key_D, CTRL)
        banner = room.desk.window.banner
        await until(banner.isVisible)
        words = part(banner, QLabel, "statusBannerText").text()
        assert words == "There is no second screen. Connect one, then show the code again."
        await room.click(part(banner, QAbstractButton, "statusBannerButton"))
        assert banner.isHidden()


async def without_a_second_screen(room: DeskRoom) -> Banner:
    """Ask for the customer's screen; the banner that says there is none."""
    room.desk.page.links.select("T2-1")
    await room.press(Qt.Key.Key_D, CTRL)
    banner = room.desk.window.banner
    await until(banner.isVisible)
    return banner


async def test_what_is_said_about_the_second_screen_goes_with_esc_wherever_the_keyboard_is() -> None:
    async with DeskRoom([link("T2-1", order_reference=None)]) as room:
        for place in (room.desk.page.links.table, part(room.desk.window, QAbstractButton, "statusBannerButton")):
            banner = await without_a_second_screen(room)
            place.setFocus()
            await room.press(Qt.Key.Key_Escape)
            assert banner.isHidden()


async def test_what_is_said_about_the_second_screen_goes_with_the_next_order() -> None:
    async with DeskRoom([link("T2-1", order_reference=None)]) as room:
        banner = await without_a_second_screen(room)
        await room.press(Qt.Key.Key_N, CTRL)
        assert banner.isHidden()


async def test_esc_leaves_what_is_so_all_the_same() -> None:
    async with DeskRoom([link("T2-1", order_reference=None)]) as room:
        room.desk.show_trouble("The disk is full.", "Make room.")
        room.desk.page.links.table.setFocus()
        await room.press(Qt.Key.Key_Escape)
        assert room.desk.window.banner.isVisible()
