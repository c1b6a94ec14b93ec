"""The pane around the table: search, views, counts, age of the statuses, what stands in for an empty table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import LinkState, Note, PaymentLink
from optty_desktop.till.follow_status import Line, LineState
from optty_desktop.ui.link_columns import Column
from optty_desktop.ui.link_filter import LinkFilter
from optty_desktop.ui.links_pane import LinksPane
from optty_desktop.ui.table_footer import Scope
from tests.fakes import FakeClock
from tests.ui.table_links import afternoon, look_of, table_link
from tests.waiting import until

S = LinkState
LEFT = Qt.MouseButton.LeftButton


class Till:
    """A pane with a book, and what it asks for."""

    def __init__(self, links: list[PaymentLink], *, is_practice: bool = False, width: int = 700) -> None:
        self.book = LinkBook()
        self.book.put_all(links)
        self.clock = FakeClock()
        self.pane = LinksPane(look_of(), self.book, self.clock, is_practice=is_practice, zone=UTC)
        self.pane.set_scope_words(Scope.TODAY)
        self.asked: list[object] = []
        for name in ("refresh_requested", "earlier_requested", "practice_requested"):
            getattr(self.pane, name).connect(lambda name=name: self.asked.append(name))
        for name in ("opened", "cancel_requested", "current_changed"):
            getattr(self.pane, name).connect(lambda value, name=name: self.asked.append((name, value)))
        self.pane.resize(width, 640)
        self.pane.show()
        self.pane.activateWindow()
        QTest.mouseMove(self.search)
        QApplication.processEvents()

    @property
    def search(self) -> QLineEdit:
        found = self.pane.findChild(QLineEdit, "searchEdit")
        assert isinstance(found, QLineEdit)
        return found

    @property
    def empty(self) -> QWidget:
        found = self.pane.findChild(QWidget, "emptyState")
        assert isinstance(found, QWidget)
        return found

    def button(self, name: str) -> QAbstractButton:
        found = self.pane.findChild(QAbstractButton, name)
        assert isinstance(found, QAbstractButton)
        return found

    def words(self, name: str) -> str:
        QApplication.processEvents()
        found = self.pane.findChild(QLabel, name)
        assert isinstance(found, QLabel)
        return found.text()

    def texts_of_empty_state(self) -> list[str]:
        QApplication.processEvents()
        labels = [label.text() for label in self.empty.findChildren(QLabel) if label.isVisible()]
        buttons = [button.text() for button in self.empty.findChildren(QAbstractButton) if button.isVisible()]
        return [text for text in (*labels, *buttons) if text]

    def shown(self) -> list[int]:
        model = self.pane.model
        return [int(model.link_at(row).reference.split()[1]) for row in range(model.rowCount())]

    def online(self, age: float) -> None:
        now = self.clock.monotonic()
        self.pane.set_line(Line(LineState.ONLINE, now - age), now)


@pytest.fixture
def till() -> Iterator[Till]:
    made = Till(afternoon())
    yield made
    made.pane.close()


async def test_a_search_waits_for_a_pause_and_narrows(till: Till) -> None:
    QTest.keyClicks(till.search, "10")
    assert len(till.shown()) == 12
    await until(lambda: len(till.shown()) == 12 and till.pane.model.is_searching)
    QTest.keyClicks(till.search, "5")
    await until(lambda: till.shown() == [1053, 1052, 1051, 1050])
    QTest.keyClicks(till.search, "0")
    QTest.keyClick(till.search, Qt.Key.Key_Return)
    assert till.shown() == [1050]


def test_esc_clears_the_search_then_leaves_it(till: Till) -> None:
    till.pane.focus_search()
    QTest.keyClicks(till.search, "64.00")
    QTest.keyClick(till.search, Qt.Key.Key_Return)
    assert till.shown() == [1050]
    QTest.keyClick(till.search, Qt.Key.Key_Escape)
    assert till.search.text() == ""
    assert len(till.shown()) == 12
    assert till.search.hasFocus()
    QTest.keyClick(till.search, Qt.Key.Key_Escape)
    assert till.pane.table.hasFocus()


def test_a_search_without_hits_says_so_and_offers_a_way_back(till: Till) -> None:
    QTest.keyClicks(till.search, "zebra ")
    QTest.keyClick(till.search, Qt.Key.Key_Return)
    assert till.texts_of_empty_state() == ["No links match “zebra”", "Clear search"]
    clear = next(each for each in till.empty.findChildren(QAbstractButton) if each.text() == "Clear search")
    QTest.mouseClick(clear, LEFT)
    assert till.search.text() == ""
    assert till.pane.table.isVisible()
    assert till.search.hasFocus()


def test_what_is_searched_for_is_never_markup(till: Till) -> None:
    QTest.keyClicks(till.search, "<b>x</b>")
    QTest.keyClick(till.search, Qt.Key.Key_Return)
    heading = next(label for label in till.empty.findChildren(QLabel) if "<b>" in label.text())
    assert heading.textFormat() is Qt.TextFormat.PlainText


@pytest.mark.parametrize(
    ("name", "orders"),
    [
        ("filterOpenButton", [1053, 1052, 1049]),
        ("filterPaidButton", [1050, 1047, 1044, 1042]),
        ("filterProblemsButton", [1051, 1048]),
        ("filterAllButton", list(range(1053, 1041, -1))),
    ],
)
def test_a_view_shows_its_links(till: Till, name: str, orders: list[int]) -> None:
    QTest.mouseClick(till.button(name), LEFT)
    assert till.shown() == orders
    assert till.button(name).isChecked()


def test_views_show_their_counts_and_follow_changes(till: Till) -> None:
    names = ["filterAllButton", "filterOpenButton", "filterPaidButton", "filterProblemsButton"]
    assert [till.button(name).accessibleName() for name in names] == ["All, 12", "Open, 3", "Paid, 4", "Problems, 2"]
    till.book.put(table_link(1053, S.PAID, "245.00"))
    QApplication.processEvents()
    assert [till.button(name).accessibleName() for name in names] == ["All, 12", "Open, 2", "Paid, 5", "Problems, 2"]


def test_an_empty_view_leads_back_to_all_links() -> None:
    till = Till([table_link(1, S.PAID)])
    till.pane.set_filter(LinkFilter.PROBLEMS)
    assert till.texts_of_empty_state() == ["No problems", "Show all links"]
    show_all = next(each for each in till.empty.findChildren(QAbstractButton) if each.text() == "Show all links")
    QTest.mouseClick(show_all, LEFT)
    assert till.shown() == [1]
    till.pane.close()


def test_an_empty_table_welcomes_and_in_training_offers_practice() -> None:
    text = (
        "Type an amount on the left and press Create link.\n"
        "The QR code appears here, and every link you make is listed with its live status."
    )
    till = Till([], is_practice=True)
    assert till.texts_of_empty_state() == ["No links yet today", text, "Show earlier days", "Make a practice link"]
    for button in till.empty.findChildren(QAbstractButton):
        if button.isVisible():
            QTest.mouseClick(button, LEFT)
    assert till.asked == ["earlier_requested", "practice_requested"]
    assert till.words("tableSummaryLabel") == "0 links today"
    till.book.put(table_link(1))
    assert till.pane.table.isVisible()
    till.pane.close()


def test_outside_training_there_is_no_practice() -> None:
    till = Till([])
    assert till.texts_of_empty_state()[2:] == ["Show earlier days"]
    till.pane.set_scope_words(Scope.EARLIER)
    assert till.texts_of_empty_state()[0] == "No links yet"
    assert till.texts_of_empty_state()[2:] == []
    till.pane.close()


def test_the_summary_of_the_afternoon(till: Till) -> None:
    assert till.words("tableSummaryLabel") == "12 links today, Paid USD 1,163.65, Refunded USD 50.00"
    till.pane.set_scope_words(Scope.EARLIER)
    assert till.words("tableSummaryLabel").startswith("12 links, Paid")
    till.pane.set_scope_words(Scope.SESSION)
    assert till.words("tableSummaryLabel").startswith("12 links since sign-in, Paid")


def test_one_link_is_not_links() -> None:
    till = Till([table_link(1)])
    assert till.words("tableSummaryLabel") == "1 link today"
    till.pane.close()


def test_other_currencies_are_counted_and_told_on_request() -> None:
    links = [table_link(1, S.PAID, "64.00"), table_link(2, S.PAID, "10.00", "EUR"), table_link(3, S.PAID, "5", "JPY")]
    links = [replace(link, refunded_minor=0) for link in links]
    till = Till(links)
    assert till.words("tableSummaryLabel") == "3 links today, Paid USD 64.00 and 2 more currencies"
    label = till.pane.findChild(QLabel, "tableSummaryLabel")
    assert isinstance(label, QLabel)
    assert label.toolTip() == "Paid USD 64.00, EUR 10.00, JPY 5"
    till.pane.close()


def test_a_refund_without_answer_stands_in_the_summary(till: Till) -> None:
    link = replace(till.book[4], state=S.UNKNOWN, note=Note.REFUND_NOT_CONFIRMED, refunded_minor=0)
    till.book.put(link)
    words = till.words("tableSummaryLabel")
    assert words == "12 links today, Paid USD 1,163.65, 1 refund not confirmed"


def test_the_age_of_the_statuses(till: Till) -> None:
    assert till.words("updatedLabel") == ""
    till.online(3.2)
    assert till.words("updatedLabel") == "Updated 3 s ago"
    till.online(200)
    assert till.words("updatedLabel") == "Updated 3 min ago"


def test_without_a_connection_the_last_time_is_told_and_later_open_states_are_hollow(till: Till) -> None:
    now = till.clock.monotonic()
    till.pane.set_line(Line(LineState.OFFLINE, now - 59, now + 8), now)
    assert till.words("updatedLabel") == "As of 14:35"
    assert not till.pane.model.is_stale
    till.pane.set_line(Line(LineState.OFFLINE, now - 300, now + 8), now)
    assert till.words("updatedLabel") == "As of 14:31"
    assert till.pane.model.is_stale
    till.online(0)
    assert not till.pane.model.is_stale


async def test_the_age_counts_on_by_itself(till: Till) -> None:
    till.online(4.95)
    assert till.words("updatedLabel") == "Updated 4 s ago"
    till.clock.advance(0.2)
    await until(lambda: till.words("updatedLabel") == "Updated 5 s ago")


async def test_a_due_date_that_passes_is_seen_within_a_minute(till: Till) -> None:
    painted = Paints(till.pane.table.viewport())
    till.online(4.9)
    await until(lambda: till.words("updatedLabel") == "Updated 4 s ago")
    till.clock.advance(0.2)
    await until(lambda: till.words("updatedLabel") == "Updated 5 s ago")
    before = painted.count
    till.clock.advance(0.9)
    await until(lambda: till.words("updatedLabel") == "Updated 6 s ago")
    assert painted.count == before
    till.clock.advance(60.0)
    await until(lambda: painted.count > before)


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_old_ages_wake_the_program_once_a_minute_and_hidden_ones_never(till: Till) -> None:
    till.online(10.0)
    assert running(till) == [1001]
    till.online(61.0)
    assert running(till) == [59_001]
    till.pane.hide()
    assert running(till) == []
    till.pane.show()
    assert running(till) == [59_001]


def running(till: Till) -> list[int]:
    QApplication.processEvents()
    own = Qt.FindChildOption.FindDirectChildrenOnly
    return [timer.interval() for timer in till.pane.findChildren(QTimer, options=own) if timer.isActive()]


def test_the_refresh_button_names_its_key(till: Till) -> None:
    button = till.button("refreshButton")
    assert (button.width(), button.height()) == (44, 36)
    assert button.toolTip() == button.accessibleName() == "Check statuses now (F5)"
    QTest.mouseClick(button, LEFT)
    assert till.asked == ["refresh_requested"]


def test_new_rows_are_counted_beside_the_search_and_come_when_asked_for(till: Till) -> None:
    table, button = till.pane.table, till.button("newRowsButton")
    assert not button.isVisible()
    QTest.mouseMove(table.viewport(), QPoint(300, 100))
    QApplication.processEvents()
    top = table.mapTo(till.pane, QPoint(0, 0))
    till.book.put(table_link(90_001))
    till.book.put(table_link(90_002))
    QApplication.processEvents()
    assert button.isVisible()
    assert button.text() == "2 new"
    assert table.mapTo(till.pane, QPoint(0, 0)) == top
    QTest.mouseClick(button, LEFT)
    assert till.shown()[:3] == [90_002, 90_001, 1053]
    assert not button.isVisible()


def test_a_toast_takes_the_place_of_the_footer(till: Till) -> None:
    toast = till.pane.findChild(QWidget, "toast")
    assert isinstance(toast, QWidget)
    height = till.pane.table.height()
    assert not toast.isVisible()
    till.pane.show_toast("Order 1053 cancelled.")
    assert toast.isVisible()
    assert not till.button("refreshButton").isVisible()
    QTest.mouseClick(till.button("toastCloseButton"), LEFT)
    assert till.button("refreshButton").isVisible()
    assert till.pane.table.height() == height


def test_the_pane_passes_on_what_the_table_asks(till: Till) -> None:
    table = till.pane.table
    row = till.pane.model.row_of("T2-1053")
    assert row is not None
    for column in (Column.ORDER, Column.CANCEL):
        at = table.visualRect(till.pane.model.index(row, column)).center()
        QTest.mouseClick(table.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, at)
    assert till.asked == [("current_changed", "T2-1053"), ("opened", "T2-1053"), ("cancel_requested", "T2-1053")]
    assert till.pane.selected() == "T2-1053"


def test_a_link_can_be_pointed_out(till: Till) -> None:
    assert till.pane.select("T2-1042")
    assert till.pane.selected() == "T2-1042"
    till.pane.set_filter(LinkFilter.OPEN)
    assert not till.pane.select("T2-1042")
    assert till.pane.selected() is None


@pytest.mark.parametrize(("width", "lines"), [(1010, 1), (686, 1), (580, 1), (579, 2), (330, 2)])
def test_search_and_views_share_a_line_where_there_is_room(width: int, lines: int) -> None:
    till = Till(afternoon(), width=width)
    assert till.pane.width() == width
    bar_widget = till.button("filterAllButton").parentWidget()
    assert bar_widget is not None
    search, bar = till.search.geometry(), bar_widget.geometry()
    assert (search.top() == bar.top()) is (lines == 1)
    assert bar.right() < width
    assert search.right() < width - 11
    till.pane.close()


def test_the_place_of_everything_at_1010() -> None:
    till = Till(afternoon(), width=1010)
    pane, table = till.pane, till.pane.table
    assert till.search.mapTo(pane, QPoint(0, 0)) == QPoint(12, 5)
    assert table.mapTo(pane, QPoint(0, 0)).y() == 54
    assert table.viewport().mapTo(pane, QPoint(0, 0)).y() == 84
    assert till.button("refreshButton").mapTo(pane, QPoint(0, 0)) == QPoint(1010 - 48, 640 - 36)
    till.pane.close()
