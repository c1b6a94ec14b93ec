"""The links table under keys, pointer and finger."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.ui.link_columns import Column, column_widths, content_rect
from optty_desktop.ui.links_model import LinksModel
from optty_desktop.ui.links_table import LinksTable
from optty_desktop.ui.row_button import row_button_width
from optty_desktop.ui.tokens import Height
from tests.fakes import FakeClock
from tests.ui.table_links import afternoon, look_of, table_link
from tests.waiting import until

S = LinkState
Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


class Shop:
    """A window with the table and, beside it, a button to leave it for; what the table asks for is written down."""

    def __init__(
        self, links: list[PaymentLink], width: int = 700, *, rtl: bool = False, reduced_motion: bool = False
    ) -> None:
        self.book = LinkBook()
        self.book.put_all(links)
        self.clock = FakeClock()
        self.window = QWidget()
        self.model = LinksModel(self.book, self.clock, UTC, self.window)
        self.table = LinksTable(look_of(reduced_motion=reduced_motion), self.model, self.window)
        self.elsewhere = QPushButton("Elsewhere", self.window)
        column = QVBoxLayout(self.window)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.elsewhere)
        column.addWidget(self.table)
        if rtl:
            self.window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.asked: list[tuple[str, object]] = []
        for name in ("opened", "cancel_requested", "refund_requested", "check_requested", "current_changed"):
            getattr(self.table, name).connect(lambda value, name=name: self.asked.append((name, value)))
        self.table.menu_requested.connect(lambda number, _point: self.asked.append(("menu_requested", number)))
        self.window.resize(width, 500)
        self.window.show()
        self.window.activateWindow()
        self.elsewhere.setFocus()
        QTest.mouseMove(self.elsewhere)
        QApplication.processEvents()

    def centre(self, order: int, column: Column) -> QPoint:
        row = self.model.row_of(f"T2-{order}")
        assert row is not None
        return self.table.visualRect(self.model.index(row, column)).center()

    def click(self, order: int, column: Column) -> None:
        QTest.mouseClick(self.table.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, self.centre(order, column))

    def requests(self) -> list[tuple[str, object]]:
        taken = [each for each in self.asked if each[0] != "current_changed"]
        self.asked.clear()
        return taken

    def point_at(self, order: int, column: Column) -> None:
        QTest.mouseMove(self.table.viewport(), self.centre(order, column))
        QApplication.processEvents()

    def point_elsewhere(self) -> None:
        QTest.mouseMove(self.elsewhere)
        QApplication.processEvents()

    def orders(self) -> list[int]:
        return [int(self.model.link_at(row).reference.split()[1]) for row in range(self.model.rowCount())]

    def picture(self) -> QImage:
        return self.table.viewport().grab().toImage()

    def pixel(self, order: int, column: Column, dx: int = 0, dy: int = 0) -> str:
        at = self.centre(order, column)
        return self.picture().pixelColor(at + QPoint(dx, dy)).name().upper()


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop(afternoon())
    yield made
    made.window.close()


@pytest.fixture
def single_taps() -> Iterator[None]:
    """Two taps after each other are two taps, however fast the test is."""
    interval = QApplication.doubleClickInterval()
    QApplication.setDoubleClickInterval(1)
    yield
    QApplication.setDoubleClickInterval(interval)


def colours(image: QImage, rect: QRect) -> set[str]:
    part = image.copy(rect)
    return {part.pixelColor(x, y).name().upper() for x in range(part.width()) for y in range(part.height())}


def test_a_click_on_a_row_opens_it(shop: Shop) -> None:
    shop.click(1050, Column.ORDER)
    assert shop.asked == [("current_changed", "T2-1050"), ("opened", "T2-1050")]
    assert shop.table.selected() == "T2-1050"


def test_letting_go_on_another_row_opens_nothing(shop: Shop) -> None:
    viewport, none = shop.table.viewport(), Qt.KeyboardModifier.NoModifier
    QTest.mousePress(viewport, LEFT, none, shop.centre(1050, Column.ORDER))
    QTest.mouseRelease(viewport, LEFT, none, shop.centre(1048, Column.ORDER))
    assert shop.requests() == []


@pytest.mark.parametrize(
    ("order", "column", "request_name"),
    [
        (1053, Column.CANCEL, "cancel_requested"),
        (1048, Column.CANCEL, "cancel_requested"),
        (1051, Column.CANCEL, "check_requested"),
        (1050, Column.REFUND, "refund_requested"),
        (1046, Column.REFUND, "refund_requested"),
    ],
)
def test_a_click_on_the_cell_of_a_button_asks_for_it(shop: Shop, order: int, column: Column, request_name: str) -> None:
    shop.click(order, column)
    assert shop.requests() == [(request_name, f"T2-{order}")]


def test_cancel_is_off_while_the_customer_pays(shop: Shop) -> None:
    shop.click(1052, Column.CANCEL)
    assert shop.requests() == []


def test_all_buttons_are_off_while_paused(shop: Shop) -> None:
    shop.table.set_paused(True)
    shop.click(1053, Column.CANCEL)
    shop.click(1050, Column.REFUND)
    assert shop.requests() == []
    shop.table.set_paused(False)
    shop.click(1053, Column.CANCEL)
    assert shop.requests() == [("cancel_requested", "T2-1053")]


def test_an_empty_place_of_a_button_belongs_to_the_row(shop: Shop) -> None:
    shop.click(1045, Column.CANCEL)
    assert shop.requests() == [("opened", "T2-1045")]


def test_a_link_paid_between_look_and_click_offers_nothing_there(shop: Shop) -> None:
    shop.book.put(table_link(1053, S.PAID, "245.00"))
    shop.click(1053, Column.CANCEL)
    shop.click(1053, Column.REFUND)
    assert shop.requests() == []
    shop.clock.advance(0.99)
    shop.click(1053, Column.REFUND)
    assert shop.requests() == []
    shop.clock.advance(0.02)
    shop.click(1053, Column.REFUND)
    assert shop.requests() == [("refund_requested", "T2-1053")]


@pytest.mark.parametrize("state", [S.IN_PROGRESS, S.DECLINED, S.UNKNOWN, S.PAID])
def test_a_state_that_changes_between_press_and_release_stops_the_click(shop: Shop, state: LinkState) -> None:
    at, none = shop.centre(1053, Column.CANCEL), Qt.KeyboardModifier.NoModifier
    QTest.mousePress(shop.table.viewport(), LEFT, none, at)
    shop.book.put(table_link(1053, state, "245.00"))
    QTest.mouseRelease(shop.table.viewport(), LEFT, none, at)
    assert shop.requests() == []


def test_a_pressed_button_let_go_beside_it_does_nothing(shop: Shop) -> None:
    viewport, none = shop.table.viewport(), Qt.KeyboardModifier.NoModifier
    QTest.mousePress(viewport, LEFT, none, shop.centre(1053, Column.CANCEL))
    QTest.mouseRelease(viewport, LEFT, none, shop.centre(1053, Column.ORDER))
    assert shop.requests() == []


def test_buttons_answer_the_pointer_and_the_press(shop: Shop) -> None:
    shop.point_elsewhere()
    assert shop.pixel(1053, Column.CANCEL, -38, 0) == "#FFFFFF"
    shop.point_at(1053, Column.CANCEL)
    assert shop.pixel(1053, Column.CANCEL, -38, 0) == "#F6F8FA"
    none, at = Qt.KeyboardModifier.NoModifier, shop.centre(1053, Column.CANCEL)
    QTest.mousePress(shop.table.viewport(), LEFT, none, at)
    assert shop.pixel(1053, Column.CANCEL, -38, 0) == "#E8ECF0"
    QTest.mouseRelease(shop.table.viewport(), LEFT, none, at)
    assert shop.pixel(1053, Column.CANCEL, -38, 0) == "#F6F8FA"


def test_keys_move_and_open(shop: Shop) -> None:
    shop.table.setFocus(Qt.FocusReason.TabFocusReason)
    assert shop.table.selected() == "T2-1053"
    for key, order in (
        (Key.Key_Down, 1052),
        (Key.Key_Down, 1051),
        (Key.Key_Up, 1052),
        (Key.Key_End, 1042),
        (Key.Key_Home, 1053),
        (Key.Key_Right, 1053),
    ):
        QTest.keyClick(shop.table, key)
        assert shop.table.selected() == f"T2-{order}", key
    assert shop.requests() == []
    QTest.keyClick(shop.table, Key.Key_Return)
    QTest.keyClick(shop.table, Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    assert shop.requests() == [("opened", "T2-1053")] * 2


def test_pages_are_as_long_as_what_is_seen(shop: Shop) -> None:
    shop.table.setFocus(Qt.FocusReason.TabFocusReason)
    page = shop.table.viewport().height() // Height.ROW
    QTest.keyClick(shop.table, Key.Key_PageDown)
    assert abs(shop.table.currentIndex().row() - page) <= 1
    QTest.keyClick(shop.table, Key.Key_PageUp)
    assert shop.table.selected() == "T2-1053"


def test_the_row_menu_has_its_keys_and_the_other_mouse_button(shop: Shop) -> None:
    shop.table.select("T2-1050")
    shop.table.setFocus()
    shop.asked.clear()
    QTest.keyClick(shop.table, Key.Key_Menu)
    QTest.keyClick(shop.table, Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    at = shop.centre(1048, Column.TIME)
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, at, shop.table.viewport().mapToGlobal(at), Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(shop.table.viewport(), event)
    assert shop.requests() == [("menu_requested", number) for number in ("T2-1050", "T2-1050", "T2-1048")]


def test_letters_and_keys_of_the_page_are_left_to_the_page(shop: Shop) -> None:
    shop.table.select("T2-1050")
    shop.table.setFocus()
    for key in (Key.Key_1, Key.Key_O, Key.Key_Escape):
        QTest.keyClick(shop.table, key)
    assert shop.table.selected() == "T2-1050"


def test_tab_passes_through_the_table_in_one_step(shop: Shop) -> None:
    shop.table.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(shop.table, Key.Key_Tab)
    assert shop.elsewhere.hasFocus()


def test_new_rows_wait_while_the_pointer_is_in_the_table(shop: Shop) -> None:
    held: list[int] = []
    shop.model.held_changed.connect(held.append)
    shop.point_at(1050, Column.ORDER)
    place = shop.centre(1050, Column.ORDER)
    shop.book.put(table_link(90_001))
    shop.book.put(table_link(90_002))
    assert shop.centre(1050, Column.ORDER) == place
    assert held == [1, 2]
    shop.point_elsewhere()
    assert shop.orders()[:3] == [90_002, 90_001, 1053]
    assert held == [1, 2, 0]


def test_a_link_that_is_not_shown_yet_leaves_no_other_one_current(shop: Shop) -> None:
    shop.table.select("T2-1050")
    shop.point_at(1050, Column.ORDER)
    shop.book.put(table_link(90_001))
    assert not shop.table.select(table_link(90_001).invoice_number)
    assert shop.table.selected() is None
    shop.point_elsewhere()
    assert shop.table.selected() == table_link(90_001).invoice_number
    shop.point_at(1050, Column.ORDER)
    shop.book.put(table_link(90_002))
    shop.table.select(table_link(90_002).invoice_number)
    shop.table.select("T2-1050")
    shop.point_elsewhere()
    assert shop.table.selected() == "T2-1050"


def test_new_rows_wait_while_the_focus_is_in_the_table(shop: Shop) -> None:
    shop.table.setFocus()
    shop.book.put(table_link(90_001))
    assert shop.orders()[0] == 1053
    shop.elsewhere.setFocus()
    assert shop.orders()[0] == 90_001


def test_new_rows_wait_while_a_finger_is_on_the_table(shop: Shop) -> None:
    touch_screen = QTest.createTouchDevice()
    viewport, at = shop.table.viewport(), shop.centre(1050, Column.ORDER)
    QTest.touchEvent(viewport, touch_screen).press(0, at, viewport).commit()
    shop.book.put(table_link(90_001))
    assert shop.orders()[0] == 1053
    QTest.touchEvent(viewport, touch_screen).release(0, at, viewport).commit()
    QTest.touchEvent(shop.elsewhere, touch_screen).press(0, QPoint(5, 5), shop.elsewhere).commit()
    QTest.touchEvent(shop.elsewhere, touch_screen).release(0, QPoint(5, 5), shop.elsewhere).commit()
    assert shop.elsewhere.hasFocus()
    assert shop.orders()[0] == 90_001


def test_a_tap_on_a_row_opens_it_and_a_tap_on_a_button_asks(shop: Shop, single_taps: None) -> None:
    touch_screen, viewport = QTest.createTouchDevice(), shop.table.viewport()
    for order, column in ((1050, Column.ORDER), (1053, Column.CANCEL)):
        at = shop.centre(order, column)
        QTest.touchEvent(viewport, touch_screen).press(0, at, viewport).commit()
        QTest.touchEvent(viewport, touch_screen).release(0, at, viewport).commit()
        QTest.qWait(QApplication.doubleClickInterval() + 1)
    assert shop.requests() == [("opened", "T2-1050"), ("cancel_requested", "T2-1053")]


def test_a_press_that_ends_in_scrolling_is_no_click() -> None:
    shop = Shop([*afternoon(), *(table_link(number) for number in range(90_001, 90_040))])
    viewport, none, at = shop.table.viewport(), Qt.KeyboardModifier.NoModifier, QPoint(400, 300)
    QTest.mousePress(viewport, LEFT, none, at)
    shop.table.verticalScrollBar().setValue(20)
    QTest.mouseRelease(viewport, LEFT, none, at - QPoint(0, 20))
    assert shop.requests() == []
    shop.window.close()


def test_the_current_row_stays_current_when_rows_come_above_it(shop: Shop) -> None:
    shop.table.select("T2-1050")
    shop.asked.clear()
    shop.book.put(table_link(90_001))
    assert shop.table.selected() == "T2-1050"
    shop.model.sort(Column.AMOUNT, Qt.SortOrder.AscendingOrder)
    assert shop.table.selected() == "T2-1050"
    assert shop.asked == []
    assert shop.table.currentIndex().row() == shop.model.row_of("T2-1050")


def test_a_head_sorts_and_turns_round(shop: Shop) -> None:
    head = shop.table.horizontalHeader()

    def click(column: Column) -> None:
        x = head.sectionViewportPosition(column) + head.sectionSize(column) // 2
        QTest.mouseClick(head.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, QPoint(x, 15))

    click(Column.ORDER)
    assert shop.orders() == list(range(1042, 1054))
    click(Column.ORDER)
    assert shop.orders() == list(range(1053, 1041, -1))
    click(Column.AMOUNT)
    assert shop.orders()[0] == 1051
    click(Column.CANCEL)
    assert shop.model.sorted_by == (Column.AMOUNT, Qt.SortOrder.DescendingOrder)


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (320, "time status amount"),
        (479, "time status amount"),
        (480, "time status amount order"),
        (600, "time status amount order cancel refund"),
        (899, "time status amount order cancel refund"),
        (900, "time status amount order description createdBy cancel refund"),
        (1500, "time status amount order description createdBy cancel refund"),
    ],
)
def test_columns_follow_the_width_of_the_table(width: int, shown: str) -> None:
    shop = Shop(afternoon(), width)
    seen = [column for column in Column if not shop.table.isColumnHidden(column)]
    assert " ".join(column.id for column in seen) == shown
    assert sum(shop.table.columnWidth(column) for column in seen) == width == shop.table.viewport().width()
    assert all(value > 0 for value in column_widths(width).values())
    shop.window.close()


@pytest.mark.parametrize("width", [600, 686, 899, 900, 1500])
def test_the_buttons_of_a_row_have_room_in_their_columns(width: int) -> None:
    shop = Shop(afternoon(), width)
    for row, column in itertools.product(range(12), (Column.CANCEL, Column.REFUND)):
        index = shop.model.index(row, column)
        room = content_rect(column, shop.table.visualRect(index), rtl=False).width()
        assert not index.data() or row_button_width(index.data(), look_of()) <= room
    shop.window.close()


def test_rows_are_44_px_high_and_stand_where_the_design_puts_them() -> None:
    shop = Shop(afternoon(), 686)
    rect = shop.table.visualRect(shop.model.index(1, Column.STATUS))
    assert (rect.top(), rect.height()) == (44, Height.ROW)
    edges = {}
    for column in (Column.TIME, Column.STATUS, Column.AMOUNT, Column.ORDER, Column.CANCEL, Column.REFUND):
        inner = content_rect(column, shop.table.visualRect(shop.model.index(0, column)), rtl=False)
        edges[column.id] = (inner.left(), inner.right() + 1)
    assert edges["time"][0] == 12
    assert edges["status"][0] == 66
    assert edges["amount"][1] == 308
    assert edges["order"][0] == 326
    # Pictured at 494: the button says that it opens a question and is wider by the …
    assert edges["cancel"][0] == 487
    assert edges["refund"][1] == 674
    shop.window.close()


def test_nothing_moves_sideways_when_there_is_more_than_fits() -> None:
    shop = Shop(afternoon()[:3])
    before = shop.table.columnViewportPosition(Column.REFUND)
    for number in range(90_001, 90_040):
        shop.book.put(table_link(number))
    QApplication.processEvents()
    assert shop.table.verticalScrollBar().maximum() > 0
    assert shop.table.columnViewportPosition(Column.REFUND) == before
    shop.window.close()


def test_the_selected_row_has_a_ground_and_a_bar(shop: Shop) -> None:
    shop.table.select("T2-1050")
    picture, cell = shop.picture(), shop.table.visualRect(shop.model.index(3, Column.TIME))
    line = [picture.pixelColor(x, cell.center().y()).name().upper() for x in range(6)]
    assert line == ["#1B4F9C"] * 3 + ["#E3ECF8"] * 3


def test_in_a_window_read_from_the_right_bar_and_columns_are_mirrored() -> None:
    shop = Shop(afternoon(), rtl=True)
    shop.table.select("T2-1050")
    picture, cell = shop.picture(), shop.table.visualRect(shop.model.index(3, Column.TIME))
    right = shop.table.viewport().width()
    line = [picture.pixelColor(right - 1 - x, cell.center().y()).name().upper() for x in range(6)]
    assert line == ["#1B4F9C"] * 3 + ["#E3ECF8"] * 3
    shop.click(1050, Column.REFUND)
    assert shop.requests() == [("refund_requested", "T2-1050")]
    shop.window.close()


def test_amounts_of_closed_links_are_muted(shop: Shop) -> None:
    picture = shop.picture()

    def ink(order: int) -> set[str]:
        row = shop.model.row_of(f"T2-{order}")
        assert row is not None
        return colours(picture, shop.table.visualRect(shop.model.index(row, Column.AMOUNT)))

    assert "#17202B" in ink(1050)
    assert "#17202B" not in ink(1043)
    assert "#17202B" not in ink(1045)


def test_stale_open_states_are_hollow(shop: Shop) -> None:
    assert shop.pixel(1053, Column.STATUS, -51, 0) == "#E8ECF0"
    shop.model.set_stale(True)
    assert shop.pixel(1053, Column.STATUS, -51, 0) == "#FFFFFF"
    assert shop.pixel(1050, Column.STATUS, -20, 8) == "#E1F3E8"


async def test_a_changed_row_is_tinted_and_fades_and_then_nothing_ticks() -> None:
    shop = Shop(afternoon())
    shop.book.put(table_link(1053, S.PAID, "245.00"))
    assert shop.pixel(1053, Column.ORDER, 0, 20) == "#E1F3E8"
    shop.clock.advance(0.3)
    halfway = shop.pixel(1053, Column.ORDER, 0, 20)
    assert halfway not in ("#E1F3E8", "#FFFFFF")
    assert any(timer.isActive() for timer in shop.table.findChildren(QTimer))
    shop.clock.advance(0.31)
    assert shop.pixel(1053, Column.ORDER, 0, 20) == "#FFFFFF"
    await until(lambda: not any(timer.isActive() for timer in shop.table.findChildren(QTimer)))
    shop.window.close()


def test_with_reduced_motion_nothing_fades() -> None:
    shop = Shop(afternoon(), reduced_motion=True)
    shop.book.put(table_link(1053, S.PAID, "245.00"))
    assert shop.pixel(1053, Column.ORDER, 0, 20) == "#FFFFFF"
    assert not any(timer.isActive() for timer in shop.table.findChildren(QTimer))
    shop.window.close()


def test_our_own_long_number_is_painted_short() -> None:
    own = "T2-01KGC3Q8ZV-7R2M0W5TYHJX9D4B"
    shop = Shop(
        [table_link(1, reference=own), table_link(2, reference="T2 · JX9D4B"), table_link(3, reference="Other")]
    )
    image = shop.picture()
    cells = [
        content_rect(Column.ORDER, shop.table.visualRect(shop.model.index(row, Column.ORDER)), rtl=False)
        for row in range(3)
    ]
    other, short, ours = [image.copy(QRect(cell.left(), cell.top() + 3, cell.width(), 18)) for cell in cells]
    assert ours == short
    assert ours != other
    shop.window.close()


def test_a_hidden_table_holds_nothing_back(shop: Shop) -> None:
    shop.table.setFocus()
    shop.table.hide()
    QApplication.sendEvent(shop.table, QEvent(QEvent.Type.Leave))
    shop.book.put(table_link(90_001))
    assert shop.orders()[0] == 90_001
