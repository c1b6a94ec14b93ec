"""The pane around the table: search, views, counts, age of the statuses, what stands in for an empty table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QMenu, QWidget

from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import LinkState, Note, PaymentLink
from optty_desktop.till.line import Line, LineState
from optty_desktop.ui.focus_ring import FocusRing
from optty_desktop.ui.link_columns import Column
from optty_desktop.ui.link_filter import LinkFilter
from optty_desktop.ui.links_pane import LinksPane
from optty_desktop.ui.table_footer import Scope
from tests.fakes import FakeClock
from tests.ui.stage import POPUP
from tests.ui.table_links import afternoon, look_of, table_link
from tests.ui.ui_room import Heard
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
    till.pane.set_may_have_earlier(False)
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
        "Type an amount on the left and press Create practice link. A pretend customer pays it within seconds.\n"
        "To practise the rest, end the amount in .04 (nobody pays, so you can cancel), "
        ".05 (declined) or .06 (no answer comes)."
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
    text = (
        "Type an amount on the left and press Create link.\n"
        "The QR code appears here, and every link you make is listed with its live status."
    )
    assert till.texts_of_empty_state()[1:] == [text, "Show earlier days"]
    till.pane.set_scope_words(Scope.EARLIER)
    till.pane.set_may_have_earlier(False)
    assert till.texts_of_empty_state()[0] == "No links yet"
    assert till.texts_of_empty_state()[2:] == []
    till.pane.close()


def test_an_empty_table_never_says_more_than_was_looked_at() -> None:
    till = Till([])
    pane = till.pane
    pane.set_scope_words(Scope.SESSION)
    pane.model.set_since(till.clock.now())
    headings = {}
    for view in (LinkFilter.ALL, LinkFilter.PAID, LinkFilter.OPEN, LinkFilter.PROBLEMS):
        pane.set_filter(view)
        headings[view] = till.texts_of_empty_state()
    assert headings[LinkFilter.ALL][0] == "No links since you signed in at 14:36"
    paid = ["No paid links since you signed in at 14:36", "Show earlier links", "Show all links"]
    assert headings[LinkFilter.PAID] == paid
    assert headings[LinkFilter.OPEN] == ["No open links", "Show all links"]
    assert headings[LinkFilter.PROBLEMS] == ["No problems", "Show all links"]
    till.clock.advance(86_400)
    pane.set_filter(LinkFilter.ALL)
    assert till.texts_of_empty_state()[0] == "No links since you signed in at 21 Mar, 14:36"
    pane.set_scope_words(Scope.EARLIER)
    pane.set_filter(LinkFilter.PAID)
    assert till.texts_of_empty_state()[0] == "No paid links since 21 Mar 2026"
    pane.set_filter(LinkFilter.ALL)
    assert till.texts_of_empty_state()[0] == "No links since 21 Mar 2026"
    pane.set_may_have_earlier(False)
    pane.model.set_since(None)
    pane.set_scope_words(Scope.SESSION)
    assert till.texts_of_empty_state()[0] == "No links yet"
    pane.set_filter(LinkFilter.PAID)
    assert till.texts_of_empty_state() == ["No paid links", "Show all links"]
    pane.close()


def test_a_search_without_hits_says_how_far_back_it_looked(till: Till) -> None:
    asked = Heard(till.pane.search_changed)
    QTest.keyClicks(till.search, "Zebra")
    QTest.keyClick(till.search, Qt.Key.Key_Return)
    assert asked.calls == [("zebra",)]
    till.pane.set_search_reach(None, is_running=True)
    assert till.texts_of_empty_state() == ["Searching earlier days…", "Clear search"]
    assert till.words("updatedLabel") == "Searching earlier days…"
    till.pane.set_search_reach(till.clock.now(), is_running=False)
    found_none = ["No links match “Zebra” since 21 Mar 2026", "Clear search", "Show earlier days"]
    assert sorted(till.texts_of_empty_state()) == sorted(found_none)
    assert till.words("updatedLabel") == ""
    till.pane.set_filter(LinkFilter.PAID)
    assert "Only links under “Paid” are shown." in till.texts_of_empty_state()
    assert "Show all links" in till.texts_of_empty_state()
    QTest.keyClick(till.search, Qt.Key.Key_Escape)
    assert asked.calls[-1] == ("",)


def test_earlier_links_can_be_asked_for_while_there_are_rows(till: Till) -> None:
    button = till.button("showEarlierButton")
    assert button.isVisible()
    assert button.accessibleName() == "Show earlier"
    QTest.mouseClick(button, LEFT)
    assert till.asked == ["earlier_requested"]
    assert not button.hasFocus()
    till.pane.set_may_have_earlier(False)
    assert not button.isVisible()


def test_earlier_links_come_below_without_moving_a_row() -> None:
    links = [table_link(number, S.PAID) for number in range(1, 81)]
    till = Till(links)
    pane, bar = till.pane, till.pane.table.verticalScrollBar()
    pane.widen(Scope.SESSION, links[30].created_at)
    QApplication.processEvents()
    bar.setValue(bar.maximum())
    at = bar.value()
    assert at > 1000
    assert till.shown()[-1] == 31
    pane.widen(Scope.EARLIER, None)
    QApplication.processEvents()
    assert bar.value() == at
    assert till.shown()[-1] == 1
    assert till.words("tableSummaryLabel").startswith("80 links, Paid")
    pane.close()


def test_what_is_going_on_stands_in_the_place_of_the_age(till: Till) -> None:
    till.online(3.2)
    till.pane.set_checking(True)
    assert till.words("updatedLabel") == "Checking…"
    till.online(0)
    assert till.words("updatedLabel") == "Checking…"
    till.pane.set_checking(False)
    assert till.words("updatedLabel") == "Updated just now"
    till.pane.show_nothing_to_check()
    assert till.words("updatedLabel") == "Nothing to check"
    assert 2000 < max(running(till)) <= 3000
    till.pane.set_checking(True)
    till.pane.set_checking(False)
    assert till.words("updatedLabel") == "Updated just now"


async def test_nothing_to_check_goes_by_itself(till: Till) -> None:
    till.pane.show_nothing_to_check()
    assert till.words("updatedLabel") == "Nothing to check"
    till.pane._age._nothing.start(1)
    await until(lambda: not till.pane._age._nothing.isActive())
    assert till.words("updatedLabel") == ""


def test_links_of_other_days_are_told_apart_in_the_summary() -> None:
    old = table_link(1, S.PENDING)
    till = Till([old, table_link(100, S.PAID)], width=1000)
    till.pane.set_scope_words(Scope.SESSION)
    till.pane.model.set_since(old.created_at.replace(second=old.created_at.second + 9))
    assert till.words("tableSummaryLabel").startswith("1 link since sign-in and 1 earlier, Paid")
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


def paid_in(*amounts: str) -> list[PaymentLink]:
    links = []
    for number, amount in enumerate(amounts, start=1):
        code, figure = amount.split()
        links.append(replace(table_link(number, S.PAID, figure, code), refunded_minor=0))
    return links


def test_three_currencies_are_told_where_there_is_room() -> None:
    till = Till(paid_in("USD 64.00", "EUR 10.00", "JPY 5"), width=900)
    assert till.words("tableSummaryLabel") == "3 links today, Paid USD 64.00, EUR 10.00, JPY 5"
    assert not till.button("allSumsButton").isVisible()
    till.pane.close()


@POPUP
@pytest.mark.parametrize(("amounts", "width"), [(("USD 64.00", "EUR 10.00", "JPY 5"), 460), ((), 900)])
def test_sums_without_room_are_one_touch_away(amounts: tuple[str, ...], width: int) -> None:
    amounts = amounts or ("USD 64.00", "EUR 10.00", "JPY 5", "KWD 1.500")
    till = Till(paid_in(*amounts), width=width)
    more = "and 2 more currencies" if width == 460 else ", EUR 10.00, JPY 5 and 1 more currency"
    shown = till.words("tableSummaryLabel")
    assert more in shown
    assert shown.startswith(f"{len(amounts)} links today, Paid USD 64.00")
    QTest.mouseClick(till.button("allSumsButton"), LEFT)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [each.text() for each in menu.actions()] == [
        f"{len(amounts)} links today",
        *(f"Paid {amount}" for amount in amounts),
    ]
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    till.pane.close()


@pytest.mark.parametrize("width", [331, 480, 560, 684, 900, 1280])
def test_nothing_in_the_footer_lies_on_anything_else(width: int) -> None:
    till = Till([*paid_in("USD 1,064.00".replace(",", ""), "EUR 10.00"), *afternoon()], width=width)
    till.online(200)
    QApplication.processEvents()
    names = ("allSumsButton", "showEarlierButton", "refreshButton")
    places = [till.button(name).geometry() for name in names if till.button(name).isVisible()]
    assert len(places) >= 2
    label = till.pane.findChild(QLabel, "tableSummaryLabel")
    assert isinstance(label, QLabel)
    age = till.pane.findChild(QWidget, "updatedLabel")
    assert isinstance(age, QWidget)
    age_box = age.parentWidget()
    assert age_box is not None
    everything = [label.geometry(), *places, age_box.geometry()]
    for at, one in enumerate(everything):
        assert not any(one.intersects(other) for other in everything[at + 1 :])
        assert one.right() < width
    till.pane.close()


def test_the_ring_of_a_footer_button_stays_off_the_words_beside_it(till: Till) -> None:
    till.online(3.2)
    ring = FocusRing(look_of(), till.pane.window())
    for name in ("refreshButton", "showEarlierButton"):
        button = till.button(name)
        button.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        assert ring.isVisible()
        assert button.rect().translated(button.mapTo(till.pane, QPoint(0, 0))).contains(ring.geometry())


def test_a_message_never_takes_the_keyboard(till: Till) -> None:
    refresh = till.button("refreshButton")
    refresh.setFocus(Qt.FocusReason.MouseFocusReason)
    till.pane.show_toast("Order 1053 cancelled.")
    assert till.pane.table.hasFocus()
    till.pane.table.clearFocus()
    till.search.setFocus()
    till.pane.toast.dismiss()
    till.pane.show_toast("Link copied.")
    assert till.search.hasFocus()
    cross = till.button("toastCloseButton")
    cross.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(cross, Qt.Key.Key_Return)
    assert till.pane.table.hasFocus()


def test_esc_in_the_table_closes_the_message_before_the_window_hears_of_it(till: Till) -> None:
    escaped = Heard(QShortcut(QKeySequence("Esc"), till.pane).activated)
    till.pane.table.setFocus()
    till.pane.show_toast("Link copied.")
    QTest.keyClick(till.pane.table, Qt.Key.Key_Escape)
    assert not till.pane.toast.is_showing
    assert len(escaped) == 0
    QTest.keyClick(till.pane.table, Qt.Key.Key_Escape)
    assert len(escaped) == 1


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
